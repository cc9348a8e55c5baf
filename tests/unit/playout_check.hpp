// Speech that tells where it is, and what comes out of a playout.
#pragma once

#include "check.hpp"

#include "gst/geminilive/media/playout.hpp"

#include <cstring>

namespace gemini_live {
using Samples = std::vector<std::int16_t>;

inline constexpr std::size_t kPeriodSamples = 480; // of 24 kHz
inline constexpr std::uint64_t kPeriod = Playout::kPeriod;

// No two neighbours are alike and none is zero.
inline Samples speech(std::size_t count, std::size_t first = 0)
{
  Samples result(count);
  for (std::size_t i = 0; i < count; i++)
    result[i] = static_cast<std::int16_t>((first + i) % 32749 + 1);
  return result;
}

inline BytesPtr bytes_of(const Samples &samples)
{
  return BytesPtr(g_bytes_new(samples.data(), samples.size() * kSampleBytes));
}

inline Samples samples_of(const Playout::Slice &slice)
{
  Samples result(slice.samples);
  if (slice.bytes) {
    check::equal(g_bytes_get_size(slice.bytes.get()), slice.samples * kSampleBytes, "slice");
    std::memcpy(result.data(), g_bytes_get_data(slice.bytes.get(), nullptr),
                slice.samples * kSampleBytes);
  }
  return result;
}

inline void append(Samples &out, const Samples &more)
{
  out.insert(out.end(), more.begin(), more.end());
}

inline void strip_silence_at_end(Samples &samples)
{
  while (!samples.empty() && samples.back() == 0)
    samples.pop_back();
}

// The samples of the next slices.
inline Samples pull(Playout &playout, std::size_t slices = 1)
{
  Samples result;
  for (std::size_t i = 0; i < slices; i++)
    append(result, samples_of(playout.pull({})));
  return result;
}

inline bool is_silent(const Playout::Slice &slice)
{
  return slice.bytes == nullptr;
}

inline Samples pull_all(Playout &playout)
{
  Samples result;
  while (!playout.is_empty())
    append(result, pull(playout));
  return result;
}

inline void add(Playout &playout, std::uint64_t turn, const Samples &samples,
                unsigned rate = kOutputRate)
{
  check::that(playout.add_speech(turn, rate, bytes_of(samples)));
}

// The texts of the captions, an end as a full stop.
inline std::string words(const std::vector<Caption> &captions)
{
  std::string result;
  for (const auto &caption : captions)
    result += caption.end ? "." : caption.text;
  return result;
}

// A playout of a turn 1 that flows: two periods are left.
inline void start_turn(Playout &playout)
{
  add(playout, 1, speech(3 * kPeriodSamples));
  check::that(!is_silent(playout.pull({})));
}

} // namespace gemini_live
