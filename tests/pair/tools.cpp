// The model calls functions: who is asked, who answers, and what is on the wire for it.

#include "support/pipeline.hpp"
#include "support/tool_talk.hpp"

#include <atomic>
#include <thread>

namespace {

using gemini_live_simulator::Received;
using test::Log;
using test::Taken;
using test::Tools;

using Kind = Received::Kind;

} // namespace

GST_START_TEST(test_a_handler_answers_later)
{
  Taken talk;
  talk.call();
  talk.wait_call();
  fail_unless(talk.respond("a", R"({"sky":"blue"})"));
  talk.wait_answers({R"(a {"sky":"blue"})"});
  talk.log.wait_for_count(
      [](const auto &line) {
        return line.starts_with(R"({"event":"tool-result","id":"a","name":"look",)"
                                R"("response":{"sky":"blue"},"duration":)");
      },
      1);
}
GST_END_TEST;

GST_START_TEST(test_an_answer_during_the_emission_is_enough)
{
  Tools talk;
  g_signal_connect(talk.object, "tool-call",
                   G_CALLBACK(+[](GObject *session, const char *id, const char *, const char *,
                                  Log *log) -> gboolean {
                     gboolean sent = FALSE;
                     g_signal_emit_by_name(session, "send-tool-response", id, "\"blue\"", &sent);
                     log->add(sent ? "sent" : "refused");
                     return FALSE;
                   }),
                   &talk.log);
  talk.open();
  talk.call();
  talk.log.wait_for("sent");
  talk.wait_answers({R"(a {"output":"blue"})"});
}
GST_END_TEST;

GST_START_TEST(test_the_detail_is_the_name_of_the_function)
{
  Tools talk;
  talk.take("tool-call::listen");
  talk.open();
  talk.call("a", "look");
  talk.wait_answers({R"(a {"error":"nobody here answers calls of look"})"});
  talk.call("b", "listen");
  talk.wait_call("b", "listen");
}
GST_END_TEST;

GST_START_TEST(test_a_call_that_nobody_takes_is_rejected)
{
  Tools talk;
  talk.take("tool-call", FALSE);
  talk.open();
  talk.call();
  talk.wait_answers({R"(a {"error":"nobody here answers calls of look"})"});
  fail_unless(!talk.respond("a", "1"));
  assert_equals_string(talk.why.c_str(),
                       "Answer a call once, by the id that it came with: the call "
                       "is over: it was failed");
}
GST_END_TEST;

GST_START_TEST(test_an_untaken_call_may_wait)
{
  Tools talk{{"untaken-tools", "wait"}};
  talk.open();
  talk.call();
  talk.log.wait_for(R"({"event":"tool-call","id":"a","name":"look","args":{"at":"sky"}})");
  talk.expect_answers(0);
  fail_unless(talk.respond("a", nullptr));
  talk.wait_answers({R"(a {"output":"done"})"});
}
GST_END_TEST;

GST_START_TEST(test_a_call_has_its_time)
{
  Taken talk{{"tool-timeout", "50000000"}};
  talk.call("a");
  talk.call("b");
  talk.wait_answers(
      {R"(a {"error":"no answer within 0.05 s"})", R"(b {"error":"no answer within 0.05 s"})"});
  fail_unless(!talk.respond("a", "late"));
  fail_unless(g_str_has_suffix(talk.why.c_str(), "it was timed out"));
  talk.expect_answers(2);
}
GST_END_TEST;

GST_START_TEST(test_a_call_is_answered_once)
{
  Taken talk;
  talk.call();
  talk.wait_call();
  talk.log.wait_for("turn 1 complete"); // so that no answer is held back
  std::atomic<unsigned> sent = 0;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 8; i++)
    threads.emplace_back([&, i] {
      sent += i % 2 ? gst_gemini_live_session_send_tool_response(talk.object, "a", "1", nullptr)
                    : gst_gemini_live_session_fail_tool_call(talk.object, "a", "no", nullptr);
    });
  for (auto &thread : threads)
    thread.join();
  assert_equals_uint64(sent, 1);
  fail_unless(!talk.respond("never", "1"));
  fail_unless(g_str_has_suffix(talk.why.c_str(), "no call has this id"));
  talk.expect_answers(1);
}
GST_END_TEST;

GST_START_TEST(test_a_cancelled_call_is_not_answered)
{
  Tools talk;
  talk.take();
  g_signal_connect(talk.object, "tool-cancelled",
                   G_CALLBACK(+[](GObject *, const char *id, const char *name, Log *log) {
                     log->add(std::string("cancelled ") + id + " " + name);
                   }),
                   &talk.log);
  talk.open();
  talk.call();
  talk.wait_call();
  talk.server.send(R"({"toolCallCancellation":{"ids":["a","never"]}})");
  talk.log.wait_for("cancelled a look");
  fail_unless(!talk.respond("a", "1"));
  fail_unless(g_str_has_suffix(talk.why.c_str(), "it was cancelled"));
  talk.expect_answers(0);
}
GST_END_TEST;

GST_START_TEST(test_what_is_open_at_the_end_is_cancelled)
{
  Taken talk;
  talk.call();
  talk.wait_call();
  gst_gemini_live_session_close(talk.object);
  talk.log.wait_for(R"({"event":"tool-cancelled","id":"a","name":"look"})");
}
GST_END_TEST;

GST_START_TEST(test_ids_of_any_form)
{
  Taken talk;
  talk.server.send(R"({"toolCall":{"functionCalls":[{"name":"look"},{"id":"a b/ü","name":"look"},
      {"id":"a b/ü","name":"look","args":{"n":2}}]}})");
  talk.complete_turn();
  talk.log.wait_for("call call-1 look {}");
  talk.log.wait_for("call a b/ü look {}");
  talk.log.wait_for(R"(call a b/ü-2 look {"n":2})");
  fail_unless(talk.respond("call-1", "1") && talk.respond("a b/ü", "2") &&
              talk.respond("a b/ü-2", "3"));
  talk.wait_answers({R"((none) {"output":1})", R"(a b/ü {"output":2})", R"(a b/ü {"output":3})"});
}
GST_END_TEST;

GST_START_TEST(test_a_slow_handler_delays_no_other)
{
  Tools talk;
  static Log *log;
  log = &talk.log;
  g_signal_connect(talk.object, "tool-call::slow",
                   G_CALLBACK(+[](GObject *session, const char *id, const char *, const char *,
                                  gpointer) -> gboolean {
                     log->add("slow");
                     log->wait_for("go on");
                     return gst_gemini_live_session_send_tool_response(
                         GST_GEMINI_LIVE_SESSION(session), id, "\"slow\"", nullptr);
                   }),
                   nullptr);
  g_signal_connect(talk.object, "tool-call::quick",
                   G_CALLBACK(+[](GObject *session, const char *id, const char *, const char *,
                                  gpointer) -> gboolean {
                     return gst_gemini_live_session_send_tool_response(
                         GST_GEMINI_LIVE_SESSION(session), id, "\"quick\"", nullptr);
                   }),
                   nullptr);
  talk.open();
  talk.call("a", "slow");
  talk.log.wait_for("slow");
  talk.call("b", "quick");
  talk.wait_answers({R"(b {"output":"quick"})"});
  // Nor are the notifications of the conversation.
  talk.server.send(R"({"serverContent":{"outputTranscription":{"text":"Meanwhile."}}})");
  talk.log.wait_for("output piece Meanwhile.");
  talk.log.add("go on");
  talk.wait_answers({R"(a {"output":"slow"})", R"(b {"output":"quick"})"});
}
GST_END_TEST;

GST_START_TEST(test_handlers_that_are_stuck_keep_nothing_from_the_application)
{
  constexpr std::size_t kCalls = 300, kAtOnce = 256;
  Tools talk;
  static Log *log;
  log = &talk.log;
  g_signal_connect(talk.object, "tool-call",
                   G_CALLBACK(+[](GObject *session, const char *id, const char *, const char *,
                                  gpointer) -> gboolean {
                     log->add("stuck");
                     log->wait_for("go on");
                     return gst_gemini_live_session_send_tool_response(
                         GST_GEMINI_LIVE_SESSION(session), id, "1", nullptr);
                   }),
                   nullptr);
  talk.open();
  std::string calls;
  for (std::size_t i = 0; i < kCalls; i++)
    calls += R"(,{"id":")" + std::to_string(i) + R"(","name":"look"})";
  talk.server.send(R"({"toolCall":{"functionCalls":[)" + calls.substr(1) + "]}}");
  talk.log.wait_for_count([](const auto &line) { return line == "stuck"; }, kAtOnce);
  talk.server.send(R"({"serverContent":{"outputTranscription":{"text":"Meanwhile."},)"
                   R"("turnComplete":true}})");
  talk.log.wait_for("output final Meanwhile.");
  // What waits for a worker may be cancelled; nobody is asked then.
  talk.server.send(R"({"toolCallCancellation":{"ids":["299"]}})");
  talk.log.wait_for(R"({"event":"tool-cancelled","id":"299","name":"look"})");
  talk.log.add("go on");
  fail_unless(talk.server.wait_for([&](const auto &) { return talk.answers().size() == 299; }));
  const auto lines = talk.log.lines();
  fail_unless(std::count(lines.begin(), lines.end(), "stuck") == 299);
}
GST_END_TEST;

GST_START_TEST(test_a_script_answers)
{
  gemini_live_simulator::Simulator server({.scenario = R"({"turns":[]})"});
  test::Pipeline pipeline("appsrc name=in ! geminiliveeventsink api-key=k base-url=" +
                          server.url());
  pipeline.play();
  pipeline.wait_state("ready");
  const auto say = [&](const std::string &line) { pipeline.push("in", line + "\n"); };
  server.send(R"({"toolCall":{"functionCalls":[{"id":"a","name":"look"},
                                               {"id":"b","name":"look"}]}})");
  gst_message_unref(pipeline.wait_element("tool-call"));
  gst_message_unref(pipeline.wait_element("tool-call"));
  server.send(R"({"serverContent":{"turnComplete":true}})");
  say(R"({"tool-response":{"id":"a","response":{"sky":"blue"}}})");
  say(R"({"tool-error":{"id":"b","message":"the blinds are down"}})");
  std::vector<std::string> answers;
  fail_unless(server.wait_for([&](const auto &all) {
    answers.clear();
    for (const auto &one : all)
      if (one.kind == Kind::tool_response)
        answers.push_back(Tools::shown(one.json));
    return answers.size() == 2;
  }));
  assert_equals_string(answers[0].c_str(), R"(a {"sky":"blue"})");
  assert_equals_string(answers[1].c_str(), R"(b {"error":"the blinds are down"})");
  say(R"({"tool-response":{"id":"a"}})");
  GstMessage *warning = pipeline.wait(
      [](GstMessage *message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING; });
  gst_message_unref(warning);
}
GST_END_TEST;

static Suite *tools_suite(void)
{
  Suite *suite = suite_create("tools");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_a_handler_answers_later);
  tcase_add_test(tests, test_an_answer_during_the_emission_is_enough);
  tcase_add_test(tests, test_the_detail_is_the_name_of_the_function);
  tcase_add_test(tests, test_a_call_that_nobody_takes_is_rejected);
  tcase_add_test(tests, test_an_untaken_call_may_wait);
  tcase_add_test(tests, test_a_call_has_its_time);
  tcase_add_test(tests, test_a_call_is_answered_once);
  tcase_add_test(tests, test_a_cancelled_call_is_not_answered);
  tcase_add_test(tests, test_what_is_open_at_the_end_is_cancelled);
  tcase_add_test(tests, test_ids_of_any_form);
  tcase_add_test(tests, test_a_slow_handler_delays_no_other);
  tcase_add_test(tests, test_handlers_that_are_stuck_keep_nothing_from_the_application);
  tcase_add_test(tests, test_a_script_answers);
  return suite;
}

GST_CHECK_MAIN(tools)
