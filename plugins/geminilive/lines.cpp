#include "lines.hpp"

#include <utility>

namespace gemini_live {

namespace {

std::string without_cr(std::string line)
{
  if (line.ends_with('\r'))
    line.pop_back();
  return line;
}

} // namespace

std::optional<std::string> Lines::next()
{
  for (;;) {
    const auto end = pending_.find('\n', looked_);
    if (end == std::string::npos)
      break;
    auto line = without_cr(pending_.substr(start_, end - start_));
    start_ = looked_ = end + 1;
    if (std::exchange(skipping_, false))
      continue;
    if (line.size() > max_line_)
      overlong_++;
    else if (!line.empty())
      return line;
  }
  pending_.erase(0, start_);
  start_ = 0;
  looked_ = pending_.size();
  if (skipping_ || pending_.size() > max_line_ + 1) {
    overlong_ += skipping_ ? 0 : 1;
    skipping_ = true;
    pending_.clear();
    looked_ = 0;
  }
  return std::nullopt;
}

std::optional<std::string> Lines::rest()
{
  auto line = without_cr(pending_.substr(start_));
  const bool too_long = !skipping_ && line.size() > max_line_;
  const bool skip = skipping_ || too_long || line.empty();
  const auto overlong = overlong_ + (too_long ? 1 : 0);
  clear();
  overlong_ = overlong;
  return skip ? std::nullopt : std::optional(std::move(line));
}

unsigned Lines::take_overlong()
{
  return std::exchange(overlong_, 0u);
}

} // namespace gemini_live
