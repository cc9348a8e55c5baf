#include "text_feed.hpp"

#include <utility>

namespace gemini_live {

namespace {

// `who: words`, on one line whatever the words contain; nothing if there are none.
std::string line_of(std::string_view who, std::string_view words)
{
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = words.find_first_not_of(kSpace);
  if (first == std::string_view::npos)
    return {};
  words = words.substr(first, words.find_last_not_of(kSpace) - first + 1);
  std::string line(who);
  for (const char c : words)
    line += c == '\n' || c == '\r' ? ' ' : c;
  return line + '\n';
}

} // namespace

// Where nothing waits there is room for anything.
bool TextFeed::State::has_room(std::size_t more) const
{
  const auto waits = bytes + written.size() + spoken.size();
  return waits == 0 || waits + more <= kMost;
}

std::string TextFeed::State::take_lines()
{
  return line_of("model: ", std::exchange(written, {})) +
         line_of("model: ", std::exchange(spoken, {}));
}

TextFeed::Selected TextFeed::select(State &state, Kind kind, std::string_view text) const
{
  const auto piece_if = [&](bool wanted) {
    return wanted ? Selected{std::string(text)} : Selected{};
  };
  switch (which_) {
  case Which::input_transcript:
    return piece_if(kind == Kind::input);
  case Which::thought:
    return piece_if(kind == Kind::thought);
  case Which::answer:
    if (kind == Kind::answer || kind == Kind::output_end)
      state.has_parts = kind == Kind::answer;
    return piece_if(kind == (state.has_parts ? Kind::answer : Kind::output));
  case Which::conversation:
    if (kind == Kind::utterance)
      return {line_of("user: ", text)};
    if (kind == Kind::output_end)
      return {state.take_lines()};
    if (kind != Kind::answer && kind != Kind::output)
      return {};
    if (!state.has_room(text.size()))
      return {.text = {}, .fits = false};
    (kind == Kind::answer ? state.written : state.spoken) += text;
    return {};
  case Which::events:
    return piece_if(kind == Kind::event);
  }
  return {};
}

bool TextFeed::offer(Kind kind, std::string_view text)
{
  // A part of no words may stand for its signature alone, so it is no answer either.
  if (text.empty() && kind != Kind::output_end)
    return true;
  {
    auto state = state_.lock();
    auto [selected, fits] = select(*state, kind, text);
    if (!selected || selected->empty())
      return fits;
    if (!state->has_room(selected->size()))
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
