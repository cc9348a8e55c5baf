// A program of the user's that answers one call: its input is the arguments, its output the answer.
//
// It runs beside the loop, which only hears of its end, so it may take as long as it likes and crash as
// it likes. Its answer is what has been written when it ends; what it leaves behind may go on, but nobody
// reads what that writes. It leads a process group of its own, so what it starts is stopped with it:
// stop() asks the group to end (SIGTERM) and, two seconds later, ends it (SIGKILL). It keeps itself and
// its loop alive until it is gone.
#pragma once

#include "../base/alarm.hpp"
#include "../base/glib_ptr.hpp"
#include "../base/loop.hpp"

#include <gio/gio.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gemini_live {

class Program : public std::enable_shared_from_this<Program> {
public:
  struct Result {
    std::string output;  // UTF-8
    std::string failure; // empty if it succeeded
    bool ran = true;     // else it could not be started
  };
  // Called once on the loop thread, not at all after stop().
  using Ended = std::function<void(const Result &)>;

  // On the loop thread. `command` is a path, never looked for in PATH, and its arguments; no shell reads
  // it. The environment is ours without our secrets.
  static std::shared_ptr<Program> start(const std::vector<std::string> &command,
                                        std::string_view input, std::shared_ptr<Loop> loop,
                                        Ended ended);
  ~Program();

  // On the loop thread.
  void stop();
  // Why start() would not find it, for people; empty if it would. Any thread.
  static std::string fault_of(const std::string &path);

private:
  Program(std::shared_ptr<Loop> loop, Ended ended);
  // What the program writes to one of its outputs.
  struct Pipe {
    Program *program;
    int file = -1;             // of the process
    GSource *source = nullptr; // while it is open
    std::string text = {};
  };

  void listen();
  void open(Pipe &pipe, GInputStream *stream);
  void close(Pipe &pipe);
  bool read(Pipe &pipe, std::size_t most);
  void ended();
  void consider_end();
  void signal_group(int signal);
  void report(Result result);

  const std::shared_ptr<Loop> loop_;
  Ended ended_;
  ObjectPtr<GSubprocess> process_;
  const ObjectPtr<GCancellable> listening_;
  int group_ = 0;
  bool running_ = true;
  Pipe output_{this}, errors_{this};
  std::string failure_; // ours
  std::unique_ptr<Alarm> kill_;
  std::shared_ptr<Program> self_; // while it runs
};

} // namespace gemini_live
