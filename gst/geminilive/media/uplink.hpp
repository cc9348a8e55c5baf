// The user's voice on its way to the socket: bytes of any number in, whole chunks out.
//
// One streaming thread pushes, the loop thread takes. What waits is bounded in time. While the line
// is open, the bound is `open_line`: beyond it a live input loses its oldest samples and any other
// input waits. While the line is closed, the bound is `offline`; what gathered there is owed to the
// service and goes out first, however long it is.
//
// The loop is woken only when a whole chunk waits and it does not know of it yet.
#pragma once

#include "../base/guarded.hpp"

#include <condition_variable>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gemini_live {

class Uplink {
public:
  enum class Overflow { wait, drop_oldest, drop_newest };
  enum class Outcome { taken, flushing, closed };
  // What is said between two samples.
  enum class Mark { audio_end, activity_start, activity_end };

  struct Push {
    Outcome outcome = Outcome::taken;
    bool wake = false;            // the caller wakes the loop
    std::size_t dropped = 0;      // bytes lost by this push
    bool episode_started = false; // the first loss after a push without one
  };

  struct Limits { // bytes, whole samples
    std::size_t chunk;
    std::size_t open_line;
    std::size_t offline;
  };

  struct Counts { // bytes since the beginning
    std::uint64_t pushed = 0;
    std::uint64_t dropped = 0;
    std::uint64_t taken = 0;
  };

  explicit Uplink(const Limits &limits);

  // Streaming thread; mark() and set_flushing() on any.
  Push push(std::span<const std::uint8_t> bytes, Overflow overflow);
  void set_limits(const Limits &limits);
  // Puts the mark behind what was pushed, so that what is left of a chunk goes too. More may follow.
  // False if it says nothing new: an end after an end, an activity that has begun or ended already.
  // `order` is its place among other things that are said.
  bool mark(Mark mark, std::uint64_t order = 0);
  // True makes a waiting push return at once, and every later one that would wait.
  void set_flushing(bool flushing);

  // Loop thread; close() on any.
  void set_online(bool online);
  // Nothing is wanted any more: pushes return `closed` and hold nothing.
  void close();
  // Hands one chunk to `use`, which only encodes it: it runs under the lock. False if none is
  // ready.
  template <class Use>
  bool take(Use use)
  {
    auto state = state_.lock();
    const auto size = state->next_chunk();
    if (size == 0) {
      state->loop_knows = false;
      return false;
    }
    use(std::span<const std::uint8_t>(state->bytes.data() + state->head, size));
    state->consume(size);
    state->counts.taken += size;
    if (state->waiting)
      room_.notify_one();
    return true;
  }

  // The next mark, when everything before it was taken.
  std::optional<Mark> take_mark();
  // The order of the next mark; nothing if there is none or the line is closed.
  std::optional<std::uint64_t> next_mark() const;

  // Any thread.
  bool is_empty() const;
  // Whether take() would take something.
  bool has_chunk() const { return state_.lock()->next_chunk() > 0; }
  std::size_t level() const; // bytes
  Counts counts() const;

private:
  struct Placed {
    Mark mark;
    std::size_t before; // bytes still to take before it
    std::uint64_t order;
  };

  struct State {
    Limits limits;
    std::vector<std::uint8_t> bytes; // live from head on
    std::size_t head = 0;
    std::size_t owed = 0; // how much of the front gathered while the line was closed
    bool online = false;
    bool fresh = true;     // there is something to end
    bool activity = false; // the last mark of an activity was its start
    std::vector<Placed> marks;
    bool flushing = false;
    bool closed = false;
    bool waiting = false;    // a push waits for room
    bool loop_knows = false; // the loop was woken, or it comes again by itself
    bool dropping = false;
    Counts counts;

    std::size_t size() const { return bytes.size() - head; }
    std::size_t limit() const;
    std::size_t next_chunk() const;
    void consume(std::size_t count);
    void move_marks(std::size_t from, std::size_t count);
    void append(std::span<const std::uint8_t> more);
    std::size_t make_room(std::span<const std::uint8_t> &incoming, Overflow overflow);
  };

  Guarded<State> state_;
  std::condition_variable room_;
};

} // namespace gemini_live
