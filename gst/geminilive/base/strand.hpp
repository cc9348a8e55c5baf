// Tasks that run one at a time and in order, on whichever worker is free.
//
// Every session has one: its notifications never overtake each other, and a handler that blocks
// delays the notifications of its own session and nothing else.
#pragma once

#include "guarded.hpp"

#include <deque>
#include <functional>
#include <memory>

namespace gemini_live {

class Strand : public std::enable_shared_from_this<Strand> {
public:
  using Task = std::function<void()>;

  // From any thread, also from a task of the same strand.
  void post(Task task);

private:
  struct Queue {
    std::deque<Task> tasks;
    bool running = false;
  };

  void run();

  Guarded<Queue> queue_;
};

} // namespace gemini_live
