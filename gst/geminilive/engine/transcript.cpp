#include "transcript.hpp"

#include <utility>

namespace gemini_live {

std::optional<Transcript::Whole> Transcript::begin(std::uint64_t turn)
{
  if (turn == turn_)
    return std::nullopt;
  auto before = finish();
  turn_ = turn;
  text_.clear();
  told_ = 0;
  finished_ = cut_ = false;
  return before;
}

std::optional<Transcript::Whole> Transcript::add(std::string_view piece, std::uint64_t turn)
{
  begin(turn);
  cut_ = cut_ || (!text_.empty() && text_.size() + piece.size() > kMost);
  if (cut_)
    return std::nullopt;
  text_.append(piece);
  open_ = true;
  return finished_ ? finish() : std::nullopt;
}

std::optional<Transcript::Whole> Transcript::finish()
{
  finished_ = finished_ || open_;
  return so_far();
}

std::optional<Transcript::Whole> Transcript::so_far()
{
  if (!std::exchange(open_, false))
    return std::nullopt;
  return Whole{text_, turn_, std::exchange(told_, text_.size())};
}

} // namespace gemini_live
