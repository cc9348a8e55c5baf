// What an application can say besides its voice, and when it reaches the service.

#include "support/session.hpp"

#include <string>
#include <vector>

namespace {

using gemini_live_simulator::Received;
using Kind = Received::Kind;

constexpr const char *kHistory = R"({"historyConfig":{"initialHistoryInClientContent":true}})";
constexpr const char *kTurns = R"([{"role":"user","parts":[{"text":"My name is Ada."}]}])";

struct Talk : test::Session {
  Talk(std::initializer_list<std::pair<const char *, const char *>> settings)
  {
    for (const auto &[name, value] : settings)
      gst_util_set_object_arg(G_OBJECT(object), name, value);
    watch_events();
  }
  // What the service was told after the setup.
  std::vector<Kind> said() const
  {
    std::vector<Kind> all;
    for (const auto &one : server.received())
      if (one.kind != Kind::connect && one.kind != Kind::setup)
        all.push_back(one.kind);
    return all;
  }
  void wait_said(const std::vector<Kind> &expected) const
  {
    fail_unless(server.wait_for([&](const auto &) { return said().size() >= expected.size(); }));
    fail_unless(said() == expected);
  }
  bool text(const char *words)
  {
    return take(gst_gemini_live_session_send_text(object, words, &error_));
  }
  bool content(const char *turns, bool complete)
  {
    return take(gst_gemini_live_session_send_content(object, turns, complete, &error_));
  }

  std::string why; // the last of them was refused

private:
  bool take(gboolean sent)
  {
    fail_unless(!sent == (error_ != nullptr));
    why = error_ ? error_->message : "";
    g_clear_error(&error_);
    return sent;
  }

  GError *error_ = nullptr;
};

} // namespace

GST_START_TEST(test_history_comes_first)
{
  Talk talk{{"config", kHistory}};
  talk.open();
  fail_unless(talk.text("What is my name?")); // waits for the history
  fail_unless(talk.content(kTurns, false));
  talk.wait_said({Kind::client_content});
  fail_unless(talk.content(R"([{"role":"model","parts":[{"text":"Nice to meet you."}]}])", true));
  talk.wait_said({Kind::client_content, Kind::client_content, Kind::text});
}
GST_END_TEST;

GST_START_TEST(test_what_is_said_before_the_line_is_there_keeps_its_order)
{
  Talk talk{{"turn-detection", "manual"}};
  fail_unless(gst_gemini_live_session_open(talk.object, nullptr));
  fail_unless(talk.text("one"));
  gst_gemini_live_session_activity_start(talk.object);
  fail_unless(talk.text("two"));
  gst_gemini_live_session_activity_end(talk.object);
  fail_unless(talk.text("three"));
  talk.wait_said({Kind::text, Kind::activity_start, Kind::text, Kind::activity_end, Kind::text});
}
GST_END_TEST;

GST_START_TEST(test_a_model_that_takes_content_first_only)
{
  Talk talk{{"model", "gemini-3.1-flash-live-preview"}, {"config", kHistory}};
  talk.open();
  fail_unless(talk.content(kTurns, true));
  fail_unless(!talk.content(kTurns, true));
  fail_unless(g_str_has_prefix(talk.why.c_str(), "Send text, or set historyConfig"), "%s",
              talk.why.c_str());
  fail_unless(talk.text("What is my name?"));
  talk.wait_said({Kind::client_content, Kind::text});
}
GST_END_TEST;

GST_START_TEST(test_history_that_never_comes)
{
  Talk talk{{"config", kHistory}};
  talk.open();
  fail_unless(talk.text("What is my name?"));
  gst_gemini_live_session_close(talk.object);
  const auto warns = [](const std::string &line) {
    return line.find("\"warning\"") != line.npos && line.find("historyConfig") != line.npos;
  };
  talk.log.wait_for_count(warns, 1);
  talk.open(); // and of itself, if it is late
  talk.log.wait_for_count(warns, 2);
}
GST_END_TEST;

GST_START_TEST(test_what_says_nothing_is_not_sent)
{
  Talk talk{};
  talk.open();
  fail_unless(!talk.text("") && talk.why.find("it is empty") != talk.why.npos);
  for (const char *turns : {static_cast<const char *>(nullptr), "[]"})
    fail_unless(!talk.content(turns, false) && talk.why.find("say nothing") != talk.why.npos);
  fail_unless(!talk.content(R"([{"role":"user","parts":[{"inlinedata":{}}]}])", true));
  fail_unless(talk.why.find("\"inlineData\"") != talk.why.npos, "%s", talk.why.c_str());
  fail_unless(talk.content("[]", true));
  talk.wait_said({Kind::client_content});
}
GST_END_TEST;

GST_START_TEST(test_a_turn_of_the_system)
{
  constexpr const char *kInstruction = R"([{"role":"system","parts":[{"text":"Sing."}]}])";
  const struct {
    const char *model, *backend;
    bool takes;
  } kRows[] = {
      {"gemini-live-2.5-flash-native-audio", "vertex", true},
      {"gemini-3.8-live", "vertex", false},
      {"gemini-2.5-flash-native-audio-preview-12-2025", "gemini", false},
  };
  for (const auto &[model, backend, takes] : kRows) {
    Talk talk{{"model", model}, {"backend", backend}};
    talk.open();
    fail_unless(talk.content(kInstruction, false) == takes, "%s", model);
    if (!takes)
      fail_unless(g_str_has_prefix(talk.why.c_str(), "Update the context"), "%s", talk.why.c_str());
    fail_unless(talk.content(kTurns, true));
    const auto content = Kind::client_content;
    talk.wait_said(takes ? std::vector{content, content} : std::vector{content});
  }
}
GST_END_TEST;

GST_START_TEST(test_a_context_that_the_model_refuses)
{
  Talk talk{{"model", "gemini-3.8-live"}};
  talk.open();
  const auto update = [&](const char *tools) {
    GError *error = nullptr;
    const bool sent = gst_gemini_live_session_update_context(talk.object, nullptr, tools, &error);
    talk.why = error ? error->message : "";
    g_clear_error(&error);
    return sent;
  };
  fail_unless(!update(R"([{"codeExecution":{}}])"));
  fail_unless(talk.why.starts_with("Leave codeExecution out of the tools"), "%s", talk.why.c_str());
  fail_unless(!update(R"([{"name":"f"},{"name":"f"}])"));
  fail_unless(talk.why.find("declared twice") != talk.why.npos, "%s", talk.why.c_str());
  fail_unless(update(R"([{"name":"f"}])"));
  talk.wait_said({Kind::context_update});
}
GST_END_TEST;

GST_START_TEST(test_a_model_that_takes_no_text)
{
  Talk talk{{"model", "gemini-3.5-live-translate-preview"}};
  talk.open();
  fail_unless(!talk.text("Hello") && !talk.content(kTurns, true));
  fail_unless(g_str_has_prefix(talk.why.c_str(), "Speak to the model: "), "%s", talk.why.c_str());
}
GST_END_TEST;

GST_START_TEST(test_the_application_says_when_the_user_speaks)
{
  Talk talk{
      {"config", R"({"realtimeInputConfig":{"automaticActivityDetection":{"disabled":true}}})"}};
  talk.open();
  gst_gemini_live_session_activity_end(talk.object); // nothing has begun
  gst_gemini_live_session_activity_start(talk.object);
  gst_gemini_live_session_activity_start(talk.object); // it has begun
  gst_gemini_live_session_activity_end(talk.object);
  fail_unless(talk.text("Hello"));
  fail_unless(talk.server.wait_for([&](const auto &) { return talk.said().size() == 3; }));
  auto said = talk.said();
  std::erase(said, Kind::text);
  fail_unless(said == std::vector({Kind::activity_start, Kind::activity_end}));
  g_signal_emit_by_name(talk.object, "activity-start");
  fail_unless(talk.server.wait_for([&](const auto &) { return talk.said().size() == 4; }));
  gst_gemini_live_session_end_audio(talk.object); // ends the activity
  fail_unless(talk.server.wait_for([&](const auto &) { return talk.said().size() == 5; }));
  fail_unless(talk.said().back() == Kind::activity_end);
}
GST_END_TEST;

GST_START_TEST(test_tools_of_another_context_are_those_of_the_settings)
{
  Talk talk{};
  talk.open();
  GError *error = nullptr;
  fail_unless(gst_gemini_live_session_update_context(
      talk.object, nullptr,
      R"([{"name":"look","description":"Look.","x-scheduling":"SILENT"},{"google_search":{}}])",
      &error));
  talk.wait_said({Kind::context_update});
  const auto sent = talk.server.received().back().json;
  assert_equals_string(sent.c_str(),
                       R"({"contextUpdate":{"tools":{"tools":[{"functionDeclarations":[)"
                       R"({"name":"look","description":"Look."}]},{"googleSearch":{}}]}}})");
  fail_unless(!gst_gemini_live_session_update_context(
      talk.object, nullptr, R"([{"name":"look","descripton":""}])", &error));
  fail_unless(strstr(error->message, "description") != nullptr, "%s", error->message);
  g_error_free(error);
}
GST_END_TEST;

GST_START_TEST(test_the_log_of_the_wire_is_whole_and_has_no_secrets)
{
  static GMutex guard;
  static std::string log;
  gst_debug_set_threshold_for_name("geminilivewire", GST_LEVEL_LOG);
  const GstLogFunction write = [](GstDebugCategory *category, GstDebugLevel, const gchar *,
                                  const gchar *, gint, GObject *, GstDebugMessage *message,
                                  gpointer) {
    if (!g_str_equal(gst_debug_category_get_name(category), "geminilivewire"))
      return;
    g_mutex_lock(&guard);
    log += std::string(gst_debug_message_get(message)) + "\n";
    g_mutex_unlock(&guard);
  };
  gst_debug_add_log_function(write, nullptr, nullptr);
  {
    Talk talk{{"api-key", "s3cret-key"}};
    talk.open();
    fail_unless(talk.text("Hello"));
    talk.wait_said({Kind::text});
    talk.server.send(
        R"({"sessionResumptionUpdate":{"newHandle":"s3cret-handle","resumable":true}})");
    talk.server.send_audio(std::vector<std::int16_t>(4800, 1));
    talk.server.send(R"({"serverContent":{"turnComplete":true}})");
    talk.log.wait_for("turn 1 complete");
  }
  g_mutex_lock(&guard);
  for (const char *part :
       {R"(to {"setup":)", R"(to {"realtimeInput":{"text":"Hello"}})",
        R"(from {"setupComplete":{}})", R"(from {"sessionResumptionUpdate":{"newHandle":"***")",
        R"("data":"AQABAAEAAQABAAEA… 12800)", R"(from {"serverContent":{"turnComplete":true}})"})
    fail_unless(log.find(part) != std::string::npos, "%s is not in %s", part, log.c_str());
  fail_unless(log.find("s3cret") == std::string::npos, "%s", log.c_str());
  g_mutex_unlock(&guard);
}
GST_END_TEST;

static Suite *saying_suite(void)
{
  Suite *suite = suite_create("saying");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_history_comes_first);
  tcase_add_test(tests, test_what_is_said_before_the_line_is_there_keeps_its_order);
  tcase_add_test(tests, test_a_model_that_takes_content_first_only);
  tcase_add_test(tests, test_history_that_never_comes);
  tcase_add_test(tests, test_what_says_nothing_is_not_sent);
  tcase_add_test(tests, test_a_turn_of_the_system);
  tcase_add_test(tests, test_a_context_that_the_model_refuses);
  tcase_add_test(tests, test_a_model_that_takes_no_text);
  tcase_add_test(tests, test_the_application_says_when_the_user_speaks);
  tcase_add_test(tests, test_tools_of_another_context_are_those_of_the_settings);
  tcase_add_test(tests, test_the_log_of_the_wire_is_whole_and_has_no_secrets);
  return suite;
}

GST_CHECK_MAIN(saying)
