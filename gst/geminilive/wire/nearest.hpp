// What somebody may have meant who wrote a word that is not known.
#pragma once

#include <string>
#include <string_view>

namespace gemini_live {

// The known word that is most like `word`, if one is at all.
class Nearest {
public:
  explicit Nearest(std::string_view word) : word_(word), least_(word.size() / 2 + 1) {}

  // `prefix` is not compared, only told.
  void offer(std::string_view known, std::string_view prefix = "");
  // To be appended to a complaint; empty if there is none.
  std::string question() const;

private:
  const std::string_view word_;
  std::size_t least_;
  std::string best_;
};

} // namespace gemini_live
