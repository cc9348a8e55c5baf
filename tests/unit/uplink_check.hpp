// A user's voice that tells where it is, and what comes out of an uplink.
#pragma once

#include "check.hpp"

#include "gst/geminilive/media/uplink.hpp"

namespace gemini_live {

using Bytes = std::vector<std::uint8_t>;
using Overflow = Uplink::Overflow;
using Outcome = Uplink::Outcome;
using Mark = Uplink::Mark;

inline constexpr std::size_t kChunk = 640;
inline constexpr Uplink::Limits kLimits{
    .chunk = kChunk, .open_line = 10 * kChunk, .offline = 50 * kChunk};

// Samples that tell where they are. The low byte of each has its highest bit clear and the high
// byte has it set, so that a stream that was cut inside a sample shows.
inline Bytes samples(std::size_t bytes, std::size_t first = 0)
{
  Bytes result(bytes);
  for (std::size_t i = 0; i < bytes; i++) {
    const auto index = (first + i) / 2;
    result[i] = static_cast<std::uint8_t>((first + i) % 2 == 0 ? index & 0x7f
                                                               : ((index >> 7) & 0x7f) | 0x80);
  }
  return result;
}

inline bool take(Uplink &uplink, Bytes &out)
{
  return uplink.take([&](std::span<const std::uint8_t> chunk) {
    out.insert(out.end(), chunk.begin(), chunk.end());
  });
}

inline Bytes take_all(Uplink &uplink)
{
  Bytes out;
  while (take(uplink, out))
    ;
  return out;
}

inline void counts_add_up(const Uplink &uplink, check::Where where = check::Where::current())
{
  const auto counts = uplink.counts();
  check::equal(counts.taken + counts.dropped + uplink.level(), counts.pushed,
               "taken, dropped and waiting", where);
}

// An open line.
struct Open : Uplink {
  explicit Open(const Limits &limits = kLimits) : Uplink(limits) { set_online(true); }
};

} // namespace gemini_live
