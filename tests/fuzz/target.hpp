// What every fuzz target has: an entry that takes any bytes, and claims that end the program.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace fuzz {

// std::source_location is too new for some compilers that have libFuzzer.
inline void claim(bool truth, const char *file = __builtin_FILE(), int line = __builtin_LINE())
{
  if (truth)
    return;
  std::fprintf(stderr, "%s:%d: this is not so\n", file, line);
  std::abort();
}

inline std::string_view text_of(const std::uint8_t *data, std::size_t size)
{
  return size == 0 ? std::string_view()
                   : std::string_view(reinterpret_cast<const char *>(data), size);
}

// The input's lines, without their ends; at least one.
inline std::vector<std::string_view> lines_of(std::string_view text)
{
  std::vector<std::string_view> lines;
  for (;;) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return lines;
    text.remove_prefix(end + 1);
  }
}

} // namespace fuzz
