// A pipeline under test: made from a launch line, watched through its bus, its audio collected by
// name. Waits are for messages, never for time; a wait that is in vain fails the test.
#pragma once

#include "simulator/simulator.hpp"

#include <gst/gst.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace test {

// The properties of a launch line that lead an element to this service.
std::string at(const gemini_live_simulator::Simulator &server);

class Pipeline {
public:
  using Predicate = std::function<bool(GstMessage *)>;

  explicit Pipeline(const std::string &launch);
  // An existing pipeline; takes the reference.
  explicit Pipeline(GstElement *pipeline);
  ~Pipeline(); // to NULL
  Pipeline(const Pipeline &) = delete;
  Pipeline &operator=(const Pipeline &) = delete;

  GstElement *get() const { return pipeline_; }
  // Borrowed: the pipeline keeps it.
  GstElement *operator[](const char *name) const;

  void play() { set_state(GST_STATE_PLAYING); }
  void set_state(GstState state);
  void stop() { set_state(GST_STATE_NULL); }

  // What an appsrc of that name has to say: bytes without a time, and the end.
  void push(const char *name, std::string_view bytes);
  void end(const char *name);

  // The first message from now on, or from those not looked at yet, for which `wanted` is true.
  // Messages before it are gone. Fails after 20 s.
  GstMessage *wait(const Predicate &wanted);
  GstMessage *wait_element(const char *name); // geminilive/NAME
  void wait_state(const char *state);         // geminilive/state
  void wait_eos();
  std::string wait_error(); // its text
  // All that wait on the bus now; unref each.
  std::vector<GstMessage *> drain();

private:
  GstElement *pipeline_;
  GstBus *bus_;
};

// What passes a pad, with the time at which it passed.
struct Sample {
  std::int64_t at; // g_get_monotonic_time()
  GstClockTime pts, duration;
  bool discont;
  std::vector<std::int16_t> samples;
  std::string text; // where it is no audio
};

class PadTap {
public:
  enum class Of { samples, text };

  PadTap(GstElement *element, const char *pad, Of what = Of::samples);
  ~PadTap();
  PadTap(const PadTap &) = delete;
  PadTap &operator=(const PadTap &) = delete;

  std::vector<Sample> buffers() const;
  std::vector<std::int16_t> samples() const; // of all buffers, joined
  // Waits until `done` is true of what has passed; fails after 20 s.
  void wait_for(const std::function<bool(const std::vector<Sample> &)> &done) const;

private:
  struct Shared;
  const std::shared_ptr<Shared> shared_;
  GstPad *pad_;
  gulong probe_;
};

// Samples without leading and trailing zeros.
std::vector<std::int16_t> trim(const std::vector<std::int16_t> &samples);
// A signal without zeros in which every sample tells where it is.
std::vector<std::int16_t> marked_samples(std::size_t count, std::size_t first = 0);

} // namespace test
