// The log and its waiting.
#include "log.hpp"

#include <utility>

namespace gemini_live_simulator {

void Log::add(Received received)
{
  std::shared_ptr<const Callback> callback;
  {
    const std::lock_guard lock(mutex_);
    callback = callback_;
    if (!callback)
      received_.push_back(std::move(received));
    else
      received_.push_back(received);
  }
  changed_.notify_all();
  if (callback)
    (*callback)(received);
}

void Log::on_received(Callback callback)
{
  const std::lock_guard lock(mutex_);
  callback_ = callback ? std::make_shared<const Callback>(std::move(callback)) : nullptr;
}

std::vector<Received> Log::all() const
{
  const std::lock_guard lock(mutex_);
  return received_;
}

std::vector<std::uint8_t> Log::audio() const
{
  const std::lock_guard lock(mutex_);
  std::vector<std::uint8_t> bytes;
  for (const auto &received : received_)
    if (received.kind == Received::Kind::audio)
      bytes.insert(bytes.end(), received.data.begin(), received.data.end());
  return bytes;
}

bool Log::wait_for(const std::function<bool(const std::vector<Received> &)> &done,
                   std::chrono::milliseconds timeout) const
{
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return done(received_); });
}

} // namespace gemini_live_simulator
