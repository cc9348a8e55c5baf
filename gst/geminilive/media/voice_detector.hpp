// Whether somebody speaks, found out on this machine, in frames of 20 ms.
//
// The preprocessor of SpeexDSP says how likely a frame holds speech. It learns the noise meanwhile,
// for about a second, in which it takes any sound for speech; so a beginning must also stand out from
// the quietest frame of the last two seconds, as speech does with its dips and steady noise does not.
// Noise that grows at once, or swells, and music are taken for speech.
//
// Pure: no thread, no clock; time is counted in frames.
#pragma once

#include "../base/pcm.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>

struct SpeexPreprocessState_;

namespace gemini_live {

class VoiceDetector {
public:
  static constexpr std::size_t kFrame = kInputRate / 50; // samples
  static constexpr std::uint64_t kFrameTime = kSecond / 50;

  struct Settings {
    int start_percent = 90; // how likely a frame must hold speech to count for a beginning
    int stay_percent = 85;  // and for going on
    std::uint64_t onset = 100 * kMillisecond;   // of such frames, for a beginning
    std::uint64_t silence = 700 * kMillisecond; // without one, for an end
  };

  // Whether this build can detect anything.
  static bool is_available();

  explicit VoiceDetector(const Settings &settings);

  // Takes the next frame. Whether somebody speaks.
  bool hear(std::span<const std::int16_t, kFrame> frame);
  // How many frames ago it began: from the first that counted to the one that was enough.
  unsigned begun() const { return begun_; }
  // What comes next does not follow on what came before: nobody speaks.
  void rest();

private:
  struct Free {
    void operator()(SpeexPreprocessState_ *state) const;
  };

  int likelihood(std::span<const std::int16_t, kFrame> frame);
  bool stands_out(std::span<const std::int16_t, kFrame> frame);

  const int start_percent_, stay_percent_;
  const unsigned onset_, silence_; // frames
  std::unique_ptr<SpeexPreprocessState_, Free> speex_;
  std::array<std::int16_t, kFrame> scratch_{};
  std::array<double, 100> powers_; // of the last frames, a ring
  std::size_t next_power_ = 0;
  bool speaking_ = false;
  unsigned voiced_ = 0; // frames that speak for a beginning
  unsigned begun_ = 0;  // frames since the first of them
  unsigned held_ = 0;   // frames in a row that hold speech
  unsigned quiet_ = 0;  // frames since speech was last held
};

} // namespace gemini_live
