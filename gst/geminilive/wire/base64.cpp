#include "base64.hpp"

#include <array>
#include <cstdint>

namespace gemini_live {

namespace {

constexpr std::uint8_t kBlank = 64, kPadding = 65, kForeign = 66;

constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kForeign);
  constexpr std::string_view kSigns =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  for (std::uint8_t i = 0; i < kSigns.size(); i++)
    values[static_cast<std::uint8_t>(kSigns[i])] = i;
  values['+'] = values['-'] = 62;
  values['/'] = values['_'] = 63;
  values[' '] = values['\t'] = values['\r'] = values['\n'] = kBlank;
  values['='] = kPadding;
  return values;
}();

} // namespace

BytesPtr decode_base64(std::string_view text)
{
  auto *data = static_cast<guint8 *>(g_malloc(text.size() / 4 * 3 + 3));
  gsize size = 0;
  guint32 bits = 0;
  unsigned count = 0; // of signs, in bits
  bool padded = false, foreign = false;
  for (const char c : text) {
    const auto value = kValues[static_cast<std::uint8_t>(c)];
    if (value == kPadding)
      padded = true;
    else if (value < kBlank && !padded) {
      bits = bits << 6 | value;
      if (++count < 4)
        continue;
      data[size++] = static_cast<guint8>(bits >> 16);
      data[size++] = static_cast<guint8>(bits >> 8);
      data[size++] = static_cast<guint8>(bits);
      count = 0;
    } else
      foreign = foreign || value != kBlank;
  }
  if (count >= 2)
    data[size++] = static_cast<guint8>(bits << (24 - 6 * count) >> 16);
  if (count == 3)
    data[size++] = static_cast<guint8>(bits << 6 >> 8);
  BytesPtr bytes(g_bytes_new_take(data, size));
  // A single sign is no byte, and padding needs something to pad.
  if (foreign || count == 1 || (padded && count == 0))
    return nullptr;
  return bytes;
}

} // namespace gemini_live
