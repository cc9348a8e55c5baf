// What waits to be said to the service, in the order in which it was asked for.
//
// Some of it has to wait: everything but history while the service wants that, an answer perhaps for the
// end of a turn, and words for the marks in the user's voice that were asked for before them. What comes
// behind goes first then. Answers wait for no mark, since the voice may wait for an answer. What is taken
// is gone, so nothing is sent twice, and what was not taken stays, however often the line is lost
// meanwhile.
//
// Not guarded: who holds one under several threads locks it. Times are monotonic microseconds given by
// the caller.
#pragma once

#include "tool_calls.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gemini_live {

class Outbox {
public:
  static constexpr std::size_t kMost = 16 * 1024 * 1024; // bytes

  // To a call of the model.
  struct Answer {
    std::uint64_t number = 0; // of the call
    std::string id, wire_id, name;
    ToolOutcome outcome = ToolOutcome::answered;
    // The model would lose it while this turn is not complete; 0 for none.
    std::uint64_t after_turn = 0;
    std::int64_t until = 0; // then it goes all the same
    bool blocking = false;  // the model is silent until then
    bool reacts = false;    // the model has something to say to it
    bool last = true;       // no more answers to the same call follow
  };
  struct Message {
    std::string text;
    std::uint64_t order = 0;
    bool asks = false; // the model owes an answer to it
    bool content = false;
    std::optional<Answer> answer = {};
    std::string typed = {}; // by the user, to be shown when it goes, so before any answer to it
  };
  // What the conversation has come to.
  struct Moment {
    bool seeding;                      // the service waits for history and takes nothing else
    std::uint64_t complete_turn;       // the last one that is
    std::optional<std::uint64_t> mark; // the order of the next one that is to be sent
    std::int64_t now;
  };

  // False if too much waits already.
  bool add(Message message);
  // Before all that waits, whatever its size.
  void add_first(Message message);
  // The first that may go now.
  std::optional<Message> take(const Moment &moment);
  // When the first answer goes at the latest; nothing if none waits.
  std::optional<std::int64_t> answers_until() const;

  // Takes the answers out that `is_unwanted` says nobody wants; the last ones to their calls.
  template <class IsUnwanted>
  std::vector<Answer> withdraw(IsUnwanted is_unwanted)
  {
    std::vector<Answer> withdrawn;
    std::erase_if(messages_, [&](const Message &message) {
      if (!message.answer || !is_unwanted(*message.answer))
        return false;
      bytes_ -= message.text.size();
      if (message.answer->last)
        withdrawn.push_back(*message.answer);
      return true;
    });
    return withdrawn;
  }

  bool is_empty() const { return messages_.empty(); }
  bool has_answers() const { return answers_until().has_value(); }

private:
  std::deque<Message> messages_;
  std::size_t bytes_ = 0;
};

} // namespace gemini_live
