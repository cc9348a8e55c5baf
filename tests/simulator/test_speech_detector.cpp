// What is speech, what is not, and when it begins and ends.
//
// <fstream> stands first: GstCheck has a macro called fail.
#include <fstream>
#include <iterator>

#include "speech_detector.hpp"

#include "listener.hpp"
#include "pcm.hpp"
#include "voice.hpp"

#include <gst/check/gstcheck.h>

#include <cmath>
#include <numbers>
#include <random>

using namespace gemini_live_simulator;

namespace {

using Kind = SpeechDetector::Event::Kind;
using Events = std::vector<SpeechDetector::Event>;

constexpr std::size_t rate = SpeechDetector::rate;

Samples silence(std::size_t milliseconds)
{
  return Samples(rate * milliseconds / 1000, 0);
}

Samples voice()
{
  return resample(tone_speech("good morning to you all"), Voice::rate, rate);
}

Samples tone(double frequency, double amplitude, std::size_t milliseconds)
{
  Samples samples = silence(milliseconds);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<std::int16_t>(
        amplitude * std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i) / rate));
  return samples;
}

Samples noise(double amplitude, std::size_t milliseconds, double memory)
{
  std::mt19937 generator(1);
  std::normal_distribution<double> normal;
  Samples samples = silence(milliseconds);
  double level = 0;
  for (auto &sample : samples) {
    level = memory * level + amplitude * normal(generator);
    sample = static_cast<std::int16_t>(level);
  }
  return samples;
}

Samples operator+(Samples left, const Samples &right)
{
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Events feed(SpeechDetector &detector, const Samples &samples, std::size_t piece = 320)
{
  Events events;
  for (std::size_t from = 0; from < samples.size(); from += piece) {
    const auto size = std::min(piece, samples.size() - from);
    const auto news = detector.feed(std::span(samples).subspan(from, size));
    events.insert(events.end(), news.begin(), news.end());
  }
  return events;
}

Events hear(const Samples &samples)
{
  SpeechDetector detector({});
  return feed(detector, samples);
}

} // namespace

GST_START_TEST(finds_a_voice)
{
  const Samples said = voice();
  const auto events = hear(silence(500) + said + silence(1000));
  fail_unless_equals_int(static_cast<int>(events.size()), 2);
  fail_unless(events[0].kind == Kind::start);
  fail_unless(events[0].position >= rate / 2 && events[0].position < rate * 7 / 10);
  fail_unless(events[1].kind == Kind::end);
  fail_unless(events[1].position > events[0].position + said.size() / 2);
  fail_unless(events[1].position <= rate / 2 + said.size() + rate / 10);
}
GST_END_TEST;

GST_START_TEST(finds_recorded_speech)
{
  std::ifstream file("/usr/share/sounds/alsa/Front_Center.wav", std::ios::binary);
  if (!file)
    return;
  const std::vector<std::uint8_t> wav((std::istreambuf_iterator<char>(file)), {});
  const auto events = hear(samples_of_wav(wav, rate) + silence(1000));
  fail_unless_equals_int(static_cast<int>(events.size()), 2);
  fail_unless(events[0].position < rate / 4);
  fail_unless(events[1].position > rate);
}
GST_END_TEST;

GST_START_TEST(ignores_what_is_no_voice)
{
  fail_unless(hear(silence(3000)).empty());
  fail_unless(hear(Samples(rate * 2, 5000)).empty());
  for (const double frequency : {50.0, 100.0, 440.0, 1000.0, 3000.0, 7000.0})
    for (const double amplitude : {300.0, 3000.0, 30000.0})
      fail_unless(hear(silence(300) + tone(frequency, amplitude, 2000) + silence(300)).empty(),
                  "a tone of %g Hz", frequency);
  fail_unless(hear(noise(3000, 3000, 0)).empty());
  fail_unless(hear(noise(2000, 3000, 0.9)).empty());
  fail_unless(hear(silence(500) + noise(9000, 20, 0) + silence(500)).empty());
}
GST_END_TEST;

GST_START_TEST(finds_a_voice_in_noise)
{
  Samples samples = noise(60, 6000, 0);
  const Samples said = voice();
  for (std::size_t i = 0; i < said.size(); ++i)
    samples[rate * 4 + i] = static_cast<std::int16_t>(samples[rate * 4 + i] + said[i] / 2);
  samples = samples + noise(60, 2000, 0);
  const auto events = hear(samples);
  fail_unless_equals_int(static_cast<int>(events.size()), 2);
  fail_unless(events[0].position >= rate * 4);
}
GST_END_TEST;

GST_START_TEST(counts_samples)
{
  const Samples said = voice();
  for (const unsigned wait : {200u, 700u, 1000u}) {
    SpeechDetector detector({80, wait});
    auto events = feed(detector, said);
    fail_unless_equals_int(static_cast<int>(events.size()), 1);
    while (events.size() < 2 && detector.position() < rate * 10) {
      const auto news = detector.feed(silence(10));
      events.insert(events.end(), news.begin(), news.end());
    }
    fail_unless_equals_int(static_cast<int>(events.size()), 2);
    const auto waited = (detector.position() - events[1].position) * 1000 / rate;
    fail_unless(waited >= wait && waited <= wait + 20, "%u ms of %u", static_cast<unsigned>(waited),
                wait);
  }
}
GST_END_TEST;

GST_START_TEST(does_not_care_how_the_stream_is_cut)
{
  const Samples samples = silence(333) + voice() + silence(1000);
  SpeechDetector whole({});
  const auto expected = feed(whole, samples, samples.size());
  for (const std::size_t piece : {std::size_t{1}, std::size_t{159}, std::size_t{1600}}) {
    SpeechDetector detector({});
    const auto events = feed(detector, samples, piece);
    fail_unless_equals_int(static_cast<int>(events.size()), static_cast<int>(expected.size()));
    for (std::size_t i = 0; i < events.size(); ++i)
      fail_unless(events[i].position == expected[i].position);
  }
}
GST_END_TEST;

GST_START_TEST(flush_ends_an_utterance)
{
  SpeechDetector detector({});
  fail_unless(detector.flush().empty());
  fail_unless_equals_int(static_cast<int>(feed(detector, voice()).size()), 1);
  fail_unless(detector.speaking());
  const auto events = detector.flush();
  fail_unless_equals_int(static_cast<int>(events.size()), 1);
  fail_unless(events[0].kind == Kind::end);
  fail_unless(!detector.speaking());
  fail_unless_equals_int(static_cast<int>(feed(detector, silence(200) + voice()).size()), 1);
}
GST_END_TEST;

GST_START_TEST(listener_cuts_the_utterance)
{
  for (const unsigned from : {16000u, 24000u, 48000u}) {
    Listener listener{SpeechDetector::Settings{}};
    const Samples samples = resample(silence(5000) + voice() + silence(1000), rate, from);
    std::vector<Listener::Heard> heard;
    for (std::size_t at = 0; at < samples.size(); at += from / 50) {
      const auto size = std::min<std::size_t>(from / 50, samples.size() - at);
      for (auto &news : listener.feed(std::span(samples).subspan(at, size), from))
        heard.push_back(news);
    }
    fail_unless_equals_int(static_cast<int>(heard.size()), 2);
    fail_unless(heard[0].start && heard[0].seconds > 4.9 && heard[0].seconds < 5.2);
    fail_unless(heard[1].utterance.size() > voice().size() * 8 / 10);
    fail_unless(heard[1].utterance.size() < voice().size() + rate * 3 / 10);
  }
}
GST_END_TEST;

GST_START_TEST(listener_by_hand)
{
  Listener listener{std::nullopt};
  fail_unless(listener.feed(voice(), rate).empty());
  fail_unless(listener.begin().start);
  fail_unless(listener.feed(Samples(1234, 7), rate).empty());
  const auto heard = listener.finish();
  fail_unless(!heard.start);
  fail_unless(heard.utterance == Samples(1234, 7));
  fail_unless(listener.flush().empty());
}
GST_END_TEST;

static Suite *speech_detector_suite()
{
  Suite *suite = suite_create("speech_detector");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, finds_a_voice);
  tcase_add_test(tests, finds_recorded_speech);
  tcase_add_test(tests, ignores_what_is_no_voice);
  tcase_add_test(tests, finds_a_voice_in_noise);
  tcase_add_test(tests, counts_samples);
  tcase_add_test(tests, does_not_care_how_the_stream_is_cut);
  tcase_add_test(tests, flush_ends_an_utterance);
  tcase_add_test(tests, listener_cuts_the_utterance);
  tcase_add_test(tests, listener_by_hand);
  return suite;
}

GST_CHECK_MAIN(speech_detector)
