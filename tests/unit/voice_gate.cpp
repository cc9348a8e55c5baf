// What the user says, cut out of what the microphone hears: a voice of a person, noise, knocks.
#include "check.hpp"

#include "gst/geminilive/media/voice_gate.hpp"
#include "support/noise.hpp"
#include "support/recorded_voice.hpp"

#include <algorithm>
#include <cstring>

using namespace gemini_live;

namespace {

using test::noisy;
using Samples = std::vector<std::int16_t>;
using Change = VoiceGate::Step::Change;

constexpr std::size_t kPerSecond = kInputRate;

constexpr std::size_t in_ms(std::size_t ms)
{
  return ms * kPerSecond / 1000;
}

const Samples &voice()
{
  static const Samples samples = test::recorded_voice();
  return samples;
}

Samples quiet(std::size_t ms)
{
  return Samples(in_ms(ms));
}

Samples operator+(Samples one, const Samples &other)
{
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

struct Utterance {
  std::size_t found = 0; // after so many samples
  Samples said;
  std::size_t ended = 0; // 0: it has not
};

std::vector<Utterance> cut(VoiceGate &gate, const Samples &heard, std::size_t chunk = in_ms(20))
{
  std::vector<Utterance> all;
  for (std::size_t at = 0; at < heard.size(); at += chunk) {
    const auto part =
        std::as_bytes(std::span(heard).subspan(at, std::min(chunk, heard.size() - at)));
    std::span<const std::uint8_t> rest(reinterpret_cast<const std::uint8_t *>(part.data()),
                                       part.size());
    while (!rest.empty()) {
      const auto [change, said] = gate.hear(rest);
      const auto now = at + (part.size() - rest.size()) / 2;
      if (change == Change::begins)
        all.push_back({.found = now});
      check::that(said.empty() || (!all.empty() && all.back().ended == 0), "outside of speech");
      if (!said.empty()) {
        auto &all_said = all.back().said;
        const auto before = all_said.size();
        all_said.resize(before + said.size() / 2);
        std::memcpy(all_said.data() + before, said.data(), said.size());
      }
      if (change == Change::ends)
        all.back().ended = now;
    }
  }
  return all;
}

std::vector<Utterance> cut(const Samples &heard)
{
  VoiceGate gate({});
  return cut(gate, heard);
}

// Where it was cut out: it is one piece of what was heard.
std::size_t begin_of(const Utterance &utterance, const Samples &heard)
{
  const auto end = utterance.ended ? utterance.ended : heard.size();
  check::that(utterance.said.size() <= end, "more was said than heard");
  const auto begin = end - utterance.said.size();
  check::that(std::equal(utterance.said.begin(), utterance.said.end(),
                         heard.begin() + static_cast<std::ptrdiff_t>(begin)),
              "not a piece of what was heard");
  return begin;
}

} // namespace

TEST(test_a_voice_is_cut_out_of_any_noise)
{
  for (const double decibel : {-120.0, -60.0, -45.0, -35.0}) {
    const auto what = std::to_string(decibel) + " dB";
    const auto spoken = in_ms(3000), silent = spoken + voice().size();
    const auto heard = noisy(quiet(3000) + voice() + quiet(2000), decibel);
    const auto all = cut(heard);
    check::equal(all.size(), 1, what);
    const auto &one = all.front();
    const auto begin = begin_of(one, heard);
    check::that(one.found < spoken + in_ms(300), what + ": found late");
    check::that(begin + in_ms(200) < spoken, what + ": no room before the first syllable");
    check::that(begin + in_ms(600) > spoken, what + ": much silence before it");
    check::that(one.ended > silent + in_ms(400), what + ": ended early");
    check::that(one.ended < silent + in_ms(1300), what + ": ended late");
  }
}

TEST(test_noise_alone_is_nothing)
{
  for (const double decibel : {-120.0, -60.0, -45.0, -35.0, -20.0})
    check::equal(cut(noisy(quiet(30'000), decibel)).size(), 0, std::to_string(decibel) + " dB");
}

TEST(test_a_microphone_that_is_switched_on_is_nothing)
{
  for (const double decibel : {-61.0, -45.0, -35.0}) {
    const auto noise = noisy(quiet(4000), decibel);
    check::equal(cut(quiet(3000) + noise + quiet(1000) + noise).size(), 0,
                 std::to_string(decibel) + " dB");
    check::equal(cut(quiet(3000) + noise + noisy(voice() + quiet(2000), decibel)).size(), 1,
                 std::to_string(decibel) + " dB, then a voice");
  }
}

TEST(test_a_knock_is_nothing)
{
  Samples heard = quiet(1000);
  for (int i = 0; i < 10; i++)
    heard = heard + noisy(quiet(20), -6) + quiet(980);
  check::equal(cut(noisy(heard, -60)).size(), 0);
}

TEST(test_a_voice_from_the_first_sample_on_is_whole)
{
  const auto heard = voice() + quiet(1000);
  const auto all = cut(heard);
  check::equal(all.size(), 1);
  check::equal(begin_of(all.front(), heard), 0);
  check::that(all.front().said.size() >= voice().size());
}

TEST(test_one_utterance_after_the_other)
{
  const auto heard =
      noisy(quiet(500) + voice() + quiet(1500) + voice() + quiet(1500) + voice(), -50);
  const auto all = cut(heard);
  check::equal(all.size(), 3);
  for (const auto &one : all)
    begin_of(one, heard);
  check::that(all[0].ended && all[1].ended && !all[2].ended);
  // Nothing is said twice, and nothing is lost at the end.
  check::that(begin_of(all[1], heard) >= all[0].ended);
  check::that(begin_of(all[2], heard) >= all[1].ended);
}

TEST(test_the_size_of_a_chunk_does_not_matter)
{
  const auto heard = noisy(quiet(700) + voice() + quiet(1200) + voice(), -50);
  const auto expected = cut(heard);
  check::equal(expected.size(), 2);
  for (const std::size_t chunk : {1, 7, 160, 319, 321, 1000, 100'000}) {
    VoiceGate gate({});
    const auto all = cut(gate, heard, chunk);
    check::equal(all.size(), expected.size(), std::to_string(chunk));
    for (std::size_t i = 0; i < all.size(); i++) {
      check::equal(all[i].found, expected[i].found, std::to_string(chunk));
      check::equal(all[i].ended, expected[i].ended, std::to_string(chunk));
      check::that(all[i].said == expected[i].said, std::to_string(chunk));
    }
  }
}

TEST(test_the_end_forgets_what_was_heard)
{
  VoiceGate gate({});
  check::that(!gate.end(), "nobody has spoken");
  check::equal(cut(gate, quiet(300) + voice()).size(), 1);
  check::that(gate.end(), "somebody was speaking");
  check::that(!gate.end());
  cut(gate, noisy(quiet(290), -50));
  gate.end();
  const auto all = cut(gate, voice());
  check::equal(all.size(), 1);
  check::equal(begin_of(all.front(), voice()), 0, "something from before the end");
}

TEST(test_onset_and_silence_are_as_set)
{
  const auto heard = noisy(quiet(1000) + voice() + quiet(3000), -60);
  std::size_t found = 0, ended = 0;
  for (const std::uint64_t ms : {0, 60, 120, 180}) {
    VoiceGate gate({.onset = ms * kMillisecond, .silence = (ms + 300) * kMillisecond});
    const auto all = cut(gate, heard);
    check::equal(all.size(), 1, std::to_string(ms));
    check::that(all.front().found > found, "a longer onset is found later");
    check::that(begin_of(all.front(), heard) < in_ms(1000), "and loses nothing");
    if (ended)
      check::equal(all.front().ended - ended, in_ms(60), "a longer silence ends later");
    found = all.front().found;
    ended = all.front().ended;
  }
}

TEST(test_a_silence_without_end)
{
  VoiceGate gate({.silence = ~std::uint64_t{1}});
  const auto all = cut(gate, voice() + quiet(20'000));
  check::equal(all.size(), 1);
  check::equal(all.front().ended, 0);
}

TEST_MAIN("voice_gate")
