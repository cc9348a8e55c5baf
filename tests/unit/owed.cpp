// When the service owes the user an answer.
#include "check.hpp"

#include "gst/geminilive/engine/owed.hpp"

using namespace gemini_live;

namespace {

using Answer = Owed::Answer;

} // namespace

TEST(test_nothing_is_owed_to_who_said_nothing)
{
  check::equal(Owed().answer(), Answer::none);
}

TEST(test_what_was_asked_is_owed_until_a_turn_opens)
{
  Owed owed;
  owed.asked();
  check::equal(owed.answer(), Answer::due);
  owed.turn_opened();
  check::equal(owed.answer(), Answer::none);
}

TEST(test_a_sound_gives_hope)
{
  Owed owed;
  owed.may_speak();
  check::equal(owed.answer(), Answer::hoped_for);
  owed.asked(); // the service noticed it
  check::equal(owed.answer(), Answer::due);
  owed.turn_opened();
  check::equal(owed.answer(), Answer::none);
}

TEST(test_one_answer_may_be_for_several_texts)
{
  Owed owed;
  owed.typed();
  owed.typed();
  check::equal(owed.answer(), Answer::due);
  owed.turn_opened();
  check::equal(owed.answer(), Answer::hoped_for, "perhaps another");
  owed.turn_opened();
  check::equal(owed.answer(), Answer::none);
}

TEST(test_a_turn_that_is_interrupted_by_what_came_before_it_answers_nothing)
{
  Owed owed;
  owed.typed();
  owed.typed();
  owed.turn_opened(); // the model's own, before it has read either
  owed.interrupted();
  check::equal(owed.answer(), Answer::due);
  owed.turn_opened();
  check::equal(owed.answer(), Answer::hoped_for, "for the second");
  owed.turn_opened();
  check::equal(owed.answer(), Answer::none);
}

TEST(test_a_turn_that_is_interrupted_by_what_comes_later_was_an_answer)
{
  for (const bool by_voice : {false, true}) {
    Owed owed;
    owed.typed();
    owed.turn_opened();
    by_voice ? owed.may_speak() : owed.typed();
    owed.interrupted();
    owed.turn_opened();
    check::equal(owed.answer(), Answer::none);
  }
}

TEST(test_an_interruption_by_nothing_gives_hope_alone)
{
  Owed owed;
  owed.asked();
  owed.turn_opened();
  owed.interrupted();
  check::equal(owed.answer(), Answer::hoped_for);
  owed.may_speak();
  owed.interrupted();
  check::equal(owed.answer(), Answer::due);
}

TEST(test_an_empty_turn_leaves_hope_unless_it_tells_why)
{
  for (const bool tells_why : {false, true}) {
    Owed owed;
    owed.typed();
    owed.may_speak();
    owed.empty_turn(tells_why);
    check::equal(owed.answer(), tells_why ? Answer::none : Answer::hoped_for);
  }
}

TEST(test_the_reaction_to_an_answer_comes_in_a_later_turn)
{
  Owed owed;
  owed.answered_call(3, false);
  owed.content(3);
  owed.turn_completed(3); // the turn of the call itself
  check::equal(owed.answer(), Answer::due);
  owed.content(4);
  check::equal(owed.answer(), Answer::none);
}

TEST(test_who_waited_for_the_answer_goes_on_in_its_turn)
{
  Owed owed;
  owed.answered_call(3, true);
  owed.turn_completed(3); // of the call, before the reaction
  check::equal(owed.answer(), Answer::due);
  owed.content(3);
  check::equal(owed.answer(), Answer::none);
}

TEST(test_nothing_may_be_the_reaction)
{
  Owed owed;
  owed.answered_call(3, false);
  owed.turn_completed(4);
  check::equal(owed.answer(), Answer::none);
}

TEST(test_an_interaction_that_is_in_progress)
{
  Owed owed;
  owed.set_in_progress(true);
  owed.turn_opened();
  check::equal(owed.answer(), Answer::due);
  owed.set_in_progress(false);
  check::equal(owed.answer(), Answer::none);
}

TEST_MAIN("owed")
