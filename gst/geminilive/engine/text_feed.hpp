// Text for one geminilivetextsrc: what its `which` selects of all that is said.
//
// Everything is offered on the loop thread, on the source's thread at the moment the audio of the
// words leaves, and on the thread that sends text; the text source takes on its own.
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
  enum class Which { answer, input_transcript, thought, conversation };
  enum class Kind {
    answer,     // a part of the model's text
    thought,    // a part of its thoughts
    output,     // a piece of the transcript of its speech
    output_end, // its utterance is over
    input,      // a piece of the transcript of the user's speech
    utterance,  // the whole of what the user said or typed
  };

  // `wake` is called without a lock when there is something to take.
  TextFeed(Which which, std::function<void()> wake) : which_(which), wake_(std::move(wake)) {}

  void offer(Kind kind, std::string_view text);
  // Something else happened that take() should be tried for.
  void wake() { wake_(); }
  std::optional<std::string> take();
  bool is_empty() const { return state_.lock()->ready.empty(); }

private:
  struct State {
    std::deque<std::string> ready;
    std::string line;       // of the model, so far
    bool has_parts = false; // the model answers in text, so its transcript is not the answer
  };

  std::optional<std::string> select(State &state, Kind kind, std::string_view text) const;

  const Which which_;
  const std::function<void()> wake_;
  Guarded<State> state_;
};

} // namespace gemini_live
