#include "uplink.hpp"

#include "../base/pcm.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live {

std::size_t Uplink::State::limit() const
{
  return online ? owed + limits.open_line : limits.offline;
}

std::size_t Uplink::State::next_chunk() const
{
  if (!online)
    return 0;
  const auto run = marks.empty() ? size() : marks.front().before;
  if (run >= limits.chunk)
    return limits.chunk;
  return marks.empty() ? 0 : run / kSampleBytes * kSampleBytes;
}

// So many bytes have gone, from there on.
void Uplink::State::move_marks(std::size_t from, std::size_t count)
{
  for (auto &placed : marks)
    placed.before -= std::min(count, placed.before - std::min(placed.before, from));
}

void Uplink::State::consume(std::size_t count)
{
  head += count;
  owed -= std::min(owed, count);
  move_marks(0, count);
  if (head == bytes.size()) {
    bytes.clear();
    head = 0;
  }
}

void Uplink::State::append(std::span<const std::uint8_t> more)
{
  // Moves what is live to the front only when that is less than what is dead.
  if (head > size()) {
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(head));
    head = 0;
  }
  bytes.insert(bytes.end(), more.begin(), more.end());
}

std::size_t Uplink::State::make_room(std::span<const std::uint8_t> &incoming, Overflow overflow)
{
  const auto bound = limit();
  // Where nothing waits there is no lag, however large a buffer upstream makes.
  if (size() + incoming.size() <= bound || size() < limits.chunk)
    return 0;
  // Whole samples go, wherever the cut lies, so that the rest stays aligned.
  const auto whole = [](std::size_t count) { return (count + 1) / kSampleBytes * kSampleBytes; };
  const auto excess = size() + incoming.size() - bound;
  if (overflow == Overflow::drop_newest) {
    const auto lost = std::min({whole(excess), whole(incoming.size()), size() + incoming.size()});
    const auto cut = std::min(lost, incoming.size());
    bytes.resize(bytes.size() - (lost - cut)); // a half sample, whose other half goes
    incoming = incoming.first(incoming.size() - cut);
    move_marks(size(), lost - cut);
    return lost;
  }
  const auto kept = online ? owed : 0;
  const auto loose = (size() - kept + incoming.size()) / kSampleBytes * kSampleBytes;
  const auto lost = std::min(whole(excess), loose);
  const auto old = std::min(lost, size() - kept);
  if (kept == 0)
    consume(old);
  else {
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(head + kept);
    bytes.erase(from, from + static_cast<std::ptrdiff_t>(old));
    move_marks(kept, old);
  }
  incoming = incoming.subspan(lost - old);
  return lost;
}

Uplink::Uplink(const Limits &limits)
{
  state_.lock()->limits = limits;
}

void Uplink::set_limits(const Limits &limits)
{
  state_.lock()->limits = limits;
}

Uplink::Push Uplink::push(std::span<const std::uint8_t> bytes, Overflow overflow)
{
  Push result;
  auto state = state_.lock();
  if (overflow == Overflow::wait) {
    // A buffer larger than the bound waits until no whole chunk is left, not for ever: what is less
    // than a chunk stays until more comes.
    const auto fits = [&] {
      return state->size() < state->limits.chunk || state->size() + bytes.size() <= state->limit();
    };
    state->waiting = true;
    room_.wait(state.held(), [&] { return state->closed || state->flushing || fits(); });
    state->waiting = false;
    if (!state->closed && !fits()) {
      result.outcome = Outcome::flushing;
      return result;
    }
  }
  if (state->closed) {
    result.outcome = Outcome::closed;
    return result;
  }
  state->counts.pushed += bytes.size();
  if (overflow != Overflow::wait)
    result.dropped = state->make_room(bytes, overflow);
  state->counts.dropped += result.dropped;
  result.episode_started = result.dropped > 0 && !state->dropping;
  state->dropping = result.dropped > 0;
  state->append(bytes);
  state->fresh = true;
  result.wake = state->next_chunk() > 0 && !std::exchange(state->loop_knows, true);
  return result;
}

bool Uplink::mark(Mark mark, std::uint64_t order)
{
  auto state = state_.lock();
  const bool starts = mark == Mark::activity_start;
  const bool is_new = mark == Mark::audio_end ? std::exchange(state->fresh, false)
                                              : std::exchange(state->activity, starts) != starts;
  if (is_new && !state->closed)
    state->marks.push_back({mark, state->size(), order});
  return is_new;
}

std::optional<Uplink::Mark> Uplink::take_mark()
{
  auto state = state_.lock();
  if (!state->online || state->marks.empty() || state->marks.front().before >= kSampleBytes)
    return std::nullopt;
  const auto [mark, half, order] = state->marks.front();
  state->marks.erase(state->marks.begin());
  // Half a sample must not shift what comes later.
  state->counts.dropped += half;
  state->consume(half);
  return mark;
}

std::optional<std::uint64_t> Uplink::next_mark() const
{
  auto state = state_.lock();
  if (!state->online || state->marks.empty())
    return std::nullopt;
  return state->marks.front().order;
}

void Uplink::set_flushing(bool flushing)
{
  state_.lock()->flushing = flushing;
  room_.notify_all();
}

void Uplink::set_online(bool online)
{
  auto state = state_.lock();
  state->online = online;
  state->owed = state->size();
  if (state->waiting)
    room_.notify_all();
}

void Uplink::close()
{
  {
    auto state = state_.lock();
    state->closed = true;
    state->bytes = {};
    state->marks.clear();
    state->head = 0;
    state->owed = 0;
  }
  room_.notify_all();
}

bool Uplink::is_empty() const
{
  auto state = state_.lock();
  return state->closed || state->size() < kSampleBytes;
}

std::size_t Uplink::level() const
{
  return state_.lock()->size();
}

Uplink::Counts Uplink::counts() const
{
  return state_.lock()->counts;
}

} // namespace gemini_live
