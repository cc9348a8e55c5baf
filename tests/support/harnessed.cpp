#include "harnessed.hpp"

#include "complaint.hpp"

namespace test {

Harnessed::Harnessed(const char *factory, const char *scenario, const Properties &properties)
    : server({.scenario = scenario}), bus(gst_bus_new())
{
  GstElement *element = gst_element_factory_make(factory, nullptr);
  fail_unless(element != nullptr, "no element %s", factory);
  const bool sink = GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK);
  g_object_set(element, "base-url", server.url().c_str(), "api-key", "k", nullptr);
  for (const auto &[name, value] : properties)
    gst_util_set_object_arg(G_OBJECT(element), name, value);
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

std::string Harnessed::wait_complaint(GstMessageType type)
{
  GstMessage *message = wait([&](GstMessage *m) { return GST_MESSAGE_TYPE(m) == type; });
  auto text = complaint_of(message).text;
  gst_message_unref(message);
  return text;
}

void Harnessed::wait_eos()
{
  gst_message_unref(
      wait([](GstMessage *message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS; }));
}

void Harnessed::begin_bytes()
{
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_BYTES);
  gst_harness_push_event(harness, gst_event_new_stream_start("bytes"));
  gst_harness_push_event(harness, gst_event_new_segment(&segment));
}

GstFlowReturn Harnessed::push(std::string_view bytes)
{
  return gst_harness_push(harness, gst_buffer_new_memdup(bytes.data(), bytes.size()));
}

std::future<void> Harnessed::push_eos()
{
  return std::async(std::launch::async,
                    [this] { gst_harness_push_event(harness, gst_event_new_eos()); });
}

Harnessed::Text Harnessed::pull_text()
{
  GstBuffer *buffer = gst_harness_pull(harness);
  fail_unless(buffer != nullptr, "no buffer came");
  Text pulled{std::string(gst_buffer_get_size(buffer), ' '), GST_BUFFER_PTS(buffer)};
  gst_buffer_extract(buffer, 0, pulled.text.data(), pulled.text.size());
  gst_buffer_unref(buffer);
  return pulled;
}

GstEvent *Harnessed::pull_event(GstEventType type)
{
  for (;;) {
    GstEvent *event = gst_harness_pull_event(harness);
    fail_unless(event != nullptr, "no %s event came", gst_event_type_get_name(type));
    if (GST_EVENT_TYPE(event) == type)
      return event;
    gst_event_unref(event);
  }
}

} // namespace test
