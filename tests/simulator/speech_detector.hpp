// Finds where somebody begins and ends to speak in a stream of samples.
//
// A frame of 10 ms counts as voice if it is clearly louder than the noise floor, no pure tone, and
// has a pitch. A tone shows in that the two samples before foretell the next one entirely; a pitch
// in that the last 20 ms look like those one period before. Pure: no thread, no clock; time is
// counted in samples.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gemini_live_simulator {

class SpeechDetector {
public:
  static constexpr unsigned rate = 16000;

  struct Settings {
    unsigned onset_ms = 80;    // voice needed before a start is believed
    unsigned silence_ms = 700; // quiet needed before an end is believed
  };
  struct Event {
    enum class Kind { start, end };
    Kind kind;
    std::uint64_t
        position; // start: where speech began; end: where it stopped; samples from the beginning
  };

  explicit SpeechDetector(Settings settings) : settings_(settings) {}

  std::vector<Event> feed(std::span<const std::int16_t> samples);
  std::vector<Event> flush(); // the stream pauses: an open utterance ends here
  bool speaking() const { return speaking_; }
  std::uint64_t position() const { return position_; }

private:
  static constexpr std::size_t frame_size = rate / 100;
  static constexpr std::size_t floor_frames = 300;
  static constexpr std::size_t pitch_window = rate / 50;
  static constexpr std::size_t shortest_period = rate / 400;
  static constexpr std::size_t longest_period = rate / 75;

  struct Frame {
    double energy;   // mean square
    double surprise; // share of the energy that the two samples before do not foretell
  };

  Frame analyse() const;
  bool has_pitch() const;
  double noise_floor(double energy);
  void step(std::vector<Event> &events);
  void listen(const Frame &frame, double floor, std::vector<Event> &events);
  void follow(const Frame &frame, double floor, std::vector<Event> &events);
  void rest();

  Settings settings_;
  bool speaking_ = false;
  std::uint64_t position_ = 0;

  // The last samples, the newest at the end; the frame is filled up in their last place.
  std::array<double, pitch_window + longest_period + frame_size> past_{};
  std::size_t filled_ = 0;
  double last_in_ = 0;
  double last_out_ = 0;

  std::array<double, floor_frames> energies_{}; // of the last frames, a ring
  std::size_t next_energy_ = 0;

  unsigned voiced_ = 0; // frames that speak for a start
  unsigned quiet_ = 0;  // frames since the last that was not quiet
  unsigned loud_ = 0;   // frames in a row that were not quiet
  std::uint64_t onset_ = 0;
  std::uint64_t last_speech_ = 0;
};

} // namespace gemini_live_simulator
