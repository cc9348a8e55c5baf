#include "turns.hpp"

namespace gemini_live {

namespace {

// The service completes an interrupted turn within 0.1 s, and its next answer needs longer.
constexpr std::int64_t kStale = 1'000'000;
// Between two messages of one answer, however slowly it comes.
constexpr std::int64_t kUnheard = 2'000'000;
// A transcript of the question may follow the beginning of the answer by this much.
constexpr std::int64_t kLateInput = 2'000'000;

} // namespace

Turns::Content Turns::content(std::int64_t now)
{
  Content result{.turn = turn_};
  if (is_stale(now)) {
    result.stale = true;
    if (how_ == Interruption::local)
      interrupted_at_ = now;
    return result;
  }
  if (open_ && interrupted_at_)
    result.abandoned = complete();
  if (!open_) {
    open_ = true;
    opened_at_ = now;
    turn_++;
    result.opened = true;
  }
  result.turn = turn_;
  return result;
}

bool Turns::is_stale(std::int64_t now) const
{
  return open_ && interrupted_at_ &&
         now - *interrupted_at_ < (how_ == Interruption::local ? kUnheard : kStale);
}

std::uint64_t Turns::interrupt(std::int64_t now, Interruption how)
{
  if (open_)
    interrupted_at_ = now;
  how_ = how;
  return turn_;
}

std::uint64_t Turns::complete()
{
  if (!open_)
    turn_++;
  open_ = false;
  interrupted_at_.reset();
  return turn_;
}

std::uint64_t Turns::of_input(std::int64_t now) const
{
  return open_ && now - opened_at_ < kLateInput ? turn_ : turn_ + 1;
}

} // namespace gemini_live
