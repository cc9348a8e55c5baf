// The few threads that do the network: each runs one GMainContext for many sessions.
//
// A session takes one with Loop::acquire() when it opens and holds it until its socket is gone. A
// thread starts with its first session and is joined after its last; there are at most as many as
// cores, so a conversation adds no thread of its own. Application code never runs here.
#pragma once

#include <glib.h>

#include <chrono>
#include <functional>
#include <memory>

namespace gemini_live {

class Loop {
public:
  // The loop with the fewest users. From any thread.
  static std::shared_ptr<Loop> acquire();

  Loop(const Loop &) = delete;
  Loop &operator=(const Loop &) = delete;

  // The thread's default context: sources that are created on the thread attach to it.
  GMainContext *context() const { return context_; }
  bool is_current() const { return g_thread_self() == thread_; }

  // Runs `task` on the thread, in the order of the calls. From any thread.
  void post(std::function<void()> task);

  // Waits, not for long, until the thread has done what is there to do: what was posted before, and
  // what that had to be written, as far as the kernel takes it. Not on the thread itself.
  void wait_idle(std::chrono::milliseconds patience);

private:
  explicit Loop(unsigned index);
  ~Loop(); // never on its own thread
  static void release(Loop *loop);
  void add(int priority, std::function<void()> task);

  GMainContext *context_;
  GMainLoop *main_loop_;
  GThread *thread_;
};

} // namespace gemini_live
