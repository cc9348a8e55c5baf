// What the application is told of the answers to calls, and what is counted.

#include "support/pipeline.hpp"
#include "support/tool_talk.hpp"

namespace {

using test::Taken;
using test::Tools;

// Two calls within a turn; the answers wait for its end.
struct Early : Taken {
  Early()
  {
    for (const char *id : {"a", "b"}) {
      call_within_a_turn(id);
      wait_call(id);
    }
  }
  std::ptrdiff_t line_of(const std::string &start)
  {
    const auto lines = log.lines();
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const auto &line) { return line.starts_with(start); });
    fail_unless(found != lines.end(), "%s did not come", start.c_str());
    return found - lines.begin();
  }
};

constexpr const char *kResult = R"({"event":"tool-result","id":"a")";
constexpr const char *kCancelled = R"({"event":"tool-cancelled","id":"a","name":"look"})";

} // namespace

GST_START_TEST(test_an_answer_that_a_lost_line_leaves_behind_is_lost)
{
  Early talk;
  fail_unless(talk.respond("a", "1"));
  fail_unless(gst_gemini_live_session_fail_tool_call(talk.object, "b", "no", nullptr));
  assert_equals_uint64(talk.count("tool-calls-answered"), 1);
  assert_equals_uint64(talk.count("tool-calls-failed"), 1);
  talk.server.close(1011, "Gone.");
  talk.log.wait_for("state 0");
  for (const char *name : {"tool-calls-answered", "tool-calls-failed"})
    assert_equals_uint64(talk.count(name), 0);
  assert_equals_uint64(talk.count("tool-calls-lost"), 2);
  fail_unless(talk.answers().empty());
  fail_unless(talk.line_of(kResult) < talk.line_of(kCancelled));
  fail_unless(!talk.respond("a", "1"));
  fail_unless(g_str_has_suffix(talk.why.c_str(), "it was lost"), "%s", talk.why.c_str());
}
GST_END_TEST;

GST_START_TEST(test_an_answer_that_closing_leaves_behind_is_lost)
{
  Early talk;
  fail_unless(talk.respond("a", "1"));
  gst_gemini_live_session_close(talk.object);
  talk.log.wait_for("state 0");
  fail_unless(talk.answers().empty());
  fail_unless(talk.line_of(kResult) < talk.line_of(kCancelled));
}
GST_END_TEST;

GST_START_TEST(test_an_answer_that_is_cancelled_while_it_waits_counts_so)
{
  Early talk;
  fail_unless(talk.respond("a", "1"));
  talk.server.send(R"({"toolCallCancellation":{"ids":["a"]}})");
  talk.log.wait_for(kCancelled);
  assert_equals_uint64(talk.count("tool-calls-answered"), 0);
  assert_equals_uint64(talk.count("tool-calls-cancelled"), 1);
  fail_unless(!talk.respond("a", "1"));
  fail_unless(g_str_has_suffix(talk.why.c_str(), "it was cancelled"), "%s", talk.why.c_str());
}
GST_END_TEST;

GST_START_TEST(test_each_part_of_an_answer_is_told)
{
  Taken talk;
  talk.call();
  talk.wait_call();
  for (const bool more : {true, true, false})
    fail_unless(gst_gemini_live_session_send_tool_response_full(
        talk.object, "a", more ? "1" : "2", GST_GEMINI_LIVE_SCHEDULING_DEFAULT, more, nullptr));
  const auto is_result = [](const auto &line) { return line.starts_with(kResult); };
  talk.log.wait_for_count(is_result, 3);
  auto lines = talk.log.lines();
  std::erase_if(lines, [&](const auto &line) { return !is_result(line); });
  guint64 before = 0;
  for (const auto &line : lines) {
    JsonNode *root = json_from_string(line.c_str(), nullptr);
    JsonObject *event = json_node_get_object(root);
    // It counts from the call for all of them.
    const auto duration = static_cast<guint64>(json_object_get_int_member(event, "duration"));
    fail_unless(duration >= before);
    before = duration;
    fail_unless(json_object_get_boolean_member(event, "final") == (&line == &lines.back()), "%s",
                line.c_str());
    json_node_unref(root);
  }
  assert_equals_uint64(talk.count("tool-calls-answered"), 1);
}
GST_END_TEST;

GST_START_TEST(test_a_script_that_has_ended_takes_no_call)
{
  gemini_live_simulator::Simulator server({.scenario = R"({"turns":[]})"});
  test::Pipeline pipeline("geminiliveeventsink name=script appsrc ! geminilivetextsink "
                          "api-key=k base-url=" +
                          server.url() + " geminilivetextsrc ! fakesink");
  pipeline.play();
  pipeline.wait_state("ready");
  GstPad *pad = gst_element_get_static_pad(pipeline["script"], "sink");
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_BYTES);
  for (GstEvent *event :
       {gst_event_new_stream_start("script"), gst_event_new_segment(&segment), gst_event_new_eos()})
    fail_unless(gst_pad_send_event(pad, event));
  gst_object_unref(pad);
  server.send(R"({"toolCall":{"functionCalls":[{"id":"a","name":"look"}]}})");
  server.send(R"({"serverContent":{"turnComplete":true}})");
  GstMessage *message = pipeline.wait_element("tool-result");
  assert_equals_string(gst_structure_get_string(gst_message_get_structure(message), "error"),
                       "nobody here answers calls of look");
  gst_message_unref(message);
}
GST_END_TEST;

GST_START_TEST(test_calls_are_counted_by_their_ends)
{
  Tools talk;
  talk.take("tool-call::mine");
  talk.open();
  talk.call("a", "mine");
  talk.call("b", "mine");
  talk.call("c", "other");
  talk.wait_call("b", "mine");
  fail_unless(talk.respond("a", "1"));
  talk.server.send(R"({"toolCallCancellation":{"ids":["b"]}})");
  talk.log.wait_for(R"({"event":"tool-cancelled","id":"b","name":"mine"})");
  talk.complete_turn();
  talk.wait_answers({R"(a {"output":1})", R"(c {"error":"nobody here answers calls of other"})"});
  for (const char *name : {"tool-calls-answered", "tool-calls-cancelled", "tool-calls-failed"})
    fail_unless(talk.count(name) == 1, "%s", name);
}
GST_END_TEST;

constexpr const char *kBroken =
    R"({"parts":[{"inlineData":{"mimeType":"image/jpeg","data":"***"}}]})";

// The service would end the session.
GST_START_TEST(test_media_that_cannot_be_sent_are_told_to_who_answers)
{
  Taken talk;
  talk.call();
  talk.wait_call();
  fail_unless(!talk.respond("a", kBroken));
  fail_unless(talk.why.find("base64") != std::string::npos, "%s", talk.why.c_str());
  fail_unless(talk.respond("a", "1"));
  talk.wait_answers({R"(a {"output":1})"});
}
GST_END_TEST;

GST_START_TEST(test_media_that_cannot_be_sent_are_told_to_the_model)
{
  Tools talk({});
  fail_unless(gst_gemini_live_session_add_tool(
      talk.object, R"({"name":"look","description":"Look."})",
      [](GstGeminiLiveSession *, const char *, const char *, gpointer, GError **) {
        return g_strdup(kBroken);
      },
      nullptr, nullptr, nullptr));
  talk.open();
  talk.call();
  talk.wait_answers({R"(a {"error":"Correct [0].inlineData.data in the parts of the answer: )"
                     R"(it must be base64"})"});
}
GST_END_TEST;

static Suite *tool_results_suite(void)
{
  Suite *suite = suite_create("tool_results");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_an_answer_that_a_lost_line_leaves_behind_is_lost);
  tcase_add_test(tests, test_an_answer_that_closing_leaves_behind_is_lost);
  tcase_add_test(tests, test_an_answer_that_is_cancelled_while_it_waits_counts_so);
  tcase_add_test(tests, test_each_part_of_an_answer_is_told);
  tcase_add_test(tests, test_a_script_that_has_ended_takes_no_call);
  tcase_add_test(tests, test_calls_are_counted_by_their_ends);
  tcase_add_test(tests, test_media_that_cannot_be_sent_are_told_to_who_answers);
  tcase_add_test(tests, test_media_that_cannot_be_sent_are_told_to_the_model);
  return suite;
}

GST_CHECK_MAIN(tool_results)
