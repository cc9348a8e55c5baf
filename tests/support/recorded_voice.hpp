// A person who says "Front, center", about 1.4 s at 16 kHz, without the silence around it. It is a file of
// alsa-utils at 48 kHz, behind a header of 44 bytes.
#pragma once

#include <glib.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace test {

inline std::vector<std::int16_t> recorded_voice()
{
  char *bytes = nullptr;
  gsize size = 0;
  GError *error = nullptr;
  if (!g_file_get_contents("/usr/share/sounds/alsa/Front_Center.wav", &bytes, &size, &error))
    g_error("%s", error->message);
  std::vector<std::int16_t> all(size / 2 - 22), third;
  std::memcpy(all.data(), bytes + 44, all.size() * 2);
  g_free(bytes);
  for (std::size_t i = 2; i < all.size(); i += 3)
    third.push_back(static_cast<std::int16_t>((all[i - 2] + all[i - 1] + all[i]) / 3));
  const auto loud = [](int sample) { return std::abs(sample) > 300; };
  const auto last = std::find_if(third.rbegin(), third.rend(), loud).base();
  return std::vector<std::int16_t>(std::find_if(third.begin(), third.end(), loud), last);
}

} // namespace test
