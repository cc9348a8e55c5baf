// A text that nobody shall find in memory once it is of no use: its bytes are wiped before they are
// given back. Copies are secrets, too; whoever takes its text out is responsible for what becomes of
// it.
#pragma once

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
