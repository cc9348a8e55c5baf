#include "frame_slot.hpp"

#include <utility>

namespace gemini_live {

// What is let go may belong to somebody's pool, so it goes after the lock.

bool FrameSlot::put(Frame frame)
{
  std::optional<Frame> before;
  auto state = state_.lock();
  if (state->closed)
    return false;
  before = std::exchange(state->frame, std::move(frame));
  state->counts.dropped += before ? 1 : 0;
  const bool replaces = before && state->online;
  return !std::exchange(state->replacing, replaces) && replaces;
}

void FrameSlot::skip()
{
  state_.lock()->counts.dropped++;
}

void FrameSlot::set_online(bool online)
{
  state_.lock()->online = online;
}

std::optional<FrameSlot::Frame> FrameSlot::take()
{
  auto state = state_.lock();
  state->counts.taken += state->frame ? 1 : 0;
  return std::exchange(state->frame, std::nullopt);
}

void FrameSlot::close()
{
  std::optional<Frame> before;
  auto state = state_.lock();
  state->closed = true;
  before = std::exchange(state->frame, std::nullopt);
}

} // namespace gemini_live
