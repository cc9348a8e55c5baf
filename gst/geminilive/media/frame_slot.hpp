// The picture that the model sees next. There is room for one: the newest frame wins, because an old
// one is of no use to anybody.
//
// One streaming thread puts, the loop thread takes.
#pragma once

#include "../base/glib_ptr.hpp"
#include "../base/guarded.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gemini_live {

class FrameSlot {
public:
  struct Frame {
    std::string mime_type;
    BytesPtr bytes; // an encoded image
  };
  struct Counts {
    std::uint64_t taken = 0;
    std::uint64_t dropped = 0; // replaced, or skipped
  };

  // Streaming thread. Whether this is the first frame that replaces another after one that did not,
  // while the line is open: the line is slow. Before it is open that is as it should be.
  bool put(Frame frame);
  // A frame that shall not be sent.
  void skip();

  // Loop thread; close() on any.
  void set_online(bool online);
  std::optional<Frame> take();
  // Nothing is wanted any more.
  void close();

  // Any thread.
  bool is_empty() const { return !state_.lock()->frame; }
  Counts counts() const { return state_.lock()->counts; }

private:
  struct State {
    std::optional<Frame> frame;
    bool online = false;
    bool closed = false;
    bool replacing = false;
    Counts counts;
  };

  Guarded<State> state_;
};

} // namespace gemini_live
