#include "nearest.hpp"

#include <glib.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace gemini_live {

namespace {

// How many letters must be changed, added or removed to make one word the other.
std::size_t distance(std::string_view a, std::string_view b)
{
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); i++) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); j++) {
      const bool same = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]);
      const auto changed = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

} // namespace

void Nearest::offer(std::string_view known, std::string_view prefix)
{
  constexpr std::size_t kTelling = 3; // letters
  const bool shortened = std::min(known.size(), word_.size()) >= kTelling &&
                         (known.starts_with(word_) || word_.starts_with(known));
  const auto found = shortened ? 1 : distance(word_, known);
  if (found > least_ || (found == least_ && !best_.empty()))
    return;
  least_ = found;
  best_ = std::string(prefix) + std::string(known);
}

std::string Nearest::question() const
{
  return best_.empty() ? "" : ", did you mean \"" + best_ + "\"?";
}

} // namespace gemini_live
