// Frames, their measures, and the two states listening and following.
#include "speech_detector.hpp"

#include <algorithm>
#include <cmath>

namespace gemini_live_simulator {
namespace {

constexpr double onset_over_floor = 8;  // 9 dB
constexpr double speech_over_floor = 3; // 5 dB
constexpr double least_onset = 60 * 60; // mean square: about -55 dBFS
constexpr double least_speech = 40 * 40;
constexpr double tone_surprise = 1e-3;    // below: a pure tone
constexpr double noise_surprise = 0.7;    // above: noise, or a voiceless sound
constexpr double least_likeness = 0.6;    // of one period of a voice to the next
constexpr unsigned loud_frames_again = 3; // a click does not prolong an utterance

} // namespace

std::vector<SpeechDetector::Event> SpeechDetector::feed(std::span<const std::int16_t> samples)
{
  std::vector<Event> events;
  for (const auto sample : samples) {
    // A high-pass at about 13 Hz: an offset is neither loud nor foretold.
    const double in = sample;
    const double out = in - last_in_ + 0.995 * last_out_;
    last_in_ = in;
    last_out_ = out;
    past_[past_.size() - frame_size + filled_++] = out;
    ++position_;
    if (filled_ == frame_size)
      step(events);
  }
  return events;
}

std::vector<SpeechDetector::Event> SpeechDetector::flush()
{
  std::vector<Event> events;
  if (speaking_)
    events.push_back({Event::Kind::end, last_speech_});
  rest();
  return events;
}

void SpeechDetector::step(std::vector<Event> &events)
{
  const Frame frame = analyse();
  const double floor = noise_floor(frame.energy);
  if (speaking_)
    follow(frame, floor, events);
  else
    listen(frame, floor, events);
  std::shift_left(past_.begin(), past_.end(), frame_size);
  filled_ = 0;
}

// Linear prediction from two samples by least squares.
SpeechDetector::Frame SpeechDetector::analyse() const
{
  double xx = 0, aa = 0, bb = 0, ab = 0, xa = 0, xb = 0;
  for (std::size_t i = past_.size() - frame_size; i < past_.size(); ++i) {
    const double x = past_[i], a = past_[i - 1], b = past_[i - 2];
    xx += x * x;
    aa += a * a;
    bb += b * b;
    ab += a * b;
    xa += x * a;
    xb += x * b;
  }
  if (xx <= 0)
    return {0, 0};
  const double determinant = aa * bb - ab * ab;
  double left = xx;
  if (determinant > 1e-12 * aa * bb) {
    const double p = (xa * bb - xb * ab) / determinant;
    const double q = (xb * aa - xa * ab) / determinant;
    left = xx - p * xa - q * xb;
  }
  return {xx / frame_size, std::max(left, 0.0) / xx};
}

// Autocorrelation, each lag against the energy of both stretches.
bool SpeechDetector::has_pitch() const
{
  const std::span<const double> past(past_);
  const auto now = past.last(pitch_window);
  for (std::size_t period = shortest_period; period <= longest_period; ++period) {
    const auto before = past.subspan(past.size() - pitch_window - period, pitch_window);
    double both = 0, first = 0, second = 0;
    for (std::size_t i = 0; i < pitch_window; ++i) {
      both += now[i] * before[i];
      first += now[i] * now[i];
      second += before[i] * before[i];
    }
    if (both > 0 && both * both > least_likeness * least_likeness * first * second)
      return true;
  }
  return false;
}

// The quietest of the last three seconds: it rises only where nobody can have spoken all the time.
double SpeechDetector::noise_floor(double energy)
{
  energies_[next_energy_] = energy;
  next_energy_ = (next_energy_ + 1) % energies_.size();
  return *std::ranges::min_element(energies_);
}

void SpeechDetector::listen(const Frame &frame, double floor, std::vector<Event> &events)
{
  const bool loud = frame.energy > std::max(floor * onset_over_floor, least_onset);
  if (!loud) {
    voiced_ = voiced_ > 2 ? voiced_ - 2 : 0;
    return;
  }
  if (frame.surprise < tone_surprise || frame.surprise > noise_surprise || !has_pitch())
    return;
  if (voiced_++ == 0)
    onset_ = position_ - frame_size;
  if (voiced_ < std::max(settings_.onset_ms / 10, 2u))
    return;
  events.push_back({Event::Kind::start, onset_});
  speaking_ = true;
  quiet_ = 0;
  last_speech_ = position_;
}

void SpeechDetector::follow(const Frame &frame, double floor, std::vector<Event> &events)
{
  const bool loud = frame.energy > std::max(floor * speech_over_floor, least_speech) &&
                    frame.surprise > tone_surprise;
  ++quiet_;
  loud_ = loud ? loud_ + 1 : 0;
  if (loud_ >= loud_frames_again) {
    quiet_ = 0;
    last_speech_ = position_;
  }
  if (quiet_ * 10 < settings_.silence_ms)
    return;
  events.push_back({Event::Kind::end, last_speech_});
  rest();
}

void SpeechDetector::rest()
{
  speaking_ = false;
  voiced_ = 0;
  quiet_ = 0;
  loud_ = 0;
}

} // namespace gemini_live_simulator
