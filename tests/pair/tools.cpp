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

constexpr const char *kDeclaration = R"({"name":"look","description":"Look out of the window."})";

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

GST_START_TEST(test_a_tool_declares_and_answers_in_one_place)
{
  Tools talk;
  GError *error = nullptr;
  bool freed = false;
  fail_unless(gst_gemini_live_session_add_tool(
      talk.object, kDeclaration,
      [](GstGeminiLiveSession *, const char *id, const char *args, gpointer, GError **failure) {
        if (g_str_equal(id, "bad")) {
          g_set_error_literal(failure, G_IO_ERROR, G_IO_ERROR_FAILED, "the blinds are down");
          return static_cast<char *>(nullptr);
        }
        return g_str_equal(id, "nothing") ? nullptr : g_strdup(args);
      },
      &freed, [](gpointer data) { *static_cast<bool *>(data) = true; }, &error));
  talk.open();
  const auto setup = talk.server.received().at(1);
  fail_unless(setup.kind == Kind::setup && setup.json.find(R"("name":"look")") != std::string::npos,
              "%s", setup.json.c_str());
  talk.call("a");
  talk.call("bad");
  talk.call("nothing");
  talk.wait_answers({R"(a {"at":"sky"})", R"(bad {"error":"the blinds are down"})",
                     R"(nothing {"error":"the function gave no answer"})"});
  // Not while the session is open.
  fail_unless(!gst_gemini_live_session_add_tool(
      talk.object, kDeclaration, [](auto...) { return g_strdup("1"); }, nullptr, nullptr, &error));
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY));
  g_clear_error(&error);
  fail_unless(!freed);
}
GST_END_TEST;

GST_START_TEST(test_a_declaration_needs_a_name)
{
  Tools talk;
  for (const char *declaration : {"{}", "[]", "{", "", R"({"name":""})", R"({"name":1})"}) {
    GError *error = nullptr;
    fail_unless(!gst_gemini_live_session_add_tool(
        talk.object, declaration, [](auto...) { return g_strdup("1"); }, nullptr, nullptr, &error));
    fail_unless(g_str_has_prefix(error->message, "Declare a function as "), "%s", error->message);
    g_error_free(error);
  }
}
GST_END_TEST;

namespace {

// What add_tool() says to it; empty if it takes it.
std::string refusal_of(GstGeminiLiveSession *session, const char *declaration)
{
  GError *error = nullptr;
  bool freed = false;
  const bool added = gst_gemini_live_session_add_tool(
      session, declaration, [](auto...) { return g_strdup("1"); }, &freed,
      [](gpointer data) { *static_cast<bool *>(data) = true; }, &error);
  fail_unless(added == !error && freed == !added);
  if (added)
    return {};
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
  std::string why = error->message;
  g_error_free(error);
  return why;
}

constexpr const char *kTwice = "Give every function a name of its own: \"look\" is declared twice";

} // namespace

GST_START_TEST(test_one_function_is_added_once)
{
  for (const char *setting : {"tools", "config"}) {
    Tools talk{{setting, *setting == 't' ? R"([{"name":"look","description":"Look."}])"
                                         : R"({"tools":[{"name":"look","description":"Look."}]})"}};
    const auto why = refusal_of(talk.object, kDeclaration);
    assert_equals_string(why.c_str(), kTwice);
  }
  Tools talk;
  static bool freed = false;
  fail_unless(gst_gemini_live_session_add_tool(
      talk.object, kDeclaration, [](auto...) { return g_strdup("1"); }, &freed,
      [](gpointer data) { *static_cast<bool *>(data) = true; }, nullptr));
  const auto why = refusal_of(talk.object, kDeclaration);
  assert_equals_string(why.c_str(), kTwice);
  fail_unless(!freed);
  // The first one is still there.
  talk.open();
  talk.call();
  talk.wait_answers({R"(a {"output":1})"});
}
GST_END_TEST;

GST_START_TEST(test_a_declaration_is_read_when_it_is_added)
{
  Tools talk;
  const auto why = refusal_of(talk.object, R"({"name":"look","descripton":"Look."})");
  fail_unless(g_str_has_prefix(why.c_str(), "Correct [0].descripton in add_tool: "), "%s",
              why.c_str());
  // Where the settings ask for no checks, there is none.
  Tools forced{{"config", R"({"x-force":true})"}};
  assert_equals_uint64(gst_gemini_live_session_add_tool(
                           forced.object, R"({"name":"look","novelty":1})",
                           [](auto...) { return g_strdup("1"); }, nullptr, nullptr, nullptr),
                       TRUE);
  // What is wrong with the settings is not the function's fault.
  Tools broken{{"tools", "[{]"}};
  assert_equals_uint64(gst_gemini_live_session_add_tool(
                           broken.object, kDeclaration, [](auto...) { return g_strdup("1"); },
                           nullptr, nullptr, nullptr),
                       TRUE);
}
GST_END_TEST;

GST_START_TEST(test_another_context_declares_each_function_once)
{
  Tools talk;
  talk.open();
  GError *error = nullptr;
  fail_unless(!gst_gemini_live_session_update_context(talk.object, nullptr,
                                                      R"([{"name":"look","description":"Look."},
          {"functionDeclarations":[{"name":"look","description":"Look."}]}])",
                                                      &error));
  fail_unless(g_str_has_suffix(error->message, kTwice), "%s", error->message);
  g_error_free(error);
}
GST_END_TEST;

GST_START_TEST(test_one_function_in_two_places_is_an_error)
{
  Tools talk;
  fail_unless(gst_gemini_live_session_add_tool(
      talk.object, kDeclaration, [](auto...) { return g_strdup("1"); }, nullptr, nullptr, nullptr));
  g_object_set(talk.object, "tools", R"([{"name":"look","description":"Look."}])", nullptr);
  GError *error = nullptr;
  fail_unless(!gst_gemini_live_session_open(talk.object, &error));
  assert_equals_string(error->message,
                       "Give every function a name of its own: \"look\" is declared twice");
  g_error_free(error);
}
GST_END_TEST;

GST_START_TEST(test_an_early_answer_waits_for_the_end_of_its_turn)
{
  Taken talk;
  talk.call_within_a_turn();
  talk.wait_call();
  fail_unless(talk.respond("a", "1"));
  talk.expect_answers(0); // though it was said before the text
  talk.complete_turn();
  talk.wait_answers({R"(a {"output":1})"});
}
GST_END_TEST;

GST_START_TEST(test_an_early_answer_does_not_wait_for_ever)
{
  Taken talk;
  const auto before = g_get_monotonic_time();
  talk.call_within_a_turn();
  talk.wait_call();
  fail_unless(talk.respond("a", "1"));
  talk.wait_answers({R"(a {"output":1})"});
  fail_unless(g_get_monotonic_time() - before >= 2'000'000);
}
GST_END_TEST;

GST_START_TEST(test_a_cancelled_answer_does_not_go_out_late)
{
  Taken talk;
  talk.call_within_a_turn();
  talk.wait_call();
  fail_unless(talk.respond("a", "1"));
  talk.server.send(R"({"toolCallCancellation":{"ids":["a"]}})");
  talk.complete_turn();
  talk.log.wait_for("turn 1 complete");
  talk.log.wait_for(R"({"event":"tool-cancelled","id":"a","name":"look"})");
  talk.expect_answers(0);
}
GST_END_TEST;

GST_START_TEST(test_a_model_that_waits_is_answered_at_once)
{
  Taken talk{{"tools", R"([{"name":"look","description":"Look.","behavior":"BLOCKING"}])"}};
  talk.call_within_a_turn();
  talk.wait_call();
  fail_unless(talk.respond("a", "1"));
  talk.expect_answers(1);
}
GST_END_TEST;

GST_START_TEST(test_scheduling_is_of_the_answer_or_of_the_tool)
{
  Taken talk{{"tools", R"([{"name":"look","description":"Look.","x-scheduling":"SILENT"},
                            {"name":"listen","description":"Listen."}])"}};
  const auto setup = talk.server.received().at(1).json;
  fail_unless(setup.find("x-scheduling") == std::string::npos, "%s", setup.c_str());
  talk.call("a", "look");
  talk.call("b", "look");
  talk.call("c", "listen");
  talk.call("d", "listen");
  for (const char *id : {"a", "b", "c", "d"})
    talk.wait_call(id, *id < 'c' ? "look" : "listen");
  talk.complete_turn();
  const auto full = [&](const char *id, GstGeminiLiveScheduling scheduling, bool more) {
    return gst_gemini_live_session_send_tool_response_full(talk.object, id, "1", scheduling, more,
                                                           nullptr);
  };
  fail_unless(full("a", GST_GEMINI_LIVE_SCHEDULING_DEFAULT, false));
  fail_unless(full("b", GST_GEMINI_LIVE_SCHEDULING_INTERRUPT, false));
  fail_unless(full("c", GST_GEMINI_LIVE_SCHEDULING_DEFAULT, false));
  fail_unless(full("d", GST_GEMINI_LIVE_SCHEDULING_WHEN_IDLE, true));
  fail_unless(full("d", GST_GEMINI_LIVE_SCHEDULING_DEFAULT, false));
  talk.wait_answers({R"(a {"output":1} SILENT)", R"(b {"output":1} INTERRUPT)", R"(c {"output":1})",
                     R"(d {"output":1} WHEN_IDLE and more)", R"(d {"output":1})"});
  fail_unless(!full("d", GST_GEMINI_LIVE_SCHEDULING_DEFAULT, false));
}
GST_END_TEST;

GST_START_TEST(test_tools_of_another_context_behave_as_they_say)
{
  Taken talk{{"tools", R"([{"name":"look","description":"Look.","x-scheduling":"SILENT"},
                            {"name":"listen","description":"Listen."}])"}};
  fail_unless(gst_gemini_live_session_update_context(
      talk.object, nullptr,
      R"([{"name":"look","description":"Look.","behavior":"BLOCKING"},
          {"name":"listen","description":"Listen.","x-scheduling":"INTERRUPT"}])",
      nullptr));
  talk.call_within_a_turn("a", "look");
  talk.call_within_a_turn("b", "listen");
  talk.wait_call();
  talk.wait_call("b", "listen");
  // The answer to what does not block waits for the end of the turn.
  fail_unless(talk.respond("b", "1") && talk.respond("a", "1"));
  talk.wait_answers({R"(a {"output":1})"});
  talk.complete_turn();
  talk.wait_answers({R"(a {"output":1})", R"(b {"output":1} INTERRUPT)"});
}
GST_END_TEST;

GST_START_TEST(test_scheduling_that_the_model_refuses_is_not_sent)
{
  Taken talk{{"model", "gemini-3.8-live-extended-thinking"}, {"thinking-level", "low"}};
  talk.call();
  talk.wait_call();
  GError *error = nullptr;
  fail_unless(!gst_gemini_live_session_send_tool_response_full(
      talk.object, "a", "1", GST_GEMINI_LIVE_SCHEDULING_SILENT, FALSE, &error));
  fail_unless(g_str_has_prefix(error->message, "Leave the scheduling of the answer out"), "%s",
              error->message);
  g_error_free(error);
  fail_unless(talk.respond("a", "1"));
  talk.wait_answers({R"(a {"output":1})"});
}
GST_END_TEST;

GST_START_TEST(test_a_script_answers)
{
  gemini_live_simulator::Simulator server({.scenario = R"({"turns":[]})"});
  test::Pipeline pipeline("appsrc name=in ! geminiliveeventsink api-key=k base-url=" +
                          server.url());
  pipeline.play();
  pipeline.wait_state("ready");
  const auto say = [&](const std::string &line) {
    GstBuffer *buffer = gst_buffer_new_memdup((line + "\n").data(), line.size() + 1);
    GstFlowReturn flow = GST_FLOW_ERROR;
    g_signal_emit_by_name(pipeline["in"], "push-buffer", buffer, &flow);
    gst_buffer_unref(buffer);
    fail_unless_equals_int(flow, GST_FLOW_OK);
  };
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

GST_START_TEST(test_unsent_answers_are_bounded)
{
  constexpr const char *kIds[] = {"a", "b", "c"};
  Taken talk;
  for (const auto *id : kIds)
    talk.call_within_a_turn(id);
  for (const auto *id : kIds)
    talk.wait_call(id);
  // None of them is sent before the end of the turn.
  const std::string long_answer(6'000'000, 'x');
  GError *error = nullptr;
  const auto refuse = [&](const char *id) {
    return gst_gemini_live_session_fail_tool_call(talk.object, id, long_answer.c_str(), &error);
  };
  fail_unless(refuse("a") && refuse("b") && !refuse("c"));
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT));
  g_error_free(error);
  talk.complete_turn();
  fail_unless(talk.server.wait_for([&](const auto &) { return talk.answers().size() == 2; }));
  fail_unless(talk.respond("c", "1"));
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
  tcase_add_test(tests, test_a_tool_declares_and_answers_in_one_place);
  tcase_add_test(tests, test_a_declaration_needs_a_name);
  tcase_add_test(tests, test_one_function_is_added_once);
  tcase_add_test(tests, test_a_declaration_is_read_when_it_is_added);
  tcase_add_test(tests, test_another_context_declares_each_function_once);
  tcase_add_test(tests, test_one_function_in_two_places_is_an_error);
  tcase_add_test(tests, test_an_early_answer_waits_for_the_end_of_its_turn);
  tcase_add_test(tests, test_an_early_answer_does_not_wait_for_ever);
  tcase_add_test(tests, test_a_cancelled_answer_does_not_go_out_late);
  tcase_add_test(tests, test_a_model_that_waits_is_answered_at_once);
  tcase_add_test(tests, test_scheduling_is_of_the_answer_or_of_the_tool);
  tcase_add_test(tests, test_tools_of_another_context_behave_as_they_say);
  tcase_add_test(tests, test_scheduling_that_the_model_refuses_is_not_sent);
  tcase_add_test(tests, test_a_script_answers);
  tcase_add_test(tests, test_unsent_answers_are_bounded);
  tcase_add_test(tests, test_calls_are_counted_by_their_ends);
  return suite;
}

GST_CHECK_MAIN(tools)
