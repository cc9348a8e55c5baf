#include "voice_gate.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gemini_live {

namespace {

// The pre-roll before the first frame that counted: a soft beginning, which the detector does not hear.
constexpr std::uint64_t kLead = 300 * kMillisecond;
// A beginning with pauses in it takes longer than the onset.
constexpr std::uint64_t kOnsets = 3;

} // namespace

VoiceGate::VoiceGate(const VoiceDetector::Settings &settings)
    : detector_(settings), most_kept_(bytes_in(kLead + kOnsets * settings.onset, kInputRate))
{
  kept_.reserve(2 * most_kept_ + kFrameBytes);
}

VoiceGate::Step VoiceGate::hear(std::span<const std::uint8_t> &heard)
{
  const auto all = heard;
  if (open_)
    kept_.clear(); // what was given out at the beginning
  while (!heard.empty()) {
    const auto part = heard.first(std::min(heard.size(), kFrameBytes - filled_));
    heard = heard.subspan(part.size());
    if (!open_)
      keep(part);
    if (!fill(part))
      continue;
    const bool was_open = open_;
    open_ = detector_.hear(frame_);
    if (open_ == was_open)
      continue;
    if (open_) {
      const auto wanted = bytes_in(kLead, kInputRate) + detector_.begun() * kFrameBytes;
      return {Step::Change::begins,
              std::span<const std::uint8_t>(kept_).last(std::min(kept_.size(), wanted))};
    }
    return {Step::Change::ends, all.first(all.size() - heard.size())};
  }
  return {Step::Change::none, open_ ? all : all.first(0)};
}

bool VoiceGate::end()
{
  kept_.clear();
  filled_ = 0;
  detector_.rest();
  return std::exchange(open_, false);
}

// Forgets the oldest only when that is as much as what stays.
void VoiceGate::keep(std::span<const std::uint8_t> part)
{
  kept_.insert(kept_.end(), part.begin(), part.end());
  if (kept_.size() > 2 * most_kept_)
    kept_.erase(kept_.begin(), kept_.end() - static_cast<std::ptrdiff_t>(most_kept_));
}

// Whether the frame is full.
bool VoiceGate::fill(std::span<const std::uint8_t> part)
{
  std::memcpy(reinterpret_cast<std::uint8_t *>(frame_.data()) + filled_, part.data(), part.size());
  filled_ = (filled_ + part.size()) % kFrameBytes;
  return filled_ == 0;
}

} // namespace gemini_live
