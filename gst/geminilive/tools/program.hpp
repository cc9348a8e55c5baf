// A program of the user's that answers one call: its input is the arguments, its output the answer.
//
// It runs beside the loop, which only hears of its end, so it may take as long as it likes and crash as
// it likes. It leads a process group of its own, so what it starts ends with it: stop() asks the group
// to end (SIGTERM) and, two seconds later, ends it (SIGKILL). It keeps itself and its loop alive until
// it is gone.
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
  };
  // Called once on the loop thread, not at all after stop().
  using Ended = std::function<void(const Result &)>;

  // On the loop thread. `command` is a path, found as the shell finds it but without a shell, and its
  // arguments. The environment is ours without our secrets.
  static std::shared_ptr<Program> start(const std::vector<std::string> &command,
                                        std::string_view input, std::shared_ptr<Loop> loop,
                                        Ended ended);
  ~Program();

  // On the loop thread.
  void stop();

private:
  Program(std::shared_ptr<Loop> loop, Ended ended);
  // What the program writes to one of its outputs.
  struct Pipe {
    Program *program;
    GInputStream *stream = nullptr;
    std::string text = {};
  };

  void listen();
  void read(Pipe &pipe);
  void take(Pipe &pipe, GAsyncResult *result);
  void closed();
  void signal_group(int signal);
  void report(Result result);

  const std::shared_ptr<Loop> loop_;
  Ended ended_;
  ObjectPtr<GSubprocess> process_;
  const ObjectPtr<GCancellable> listening_;
  int group_ = 0;
  unsigned open_ = 0; // pipes to read and the end to wait for
  Pipe output_{this}, errors_{this};
  std::string failure_; // ours
  std::unique_ptr<Alarm> kill_;
  std::shared_ptr<Program> self_; // while it runs
};

} // namespace gemini_live
