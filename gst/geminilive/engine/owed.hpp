// Whether the service owes the user an answer, as far as the messages tell: a conversation whose input
// has ended is over when it does not.
//
// Pure. Loop thread.
#pragma once

#include <cstdint>
#include <optional>

namespace gemini_live {

class Owed {
public:
  // What the user says.
  void asked();     // and the service noticed, or was told
  void typed();     // one answer may be for several texts
  void may_speak(); // what was sent could be speech
  // The model reacts to the answer of a call: in a later turn, or in any if it waited for it.
  void answered_call(std::uint64_t last_turn, bool blocking);

  // What the model says.
  void turn_opened();
  void interrupted(); // by what the user says
  void content(std::uint64_t turn);
  void turn_completed(std::uint64_t turn);
  void empty_turn(bool tells_why);        // completed without having been opened
  void set_in_progress(bool in_progress); // it goes on after the turn

  enum class Answer { none, hoped_for, due };
  Answer answer() const;

private:
  struct Reaction {
    std::uint64_t after_turn;
    bool in_any_turn;
  };

  void text_answered();

  bool asked_ = false;
  bool audible_ = false;
  unsigned texts_ = 0;        // without an answer of their own
  bool said_since_ = false;   // the last turn opened
  bool answers_text_ = false; // the last turn, as it seemed
  std::optional<Reaction> reaction_;
  bool in_progress_ = false;
};

} // namespace gemini_live
