// Tasks that run one at a time and in order, on whichever worker is free.
//
// Every session has one: its notifications never overtake each other, and a handler that blocks
// delays the notifications of its own session and nothing else. What waits behind one that blocks for
// long is bounded, but for the few tasks that must not get lost.
#pragma once

#include "guarded.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace gemini_live {

class Strand : public std::enable_shared_from_this<Strand> {
public:
  using Task = std::function<void()>;
  static constexpr std::size_t kMost = 16 * 1024 * 1024; // bytes

  // From any thread, also from a task of the same strand.
  void post(Task task);
  // The same for a task of that many bytes that may be left out: of those that wait the oldest are let
  // go, so that no more than kMost of them wait. False if some were.
  bool post_loose(Task task, std::size_t size);

private:
  struct Entry {
    Task task;
    std::size_t size; // 0 for what must not be left out
  };
  struct Queue {
    std::deque<Entry> entries;
    std::size_t bytes = 0;
    bool running = false;

    std::vector<Entry> take_oldest();
  };

  bool add(Entry entry);
  void run();

  Guarded<Queue> queue_;
};

} // namespace gemini_live
