#include "program.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <gio/gunixinputstream.h>
#include <glib-unix.h>

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace gemini_live {

namespace {

constexpr gint64 kPatience = 2'000'000; // microseconds
constexpr std::size_t kMaxOutput = 16 * 1024 * 1024;
constexpr std::size_t kKeptErrors = 64 * 1024; // the last line is in there
constexpr std::size_t kChunk = 64 * 1024;
constexpr const char *kSecrets[] = {"GOOGLE_API_KEY", "GEMINI_API_KEY"};

std::string utf8_of(const std::string &bytes)
{
  const CharPtr valid(g_utf8_make_valid(bytes.data(), static_cast<gssize>(bytes.size())));
  return valid.get();
}

std::string last_line(std::string text)
{
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  const auto start = text.rfind('\n');
  return start == std::string::npos ? text : text.substr(start + 1);
}

std::string failure_of(GSubprocess *process, const std::string &errors)
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

// A file and not a pipe, so that a program that does not read its input breaks nothing. It is in memory,
// since the loop must not wait for a disk.
int file_with(std::string_view text)
{
  const int file = memfd_create("arguments", MFD_CLOEXEC);
  while (file >= 0 && !text.empty()) {
    const auto count = write(file, text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      close(file);
      return -1;
    }
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  if (file >= 0)
    lseek(file, 0, SEEK_SET);
  return file;
}

// GLib looks for a name without a slash in PATH.
std::string path_of(const std::string &name)
{
  return name.find('/') == std::string::npos ? "./" + name : name;
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
                        "there is no memory for the arguments");
    return nullptr;
  }
  g_subprocess_launcher_take_stdin_fd(launcher.get(), file);
  g_subprocess_launcher_set_child_setup(
      launcher.get(), [](gpointer) { setpgid(0, 0); }, nullptr, nullptr);
  for (const char *secret : kSecrets)
    g_subprocess_launcher_unsetenv(launcher.get(), secret);
  std::vector<const char *> argv;
  const auto program = path_of(command.front());
  for (const auto &argument : command)
    argv.push_back(argument.c_str());
  argv.front() = program.c_str();
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
    program->listen();
  else // not before the caller knows of it
    program->loop_->post([program, why = std::string(error->message)] {
      program->report({.output = {}, .failure = why, .ran = false});
    });
  return program;
}

std::string Program::fault_of(const std::string &path)
{
  if (g_file_test(path.c_str(), G_FILE_TEST_IS_EXECUTABLE) &&
      !g_file_test(path.c_str(), G_FILE_TEST_IS_DIR))
    return {};
  return g_file_test(path.c_str(), G_FILE_TEST_EXISTS) ? "'" + path + "' is not executable"
                                                       : "there is no program '" + path + "'";
}

Program::Program(std::shared_ptr<Loop> loop, Ended ended)
    : loop_(std::move(loop)), ended_(std::move(ended)), listening_(g_cancellable_new())
{
}

Program::~Program() = default;

void Program::listen()
{
  // Null if it has ended already.
  const char *id = g_subprocess_get_identifier(process_.get());
  group_ = id ? std::atoi(id) : 0;
  open(output_, g_subprocess_get_stdout_pipe(process_.get()));
  open(errors_, g_subprocess_get_stderr_pipe(process_.get()));
  g_subprocess_wait_async(
      process_.get(), listening_.get(),
      [](GObject *process, GAsyncResult *result, gpointer self) {
        g_subprocess_wait_finish(G_SUBPROCESS(process), result, nullptr);
        static_cast<Program *>(self)->ended();
      },
      this);
}

void Program::open(Pipe &pipe, GInputStream *stream)
{
  pipe.file = g_unix_input_stream_get_fd(G_UNIX_INPUT_STREAM(stream));
  pipe.source =
      g_unix_fd_source_new(pipe.file, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR));
  const GUnixFDSourceFunc readable = [](gint, GIOCondition, gpointer data) -> gboolean {
    auto &from = *static_cast<Pipe *>(data);
    const auto alive = from.program->self_;
    if (!alive->read(from, kChunk)) {
      alive->close(from);
      alive->consider_end();
    }
    return G_SOURCE_CONTINUE;
  };
  g_source_set_callback(pipe.source, G_SOURCE_FUNC(readable), &pipe, nullptr);
  g_source_attach(pipe.source, loop_->context());
}

void Program::close(Pipe &pipe)
{
  if (auto *source = std::exchange(pipe.source, nullptr)) {
    g_source_destroy(source);
    g_source_unref(source);
  }
}

// Reads once what is there or, where nothing is, waits for it. False at the end.
bool Program::read(Pipe &pipe, std::size_t most)
{
  const auto before = pipe.text.size();
  pipe.text.resize(before + most);
  ssize_t count = 0;
  do
    count = ::read(pipe.file, pipe.text.data() + before, most);
  while (count < 0 && errno == EINTR);
  pipe.text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (&pipe == &errors_ && pipe.text.size() > kKeptErrors)
    pipe.text.erase(0, pipe.text.size() - kKeptErrors);
  if (&pipe == &output_ && pipe.text.size() > kMaxOutput) {
    failure_ = "the program wrote more than 16 MiB";
    pipe.text.clear();
    if (running_)
      signal_group(SIGKILL);
  }
  return count > 0;
}

// What it has started may still have its outputs, and might write to them for ever.
void Program::ended()
{
  running_ = false;
  for (auto *pipe : {&output_, &errors_}) {
    int waiting = 0;
    if (pipe->source && ended_ && ioctl(pipe->file, FIONREAD, &waiting) == 0 && waiting > 0)
      read(*pipe, static_cast<std::size_t>(waiting));
  }
  consider_end();
}

// An answer is due as soon as the program has ended. One that was stopped is gone when all that it
// started is, for nobody else would end that.
void Program::consider_end()
{
  const bool stopped = !ended_;
  if (running_ || (stopped && (output_.source || errors_.source)))
    return;
  if (stopped)
    report({});
  else
    report({.output = utf8_of(output_.text),
            .failure = failure_.empty() ? failure_of(process_.get(), errors_.text) : failure_});
}

void Program::report(Result result)
{
  const auto self = std::move(self_);
  kill_.reset();
  close(output_);
  close(errors_);
  if (const auto ended = std::exchange(ended_, nullptr))
    ended(result);
}

// While it runs, or something is open, the group has a member, so its number belongs to nobody else.
void Program::signal_group(int signal)
{
  if (group_ > 0)
    kill(-group_, signal);
}

void Program::stop()
{
  ended_ = nullptr;
  if (!self_)
    return;
  signal_group(SIGTERM);
  kill_ = std::make_unique<Alarm>(loop_->context(), [this] {
    signal_group(SIGKILL);
    // What has left the group is not waited for.
    close(output_);
    close(errors_);
    g_cancellable_cancel(listening_.get());
    consider_end();
  });
  kill_->ring_in(kPatience);
}

} // namespace gemini_live
