#include "voice_detector.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#ifdef HAVE_SPEEXDSP
#include <speex/speex_preprocess.h>
#endif

namespace gemini_live {

namespace {

constexpr double kStandsOut = 8; // times the power of the quietest frame: 9 dB
// A microphone that is switched off tells nothing of the noise that is there when it is on again.
constexpr int kDither = 2;
constexpr unsigned kHeld = 3; // frames in a row that it takes to go on: noise has one now and then
// Mean square, about -70 dBFS: below it nothing stands out.
constexpr double kLeastPower = 100;

unsigned frames_in(std::uint64_t nanoseconds)
{
  constexpr auto kFrameTime = VoiceDetector::kFrameTime;
  const auto frames = nanoseconds / kFrameTime + (nanoseconds % kFrameTime != 0 ? 1 : 0);
  return static_cast<unsigned>(
      std::clamp<std::uint64_t>(frames, 1, std::numeric_limits<unsigned>::max()));
}

} // namespace

#ifdef HAVE_SPEEXDSP

bool VoiceDetector::is_available()
{
  return true;
}

void VoiceDetector::Free::operator()(SpeexPreprocessState_ *state) const
{
  speex_preprocess_state_destroy(state);
}

static SpeexPreprocessState *make_speex()
{
  auto *state = speex_preprocess_state_init(VoiceDetector::kFrame, kInputRate);
  int off = 0;
  speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_DENOISE, &off);
  return state;
}

int VoiceDetector::likelihood(std::span<const std::int16_t, kFrame> frame)
{
  // It writes what it has cleaned over what it is given.
  std::ranges::copy(frame, scratch_.begin());
  speex_preprocess_run(speex_.get(), scratch_.data());
  int percent = 0;
  speex_preprocess_ctl(speex_.get(), SPEEX_PREPROCESS_GET_PROB, &percent);
  return percent;
}

#else

bool VoiceDetector::is_available()
{
  return false;
}

void VoiceDetector::Free::operator()(SpeexPreprocessState_ *) const {}

static SpeexPreprocessState_ *make_speex()
{
  return nullptr;
}

int VoiceDetector::likelihood(std::span<const std::int16_t, kFrame>)
{
  return 0;
}

#endif

VoiceDetector::VoiceDetector(const Settings &settings)
    : start_percent_(settings.start_percent), stay_percent_(settings.stay_percent),
      onset_(frames_in(settings.onset)), silence_(frames_in(settings.silence)), speex_(make_speex())
{
  powers_.fill(std::numeric_limits<double>::max());
}

bool VoiceDetector::stands_out(std::span<const std::int16_t, kFrame> frame)
{
  double sum = 0;
  for (const double sample : frame)
    sum += sample * sample;
  const auto power = sum / kFrame + kLeastPower;
  powers_[next_power_] = power;
  next_power_ = (next_power_ + 1) % powers_.size();
  return power > kStandsOut * *std::ranges::min_element(powers_);
}

bool VoiceDetector::hear(std::span<const std::int16_t, kFrame> frame)
{
  const bool sounds =
      std::ranges::any_of(frame, [](int sample) { return std::abs(sample) > kDither; });
  const auto percent = sounds ? likelihood(frame) : 0;
  const bool loud = sounds && stands_out(frame);
  if (speaking_) {
    held_ = percent >= stay_percent_ ? held_ + 1 : 0;
    quiet_ = held_ >= kHeld ? 0 : quiet_ + 1;
    if (quiet_ >= silence_)
      rest();
    return speaking_;
  }
  // A frame between does not undo those before it, a knock is over before it counts.
  if (percent >= start_percent_ && loud)
    voiced_++;
  else if (voiced_ > 0)
    voiced_--;
  begun_ = voiced_ > 0 ? begun_ + 1 : 0;
  speaking_ = voiced_ >= onset_;
  return speaking_;
}

void VoiceDetector::rest()
{
  speaking_ = false;
  voiced_ = 0;
  begun_ = 0;
  held_ = 0;
  quiet_ = 0;
}

} // namespace gemini_live
