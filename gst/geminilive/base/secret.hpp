// A text that nobody shall find in memory once it is of no use: its bytes are wiped before they are
// given back. Copies are secrets, too; whoever takes its text out is responsible for what becomes of
// it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace gemini_live {

class Secret {
public:
  Secret() = default;
  explicit Secret(std::string_view text) : text_(text) {}
  Secret(const Secret &other) = default;
  Secret(Secret &&other) noexcept { text_.swap(other.text_); }
  Secret &operator=(Secret other) noexcept
  {
    text_.swap(other.text_);
    return *this;
  }
  ~Secret() { wipe(text_.data(), text_.size()); }

  bool empty() const { return text_.empty(); }
  const std::string &text() const { return text_; }

  // `text` with "…" wherever this stands in it, also where it is cut at the end of the text. Looks for
  // the last word of what has a scheme or a name in front: Bearer …, access_token=….
  std::string hidden_in(std::string text) const
  {
    constexpr std::size_t kLeast = 6; // less is no secret, but may be part of any word
    const auto word = std::string_view(text_).substr(text_.find_last_of(" =") + 1);
    if (word.size() < kLeast)
      return text;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at))
      text.replace(at, word.size(), "…");
    for (auto size = std::min(word.size(), text.size()); size >= kLeast; size--)
      if (text.ends_with(word.substr(0, size)))
        return text.replace(text.size() - size, size, "…");
    return text;
  }

  auto operator<=>(const Secret &other) const = default;

  // In a way that no compiler leaves out.
  static void wipe(char *bytes, std::size_t size)
  {
    for (volatile char *byte = bytes; size > 0; size--)
      *byte++ = 0;
  }

private:
  std::string text_;
};

} // namespace gemini_live
