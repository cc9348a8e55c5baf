// What an interruption leaves of the model's voice, and how much of it was heard.
#include "playout_check.hpp"

#include <algorithm>
#include <cstdlib>

using namespace gemini_live;

TEST(test_half_a_sample_does_not_survive_an_interruption)
{
  Playout playout;
  const auto answer = speech(2);
  playout.add_speech(1, kOutputRate, BytesPtr(g_bytes_new(answer.data(), 3)));
  playout.clear();
  add(playout, 1, speech(10));
  playout.finish(1);
  auto heard = pull(playout);
  strip_silence_at_end(heard);
  check::that(heard == speech(10));
}

TEST(test_clear_drops_speech_and_captions_together)
{
  Playout playout;
  playout.add_caption({1, "one ", false});
  add(playout, 1, speech(3 * kPeriodSamples));
  playout.add_caption({1, "two", false});
  add(playout, 1, speech(3 * kPeriodSamples));
  check::equal(words(playout.pull({}).captions), "one ");
  const auto cleared = playout.clear();
  check::equal(words(cleared.captions), "two");
  check::equal(cleared.discarded, 5 * kPeriod);
  check::equal(playout.counts().discarded, 5 * kPeriod);
  check::equal(playout.counts().played, kPeriod);
  check::equal(playout.counts().received, 6 * kPeriod);
  check::equal(playout.queued(), 0u);
  playout.finish(1);
  for (int i = 0; i < 5; i++)
    check::that(playout.pull({}).captions.empty());
}

TEST(test_clear_of_nothing_is_nothing)
{
  Playout playout;
  const auto cleared = playout.clear();
  check::that(cleared.discarded == 0 && cleared.captions.empty());
  check::that(playout.is_empty());
  check::that(is_silent(playout.pull({})));
}

TEST(test_after_clear_the_next_speech_waits_for_its_cushion)
{
  Playout playout;
  start_turn(playout);
  playout.clear();
  pull(playout); // what fades
  add(playout, 2, speech(kPeriodSamples));
  check::that(is_silent(playout.pull({})));
  add(playout, 2, speech(2 * kPeriodSamples, kPeriodSamples));
  check::that(pull(playout, 3) == speech(3 * kPeriodSamples));
}

TEST(test_what_plays_fades_out_over_five_milliseconds)
{
  for (const std::int16_t level : {std::int16_t{20000}, std::int16_t{-32768}, std::int16_t{121}}) {
    Playout playout;
    add(playout, 1, Samples(10 * kPeriodSamples, level));
    pull(playout);
    playout.clear();
    check::that(!playout.is_empty());
    const auto slice = playout.pull({});
    check::that(slice.captions.empty());
    const auto fade = samples_of(slice);
    int before = level;
    const int jump = std::abs(level) / 100 + 2;
    for (std::size_t i = 0; i < fade.size(); i++) {
      check::that(std::abs(fade[i]) <= std::abs(before), "it grows");
      check::that(std::abs(fade[i] - before) <= jump, "it jumps");
      if (i < 118)
        check::that(fade[i] != 0, "it is too short");
      if (i >= 120)
        check::equal(fade[i], 0, "after 5 ms");
      before = fade[i];
    }
    check::that(playout.is_empty());
    check::that(is_silent(playout.pull({})));
  }
}

TEST(test_the_fade_goes_on_with_the_samples_that_were_next)
{
  Playout playout;
  auto samples = Samples(kPeriodSamples, 1000);
  append(samples, Samples(5 * kPeriodSamples, -1000));
  add(playout, 1, samples);
  pull(playout);
  playout.clear();
  check::that(samples_of(playout.pull({}))[0] < -900);
}

TEST(test_a_fade_of_what_is_shorter_than_five_milliseconds_ends_in_time)
{
  Playout playout;
  add(playout, 1, Samples(3 * kPeriodSamples + 50, 1000));
  playout.finish(1);
  pull(playout, 3);
  playout.clear();
  const auto fade = pull(playout);
  check::that(fade[0] > 900 && fade[49] > 0 && fade[49] < 40);
  check::equal(fade[50], 0);
}

TEST(test_what_does_not_play_does_not_fade)
{
  Playout playout;
  add(playout, 1, speech(kPeriodSamples)); // waits for its cushion
  playout.pull({});
  playout.clear();
  check::that(playout.is_empty());
  check::that(is_silent(playout.pull({})));
}

TEST(test_a_second_clear_leaves_the_fade)
{
  Playout playout;
  start_turn(playout);
  playout.clear();
  check::equal(playout.clear().discarded, 0u);
  check::that(!is_silent(playout.pull({})));
  check::that(is_silent(playout.pull({})));
}

TEST(test_speech_that_follows_a_fade_comes_after_it)
{
  Playout playout;
  start_turn(playout);
  playout.clear();
  playout.add_caption({2, "new", false});
  add(playout, 2, speech(3 * kPeriodSamples, 7000), 16000);
  const auto fade = playout.pull({});
  check::equal(fade.rate, 24000u);
  check::that(!is_silent(fade) && fade.captions.empty());
  const auto slice = playout.pull({});
  check::equal(slice.rate, 16000u);
  check::equal(words(slice.captions), "new");
  check::that(samples_of(slice) == speech(320, 7000));
}

TEST(test_a_cut_is_told_once)
{
  Playout playout;
  start_turn(playout);
  check::that(!playout.pull({}).cut, "nothing was interrupted");
  playout.interrupt();
  playout.interrupt();
  check::that(playout.pull({}).cut);
  check::that(!playout.pull({}).cut, "it was told");
  playout.interrupt();
  check::that(!playout.pull({}).cut, "nothing was spoken since");
}

TEST(test_what_nobody_heard_is_no_cut)
{
  Playout playout;
  add(playout, 1, speech(kPeriodSamples));
  pull(playout); // it waits for its cushion
  playout.interrupt();
  check::that(!playout.pull({}).cut);
}

TEST(test_what_was_heard_long_ago_is_no_cut)
{
  Playout playout;
  start_turn(playout);
  pull(playout, 3);
  pull(playout, 500); // ten seconds
  playout.interrupt();
  check::that(!playout.pull({}).cut);
}

TEST(test_who_leaves_cuts_nothing)
{
  Playout playout;
  start_turn(playout);
  pull(playout);
  playout.clear();
  check::that(!playout.pull({}).cut);
}

TEST(test_a_cut_need_not_fade)
{
  Playout playout;
  playout.set_fades(false);
  start_turn(playout);
  pull(playout);
  playout.interrupt();
  const auto slice = playout.pull({});
  check::that(slice.cut && is_silent(slice));
}

TEST(test_heard_counts_what_was_pulled_of_the_turn)
{
  Playout playout;
  add(playout, 1, speech(10 * kPeriodSamples));
  check::equal(playout.heard(1, 0), 0u);
  pull(playout, 5);
  check::equal(playout.heard(1, 0), 5 * kPeriod);
  check::equal(playout.heard(2, 0), 0u, "heard of another turn");
}

TEST(test_heard_is_less_by_the_latency_and_never_below_zero)
{
  Playout playout;
  add(playout, 1, speech(10 * kPeriodSamples));
  pull(playout, 5);
  check::equal(playout.heard(1, 30 * kMillisecond), 70 * kMillisecond);
  check::equal(playout.heard(1, 100 * kMillisecond), 0u);
  check::equal(playout.heard(1, kSecond), 0u);
}

TEST(test_silence_after_the_turn_lets_its_end_be_heard)
{
  Playout playout;
  add(playout, 1, speech(5 * kPeriodSamples));
  playout.finish(1);
  pull(playout, 5);
  const std::uint64_t expected[] = {60, 80, 100, 100};
  for (const auto milliseconds : expected) {
    check::equal(playout.heard(1, 40 * kMillisecond), milliseconds * kMillisecond);
    pull(playout);
  }
}

TEST(test_heard_begins_again_with_the_next_turn)
{
  Playout playout;
  start_turn(playout);
  playout.finish(1);
  pull(playout, 4);
  add(playout, 2, speech(5 * kPeriodSamples));
  pull(playout, 2);
  check::equal(playout.heard(2, 0), 2 * kPeriod);
  check::equal(playout.heard(2, kPeriod), kPeriod);
}

TEST(test_heard_counts_only_the_speech_of_a_last_period)
{
  Playout playout;
  add(playout, 1, speech(kPeriodSamples + 120));
  playout.finish(1);
  pull(playout, 2);
  check::equal(playout.heard(1, 0), 25 * kMillisecond);
}

TEST_MAIN("playout_clear")
