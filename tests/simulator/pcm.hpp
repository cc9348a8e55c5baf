// Samples and their text form: resampling, bytes, base64.
//
// Pure: no thread, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gemini_live_simulator {

using Samples = std::vector<std::int16_t>;

Samples samples_from_bytes(std::span<const std::uint8_t> s16le);

// Linear interpolation: good enough for a voice that only has to be understood.
Samples resample(std::span<const std::int16_t> samples, unsigned from_rate, unsigned to_rate);

// The same over a stream that comes in pieces.
class Resampler {
public:
  Resampler(unsigned from_rate, unsigned to_rate) : from_(from_rate), to_(to_rate) {}
  Samples feed(std::span<const std::int16_t> samples);

private:
  std::uint64_t from_;
  std::uint64_t to_;
  std::uint64_t taken_ = 0; // samples that came in
  std::uint64_t made_ = 0;  // samples that went out
  std::int16_t last_ = 0;
};

std::string base64_of(std::span<const std::int16_t> samples);

// Both alphabets, padded or not; nothing if it is neither.
std::optional<std::vector<std::uint8_t>> bytes_from_base64(std::string_view text);

} // namespace gemini_live_simulator
