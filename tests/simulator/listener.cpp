// Keeps what may belong to an utterance and cuts it out.
#include "listener.hpp"

#include <algorithm>

namespace gemini_live_simulator {
namespace {

constexpr unsigned heard_rate = SpeechDetector::rate;
constexpr std::uint64_t margin = heard_rate / 10; // before the onset and after the end
constexpr std::size_t most_idle = heard_rate * 2; // samples kept while nobody speaks

} // namespace

Listener::Listener(std::optional<SpeechDetector::Settings> settings)
{
  if (settings)
    detector_.emplace(*settings);
}

std::vector<Listener::Heard> Listener::feed(std::span<const std::int16_t> samples,
                                            unsigned from_rate)
{
  rate_ = from_rate;
  if (!resampler_)
    resampler_.emplace(from_rate, heard_rate);
  const Samples piece =
      from_rate == heard_rate ? Samples(samples.begin(), samples.end()) : resampler_->feed(samples);
  kept_.insert(kept_.end(), piece.begin(), piece.end());

  std::vector<Heard> news;
  if (detector_)
    news = heard(detector_->feed(piece));
  const bool speaking = detector_ ? detector_->speaking() : open_;
  if (!speaking && kept_.size() > 2 * most_idle) {
    const auto surplus = kept_.size() - most_idle;
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(surplus));
    first_ += surplus;
  }
  return news;
}

std::vector<Listener::Heard> Listener::flush()
{
  return detector_ ? heard(detector_->flush()) : std::vector<Heard>{};
}

Listener::Heard Listener::begin()
{
  open_ = true;
  onset_ = first_ + kept_.size();
  return {true, seconds(), {}};
}

Listener::Heard Listener::finish()
{
  Heard end{false, seconds(), {}};
  if (open_)
    end.utterance = cut(onset_, first_ + kept_.size());
  open_ = false;
  return end;
}

std::vector<Listener::Heard> Listener::heard(const std::vector<SpeechDetector::Event> &events)
{
  std::vector<Heard> news;
  for (const auto &event : events) {
    const bool start = event.kind == SpeechDetector::Event::Kind::start;
    news.push_back({start, static_cast<double>(event.position) / heard_rate, {}});
    if (start)
      onset_ = event.position > margin ? event.position - margin : 0;
    else
      news.back().utterance = cut(onset_, event.position + margin);
  }
  return news;
}

Samples Listener::cut(std::uint64_t from, std::uint64_t to) const
{
  const auto at = [&](std::uint64_t position) {
    const auto offset = std::clamp<std::uint64_t>(position, first_, first_ + kept_.size()) - first_;
    return kept_.begin() + static_cast<std::ptrdiff_t>(offset);
  };
  return Samples(at(from), at(to));
}

double Listener::seconds() const
{
  return static_cast<double>(first_ + kept_.size()) / heard_rate;
}

} // namespace gemini_live_simulator
