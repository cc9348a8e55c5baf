// A streaming thread's one wait: until a running time of the pipeline, or until somebody calls.
#pragma once

#include <gst/gst.h>

namespace gemini_live {

class ClockWait {
public:
  enum class Outcome { reached, called, flushing };

  // Streaming thread. `running_time` is of `element`.
  Outcome until(GstElement *element, GstClockTime running_time);
  // The running time now.
  static GstClockTime now(GstElement *element);

  // Any thread. A call that comes before the wait ends the next one.
  void call();
  void set_flushing(bool flushing);

  ClockWait() { g_mutex_init(&mutex_); }
  ~ClockWait() { g_mutex_clear(&mutex_); }
  ClockWait(const ClockWait &) = delete;
  ClockWait &operator=(const ClockWait &) = delete;

private:
  void unschedule();

  GMutex mutex_;
  GstClockID id_ = nullptr;
  bool called_ = false;
  bool flushing_ = false;
};

} // namespace gemini_live
