// The model's words leave with the audio they belong to.
#include "playout_check.hpp"

using namespace gemini_live;

TEST(test_a_caption_leaves_when_the_audio_behind_it_starts)
{
  Playout playout;
  playout.add_caption({1, "a", false});
  add(playout, 1, speech(3 * kPeriodSamples));
  playout.add_caption({1, "b", false});
  playout.add_caption({1, "c", false});
  add(playout, 1, speech(3 * kPeriodSamples));
  const char *const expected[] = {"a", "", "", "bc", "", ""};
  for (const auto *text : expected)
    check::equal(words(playout.pull({}).captions), text);
}

TEST(test_a_caption_inside_a_period_leaves_with_it)
{
  Playout playout;
  add(playout, 1, speech(3 * kPeriodSamples + 200));
  playout.add_caption({1, "b", false});
  add(playout, 1, speech(2 * kPeriodSamples, 3 * kPeriodSamples + 200));
  const char *const expected[] = {"", "", "", "b", ""};
  for (const auto *text : expected)
    check::equal(words(playout.pull({}).captions), text);
}

TEST(test_captions_wait_with_their_audio_for_the_cushion)
{
  Playout playout;
  playout.add_caption({1, "a", false});
  add(playout, 1, speech(kPeriodSamples));
  check::that(playout.pull({}).captions.empty());
  add(playout, 1, speech(2 * kPeriodSamples));
  check::equal(words(playout.pull({}).captions), "a");
}

TEST(test_a_caption_before_its_audio_waits)
{
  Playout playout;
  playout.add_caption({1, "a", false});
  for (int i = 0; i < 10; i++)
    check::that(playout.pull({}).captions.empty());
  check::that(!playout.is_empty());
  add(playout, 1, speech(3 * kPeriodSamples));
  check::equal(words(playout.pull({}).captions), "a");
}

TEST(test_a_caption_whose_audio_is_late_in_a_flowing_turn_waits)
{
  Playout playout;
  start_turn(playout);
  playout.add_caption({1, "late", false});
  pull(playout, 2);
  check::that(playout.pull({}).captions.empty());
  add(playout, 1, speech(3 * kPeriodSamples));
  check::equal(words(playout.pull({}).captions), "late");
}

TEST(test_a_caption_of_a_finished_turn_without_audio_leaves)
{
  Playout playout;
  playout.add_caption({1, "text", false});
  playout.finish(1);
  const auto slice = playout.pull({});
  check::that(is_silent(slice));
  check::equal(words(slice.captions), "text");
  check::that(playout.is_empty());
}

TEST(test_the_end_of_an_utterance_leaves_after_its_last_audio)
{
  for (const std::size_t count : {3 * kPeriodSamples, 3 * kPeriodSamples + 100}) {
    Playout playout;
    playout.add_caption({1, "word", false});
    add(playout, 1, speech(count));
    playout.finish(1);
    playout.add_caption({1, "", true});
    Samples heard;
    std::string said;
    while (said != "word.") {
      const auto slice = playout.pull({});
      said += words(slice.captions);
      append(heard, samples_of(slice));
      check::that(!said.ends_with('.') || heard.size() >= count, "before the audio");
      check::that(heard.size() < 6 * kPeriodSamples, "too late");
    }
    strip_silence_at_end(heard);
    check::equal(heard.size(), count);
    check::that(playout.is_empty());
  }
}

TEST(test_a_caption_of_the_next_turn_waits_for_its_own_audio)
{
  Playout playout;
  add(playout, 1, speech(3 * kPeriodSamples + 100));
  playout.finish(1);
  playout.add_caption({1, "", true});
  playout.add_caption({2, "next", false});
  std::string said;
  for (int i = 0; i < 10; i++)
    said += words(playout.pull({}).captions);
  check::equal(said, ".");
  add(playout, 2, speech(3 * kPeriodSamples));
  check::equal(words(playout.pull({}).captions), "next");
}

TEST(test_a_caption_at_a_change_of_rate_leaves_with_its_own_audio)
{
  Playout playout;
  add(playout, 1, speech(3 * kPeriodSamples + 100), 24000);
  playout.add_caption({1, "low", false});
  add(playout, 1, speech(3 * 320), 16000);
  playout.finish(1);
  for (int i = 0; i < 10; i++) {
    const auto slice = playout.pull({});
    check::equal(words(slice.captions), i == 4 ? "low" : "");
    check::equal(slice.rate, i < 4 ? 24000u : 16000u);
  }
}

TEST_MAIN("playout_captions")
