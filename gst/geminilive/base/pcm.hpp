// 16-bit mono samples: between bytes, samples and time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace gemini_live {

inline constexpr unsigned kInputRate = 16000;  // what the service hears without resampling
inline constexpr unsigned kOutputRate = 24000; // what it speaks until its MIME type says otherwise
inline constexpr std::uint64_t kSecond = 1'000'000'000;
inline constexpr std::uint64_t kMillisecond = 1'000'000;
// As clocks of the system count.
constexpr std::int64_t microseconds(std::uint64_t nanoseconds)
{
  return static_cast<std::int64_t>(nanoseconds / 1000);
}
inline constexpr std::size_t kSampleBytes = sizeof(std::int16_t);

// Rounded down to whole samples; the times of a conversation are far below the overflow.
constexpr std::size_t bytes_in(std::uint64_t nanoseconds, unsigned rate)
{
  const auto seconds = nanoseconds / kSecond;
  const auto rest = nanoseconds % kSecond;
  return static_cast<std::size_t>(seconds * rate + rest * rate / kSecond) * kSampleBytes;
}

constexpr std::uint64_t time_of(std::uint64_t bytes, unsigned rate)
{
  const auto samples = bytes / kSampleBytes;
  return samples / rate * kSecond + samples % rate * kSecond / rate;
}

// Whether anything in there could be a voice: a peak above about -40 dB of full scale.
inline bool is_audible(std::span<const std::int16_t> samples)
{
  constexpr int kThreshold = 328;
  int low = 0, high = 0;
  for (int sample : samples) {
    low = std::min(low, sample);
    high = std::max(high, sample);
  }
  return high > kThreshold || low < -kThreshold;
}

} // namespace gemini_live
