// Text for one source: what the `which` of a geminilivetextsrc selects of all that is said, or for a
// geminiliveeventsrc every event as a line.
//
// What is not taken is kept, but no more than kMost of it, with the lines that are not finished. It is
// offered on the loop thread, on the audio source's thread at the moment the audio of the words leaves,
// and on any thread that answers a call; the source takes on its own.
#pragma once

#include "../base/guarded.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gemini_live {

class TextFeed {
public:
  static constexpr std::size_t kMost = 16 * 1024 * 1024; // bytes

  enum class Which { answer, input_transcript, thought, conversation, events };
  enum class Kind {
    answer,     // a part of the model's text
    thought,    // a part of its thoughts
    output,     // a piece of the transcript of its speech
    output_end, // its utterance is over
    input,      // a piece of the transcript of the user's speech
    utterance,  // the whole of what the user said or typed
    event,      // a line of JSON
  };

  // `wake` is called without a lock when there is something to take.
  TextFeed(Which which, std::function<void()> wake) : which_(which), wake_(std::move(wake)) {}

  // False if it is left out, because too much waits already.
  bool offer(Kind kind, std::string_view text);
  Which which() const { return which_; }
  bool wants_events() const { return which_ == Which::events; }
  // Something else happened that take() should be tried for.
  void wake() { wake_(); }
  std::optional<std::string> take();
  bool is_empty() const { return state_.lock()->ready.empty(); }

private:
  struct State {
    std::deque<std::string> ready;
    std::size_t bytes = 0;       // in them
    std::string written, spoken; // by the model, so far; pieces of both may come by turns
    bool has_parts = false;      // this answer is text, so its transcript is not the answer

    bool has_room(std::size_t more) const;
    std::string take_lines();
  };
  struct Selected {
    std::optional<std::string> text;
    bool fits = true;
  };

  Selected select(State &state, Kind kind, std::string_view text) const;

  const Which which_;
  const std::function<void()> wake_;
  Guarded<State> state_;
};

} // namespace gemini_live
