// The words of one speaker, joined and finished.
#include "check.hpp"

#include "gst/geminilive/engine/transcript.hpp"

using namespace gemini_live;

namespace {

// What the engine does with each piece.
std::optional<Transcript::Whole> hear(Transcript &transcript, std::string_view piece,
                                      std::uint64_t turn)
{
  check::that(!transcript.begin(turn), "another utterance was open");
  return transcript.add(piece, turn);
}

void is_whole(const std::optional<Transcript::Whole> &whole, std::string_view text,
              std::uint64_t turn, check::Where where = check::Where::current())
{
  check::that(whole.has_value(), "nothing is whole", where);
  check::equal(whole->text, text, "text", where);
  check::equal(whole->turn, turn, "turn", where);
}

} // namespace

TEST(test_pieces_are_joined_as_they_are)
{
  Transcript transcript;
  check::that(!transcript.is_open());
  for (const auto *piece : {" What", " time", " is", " it?", ""})
    check::that(!hear(transcript, piece, 1));
  check::that(transcript.is_open());
  is_whole(transcript.finish(), " What time is it?", 1);
  check::that(!transcript.is_open());
}

TEST(test_a_whole_says_how_much_of_it_is_known)
{
  Transcript transcript;
  hear(transcript, "What", 1);
  check::equal(transcript.finish()->told, 0);
  check::equal(hear(transcript, " time?", 1)->told, 4);
  check::that(!transcript.begin(2));
  hear(transcript, "Now.", 2);
  check::equal(transcript.so_far()->told, 0);
}

TEST(test_an_utterance_without_an_end_is_cut)
{
  Transcript transcript;
  const std::string most(Transcript::kMost, 'x');
  check::that(!hear(transcript, most, 1));
  check::that(!transcript.is_cut());
  check::that(!hear(transcript, "y", 1));
  check::that(!hear(transcript, "", 1));
  check::that(transcript.is_cut());
  is_whole(transcript.finish(), most, 1);
  // The next one is whole again.
  check::that(!hear(transcript, "Hello.", 2));
  check::that(!transcript.is_cut());
  is_whole(transcript.finish(), "Hello.", 2);
}

TEST(test_an_utterance_is_finished_once)
{
  Transcript transcript;
  check::that(!transcript.finish());
  hear(transcript, "Hi", 1);
  is_whole(transcript.finish(), "Hi", 1);
  check::that(!transcript.finish());
}

TEST(test_a_late_piece_yields_the_whole_once_more)
{
  Transcript transcript;
  hear(transcript, "Good", 3);
  is_whole(transcript.finish(), "Good", 3);
  is_whole(hear(transcript, " morning", 3), "Good morning", 3);
  is_whole(hear(transcript, " to you", 3), "Good morning to you", 3);
  check::that(!transcript.is_open());
  check::that(!transcript.finish());
}

TEST(test_the_next_turn_finishes_the_utterance_before_it)
{
  Transcript transcript;
  hear(transcript, "one", 1);
  is_whole(transcript.begin(2), "one", 1);
  check::that(!transcript.add("two", 2));
  is_whole(transcript.finish(), "two", 2);
}

TEST(test_the_next_turn_does_not_repeat_what_was_finished)
{
  Transcript transcript;
  hear(transcript, "one", 1);
  transcript.finish();
  check::that(!transcript.begin(2));
  check::that(!transcript.add("two", 2)); // it is not late
  check::that(transcript.is_open());
  is_whole(transcript.finish(), "two", 2);
}

TEST(test_the_same_turn_begins_once)
{
  Transcript transcript;
  hear(transcript, "one", 1);
  check::that(!transcript.begin(1));
  check::that(!transcript.begin(1));
  is_whole(transcript.finish(), "one", 1);
}

TEST_MAIN("transcript")
