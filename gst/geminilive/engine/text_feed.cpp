#include "text_feed.hpp"

#include <utility>

namespace gemini_live {

namespace {

// `who: words`, on one line whatever the words contain.
std::optional<std::string> line_of(std::string_view who, std::string_view words)
{
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = words.find_first_not_of(kSpace);
  if (first == std::string_view::npos)
    return std::nullopt;
  words = words.substr(first, words.find_last_not_of(kSpace) - first + 1);
  std::string line(who);
  for (const char c : words)
    line += c == '\n' || c == '\r' ? ' ' : c;
  return line + '\n';
}

} // namespace

std::optional<std::string> TextFeed::select(State &state, Kind kind, std::string_view text) const
{
  std::optional<std::string> piece(text);
  switch (which_) {
  case Which::input_transcript:
    return kind == Kind::input ? piece : std::nullopt;
  case Which::thought:
    return kind == Kind::thought ? piece : std::nullopt;
  case Which::answer:
    state.has_parts = state.has_parts || kind == Kind::answer;
    return kind == (state.has_parts ? Kind::answer : Kind::output) ? piece : std::nullopt;
  case Which::conversation:
    if (kind == Kind::utterance)
      return line_of("user: ", text);
    if (kind == Kind::output_end)
      return line_of("model: ", std::exchange(state.line, {}));
    if (kind == Kind::answer || kind == Kind::output)
      state.line += text;
    return std::nullopt;
  case Which::events:
    return kind == Kind::event ? piece : std::nullopt;
  }
  return std::nullopt;
}

bool TextFeed::offer(Kind kind, std::string_view text)
{
  {
    auto state = state_.lock();
    auto selected = select(*state, kind, text);
    if (!selected || selected->empty())
      return true;
    // Where nothing waits there is room for anything.
    if (state->bytes > 0 && state->bytes + selected->size() > kMost)
      return false;
    state->bytes += selected->size();
    state->ready.push_back(std::move(*selected));
  }
  wake_();
  return true;
}

std::optional<std::string> TextFeed::take()
{
  auto state = state_.lock();
  if (state->ready.empty())
    return std::nullopt;
  auto text = std::move(state->ready.front());
  state->ready.pop_front();
  state->bytes -= text.size();
  return text;
}

} // namespace gemini_live
