#include "harnessed.hpp"

namespace test {

Harnessed::Harnessed(const char *factory, const char *scenario)
    : server({.scenario = scenario}), bus(gst_bus_new())
{
  GstElement *element = gst_element_factory_make(factory, nullptr);
  fail_unless(element != nullptr, "no element %s", factory);
  const bool sink = GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK);
  g_object_set(element, "base-url", server.url().c_str(), "api-key", "k", nullptr);
  gst_element_set_bus(element, bus);
  harness = gst_harness_new_with_element(element, sink ? "sink" : nullptr, sink ? nullptr : "src");
  gst_harness_use_testclock(harness);
  gst_object_unref(element);
}

Harnessed::~Harnessed()
{
  gst_element_set_bus(harness->element, nullptr);
  gst_harness_teardown(harness);
  gst_object_unref(bus);
}

GstMessage *Harnessed::wait(const std::function<bool(GstMessage *)> &wanted)
{
  for (;;) {
    GstMessage *message = gst_bus_timed_pop(bus, 20 * GST_SECOND);
    fail_unless(message != nullptr, "the message did not come");
    if (wanted(message))
      return message;
    gst_message_unref(message);
  }
}

GstMessage *Harnessed::wait(const char *name)
{
  return wait([&](GstMessage *message) { return gst_message_has_name(message, name); });
}

void Harnessed::wait_ready()
{
  gst_message_unref(wait([](GstMessage *message) {
    return gst_message_has_name(message, "geminilive/state") &&
           g_str_equal(gst_structure_get_string(gst_message_get_structure(message), "state"),
                       "ready");
  }));
}

} // namespace test
