#include "clock_wait.hpp"

namespace gemini_live {

namespace {

// An element that is used without a pipeline has no clock of its own.
GstClock *clock_of(GstElement *element)
{
  GstClock *clock = gst_element_get_clock(element);
  return clock ? clock : gst_system_clock_obtain();
}

} // namespace

ClockWait::Outcome ClockWait::until(GstElement *element, GstClockTime running_time)
{
  GstClock *clock = clock_of(element);
  GstClockID id =
      gst_clock_new_single_shot_id(clock, gst_element_get_base_time(element) + running_time);
  gst_object_unref(clock);
  g_mutex_lock(&mutex_);
  if (!called_ && !flushing_) {
    id_ = id;
    g_mutex_unlock(&mutex_);
    gst_clock_id_wait(id, nullptr);
    g_mutex_lock(&mutex_);
    id_ = nullptr;
  }
  const auto outcome = flushing_ ? Outcome::flushing : called_ ? Outcome::called : Outcome::reached;
  called_ = false;
  g_mutex_unlock(&mutex_);
  gst_clock_id_unref(id);
  return outcome;
}

GstClockTime ClockWait::now(GstElement *element)
{
  GstClock *clock = clock_of(element);
  const auto time = gst_clock_get_time(clock);
  const auto base = gst_element_get_base_time(element);
  gst_object_unref(clock);
  return time > base ? time - base : 0;
}

// A wait that has not begun yet sees that it is unscheduled.
void ClockWait::unschedule()
{
  if (id_)
    gst_clock_id_unschedule(id_);
}

void ClockWait::call()
{
  g_mutex_lock(&mutex_);
  called_ = true;
  unschedule();
  g_mutex_unlock(&mutex_);
}

void ClockWait::set_flushing(bool flushing)
{
  g_mutex_lock(&mutex_);
  flushing_ = flushing;
  if (flushing)
    unschedule();
  g_mutex_unlock(&mutex_);
}

} // namespace gemini_live
