// What waits because of calls goes as soon as it may, and no answer gets lost on the way.

#include "support/tool_talk.hpp"

#include <gst/check/gstharness.h>

#include <set>
#include <string>
#include <vector>

namespace {

using gemini_live_simulator::Received;
using Kind = Received::Kind;

std::vector<Received> wait_answers(const test::Session &talk, std::size_t count)
{
  fail_unless(talk.server.wait_for(
      [&](const auto &) { return talk.server.received(Kind::tool_response).size() >= count; }));
  return talk.server.received(Kind::tool_response);
}

struct Held : test::Taken {
  using Taken::Taken;

  // Returns when the session has done all that a call asks of it.
  void call(const std::string &id)
  {
    server.send(R"({"toolCall":{"functionCalls":[{"id":")" + id + R"(","name":"look"}]}})");
    server.send(R"({"goAway":{"timeLeft":")" + std::to_string(++calls_) + R"(s"}})");
    log.wait_for("call " + id + " look {}");
    log.wait_for(R"({"event":"going-away","time-left":)" + std::to_string(calls_) + "000000000}");
  }

private:
  unsigned calls_ = 0;
};

} // namespace

GST_START_TEST(test_a_cancellation_lets_the_voice_go)
{
  Held talk{{"hold-input-during-tool-calls", "on"}};
  talk.call("a");
  GstElement *sink = gst_element_factory_make("geminilivesink", nullptr);
  gst_object_ref_sink(sink);
  g_object_set(sink, "session", talk.object, "sync", FALSE, nullptr);
  GstHarness *harness = gst_harness_new_with_element(sink, "sink", nullptr);
  gst_harness_set_src_caps_str(harness,
                               "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved");
  // The user speaks and falls silent, so nothing else reminds the session of it.
  GstBuffer *voice = gst_buffer_new_allocate(nullptr, 3200, nullptr);
  gst_buffer_memset(voice, 0, 1, 3200);
  GST_BUFFER_PTS(voice) = 0;
  fail_unless_equals_int(gst_harness_push(harness, voice), GST_FLOW_OK);
  fail_unless(talk.server.audio().empty());
  talk.server.send(R"({"toolCallCancellation":{"ids":["a"]}})");
  fail_unless(
      talk.server.wait_for([&](const auto &) { return talk.server.audio().size() == 3200; }));
  gst_harness_teardown(harness);
  gst_object_unref(sink);
}
GST_END_TEST;

GST_START_TEST(test_an_answer_is_not_held_until_a_later_one_may_go)
{
  Held talk;
  talk.call("a");
  talk.call("b");
  fail_unless(talk.respond("a", "1"));
  wait_answers(talk, 1); // while the second call is open
  fail_unless(talk.respond("b", "2"));
  wait_answers(talk, 2);
}
GST_END_TEST;

GST_START_TEST(test_what_a_tool_answers_need_not_be_utf_8)
{
  test::Session talk;
  fail_unless(gst_gemini_live_session_add_tool(
      talk.object, R"({"name":"feel","description":"Feel."})",
      [](GstGeminiLiveSession *, const char *id, const char *, gpointer, GError **failure) {
        if (g_str_equal(id, "bad"))
          g_set_error_literal(failure, GST_CORE_ERROR, GST_CORE_ERROR_FAILED, "caf\xe9 is closed");
        return g_str_equal(id, "bad") ? nullptr : g_strdup("caf\xe9");
      },
      nullptr, nullptr, nullptr));
  talk.open();
  for (const char *id : {"good", "bad"})
    talk.server.send(std::string(R"({"toolCall":{"functionCalls":[{"id":")") + id +
                     R"(","name":"feel"}]}})");
  talk.server.send(R"({"serverContent":{"turnComplete":true}})");
  std::string answers;
  for (const auto &answer : wait_answers(talk, 2))
    answers += answer.json;
  fail_unless(answers.find(R"({"output":"caf�"})") != std::string::npos, "%s", answers.c_str());
  fail_unless(answers.find(R"({"error":"caf� is closed"})") != std::string::npos, "%s",
              answers.c_str());
}
GST_END_TEST;

GST_START_TEST(test_a_call_is_told_before_its_end)
{
  test::Session talk;
  talk.watch_events();
  talk.open();
  // Nobody takes them, so each is over as soon as that is found.
  for (unsigned i = 0; i < 2000; i++)
    talk.server.send(R"({"toolCall":{"functionCalls":[{"id":"c)" + std::to_string(i) +
                     R"(","name":"look"}]}})");
  talk.log.wait_for_count(
      [](const auto &line) { return line.starts_with(R"({"event":"tool-result")"); }, 2000);
  std::set<std::string> told;
  for (const auto &line : talk.log.lines()) {
    const auto id = line.substr(0, line.find(R"(,"name")")).substr(line.find(R"("id":)") + 1);
    if (line.starts_with(R"({"event":"tool-call")"))
      told.insert(id);
    else if (line.starts_with(R"({"event":"tool-result")"))
      fail_unless(told.count(id) == 1, "%s", line.c_str());
  }
}
GST_END_TEST;

static Suite *held_suite(void)
{
  Suite *suite = suite_create("held");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_a_cancellation_lets_the_voice_go);
  tcase_add_test(tests, test_an_answer_is_not_held_until_a_later_one_may_go);
  tcase_add_test(tests, test_what_a_tool_answers_need_not_be_utf_8);
  tcase_add_test(tests, test_a_call_is_told_before_its_end);
  return suite;
}

GST_CHECK_MAIN(held)
