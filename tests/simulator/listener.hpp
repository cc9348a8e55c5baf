// The simulator's ear: the user's audio in, utterances out.
//
// Brings every rate to 16 kHz, asks the SpeechDetector (or is told by hand), and keeps the samples
// of the utterance that is being spoken. Pure: no thread, no clock.
#pragma once

#include "pcm.hpp"
#include "speech_detector.hpp"

#include <optional>
#include <vector>

namespace gemini_live_simulator {

class Listener {
public:
  struct Heard {
    bool start;        // or end
    double seconds;    // from the beginning of the audio
    Samples utterance; // end: what was said, at 16 kHz
  };

  // Without settings the start and the end are told by begin() and finish(), and audio outside is
  // lost.
  explicit Listener(std::optional<SpeechDetector::Settings> settings);

  std::vector<Heard> feed(std::span<const std::int16_t> samples, unsigned rate);
  std::vector<Heard> flush();
  Heard begin();
  Heard finish();

  unsigned rate() const { return rate_; } // of the audio so far; 0: none came

private:
  std::vector<Heard> heard(const std::vector<SpeechDetector::Event> &events);
  Samples cut(std::uint64_t from, std::uint64_t to) const;
  double seconds() const;

  std::optional<SpeechDetector> detector_;
  std::optional<Resampler> resampler_;
  unsigned rate_ = 0;
  bool open_ = false;       // between begin and finish
  std::uint64_t onset_ = 0; // of the open utterance
  std::uint64_t first_ = 0; // position of the first sample kept
  Samples kept_;
};

} // namespace gemini_live_simulator
