// When one side of the conversation is audible: a pad probe that notes stretches of sound, in
// running time. The probe runs on the pad's streaming thread; stretches() may be called anywhere.
#pragma once

#include <gst/gst.h>

#include <mutex>
#include <vector>

class Voice {
public:
  struct Stretch {
    GstClockTime begin, end;
  };

  // Silence shorter than `pause` does not end a stretch.
  explicit Voice(GstClockTime pause) : pause_(pause) {}

  // The pad carries S16LE mono; it must not outlive this object.
  void listen_at(GstElement *pipeline, const char *element, const char *pad);
  std::vector<Stretch> stretches() const;

private:
  static GstPadProbeReturn on_buffer(GstPad *pad, GstPadProbeInfo *info, gpointer self);
  void add(Stretch audible);

  const GstClockTime pause_;
  mutable std::mutex mutex_;
  std::vector<Stretch> stretches_;
};
