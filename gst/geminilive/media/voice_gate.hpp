// Cuts what the user says out of what the microphone hears. What was heard shortly before somebody was
// found to speak is kept, so that no first syllable is lost; the rest of the silence goes nowhere.
//
// Loop thread only.
#pragma once

#include "voice_detector.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace gemini_live {

class VoiceGate {
public:
  struct Step {
    enum class Change { none, begins, ends };
    Change change = Change::none;
    std::span<const std::uint8_t> said; // behind a beginning, before an end; until the next call
  };

  explicit VoiceGate(const VoiceDetector::Settings &settings);

  // Takes from the front of what was heard, whole samples, up to the next change.
  Step hear(std::span<const std::uint8_t> &heard);
  // No more comes for now. Whether somebody was speaking.
  bool end();

private:
  static constexpr std::size_t kFrameBytes = VoiceDetector::kFrame * kSampleBytes;

  void keep(std::span<const std::uint8_t> part);
  bool fill(std::span<const std::uint8_t> part);

  VoiceDetector detector_;
  const std::size_t most_kept_; // bytes
  std::vector<std::uint8_t> kept_;
  std::array<std::int16_t, VoiceDetector::kFrame> frame_{};
  std::size_t filled_ = 0; // bytes of the frame
  bool open_ = false;
};

} // namespace gemini_live
