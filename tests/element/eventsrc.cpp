// geminiliveeventsrc alone: lines of JSON, in order, none lost.

#include "support/harnessed.hpp"

#include <gst/geminilive/geminilive.h>

#include <json-glib/json-glib.h>

namespace {

struct EventSource : test::Harnessed {
  EventSource() : Harnessed("geminiliveeventsrc") {}

  // The next line, as JSON.
  std::string pull_line()
  {
    const auto pulled = pull_text();
    fail_unless(GST_CLOCK_TIME_IS_VALID(pulled.pts));
    fail_unless(pulled.text.ends_with('\n'));
    fail_unless(pulled.text.find('\n') == pulled.text.size() - 1, "%s", pulled.text.c_str());
    return pulled.text;
  }
  void expect_line(const char *expected)
  {
    const auto line = pull_line();
    JsonNode *came = json_from_string(line.c_str(), nullptr);
    JsonNode *wanted = json_from_string(expected, nullptr);
    fail_unless(came && wanted && json_node_equal(came, wanted), "%s instead of %s", line.c_str(),
                expected);
    json_node_unref(came);
    json_node_unref(wanted);
  }
  // Lines up to one that begins so, which is the last.
  std::vector<std::string> pull_until(const char *beginning)
  {
    std::vector<std::string> lines;
    do
      lines.push_back(pull_line());
    while (!lines.back().starts_with(beginning));
    return lines;
  }
  void expect_beginning()
  {
    expect_line(R"({"event":"state","state":"connecting"})");
    expect_line(R"({"event":"state","state":"ready"})");
    pull_until(R"({"event":"resumption")");
  }
};

} // namespace

GST_START_TEST(test_events_are_lines_in_order)
{
  EventSource source;
  source.play();
  source.expect_beginning();
  source.server.send(R"({"serverContent":{"inputTranscription":{"text":"line\nbreak"}}})");
  source.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"\"café\""}]}}})");
  source.server.send(R"({"goAway":{"timeLeft":"50s"}})");
  source.expect_line(R"({"event":"transcript","direction":"input","text":"line\nbreak",
                         "final":false,"interim":false,"turn":1})");
  source.expect_line(R"({"event":"transcript","direction":"input","text":"line\nbreak",
                         "final":true,"interim":false,"turn":1})");
  source.expect_line(R"({"event":"turn-started","turn":1})");
  source.expect_line(R"({"event":"text","text":"\"café\"","thought":false,"turn":1})");
  source.expect_line(R"({"event":"going-away","time-left":50000000000})");
}
GST_END_TEST;

GST_START_TEST(test_json_is_a_value_not_text)
{
  EventSource source;
  source.play();
  source.expect_beginning();
  source.server.send(R"({"serverContent":{"groundingMetadata":{"webSearchQueries":["oslo"]}}})");
  source.expect_line(R"({"event":"grounding","json":{"webSearchQueries":["oslo"]}})");
}
GST_END_TEST;

GST_START_TEST(test_the_caps_are_json_lines)
{
  EventSource source;
  source.play();
  GstEvent *event = source.pull_event(GST_EVENT_CAPS);
  GstCaps *caps = nullptr;
  gst_event_parse_caps(event, &caps);
  fail_unless(gst_structure_has_name(gst_caps_get_structure(caps, 0), "application/x-json-lines"));
  gst_event_unref(event);
}
GST_END_TEST;

GST_START_TEST(test_post_messages_is_of_the_bus_only)
{
  EventSource source;
  g_object_set(source.element(), "post-messages", FALSE, nullptr);
  source.play();
  source.expect_beginning();
  while (GstMessage *message = gst_bus_pop(source.bus)) {
    fail_if(GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT);
    gst_message_unref(message);
  }
}
GST_END_TEST;

GST_START_TEST(test_an_error_is_told_before_the_stream_ends)
{
  EventSource source;
  source.play();
  source.expect_beginning();
  source.server.close(1011, "Internal error encountered.");
  const auto error = source.pull_line();
  fail_unless(error.starts_with(R"({"event":"error")"), "%s", error.c_str());
  fail_unless(error.find(R"("close-code":1011)") != std::string::npos, "%s", error.c_str());
  source.expect_line(R"({"event":"state","state":"closed"})");
  gst_event_unref(source.pull_event(GST_EVENT_EOS));
}
GST_END_TEST;

GST_START_TEST(test_the_last_event_is_that_it_is_closed)
{
  EventSource source;
  source.play();
  source.expect_beginning();
  source.server.send(R"({"serverContent":{"outputTranscription":{"text":"Well"}}})");
  source.pull_until(R"({"event":"transcript")");
  gpointer session = nullptr;
  g_object_get(source.element(), "session", &session, nullptr);
  gst_gemini_live_session_close(GST_GEMINI_LIVE_SESSION(session));
  gst_object_unref(session);
  source.expect_line(R"({"event":"transcript","direction":"output","text":"Well",
                         "final":true,"interim":false,"turn":1})");
  source.expect_line(R"({"event":"state","state":"closed"})");
  gst_event_unref(source.pull_event(GST_EVENT_EOS));
}
GST_END_TEST;

static Suite *eventsrc_suite()
{
  Suite *suite = suite_create("geminiliveeventsrc");
  TCase *tcase = tcase_create("eventsrc");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_events_are_lines_in_order);
  tcase_add_test(tcase, test_json_is_a_value_not_text);
  tcase_add_test(tcase, test_the_caps_are_json_lines);
  tcase_add_test(tcase, test_post_messages_is_of_the_bus_only);
  tcase_add_test(tcase, test_an_error_is_told_before_the_stream_ends);
  tcase_add_test(tcase, test_the_last_event_is_that_it_is_closed);
  return suite;
}

GST_CHECK_MAIN(eventsrc);
