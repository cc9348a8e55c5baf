// The model's voice: what arrives in bursts leaves whole, in periods, and with its words.
#include "check.hpp"

#include "gst/geminilive/media/playout.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <thread>

using namespace gemini_live;

namespace {

using Samples = std::vector<std::int16_t>;

constexpr std::size_t kPeriodSamples = 480; // of 24 kHz
constexpr std::uint64_t kPeriod = Playout::kPeriod;

// No two neighbours are alike and none is zero.
Samples speech(std::size_t count, std::size_t first = 0)
{
  Samples result(count);
  for (std::size_t i = 0; i < count; i++)
    result[i] = static_cast<std::int16_t>((first + i) % 32749 + 1);
  return result;
}

BytesPtr bytes_of(const Samples &samples)
{
  return BytesPtr(g_bytes_new(samples.data(), samples.size() * kSampleBytes));
}

Samples samples_of(const Playout::Slice &slice)
{
  Samples result(slice.samples);
  if (slice.bytes) {
    check::equal(g_bytes_get_size(slice.bytes.get()), slice.samples * kSampleBytes, "slice");
    std::memcpy(result.data(), g_bytes_get_data(slice.bytes.get(), nullptr),
                slice.samples * kSampleBytes);
  }
  return result;
}

void append(Samples &out, const Samples &more)
{
  out.insert(out.end(), more.begin(), more.end());
}

void strip_silence_at_end(Samples &samples)
{
  while (!samples.empty() && samples.back() == 0)
    samples.pop_back();
}

// The samples of the next slices.
Samples pull(Playout &playout, std::size_t slices = 1)
{
  Samples result;
  for (std::size_t i = 0; i < slices; i++)
    append(result, samples_of(playout.pull({})));
  return result;
}

bool is_silent(const Playout::Slice &slice)
{
  return slice.bytes == nullptr;
}

Samples pull_all(Playout &playout)
{
  Samples result;
  while (!playout.is_empty())
    append(result, pull(playout));
  return result;
}

void add(Playout &playout, std::uint64_t turn, const Samples &samples, unsigned rate = kOutputRate)
{
  check::that(playout.add_speech(turn, rate, bytes_of(samples)));
}

// The texts of the captions, an end as a full stop.
std::string words(const std::vector<Caption> &captions)
{
  std::string result;
  for (const auto &caption : captions)
    result += caption.end ? "." : caption.text;
  return result;
}

// A playout of a turn 1 that flows: two periods are left.
void start_turn(Playout &playout)
{
  add(playout, 1, speech(3 * kPeriodSamples));
  check::that(!is_silent(playout.pull({})));
}

} // namespace

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
