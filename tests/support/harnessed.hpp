// One element in a GstHarness, in a conversation that the test directs.
#pragma once

#include "simulator/simulator.hpp"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>

#include <future>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

struct Harnessed {
  // As in a launch line. A harness plays a sink at once, so these come first.
  using Properties = std::vector<std::pair<const char *, const char *>>;

  // The simulator says nothing by itself unless a scenario is given.
  explicit Harnessed(const char *factory, const char *scenario = R"({"turns":[]})",
                     const Properties &properties = {});
  ~Harnessed();
  Harnessed(const Harnessed &) = delete;
  Harnessed &operator=(const Harnessed &) = delete;

  GstElement *element() const { return harness->element; }
  void play() { gst_harness_play(harness); }
  // Waits for messages of the element: the next one for which `wanted` is true, or of that name.
  GstMessage *wait(const std::function<bool(GstMessage *)> &wanted);
  GstMessage *wait(const char *name);
  void expect(const char *name) { gst_message_unref(wait(name)); }
  void wait_ready();
  // The text of the next message of that type, an error or a warning.
  std::string wait_complaint(GstMessageType type);
  void wait_eos();
  // As a file or a socket does: bytes, and no caps.
  void begin_bytes();
  GstFlowReturn push(std::string_view bytes);
  // From a thread of its own, since a sink keeps it until the conversation has ended. To be held until
  // then.
  [[nodiscard]] std::future<void> push_eos();

  // Of a source, when it comes: nobody moves the clock for it.
  struct Text {
    std::string text;
    GstClockTime pts;
  };
  Text pull_text();
  // The next event of that type; those before it are gone.
  GstEvent *pull_event(GstEventType type);

  gemini_live_simulator::Simulator server;
  GstHarness *harness;
  GstBus *bus;
};

} // namespace test
