#include "owed.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live {

void Owed::asked()
{
  asked_ = said_since_ = true;
}

void Owed::typed()
{
  asked();
  texts_++;
}

void Owed::may_speak()
{
  audible_ = said_since_ = true;
}

void Owed::answered_call(std::uint64_t last_turn, bool blocking)
{
  reaction_ = {last_turn, blocking};
}

void Owed::turn_opened()
{
  asked_ = audible_ = said_since_ = false;
  answers_text_ = texts_ > 0;
  text_answered();
}

// What was said before the turn opened and interrupts it now was not answered by it. Where nothing was
// said at all, nobody can tell what is to be answered.
void Owed::interrupted()
{
  if (!said_since_ && std::exchange(answers_text_, false))
    texts_++;
  if (said_since_ || texts_ > 0)
    asked_ = true;
  else
    audible_ = true;
}

void Owed::content(std::uint64_t turn)
{
  if (reaction_ && (reaction_->in_any_turn || turn > reaction_->after_turn))
    reaction_.reset();
}

// Nothing may be all that the model has to say to the answer. The turn of the call itself says nothing
// of it: some services complete it only when the answer has come.
void Owed::turn_completed(std::uint64_t turn)
{
  if (reaction_ && turn > reaction_->after_turn)
    reaction_.reset();
}

// It may be all the answer; one that tells why it ended is.
void Owed::empty_turn(bool tells_why)
{
  asked_ = false;
  if (!tells_why)
    return;
  audible_ = false;
  text_answered();
}

void Owed::set_in_progress(bool in_progress)
{
  in_progress_ = in_progress;
}

void Owed::text_answered()
{
  texts_ -= std::min(texts_, 1u);
}

Owed::Answer Owed::answer() const
{
  if (asked_ || reaction_ || in_progress_)
    return Answer::due;
  return audible_ || texts_ > 0 ? Answer::hoped_for : Answer::none;
}

} // namespace gemini_live
