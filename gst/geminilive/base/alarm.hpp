// A callback on a loop thread that can be called for at once or at a time, again and again, without
// an allocation: the wake-up of a session, and each of its deadlines.
#pragma once

#include <glib.h>

#include <functional>

namespace gemini_live {

class Alarm {
public:
  // Made and destroyed on any thread; a callback that runs meanwhile runs to its end.
  Alarm(GMainContext *context, std::function<void()> callback);
  ~Alarm();
  Alarm(const Alarm &) = delete;
  Alarm &operator=(const Alarm &) = delete;

  // From any thread. Calls that come before the callback runs are one.
  void ring() { g_source_set_ready_time(source_, 0); }
  void ring_in(gint64 microseconds) { ring_at(g_get_monotonic_time() + microseconds); }
  void ring_at(gint64 monotonic_microseconds)
  {
    g_source_set_ready_time(source_, monotonic_microseconds);
  }
  bool is_set() const { return g_source_get_ready_time(source_) >= 0; }
  void cancel() { g_source_set_ready_time(source_, -1); }

private:
  GSource *source_;
};

} // namespace gemini_live
