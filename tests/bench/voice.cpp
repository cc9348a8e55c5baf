// What it costs to find out here when the user speaks, and how soon it is found out: a person's voice
// between two seconds of noise, at several levels of noise.

#include "gst/geminilive/media/voice_gate.hpp"
#include "support/recorded_voice.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>

using namespace gemini_live;

namespace {

using Samples = std::vector<std::int16_t>;
using Change = VoiceGate::Step::Change;

constexpr std::size_t kNoise = 2 * kInputRate; // before the voice and behind it

Samples between_noise(const Samples &voice, double decibel)
{
  Samples all(kNoise);
  all.insert(all.end(), voice.begin(), voice.end());
  all.resize(all.size() + kNoise);
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 32768 * std::pow(10, decibel / 20));
  for (auto &sample : all)
    sample = static_cast<std::int16_t>(std::clamp(sample + noise(random), -32768.0, 32767.0));
  return all;
}

double milliseconds(std::size_t from, std::size_t to)
{
  return (static_cast<double>(to) - static_cast<double>(from)) * 1000 / kInputRate;
}

void measure(const Samples &voice, double decibel)
{
  const auto all = between_noise(voice, decibel);
  VoiceGate gate({});
  std::size_t begun = 0, ended = 0, frames = 0;
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t at = 0; at + VoiceDetector::kFrame <= all.size(); at += VoiceDetector::kFrame) {
    std::span<const std::uint8_t> chunk(reinterpret_cast<const std::uint8_t *>(&all[at]),
                                        VoiceDetector::kFrame * kSampleBytes);
    const auto change = gate.hear(chunk).change;
    frames++;
    if (change == Change::begins && begun == 0)
      begun = at + VoiceDetector::kFrame;
    if (change == Change::ends)
      ended = at + VoiceDetector::kFrame;
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  std::printf("noise %4.0f dB: found after %4.0f ms, end after %4.0f ms, %5.1f us for 20 ms\n",
              decibel, milliseconds(kNoise, begun), milliseconds(kNoise + voice.size(), ended),
              took.count() / static_cast<double>(frames));
}

} // namespace

int main()
{
  const auto voice = test::recorded_voice();
  for (const double decibel : {-120.0, -60.0, -50.0, -40.0, -30.0})
    measure(voice, decibel);
  return 0;
}
