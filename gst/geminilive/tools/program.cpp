#include "program.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace gemini_live {

namespace {

constexpr gint64 kPatience = 2'000'000; // microseconds
constexpr const char *kSecrets[] = {"GOOGLE_API_KEY", "GEMINI_API_KEY"};

std::string utf8_of(GBytes *bytes)
{
  if (!bytes)
    return {};
  gsize size = 0;
  const auto *data = static_cast<const char *>(g_bytes_get_data(bytes, &size));
  const CharPtr valid(g_utf8_make_valid(data ? data : "", static_cast<gssize>(size)));
  return valid.get();
}

std::string last_line(std::string text)
{
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  const auto start = text.rfind('\n');
  return start == std::string::npos ? text : text.substr(start + 1);
}

std::string failure_of(GSubprocess *process, GBytes *errors)
{
  if (g_subprocess_get_successful(process))
    return {};
  if (const auto said = last_line(utf8_of(errors)); !said.empty())
    return said;
  return g_subprocess_get_if_signaled(process)
             ? "the program was ended by signal " +
                   std::to_string(g_subprocess_get_term_sig(process))
             : "the program ended with status " +
                   std::to_string(g_subprocess_get_exit_status(process));
}

// A file and not a pipe, so that a program that does not read its input breaks nothing. It has no name.
int file_with(std::string_view text)
{
  const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::tmpfile(), std::fclose);
  if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size())
    return -1;
  std::rewind(file.get());
  return dup(fileno(file.get()));
}

ObjectPtr<GSubprocess> spawn(const std::vector<std::string> &command, std::string_view input,
                             GError **error)
{
  const ObjectPtr<GSubprocessLauncher> launcher(
      g_subprocess_launcher_new(static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                              G_SUBPROCESS_FLAGS_STDERR_PIPE)));
  const int file = file_with(input);
  if (file < 0) {
    g_set_error_literal(error, G_IO_ERROR, g_io_error_from_errno(errno),
                        "the arguments cannot be written to a temporary file");
    return nullptr;
  }
  g_subprocess_launcher_take_stdin_fd(launcher.get(), file);
  for (const char *secret : kSecrets)
    g_subprocess_launcher_unsetenv(launcher.get(), secret);
  std::vector<const char *> argv;
  for (const auto &argument : command)
    argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  return ObjectPtr<GSubprocess>(g_subprocess_launcher_spawnv(launcher.get(), argv.data(), error));
}

} // namespace

std::shared_ptr<Program> Program::start(const std::vector<std::string> &command,
                                        std::string_view input, std::shared_ptr<Loop> loop,
                                        Ended ended)
{
  std::shared_ptr<Program> program(new Program(std::move(loop), std::move(ended)));
  program->self_ = program;
  GError *error = nullptr;
  program->process_ = spawn(command, input, &error);
  const ErrorPtr owned(error);
  if (program->process_)
    program->communicate();
  else // not before the caller knows of it
    program->loop_->post([program, why = std::string(error->message)] {
      program->report({.output = {}, .failure = why});
    });
  return program;
}

Program::Program(std::shared_ptr<Loop> loop, Ended ended)
    : loop_(std::move(loop)), ended_(std::move(ended))
{
}

Program::~Program() = default;

void Program::communicate()
{
  g_subprocess_communicate_async(
      process_.get(), nullptr, nullptr,
      [](GObject *, GAsyncResult *result, gpointer data) {
        static_cast<Program *>(data)->finish(result);
      },
      this);
}

void Program::finish(GAsyncResult *result)
{
  GBytes *output = nullptr, *errors = nullptr;
  GError *error = nullptr;
  const bool talked =
      g_subprocess_communicate_finish(process_.get(), result, &output, &errors, &error);
  const BytesPtr owned_output(output), owned_errors(errors);
  const ErrorPtr owned(error);
  report({.output = utf8_of(output),
          .failure = talked ? failure_of(process_.get(), errors) : error->message});
}

void Program::report(Result result)
{
  const auto self = std::move(self_);
  kill_.reset();
  if (const auto ended = std::exchange(ended_, nullptr))
    ended(result);
}

void Program::stop()
{
  ended_ = nullptr;
  if (!process_ || !self_)
    return;
  g_subprocess_send_signal(process_.get(), SIGTERM);
  kill_ = std::make_unique<Alarm>(loop_->context(),
                                  [this] { g_subprocess_force_exit(process_.get()); });
  kill_->ring_in(kPatience);
}

} // namespace gemini_live
