// Which functions the model is told of, and what is said of those that it cannot be told of.

#include "support/tool_talk.hpp"

namespace {

using test::Tools;
using Kind = Tools::Kind;

constexpr const char *kDeclaration = R"({"name":"look","description":"Look out of the window."})";
constexpr const char *kTwice = "Give every function a name of its own: \"look\" is declared twice";

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

} // namespace

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
  assert_equals_string(error->message, kTwice);
  g_error_free(error);
}
GST_END_TEST;

static Suite *tool_declarations_suite(void)
{
  Suite *suite = suite_create("tool_declarations");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_a_tool_declares_and_answers_in_one_place);
  tcase_add_test(tests, test_a_declaration_needs_a_name);
  tcase_add_test(tests, test_one_function_is_added_once);
  tcase_add_test(tests, test_a_declaration_is_read_when_it_is_added);
  tcase_add_test(tests, test_another_context_declares_each_function_once);
  tcase_add_test(tests, test_one_function_in_two_places_is_an_error);
  return suite;
}

GST_CHECK_MAIN(tool_declarations)
