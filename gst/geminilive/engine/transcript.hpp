// One speaker's words, joined from the pieces in which they come.
//
// Whether a piece is the last of its utterance is never said reliably, so the engine says it: at
// the end of a turn, at an interruption, when the other speaker begins, or after two quiet seconds.
// A piece that comes later all the same yields the whole once more.
//
// Pure. Loop thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gemini_live {

class Transcript {
public:
  static constexpr std::int64_t kQuiet = 2'000'000; // microseconds
  // Of one utterance; in bytes. Nobody speaks for so long.
  static constexpr std::size_t kMost = 1024 * 1024;

  struct Whole {
    std::string text;
    std::uint64_t turn;
    std::size_t told; // bytes of it that came with an earlier whole
  };

  // What must be finished before the piece is added, if it begins another utterance.
  std::optional<Whole> begin(std::uint64_t turn);
  // Adds a piece to the utterance of `turn`, unless that is too long; the whole if it had been finished
  // already.
  std::optional<Whole> add(std::string_view piece, std::uint64_t turn);
  // The whole, if pieces came since it was last finished.
  std::optional<Whole> finish();
  // The same where the other speaker begins, but this one may still go on.
  std::optional<Whole> so_far();
  bool is_open() const { return open_; }
  // Pieces of this utterance were left out.
  bool is_cut() const { return cut_; }

private:
  std::string text_;
  std::uint64_t turn_ = 0;
  std::size_t told_ = 0;
  bool open_ = false;
  bool finished_ = false;
  bool cut_ = false;
};

} // namespace gemini_live
