// The session object: signals, text without a pipeline, threads.

#include "support/session.hpp"
#include "support/pipeline.hpp"

#include <gst/geminilive/geminilive.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::lasting_log;
using test::Log;
using test::Pipeline;
using test::Session;
using test::watch;

} // namespace

GST_START_TEST(test_a_session_needs_no_pipeline)
{
  Session session;
  session.open();
  fail_unless(gst_gemini_live_session_send_text(session.object, "hello", nullptr));
  fail_unless(session.server.wait_for([](const auto &all) {
    return !all.empty() && all.back().kind == Received::Kind::text && all.back().text == "hello";
  }));
  for (const char *message :
       {R"({"serverContent":{"outputTranscription":{"text":"Hi"}}})",
        R"({"serverContent":{"outputTranscription":{"text":" there"}}})",
        R"({"serverContent":{"interrupted":true}})", R"({"serverContent":{"turnComplete":true}})"})
    session.server.send(message);
  session.log.wait_for("turn 1 complete");
  const std::vector<std::string> expected = {"state 1",
                                             "state 2",
                                             "output piece Hi",
                                             "output piece  there",
                                             "output final Hi there",
                                             "interrupted",
                                             "turn 1 complete"};
  const auto lines = session.log.lines();
  std::string all;
  for (const auto &line : lines)
    all += line + "; ";
  fail_unless(lines == expected, "%s", all.c_str());
  gst_gemini_live_session_close(session.object);
  session.log.wait_for("state 0");
  fail_if(gst_gemini_live_session_send_text(session.object, "late", nullptr));
}
GST_END_TEST;

GST_START_TEST(test_a_session_can_be_opened_again)
{
  Session session;
  session.open();
  gst_gemini_live_session_close(session.object);
  session.log.wait_for("state 0");
  fail_unless(gst_gemini_live_session_open(session.object, nullptr));
  fail_unless(session.server.wait_for([](const auto &all) {
    int setups = 0;
    for (const auto &one : all)
      setups += one.kind == Received::Kind::setup ? 1 : 0;
    return setups == 2;
  }));
  gst_gemini_live_session_close(session.object);
}
GST_END_TEST;

// Who has no handler looks at the property.
GST_START_TEST(test_the_state_does_not_wait_for_notifications)
{
  const auto state_of = [](const Session &session) {
    GstGeminiLiveState state;
    g_object_get(session.object, "state", &state, nullptr);
    return state;
  };
  for (int round = 0; round < 20; round++) {
    Session session;
    fail_unless(gst_gemini_live_session_open(session.object, nullptr));
    fail_unless(state_of(session) != GST_GEMINI_LIVE_STATE_CLOSED);
    if (round % 2 > 0) // else the news of being ready may come after the end
      session.log.wait_for("state 2");
    gst_gemini_live_session_close(session.object);
    assert_equals_int(state_of(session), GST_GEMINI_LIVE_STATE_CLOSED);
    session.log.wait_for("state 0");
    assert_equals_int(state_of(session), GST_GEMINI_LIVE_STATE_CLOSED);
  }
}
GST_END_TEST;

GST_START_TEST(test_the_old_end_does_not_close_the_new_beginning)
{
  for (int round = 0; round < 10; round++) {
    Session session;
    session.open();
    gst_gemini_live_session_close(session.object);
    fail_unless(gst_gemini_live_session_open(session.object, nullptr));
    fail_unless(gst_gemini_live_session_send_text(session.object, "again", nullptr));
    fail_unless(session.server.wait_for([](const auto &all) {
      bool closed = false, text = false;
      for (const auto &one : all) {
        closed = closed || one.kind == Received::Kind::close;
        text = text || one.kind == Received::Kind::text;
      }
      return closed && text;
    }));
    session.server.send(R"({"serverContent":{"turnComplete":true}})");
    session.log.wait_for("turn 1 complete");
    GstGeminiLiveState state;
    g_object_get(session.object, "state", &state, nullptr);
    assert_equals_int(state, GST_GEMINI_LIVE_STATE_READY);
  }
}
GST_END_TEST;

GST_START_TEST(test_text_sent_early_follows_the_setup)
{
  Session session;
  fail_unless(gst_gemini_live_session_open(session.object, nullptr));
  for (const char *text : {"one", "two", "three"})
    fail_unless(gst_gemini_live_session_send_text(session.object, text, nullptr));
  fail_unless(session.server.wait_for([](const auto &all) { return all.size() == 5; }));
  const auto all = session.server.received();
  fail_unless(all[1].kind == Received::Kind::setup);
  assert_equals_string(all[2].text.c_str(), "one");
  assert_equals_string(all[3].text.c_str(), "two");
  assert_equals_string(all[4].text.c_str(), "three");
}
GST_END_TEST;

GST_START_TEST(test_unsent_text_is_bounded)
{
  Simulator server({.scenario = R"({"turns":[],"faults":[{"at":"0 s","do":"stall"}]})"});
  GstGeminiLiveSession *session = gst_gemini_live_session_new();
  g_object_set(session, "api-key", "k", "base-url", server.url().c_str(), nullptr);
  fail_unless(gst_gemini_live_session_open(session, nullptr));
  const std::string megabyte(1000000, 'x');
  GError *error = nullptr;
  int sent = 0;
  while (sent < 60 && gst_gemini_live_session_send_text(session, megabyte.c_str(), &error))
    sent++;
  fail_unless(sent >= 16 && sent < 60, "%d megabytes were taken", sent);
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT));
  g_error_free(error);
  gst_object_unref(session);
}
GST_END_TEST;

GST_START_TEST(test_text_that_is_no_utf8_is_refused)
{
  Session session;
  session.open();
  GError *error = nullptr;
  fail_if(gst_gemini_live_session_send_text(session.object, "caf\xe9", &error));
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE));
  g_error_free(error);
}
GST_END_TEST;

GST_START_TEST(test_threads_that_open_at_once_open_one_conversation)
{
  for (int round = 0; round < 20; round++) {
    Session session;
    GThread *threads[3];
    for (auto &thread : threads)
      thread = g_thread_new(
          "opener",
          [](gpointer object) -> gpointer {
            gst_gemini_live_session_open(static_cast<GstGeminiLiveSession *>(object), nullptr);
            return nullptr;
          },
          session.object);
    for (auto *thread : threads)
      g_thread_join(thread);
    gst_gemini_live_session_close(session.object);
    fail_unless(gst_gemini_live_session_open(session.object, nullptr));
    fail_unless(gst_gemini_live_session_send_text(session.object, "x", nullptr));
    // The end of the first connection may be noticed before or after it.
    fail_unless(session.server.wait_for([](const auto &all) {
      return std::any_of(all.begin(), all.end(),
                         [](const auto &one) { return one.kind == Received::Kind::text; });
    }));
  }
}
GST_END_TEST;

GST_START_TEST(test_an_error_reaches_who_has_no_bus)
{
  Session session;
  session.open();
  session.server.close(1008, "Requested entity was not found.");
  session.log.wait_for("state 0");
  bool found = false;
  for (const auto &line : session.log.lines())
    found = found || (line.starts_with("error ") && line.find("1008") != std::string::npos);
  fail_unless(found);
}
GST_END_TEST;

GST_START_TEST(test_settings_that_do_not_do_are_an_error_of_open)
{
  GstGeminiLiveSession *session = gst_gemini_live_session_new();
  g_object_set(session, "api-key", "k", "base-url", "nonsense", nullptr);
  GError *error = nullptr;
  fail_if(gst_gemini_live_session_open(session, &error));
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
  g_error_free(error);
  gst_object_unref(session);
}
GST_END_TEST;

GST_START_TEST(test_the_elements_repeat_the_signals)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink name=ear "
                    "api-key=k base-url=" +
                    server.url() + " geminilivesrc name=mouth ! fakesink");
  Log &ear = lasting_log(), &mouth = lasting_log(), &events = lasting_log();
  watch(pipeline["ear"], &ear);
  watch(pipeline["mouth"], &mouth);
  g_signal_connect(pipeline["ear"], "event",
                   G_CALLBACK(+[](GObject *, const char *json, Log *to) { to->add(json); }),
                   &events);
  pipeline.play();
  pipeline.wait_state("ready");
  server.send(R"({"serverContent":{"inputTranscription":{"text":"good day"}}})");
  server.send(R"({"serverContent":{"turnComplete":true,"turnCompleteReason":"NEED_MORE_INPUT"}})");
  for (auto *log : {&ear, &mouth}) {
    log->wait_for("input piece good day");
    log->wait_for("turn 1 completeNEED_MORE_INPUT");
  }
  events.wait_for(
      R"({"event":"transcript","direction":"input","text":"good day","final":false,"interim":false,"turn":1})");
  pipeline.stop();
}
GST_END_TEST;

GST_START_TEST(test_a_blocked_handler_holds_up_nothing_else)
{
  Session blocked, other;
  struct Gate {
    std::mutex mutex;
    std::condition_variable opened;
    bool open = false, entered = false;
  } gate;
  g_signal_connect(blocked.object, "transcript",
                   G_CALLBACK(+[](GObject *, const char *, const char *, gboolean, Gate *g) {
                     std::unique_lock lock(g->mutex);
                     g->entered = true;
                     g->opened.notify_all();
                     g->opened.wait(lock, [&] { return g->open; });
                   }),
                   &gate);
  blocked.open();
  other.open();
  blocked.server.send(R"({"serverContent":{"inputTranscription":{"text":"stuck"}}})");
  {
    std::unique_lock lock(gate.mutex);
    gate.opened.wait(lock, [&] { return gate.entered; });
  }
  // The other session speaks, and the line of the blocked one still works.
  other.server.send(R"({"serverContent":{"inputTranscription":{"text":"free"}}})");
  other.log.wait_for("input piece free");
  fail_unless(gst_gemini_live_session_send_text(blocked.object, "still here", nullptr));
  fail_unless(blocked.server.wait_for(
      [](const auto &all) { return !all.empty() && all.back().kind == Received::Kind::text; }));
  {
    std::lock_guard lock(gate.mutex);
    gate.open = true;
  }
  gate.opened.notify_all();
  gst_gemini_live_session_close(blocked.object);
  blocked.log.wait_for("state 0");
}
GST_END_TEST;

GST_START_TEST(test_what_waits_for_a_handler_is_bounded)
{
  constexpr int kTexts = 40;
  Session session;
  static Log *log;
  log = &session.log;
  g_signal_connect(session.object, "event", G_CALLBACK(+[](GObject *, const char *json, gpointer) {
                     const std::string line = json;
                     if (line.starts_with(R"({"event":"turn-started")"))
                       log->wait_for("go on");
                     log->add(line.substr(0, 40));
                   }),
                   nullptr);
  session.open();
  const std::string words(1'000'000, 'x');
  for (int i = 0; i < kTexts; i++)
    session.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":")" + std::to_string(i) +
                        words + R"("}]}}})");
  // Nobody answers it, which the service hears when it has told all else.
  session.server.send(R"({"toolCall":{"functionCalls":[{"id":"a","name":"look"}]}})");
  session.server.send(R"({"serverContent":{"turnComplete":true}})");
  fail_unless(session.server.wait_for([](const auto &all) {
    return all.back().kind == gemini_live_simulator::Received::Kind::tool_response;
  }));
  session.log.add("go on");
  session.log.wait_for(std::string(R"({"event":"tool-result","id":"a","name":"look")", 0, 40));
  const auto lines = session.log.lines();
  const auto count = [&](const std::string &start) {
    return std::count_if(lines.begin(), lines.end(),
                         [&](const auto &line) { return line.starts_with(start); });
  };
  const auto texts = count(R"({"event":"text")");
  fail_unless(texts > 10 && texts <= 17, "%d texts", static_cast<int>(texts));
  fail_unless(count(R"({"event":"text","text":"39x)") == 1);
  fail_unless(count(R"({"event":"tool-call")") == 1);
  fail_unless(count(R"({"event":"warning","message":"Return)") == 1);
}
GST_END_TEST;

GST_START_TEST(test_an_utterance_without_an_end_is_one_warning)
{
  Session session;
  session.watch_events();
  session.open();
  const std::string words(400'000, 'x');
  for (int i = 0; i < 6; i++)
    session.server.send(R"({"serverContent":{"inputTranscription":{"text":")" + words + R"("}}})");
  session.server.send(R"({"serverContent":{"inputTranscription":{"finished":true}}})");
  session.log.wait_for("input final " + words + words);
  const auto lines = session.log.lines();
  fail_unless(std::count(lines.begin(), lines.end(), "input piece " + words) == 6);
  fail_unless(std::count_if(lines.begin(), lines.end(), [](const auto &line) {
                return line.starts_with(R"({"event":"warning")");
              }) == 1);
}
GST_END_TEST;

GST_START_TEST(test_a_session_can_go_away_at_any_moment)
{
  for (int round = 0; round < 20; round++) {
    Session session;
    fail_unless(gst_gemini_live_session_open(session.object, nullptr));
    if (round % 2)
      session.log.wait_for("state 2");
  }
}
GST_END_TEST;

// The last thing of that kind, once it has come.
static std::string json_of(const Session &session, Received::Kind kind)
{
  std::string json;
  fail_unless(session.server.wait_for([&](const auto &all) {
    for (const auto &one : all)
      if (one.kind == kind)
        json = one.json;
    return !json.empty();
  }));
  return json;
}

GST_START_TEST(test_content_with_roles_is_sent)
{
  Session session;
  session.open();
  GError *error = nullptr;
  fail_unless(gst_gemini_live_session_send_content(
      session.object, R"([{"role":"user","parts":[{"text":"My name is Ada."}]}])", FALSE, &error));
  const auto json = json_of(session, Received::Kind::client_content);
  assert_equals_string(json.c_str(), R"({"clientContent":{"turns":[{"role":"user","parts":[)"
                                     R"({"text":"My name is Ada."}]}],"turnComplete":false}})");
}
GST_END_TEST;

GST_START_TEST(test_content_that_would_end_the_session_is_refused)
{
  Session session;
  session.open();
  for (const char *turns : {"[{\"parts\":[{\"text\":\"Hi\"}]}]", "Hi", "{}"}) {
    GError *error = nullptr;
    fail_unless(!gst_gemini_live_session_send_content(session.object, turns, TRUE, &error));
    fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE));
    fail_unless(g_str_has_prefix(error->message, "Send turns as "), "%s", error->message);
    g_error_free(error);
  }
  GError *error = nullptr;
  fail_unless(!gst_gemini_live_session_update_context(session.object, nullptr, nullptr, &error));
  g_clear_error(&error);
  fail_unless(!gst_gemini_live_session_update_context(session.object, nullptr, "{", &error));
  g_clear_error(&error);
  fail_unless(gst_gemini_live_session_send_text(session.object, "still here", nullptr));
  json_of(session, Received::Kind::text);
}
GST_END_TEST;

GST_START_TEST(test_the_context_changes_in_order)
{
  Session session;
  session.open();
  fail_unless(
      gst_gemini_live_session_update_context(session.object, "Answer in French.", "[]", nullptr));
  fail_unless(gst_gemini_live_session_send_text(session.object, "hello", nullptr));
  json_of(session, Received::Kind::text);
  const auto json = json_of(session, Received::Kind::context_update);
  assert_equals_string(json.c_str(), R"({"contextUpdate":{"systemInstruction":{"parts":[)"
                                     R"({"text":"Answer in French."}]},"tools":{"tools":[]}}})");
  fail_unless(session.server.received().back().kind == Received::Kind::text);
}
GST_END_TEST;

GST_START_TEST(test_activity_is_not_said_where_the_service_finds_it_out)
{
  Session session;
  session.watch_events();
  session.open();
  gst_gemini_live_session_activity_start(session.object);
  session.log.wait_for(
      R"({"event":"warning","message":"Set turn-detection to manual before saying )"
      R"(when the user speaks: now it is found out from the audio, and the service )"
      R"(would end the session"})");
  fail_unless(gst_gemini_live_session_send_text(session.object, "hello", nullptr));
  json_of(session, Received::Kind::text);
  for (const auto &one : session.server.received())
    fail_unless(one.kind != Received::Kind::activity_start);
}
GST_END_TEST;

GST_START_TEST(test_a_handle_is_in_the_json_form_alone)
{
  Session session;
  session.watch_events();
  session.open();
  session.server.send(R"({"sessionResumptionUpdate":{"newHandle":"h4ndle","resumable":true}})");
  session.log.wait_for(R"({"event":"resumption","resumable":true,"handle":"h4ndle"})");
}
GST_END_TEST;

static Suite *session_suite()
{
  Suite *suite = suite_create("session");
  TCase *tcase = tcase_create("session");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_a_session_needs_no_pipeline);
  tcase_add_test(tcase, test_a_session_can_be_opened_again);
  tcase_add_test(tcase, test_the_state_does_not_wait_for_notifications);
  tcase_add_test(tcase, test_the_old_end_does_not_close_the_new_beginning);
  tcase_add_test(tcase, test_text_sent_early_follows_the_setup);
  tcase_add_test(tcase, test_unsent_text_is_bounded);
  tcase_add_test(tcase, test_text_that_is_no_utf8_is_refused);
  tcase_add_test(tcase, test_threads_that_open_at_once_open_one_conversation);
  tcase_add_test(tcase, test_an_error_reaches_who_has_no_bus);
  tcase_add_test(tcase, test_settings_that_do_not_do_are_an_error_of_open);
  tcase_add_test(tcase, test_the_elements_repeat_the_signals);
  tcase_add_test(tcase, test_a_blocked_handler_holds_up_nothing_else);
  tcase_add_test(tcase, test_what_waits_for_a_handler_is_bounded);
  tcase_add_test(tcase, test_an_utterance_without_an_end_is_one_warning);
  tcase_add_test(tcase, test_a_session_can_go_away_at_any_moment);
  tcase_add_test(tcase, test_content_with_roles_is_sent);
  tcase_add_test(tcase, test_content_that_would_end_the_session_is_refused);
  tcase_add_test(tcase, test_the_context_changes_in_order);
  tcase_add_test(tcase, test_activity_is_not_said_where_the_service_finds_it_out);
  tcase_add_test(tcase, test_a_handle_is_in_the_json_form_alone);
  return suite;
}

GST_CHECK_MAIN(session);
