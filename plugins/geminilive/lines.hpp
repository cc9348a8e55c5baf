// Bytes in, lines out: split at LF, CR stripped, empty lines left out.
//
// A character may be cut between two buffers; it is whole again before a line is. A line that is too
// long is left out as a whole and counted.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gemini_live {

class Lines {
public:
  // `max_line` in bytes.
  explicit Lines(std::size_t max_line) : max_line_(max_line) {}

  void add(std::string_view bytes) { pending_.append(bytes); }
  // The next whole line.
  std::optional<std::string> next();
  // What is left when nothing more comes.
  std::optional<std::string> rest();
  // How many lines were too long since the last call.
  unsigned take_overlong();
  void clear() { *this = Lines(max_line_); }

private:
  std::size_t max_line_;
  std::string pending_;
  std::size_t start_ = 0;  // of what was not given out yet
  std::size_t looked_ = 0; // no LF between start_ and here
  bool skipping_ = false;  // until the end of a line that is too long
  unsigned overlong_ = 0;
};

} // namespace gemini_live
