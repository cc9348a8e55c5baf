// Which turn of the model something belongs to. Turns count from 1.
//
// A turn opens at the first content after the last completion; a completion without content is an
// empty turn and counts too. An interrupted turn stays open until its completion, and what still
// comes for it meanwhile is stale. No message announces a new answer, so if the completion does not
// come, content that arrives late enough opens the next turn all the same. The service does not know
// of a local interruption and goes on, so there the wait is counted from what it last said.
//
// Pure: times are monotonic microseconds given by the caller. Loop thread.
#pragma once

#include <cstdint>
#include <optional>

namespace gemini_live {

class Turns {
public:
  struct Content {
    std::uint64_t turn;
    bool opened = false;                    // it is the first of its turn
    bool stale = false;                     // it belongs to an interrupted turn
    std::optional<std::uint64_t> abandoned; // a turn that ended without being completed
  };

  Content content(std::int64_t now);
  enum class Interruption { by_service, local };
  // The turn that was interrupted: the open one, else the last.
  std::uint64_t interrupt(std::int64_t now, Interruption how);
  // The turn that is now complete.
  std::uint64_t complete();

  bool is_open() const { return open_; }
  // What comes now belongs to an interrupted turn.
  bool is_stale(std::int64_t now) const;
  std::uint64_t last() const { return turn_; }
  // Of a transcript of the model's speech, which may come before its audio.
  std::uint64_t of_output() const { return open_ ? turn_ : turn_ + 1; }
  // Of a transcript of the user's speech: it asks for the next turn, or has just been answered.
  std::uint64_t of_input(std::int64_t now) const;

private:
  std::uint64_t turn_ = 0;
  bool open_ = false;
  std::int64_t opened_at_ = 0;
  std::optional<std::int64_t> interrupted_at_;
  Interruption how_ = Interruption::by_service;
};

} // namespace gemini_live
