// Gives text a voice: 24 kHz mono samples, by espeak-ng or, where that is missing, by bursts of
// harmonics.
//
// Belongs to the server's thread. Each text is spoken once and then remembered.
#pragma once

#include "pcm.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gemini_live_simulator {

class Voice {
public:
  static constexpr unsigned rate = 24000;
  using Spoken = std::shared_ptr<const Samples>;
  using Done = std::function<void(Spoken)>;

  Voice();
  ~Voice(); // whoever still waits is never called

  // Calls `done` when the samples are there, at once if they already are.
  void speak(const std::string &text, Done done);

private:
  struct State;
  std::shared_ptr<State> state_;
};

// One burst per syllable, about as long as somebody would speak it.
Samples tone_speech(const std::string &text);

// The samples of a WAV file (16 bit, mono) at `to_rate`; empty if it is none.
Samples samples_of_wav(const std::vector<std::uint8_t> &wav, unsigned to_rate);

} // namespace gemini_live_simulator
