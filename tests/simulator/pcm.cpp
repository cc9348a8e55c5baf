// Samples and their text form.
#include "pcm.hpp"

#include <glib.h>

#include <array>

namespace gemini_live_simulator {
namespace {

constexpr std::int8_t not_base64 = -1;

constexpr std::array<std::int8_t, 256> make_digits()
{
  std::array<std::int8_t, 256> digits{};
  digits.fill(not_base64);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  digits['+'] = digits['-'] = 62;
  digits['/'] = digits['_'] = 63;
  return digits;
}

constexpr auto digits = make_digits();

} // namespace

Samples samples_from_bytes(std::span<const std::uint8_t> s16le)
{
  Samples samples(s16le.size() / 2);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<std::int16_t>(s16le[2 * i] | s16le[2 * i + 1] << 8);
  return samples;
}

Samples resample(std::span<const std::int16_t> samples, unsigned from_rate, unsigned to_rate)
{
  if (from_rate == to_rate)
    return Samples(samples.begin(), samples.end());
  return Resampler(from_rate, to_rate).feed(samples);
}

Samples Resampler::feed(std::span<const std::int16_t> samples)
{
  Samples out;
  if (samples.empty())
    return out;
  if (taken_ == 0)
    last_ = samples[0];
  // Position p of the output lies between the input samples floor(p) and floor(p) + 1; an input
  // sample before this piece can only be the last one of the piece before.
  const std::uint64_t end = taken_ + samples.size();
  for (;; ++made_) {
    const std::uint64_t index = made_ * from_ / to_;
    const std::uint64_t rest = made_ * from_ % to_;
    if (index + (rest ? 1 : 0) >= end)
      break;
    const std::int32_t left = index < taken_ ? last_ : samples[index - taken_];
    const std::int32_t right = rest ? samples[index + 1 - taken_] : left;
    const auto part = static_cast<std::int64_t>(right - left) * static_cast<std::int64_t>(rest) /
                      static_cast<std::int64_t>(to_);
    out.push_back(static_cast<std::int16_t>(left + part));
  }
  taken_ = end;
  last_ = samples.back();
  return out;
}

std::string base64_of(std::span<const std::int16_t> samples)
{
  std::vector<guchar> bytes;
  bytes.reserve(samples.size() * 2);
  for (const auto sample : samples) {
    const auto value = static_cast<std::uint16_t>(sample);
    bytes.push_back(static_cast<guchar>(value & 0xff));
    bytes.push_back(static_cast<guchar>(value >> 8));
  }
  char *text = g_base64_encode(bytes.data(), bytes.size());
  std::string base64 = text;
  g_free(text);
  return base64;
}

std::optional<std::vector<std::uint8_t>> bytes_from_base64(std::string_view text)
{
  for (int i = 0; i < 2 && text.ends_with('='); ++i)
    text.remove_suffix(1);
  if (text.size() % 4 == 1)
    return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto digit = digits[static_cast<unsigned char>(c)];
    if (digit == not_base64)
      return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<std::uint8_t>(bits >> held));
    }
  }
  return bytes;
}

} // namespace gemini_live_simulator
