// The model's voice: what arrives in bursts leaves whole, in periods, and with its words.
#include "playout_check.hpp"

#include <algorithm>
#include <random>
#include <thread>

using namespace gemini_live;

TEST(test_nothing_to_say_is_silence_without_bytes)
{
  Playout playout;
  for (int i = 0; i < 10; i++) {
    const auto slice = playout.pull({});
    check::that(slice.bytes == nullptr);
    check::equal(slice.rate, 24000u);
    check::equal(slice.samples, kPeriodSamples);
    check::that(slice.captions.empty());
  }
  check::that(playout.is_empty());
  check::equal(playout.counts().underruns, 0u);
}

TEST(test_a_turn_flows_when_its_cushion_is_full)
{
  Playout playout; // 60 ms
  add(playout, 1, speech(kPeriodSamples));
  check::that(is_silent(playout.pull({})));
  add(playout, 1, speech(kPeriodSamples, kPeriodSamples));
  check::that(is_silent(playout.pull({})));
  add(playout, 1, speech(kPeriodSamples, 2 * kPeriodSamples));
  check::that(pull(playout, 3) == speech(3 * kPeriodSamples));
}

TEST(test_a_turn_flows_when_its_generation_is_complete)
{
  Playout playout;
  add(playout, 1, speech(100));
  check::that(is_silent(playout.pull({})));
  playout.finish(1);
  auto expected = speech(100);
  expected.resize(kPeriodSamples);
  check::that(pull(playout) == expected);
  check::that(playout.is_empty());
}

TEST(test_finishing_a_turn_finishes_the_earlier_ones)
{
  Playout playout;
  add(playout, 1, speech(100));
  playout.finish(2);
  check::that(!is_silent(playout.pull({})));
}

TEST(test_a_turn_flows_when_the_time_of_its_cushion_has_passed)
{
  Playout playout;
  playout.set_cushion(100 * kMillisecond);
  add(playout, 1, speech(2 * kPeriodSamples));
  for (int i = 0; i < 5; i++)
    check::that(is_silent(playout.pull({})));
  check::that(pull(playout, 2) == speech(2 * kPeriodSamples));
}

TEST(test_the_cushion_can_be_set)
{
  Playout playout;
  playout.set_cushion(200 * kMillisecond);
  add(playout, 1, speech(9 * kPeriodSamples));
  check::that(is_silent(playout.pull({})));
  add(playout, 1, speech(kPeriodSamples));
  check::that(!is_silent(playout.pull({})));
}

TEST(test_without_a_cushion_a_whole_period_flows_at_once)
{
  Playout playout;
  playout.set_cushion(0);
  add(playout, 1, speech(kPeriodSamples));
  check::that(pull(playout) == speech(kPeriodSamples));
}

TEST(test_without_a_cushion_no_period_is_torn)
{
  Playout playout;
  playout.set_cushion(0);
  add(playout, 1, speech(kPeriodSamples + 100));
  check::that(!is_silent(playout.pull({})));
  check::that(is_silent(playout.pull({})));
  add(playout, 1, speech(kPeriodSamples - 100, kPeriodSamples + 100));
  check::that(pull(playout) == speech(kPeriodSamples, kPeriodSamples));
}

TEST(test_a_period_may_span_messages)
{
  Playout playout;
  playout.finish(1);
  for (std::size_t at = 0; at < 2 * kPeriodSamples; at += 60)
    add(playout, 1, speech(60, at));
  check::that(pull(playout, 2) == speech(2 * kPeriodSamples));
  check::that(playout.is_empty());
}

TEST(test_speech_is_whole_over_odd_messages)
{
  const auto answer = speech(30 * kOutputRate);
  const auto *data = reinterpret_cast<const std::uint8_t *>(answer.data());
  const auto size = answer.size() * kSampleBytes;
  std::mt19937 random(1);
  Playout playout;
  Samples heard;
  for (std::size_t at = 0; at < size;) {
    const auto count = std::min<std::size_t>(random() % 12000, size - at);
    check::that(playout.add_speech(1, kOutputRate, BytesPtr(g_bytes_new(data + at, count))));
    at += count;
    for (auto slices = random() % 5; slices > 0; slices--)
      if (const auto slice = playout.pull({}); slice.bytes)
        append(heard, samples_of(slice));
  }
  playout.finish(1);
  append(heard, pull_all(playout));
  strip_silence_at_end(heard);
  check::equal(heard.size(), answer.size(), "samples");
  check::that(heard == answer, "the samples differ");
  check::equal(playout.counts().discarded, 0u);
  check::equal(playout.queued(), 0u);
}

TEST(test_messages_of_one_byte_lose_nothing)
{
  const auto answer = speech(kPeriodSamples);
  const auto *data = reinterpret_cast<const std::uint8_t *>(answer.data());
  Playout playout;
  for (std::size_t i = 0; i < answer.size() * kSampleBytes; i++)
    check::that(playout.add_speech(1, kOutputRate, BytesPtr(g_bytes_new(data + i, 1))));
  playout.finish(1);
  check::that(pull(playout) == answer);
  check::that(playout.is_empty());
}

TEST(test_an_empty_message_between_torn_samples_changes_nothing)
{
  const auto answer = speech(2);
  const auto *data = reinterpret_cast<const std::uint8_t *>(answer.data());
  Playout playout;
  playout.add_speech(1, kOutputRate, BytesPtr(g_bytes_new(data, 3)));
  playout.add_speech(1, kOutputRate, BytesPtr(g_bytes_new(nullptr, 0)));
  playout.add_speech(1, kOutputRate, BytesPtr(g_bytes_new(data + 3, 1)));
  playout.finish(1);
  auto heard = pull(playout);
  strip_silence_at_end(heard);
  check::that(heard == answer);
}

TEST(test_half_a_sample_does_not_reach_into_the_next_turn)
{
  const auto answer = speech(2);
  Playout playout;
  playout.add_speech(1, kOutputRate, BytesPtr(g_bytes_new(answer.data(), 3)));
  playout.finish(1);
  pull_all(playout);
  add(playout, 2, speech(10));
  playout.finish(2);
  auto heard = pull(playout);
  strip_silence_at_end(heard);
  check::that(heard == speech(10));
}

TEST(test_a_period_inside_one_message_is_not_copied)
{
  Playout playout;
  auto message = bytes_of(speech(5 * kPeriodSamples));
  const auto *data = static_cast<const std::uint8_t *>(g_bytes_get_data(message.get(), nullptr));
  playout.add_speech(1, kOutputRate, std::move(message));
  for (std::size_t i = 0; i < 5; i++) {
    const auto slice = playout.pull({});
    check::that(g_bytes_get_data(slice.bytes.get(), nullptr) ==
                data + i * kPeriodSamples * kSampleBytes);
  }
}

TEST(test_a_slice_outlives_the_playout)
{
  Playout::Slice slice;
  {
    Playout playout;
    start_turn(playout);
    slice = playout.pull({});
  }
  check::that(samples_of(slice) == speech(kPeriodSamples, kPeriodSamples));
}

TEST(test_less_than_a_period_waits_for_more_of_the_turn)
{
  Playout playout;
  add(playout, 1, speech(3 * kPeriodSamples + 120));
  check::that(pull(playout, 3) == speech(3 * kPeriodSamples));
  check::that(is_silent(playout.pull({})));
  add(playout, 1, speech(3 * kPeriodSamples - 120, 3 * kPeriodSamples + 120));
  check::that(pull(playout, 3) == speech(3 * kPeriodSamples, 3 * kPeriodSamples));
}

TEST(test_no_period_holds_torn_speech_unless_nothing_more_comes)
{
  Playout playout;
  add(playout, 1, speech(3 * kPeriodSamples + 100));
  check::that(pull(playout, 3) == speech(3 * kPeriodSamples));
  for (int i = 0; i < 20; i++) // longer than the cushion
    check::that(is_silent(playout.pull({})));
  playout.finish(1);
  auto heard = pull(playout);
  strip_silence_at_end(heard);
  check::that(heard == speech(100, 3 * kPeriodSamples));
}

TEST(test_the_end_of_a_turn_is_filled_with_silence)
{
  Playout playout;
  add(playout, 1, speech(kPeriodSamples + 100));
  playout.finish(1);
  check::that(pull(playout) == speech(kPeriodSamples));
  auto expected = speech(100, kPeriodSamples);
  expected.resize(kPeriodSamples);
  check::that(pull(playout) == expected);
  check::that(is_silent(playout.pull({})));
}

TEST(test_each_turn_waits_for_its_own_cushion)
{
  Playout playout;
  add(playout, 1, speech(3 * kPeriodSamples));
  playout.finish(1);
  add(playout, 2, speech(kPeriodSamples));
  check::that(pull(playout, 3) == speech(3 * kPeriodSamples));
  check::that(is_silent(playout.pull({})));
  add(playout, 2, speech(2 * kPeriodSamples, kPeriodSamples));
  check::that(pull(playout, 3) == speech(3 * kPeriodSamples));
}

TEST(test_the_end_of_a_turn_does_not_tear_the_next_one)
{
  Playout playout;
  add(playout, 1, speech(3 * kPeriodSamples + 100));
  playout.finish(1);
  add(playout, 2, speech(100, 9000));
  check::that(pull(playout, 3) == speech(3 * kPeriodSamples));
  auto heard = pull(playout);
  strip_silence_at_end(heard);
  check::that(heard == speech(100, 3 * kPeriodSamples));
  add(playout, 2, speech(3 * kPeriodSamples, 9100));
  check::that(pull(playout, 3) == speech(3 * kPeriodSamples, 9000));
}

TEST(test_an_underrun_is_speech_that_was_missing_inside_a_turn)
{
  Playout playout;
  start_turn(playout);
  pull(playout, 2);
  pull(playout, 5);
  check::equal(playout.counts().underruns, 0u, "underruns while the turn may be over");
  add(playout, 1, speech(3 * kPeriodSamples));
  check::equal(playout.counts().underruns, 1u, "underruns");
  add(playout, 1, speech(3 * kPeriodSamples));
  pull(playout, 6);
  check::equal(playout.counts().underruns, 1u, "underruns");
  pull(playout);
  add(playout, 1, speech(100));
  check::equal(playout.counts().underruns, 2u, "underruns");
}

TEST(test_the_pause_between_turns_is_no_underrun)
{
  Playout playout;
  start_turn(playout);
  playout.finish(1);
  pull(playout, 10);
  add(playout, 2, speech(5 * kPeriodSamples));
  pull(playout, 5);
  check::equal(playout.counts().underruns, 0u);
}

TEST(test_a_turn_that_ended_while_starved_had_no_underrun)
{
  Playout playout;
  start_turn(playout);
  pull(playout, 10);
  playout.finish(1);
  add(playout, 2, speech(5 * kPeriodSamples));
  check::equal(playout.counts().underruns, 0u);
}

TEST(test_a_new_rate_gives_slices_of_that_rate_and_loses_nothing)
{
  Playout playout;
  add(playout, 1, speech(4 * kPeriodSamples + 100), 24000);
  add(playout, 1, speech(3 * 320 + 7, 5000), 16000);
  add(playout, 1, speech(2 * 960, 9000), 48000);
  playout.finish(1);
  Samples heard[3];
  while (!playout.is_empty()) {
    const auto slice = playout.pull({});
    check::equal(slice.samples, slice.rate / 50, "samples of a period");
    append(heard[slice.rate == 24000 ? 0 : slice.rate == 16000 ? 1 : 2], samples_of(slice));
  }
  for (auto &samples : heard)
    strip_silence_at_end(samples);
  check::that(heard[0] == speech(4 * kPeriodSamples + 100));
  check::that(heard[1] == speech(3 * 320 + 7, 5000));
  check::that(heard[2] == speech(2 * 960, 9000));
}

TEST(test_silence_keeps_the_rate_of_the_last_speech)
{
  Playout playout;
  add(playout, 1, speech(320), 16000);
  playout.finish(1);
  pull(playout, 1);
  const auto slice = playout.pull({});
  check::that(is_silent(slice));
  check::equal(slice.rate, 16000u);
  check::equal(slice.samples, 320u);
}

TEST(test_the_rate_is_that_of_the_next_slice)
{
  Playout playout;
  check::equal(playout.rate(), 24000u);
  std::mt19937 random(4);
  for (std::uint64_t turn = 1; turn < 50; turn++) {
    const unsigned rate = random() % 2 ? 16000 : 24000;
    add(playout, turn, speech(1000 + random() % 1000), rate);
    if (random() % 4 != 0)
      playout.finish(turn);
    if (random() % 8 == 0)
      playout.clear();
    for (auto slices = random() % 8; slices > 0; slices--) {
      const auto expected = playout.rate();
      check::equal(playout.pull({}).rate, expected);
    }
  }
}

TEST(test_thirty_minutes_of_speech_are_held_and_no_more)
{
  Playout playout;
  const BytesPtr minute(g_bytes_new_take(g_malloc0(60 * 48000), 60 * 48000));
  for (int i = 0; i < 30; i++)
    check::that(playout.add_speech(1, kOutputRate, BytesPtr(g_bytes_ref(minute.get()))));
  check::equal(playout.queued(), Playout::kMaxSpeech);
  check::that(!playout.add_speech(1, kOutputRate, bytes_of(speech(3))));
  check::equal(playout.queued(), Playout::kMaxSpeech);
  pull(playout);
  add(playout, 1, speech(kPeriodSamples));
  check::equal(playout.queued(), Playout::kMaxSpeech);
}

TEST(test_queued_is_the_time_of_what_waits)
{
  Playout playout;
  add(playout, 1, speech(24000), 24000);
  add(playout, 1, speech(8000), 16000);
  check::equal(playout.queued(), kSecond + kSecond / 2);
  pull(playout, 10);
  check::equal(playout.queued(), kSecond + kSecond / 2 - 10 * kPeriod);
}

TEST(test_there_is_speech_while_some_can_be_played)
{
  Playout playout;
  check::that(!playout.has_speech());
  add(playout, 1, speech(kPeriodSamples));
  check::that(playout.has_speech(), "it waits for its cushion");
  add(playout, 1, speech(2 * kPeriodSamples + 100));
  while (playout.has_speech())
    pull(playout);
  check::that(playout.queued() > 0, "less than a period waits for more of its turn");
  playout.finish(1);
  check::that(playout.has_speech(), "no more comes");
  pull(playout);
  check::that(!playout.has_speech());
}

TEST(test_counts_add_up)
{
  Playout playout;
  add(playout, 1, speech(24000));
  pull(playout, 7);
  playout.clear();
  add(playout, 2, speech(2400));
  playout.finish(2);
  pull(playout, 3);
  const auto counts = playout.counts();
  check::equal(counts.received, 1100 * kMillisecond);
  check::equal(counts.played + counts.discarded + playout.queued(), counts.received);
}

TEST(test_the_next_start_is_known_from_the_running_time)
{
  Playout playout;
  check::that(!playout.next_start());
  playout.pull(kSecond);
  check::equal(playout.next_start(), std::optional(kSecond + kPeriod));
  add(playout, 1, speech(2400));
  check::equal(playout.next_start(), std::optional(kSecond + kPeriod + 100 * kMillisecond));
  playout.pull(kSecond + kPeriod);
  check::equal(playout.next_start(), std::optional(kSecond + kPeriod + 100 * kMillisecond));
  playout.pull({});
  check::that(!playout.next_start());
}

TEST(test_the_loop_adds_while_the_source_pulls)
{
  Playout playout;
  const auto answer = speech(20 * kOutputRate);
  std::thread loop([&] {
    std::mt19937 random(5);
    for (std::size_t at = 0; at < answer.size();) {
      const auto count = std::min<std::size_t>(random() % 5000 + 1, answer.size() - at);
      if (random() % 3 == 0)
        playout.add_caption({1, "w", false});
      playout.add_speech(1, kOutputRate,
                         BytesPtr(g_bytes_new(answer.data() + at, count * kSampleBytes)));
      at += count;
    }
    playout.finish(1);
    playout.add_caption({1, "", true});
  });
  Samples heard;
  std::string said;
  while (!said.ends_with('.')) {
    const auto slice = playout.pull(0);
    said += words(slice.captions);
    if (slice.bytes)
      append(heard, samples_of(slice));
    else
      std::this_thread::yield();
    check::that(playout.heard(1, 0) <= playout.counts().received);
  }
  loop.join();
  strip_silence_at_end(heard);
  check::that(heard == answer);
}

TEST(test_an_interruption_may_come_at_any_moment)
{
  Playout playout;
  std::thread loop([&] {
    for (std::uint64_t turn = 1; turn < 300; turn++) {
      for (int i = 0; i < 5; i++) {
        playout.add_caption({turn, "w", false});
        playout.add_speech(turn, kOutputRate, bytes_of(speech(1234)));
      }
      playout.clear();
      playout.finish(turn);
    }
    playout.add_caption({300, "", true});
    playout.finish(300);
  });
  std::string said;
  while (!said.ends_with('.'))
    said += words(playout.pull({}).captions);
  loop.join();
  const auto counts = playout.counts();
  check::that(counts.played + counts.discarded <= counts.received);
  check::that(playout.is_empty() && playout.queued() == 0);
}

TEST_MAIN("playout")
