// The time of day as the simulator has it, so that a test need not wait until something expires.
// Belongs to the server's thread.
#pragma once

#include <glib.h>

#include <cstdint>

namespace gemini_live_simulator {

class Clock {
public:
  explicit Clock(std::int64_t seconds_ahead) { advance(seconds_ahead); }

  std::int64_t now() const { return g_get_real_time() + ahead_; } // Unix microseconds
  std::int64_t now_seconds() const { return now() / G_USEC_PER_SEC; }
  void advance(std::int64_t seconds) { ahead_ += seconds * G_USEC_PER_SEC; }

private:
  std::int64_t ahead_ = 0;
};

} // namespace gemini_live_simulator
