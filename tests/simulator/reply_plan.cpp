// Cutting.
#include "reply_plan.hpp"

#include <algorithm>

namespace gemini_live_simulator {
namespace {

constexpr std::size_t rate = 24000;
constexpr std::size_t largest_part = rate * 10; // 640 kB of base64: a message stays below 1 MiB
constexpr unsigned words_per_piece = 3;

} // namespace

std::vector<std::string> cut_text(const std::string &text, unsigned words)
{
  std::vector<std::string> pieces;
  std::size_t from = 0;
  unsigned count = 0;
  for (std::size_t at = 1; at < text.size(); ++at)
    if (text[at] == ' ' && text[at - 1] != ' ' && ++count % words == 0) {
      pieces.push_back(text.substr(from, at - from));
      from = at;
    }
  if (from < text.size())
    pieces.push_back(text.substr(from));
  return pieces;
}

std::vector<ReplyPart> plan_reply(std::size_t samples, const std::string &text, const Pace &pace)
{
  std::vector<ReplyPart> parts;
  for (std::size_t from = 0; from < samples;) {
    const std::size_t ms = parts.empty() ? pace.first_ms : pace.other_ms;
    const bool at_once = pace.speed == 0;
    const auto to = std::min(samples, from + (at_once ? largest_part : ms * rate / 1000));
    const double delay = at_once ? 0 : static_cast<double>(from) * 1e6 / rate / pace.speed;
    parts.push_back({from, to, "", static_cast<std::int64_t>(delay)});
    from = to;
  }
  if (parts.empty())
    return parts;
  // Words are taken to be spoken evenly over the samples.
  std::size_t before = 0;
  for (const auto &piece : cut_text(text, words_per_piece)) {
    const auto position =
        static_cast<std::size_t>(static_cast<double>(samples) * static_cast<double>(before) /
                                 static_cast<double>(text.size()));
    const auto part = std::ranges::find_if(parts, [&](const auto &p) { return position < p.to; });
    (part == parts.end() ? parts.back() : *part).text += piece;
    before += piece.size();
  }
  return parts;
}

} // namespace gemini_live_simulator
