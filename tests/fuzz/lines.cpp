// Bytes cut into lines: however they come, the lines are those of the whole.
//
// The first byte says how long the pieces are, the second how often everything is repeated.
#include "target.hpp"

#include "plugins/geminilive/lines.hpp"

#include <algorithm>
#include <string>

namespace {

using gemini_live::Lines;

constexpr std::size_t kMaxLine = 64 * 1024;

struct Split {
  std::vector<std::string> lines;
  unsigned overlong = 0;

  bool operator==(const Split &) const = default;
};

void add(std::string_view line, Split &split)
{
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  if (line.size() > kMaxLine)
    split.overlong++;
  else if (!line.empty())
    split.lines.emplace_back(line);
}

Split expected(std::string_view text)
{
  Split split;
  for (const auto line : fuzz::lines_of(text))
    add(line, split);
  return split;
}

Split actual(std::string_view text, std::size_t piece)
{
  Split split;
  Lines lines(kMaxLine);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    lines.add(text.substr(0, piece));
    while (auto line = lines.next())
      split.lines.push_back(std::move(*line));
  }
  if (auto line = lines.rest())
    split.lines.push_back(std::move(*line));
  split.overlong = lines.take_overlong();
  return split;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
  if (size < 2)
    return 0;
  std::string text;
  const unsigned times = data[1] > 200 ? 1000 : 1;
  for (unsigned i = 0; i < times && text.size() < 3 * kMaxLine; i++)
    text.append(fuzz::text_of(data + 2, size - 2));
  const auto piece = times == 1 ? data[0] % 64u + 1 : data[0] * 64u + 1000;
  fuzz::claim(actual(text, piece) == expected(text));
  return 0;
}
