// What was received, for the one who asks from another thread.
//
// Written on the server's thread, read on any.
#pragma once

#include "simulator.hpp"

#include <condition_variable>
#include <mutex>

namespace gemini_live_simulator {

// One line of JSON, without its end: {"connection": 1, "kind": "setup", "json": "..."}; `text` and
// `code` where there are some, the length of pictures and audio as `bytes`.
std::string print(const Received &received);

class Log {
public:
  void add(Received received); // then calls the callback, without the lock
  void on_received(std::function<void(const Received &)> callback);

  std::vector<Received> all() const;
  std::vector<std::uint8_t> audio() const;
  bool wait_for(const std::function<bool(const std::vector<Received> &)> &done,
                std::chrono::milliseconds timeout) const;

private:
  using Callback = std::function<void(const Received &)>;

  // Recursive: what somebody waits for may ask the log itself.
  mutable std::recursive_mutex mutex_;
  mutable std::condition_variable_any changed_;
  std::vector<Received> received_;
  std::shared_ptr<const Callback> callback_;
};

} // namespace gemini_live_simulator
