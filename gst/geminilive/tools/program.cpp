#include "program.hpp"

#include <csignal>
#include <utility>

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

ObjectPtr<GSubprocess> spawn(const std::vector<std::string> &command, GError **error)
{
  const ObjectPtr<GSubprocessLauncher> launcher(g_subprocess_launcher_new(
      static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                    G_SUBPROCESS_FLAGS_STDERR_PIPE)));
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
  program->process_ = spawn(command, &error);
  const ErrorPtr owned(error);
  if (program->process_)
    program->communicate(input);
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

void Program::communicate(std::string_view input)
{
  const BytesPtr bytes(g_bytes_new(input.data(), input.size()));
  g_subprocess_communicate_async(
      process_.get(), bytes.get(), nullptr,
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
  // A program that answers without reading its arguments breaks the pipe, which is its right.
  const bool unread = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  report({.output = utf8_of(output),
          .failure = talked || unread ? failure_of(process_.get(), errors) : error->message});
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
