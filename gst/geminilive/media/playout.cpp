#include "playout.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gemini_live {

namespace {

constexpr std::uint64_t kDownstream = 10 * kSecond; // more is not kept there

} // namespace

// A message may end in the middle of a sample; the next one of the turn then begins with its second
// byte.
BytesPtr Playout::State::mend(std::uint64_t turn, BytesPtr bytes)
{
  if (torn_turn != turn)
    torn_byte.reset();
  torn_turn = turn;
  std::size_t size = 0;
  const auto *data = static_cast<const std::uint8_t *>(g_bytes_get_data(bytes.get(), &size));
  if (size == 0)
    return bytes;
  const auto first = std::exchange(torn_byte, std::nullopt);
  const std::size_t total = size + (first ? 1 : 0);
  if (total % kSampleBytes != 0)
    torn_byte = data[size - 1];
  const auto whole = total / kSampleBytes * kSampleBytes;
  if (!first)
    return whole == size ? std::move(bytes)
                         : BytesPtr(g_bytes_new_from_bytes(bytes.get(), 0, whole));
  auto *joined = static_cast<std::uint8_t *>(g_malloc(total));
  joined[0] = *first;
  std::memcpy(joined + 1, data, size);
  return BytesPtr(g_bytes_new_take(joined, whole));
}

const Playout::Speech *Playout::State::first_speech() const
{
  for (const auto &item : queue)
    if (const auto *speech = std::get_if<Speech>(&item))
      return speech;
  return nullptr;
}

// Captions at the front whose speech begins now, or has none to come.
void Playout::State::take_captions(bool speech_begins, std::vector<Caption> &out)
{
  const auto *next = first_speech();
  while (!queue.empty()) {
    auto *caption = std::get_if<Caption>(&queue.front());
    const bool has_speech = next && caption && next->turn <= caption->turn;
    if (!caption || !(has_speech ? speech_begins : caption->turn <= finished))
      return;
    out.push_back(std::move(*caption));
    queue.pop_front();
  }
}

// Bytes of one turn and rate at the front that can be played without a gap, up to `wanted`.
std::size_t Playout::State::ready_bytes(std::size_t wanted) const
{
  std::size_t ready = 0;
  const Speech *first = nullptr;
  for (const auto &item : queue) {
    const auto *speech = std::get_if<Speech>(&item);
    if (!speech)
      continue;
    if (!first)
      first = speech;
    if (!speech->continues(*first))
      return wanted; // what is left of this turn and rate is all there will be
    ready += speech->left();
    if (ready >= wanted)
      return wanted;
  }
  return ready;
}

bool Playout::State::may_flow(std::size_t period_bytes)
{
  const auto *speech = first_speech();
  if (!speech) {
    starved = starved || (flowing && playing_turn > finished);
    flowing = false;
    held = 0;
    return false;
  }
  const bool complete = speech->turn <= finished;
  const bool whole = complete || ready_bytes(period_bytes) == period_bytes;
  if (flowing && speech->turn == playing_turn) {
    if (whole)
      return true;
    starved = true;
  }
  flowing = complete || (whole && (queued >= cushion || held >= cushion));
  held = flowing ? 0 : held + kPeriod;
  return flowing;
}

void Playout::State::count_played(std::uint64_t turn, std::uint64_t nanoseconds)
{
  if (turn != playing_turn) {
    playing_turn = turn;
    played = 0;
  }
  played += nanoseconds;
  since = 0;
  counts.played += nanoseconds;
}

// One period of speech. It is a view of one message where it can be; else it is put together, with
// silence behind the last sample.
BytesPtr Playout::State::gather(std::size_t wanted, std::vector<Caption> &captions)
{
  std::uint8_t *joined = nullptr;
  std::size_t have = 0;
  const auto turn = first_speech()->turn;
  while (have < wanted) {
    const auto *next = first_speech();
    const bool begins = next && next->turn == turn && next->rate == rate;
    take_captions(begins, captions);
    if (!begins)
      break;
    auto *speech = &std::get<Speech>(queue.front());
    const auto count = std::min(wanted - have, speech->left());
    const auto nanoseconds = time_of(count, rate);
    queued -= std::min(queued, nanoseconds);
    count_played(speech->turn, nanoseconds);
    BytesPtr view;
    if (count == wanted)
      view.reset(g_bytes_new_from_bytes(speech->bytes.get(), speech->offset, count));
    else {
      if (!joined)
        joined = static_cast<std::uint8_t *>(g_malloc0(wanted));
      std::memcpy(joined + have, speech->data(), count);
    }
    have += count;
    speech->offset += count;
    if (speech->left() == 0)
      queue.pop_front();
    if (queue.empty())
      queued = 0; // the rounding of parts of a message must not add up
    if (view)
      return view;
  }
  return BytesPtr(joined ? g_bytes_new_take(joined, wanted) : nullptr);
}

void Playout::State::make_fade()
{
  const auto *speech = flowing && fades ? first_speech() : nullptr;
  if (!speech || speech->rate != rate)
    return;
  const auto bytes = bytes_in(kPeriod, rate);
  const auto ramp = std::min(bytes_in(5 * kMillisecond, rate), speech->left()) / kSampleBytes;
  auto *samples = static_cast<std::int16_t *>(g_malloc0(bytes));
  std::memcpy(samples, speech->data(), ramp * kSampleBytes);
  for (std::size_t i = 0; i < ramp; i++)
    samples[i] = static_cast<std::int16_t>(samples[i] * static_cast<int>(ramp - i) /
                                           static_cast<int>(ramp + 1));
  fade.reset(g_bytes_new_take(samples, bytes));
}

bool Playout::add_speech(std::uint64_t turn, unsigned rate, BytesPtr bytes)
{
  auto state = state_.lock();
  bytes = state->mend(turn, std::move(bytes));
  const auto size = g_bytes_get_size(bytes.get());
  if (size == 0)
    return true;
  const auto nanoseconds = time_of(size, rate);
  if (state->queued + nanoseconds > kMaxSpeech)
    return false;
  if (std::exchange(state->starved, false) && turn == state->playing_turn)
    state->counts.underruns++;
  state->queued += nanoseconds;
  state->counts.received += nanoseconds;
  state->queue.emplace_back(Speech{turn, rate, std::move(bytes)});
  return true;
}

void Playout::add_caption(Caption caption)
{
  state_.lock()->queue.emplace_back(std::move(caption));
}

void Playout::finish(std::uint64_t turn)
{
  auto state = state_.lock();
  state->finished = std::max(state->finished, turn);
}

Playout::Cleared Playout::State::clear()
{
  Cleared result;
  make_fade();
  for (auto &item : queue) {
    if (auto *speech = std::get_if<Speech>(&item))
      result.discarded += time_of(speech->left(), speech->rate);
    else
      result.captions.push_back(std::move(std::get<Caption>(item)));
  }
  queue.clear();
  queued = 0;
  flowing = false;
  starved = false;
  held = 0;
  torn_byte.reset();
  counts.discarded += result.discarded;
  return result;
}

Playout::Cleared Playout::clear()
{
  return state_.lock()->clear();
}

Playout::Cleared Playout::interrupt()
{
  auto state = state_.lock();
  if (std::exchange(state->spoken, false) && state->since < kDownstream)
    state->cut = true;
  return state->clear();
}

Playout::Slice Playout::pull(std::optional<std::uint64_t> start)
{
  Slice slice;
  auto state = state_.lock();
  if (const auto *speech = state->fade ? nullptr : state->first_speech())
    state->rate = speech->rate;
  slice.rate = state->rate;
  const auto bytes = bytes_in(kPeriod, slice.rate);
  slice.samples = bytes / kSampleBytes;
  slice.cut = std::exchange(state->cut, false);
  if (state->fade)
    slice.bytes = std::move(state->fade);
  else if (state->may_flow(bytes)) {
    slice.bytes = state->gather(bytes, slice.captions);
    state->spoken = true;
  } else
    state->take_captions(false, slice.captions);
  if (!slice.bytes)
    state->since += kPeriod;
  if (start)
    state->pulled_until = *start + kPeriod;
  else
    state->pulled_until.reset();
  return slice;
}

unsigned Playout::rate() const
{
  auto state = state_.lock();
  const auto *speech = state->fade ? nullptr : state->first_speech();
  return speech ? speech->rate : state->rate;
}

bool Playout::is_empty() const
{
  auto state = state_.lock();
  return state->queue.empty() && !state->fade;
}

bool Playout::has_speech() const
{
  auto state = state_.lock();
  const auto *speech = state->first_speech();
  const auto period = bytes_in(kPeriod, speech ? speech->rate : state->rate);
  return speech && (speech->turn <= state->finished || state->ready_bytes(period) == period);
}

std::uint64_t Playout::queued() const
{
  return state_.lock()->queued;
}

Playout::Counts Playout::counts() const
{
  return state_.lock()->counts;
}

std::uint64_t Playout::heard(std::uint64_t turn, std::uint64_t latency) const
{
  auto state = state_.lock();
  if (turn != state->playing_turn)
    return 0;
  const auto reached = state->played + state->since;
  return std::min(state->played, reached > latency ? reached - latency : 0);
}

std::optional<std::uint64_t> Playout::next_start() const
{
  auto state = state_.lock();
  if (!state->pulled_until)
    return std::nullopt;
  return *state->pulled_until + state->queued;
}

void Playout::set_cushion(std::uint64_t nanoseconds)
{
  state_.lock()->cushion = nanoseconds;
}

void Playout::set_fades(bool fades)
{
  state_.lock()->fades = fades;
}

} // namespace gemini_live
