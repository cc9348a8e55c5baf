// The settings as properties: their ranges, and what an element says of those that do not do.

#include "refusal.hpp"
#include "support/contains.hpp"
#include "support/text_file.hpp"

#include <gst/check/gstcheck.h>
#include <gst/geminilive/geminilive.h>

#include <cmath>
#include <string>

namespace {

using test::assert_contains;

// The error with which a source with these settings refuses to start.
std::string refusal(const std::string &settings, gint code = GST_RESOURCE_ERROR_SETTINGS)
{
  return test::refusal("geminilivesrc api-key=k " + settings + " ! fakesink", GST_STATE_PAUSED,
                       GST_RESOURCE_ERROR, code);
}

// As a launch line quotes it.
std::string quoted(const std::string &json)
{
  std::string text = "\"";
  for (const char c : json)
    text += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return text + "\"";
}

} // namespace

GST_START_TEST(test_values_out_of_range_are_not_taken)
{
  GstElement *element = gst_element_factory_make("geminilivesrc", nullptr);
  const auto keeps_double = [&](const char *name, double wrong) {
    g_object_set(element, name, 0.5, nullptr);
    ASSERT_WARNING(g_object_set(element, name, wrong, nullptr));
    double value = 0;
    g_object_get(element, name, &value, nullptr);
    fail_unless(value == 0.5, "%s is %g", name, value);
  };
  keeps_double("temperature", 2.5);
  keeps_double("temperature", -2.0);
  keeps_double("top-p", 1.5);
  const auto keeps_int = [&](const char *name, int wrong) {
    g_object_set(element, name, 5, nullptr);
    ASSERT_WARNING(g_object_set(element, name, wrong, nullptr));
    int value = 0;
    g_object_get(element, name, &value, nullptr);
    fail_unless_equals_int(value, 5);
  };
  keeps_int("top-k", -2);
  keeps_int("max-output-tokens", -2);
  keeps_int("thinking-budget", -3);
  g_object_set(element, "seed", gint64{5}, nullptr);
  ASSERT_WARNING(g_object_set(element, "seed", G_MAXINT64, nullptr));
  gint64 seed = 0;
  g_object_get(element, "seed", &seed, nullptr);
  fail_unless_equals_int64(seed, 5);
  gst_object_unref(element);
}
GST_END_TEST;

GST_START_TEST(test_what_was_set_is_read_back)
{
  GstElement *element = gst_element_factory_make("geminilivesink", nullptr);
  g_object_set(element, "temperature", 0.25, "seed", gint64{7}, "thinking-level",
               GST_GEMINI_LIVE_THINKING_LEVEL_HIGH, "prefix-padding", guint64{5}, "tools", "[]",
               nullptr);
  double temperature = 0;
  gint64 seed = 0;
  GstGeminiLiveThinkingLevel level;
  guint64 padding = 0, silence = 0;
  gchar *tools = nullptr, *config = nullptr;
  g_object_get(element, "temperature", &temperature, "seed", &seed, "thinking-level", &level,
               "prefix-padding", &padding, "silence-duration", &silence, "tools", &tools, "config",
               &config, nullptr);
  fail_unless(temperature == 0.25);
  fail_unless_equals_int64(seed, 7);
  fail_unless_equals_int(level, GST_GEMINI_LIVE_THINKING_LEVEL_HIGH);
  fail_unless_equals_uint64(padding, 5);
  fail_unless_equals_uint64(silence, GST_CLOCK_TIME_NONE);
  assert_equals_string(tools, "[]");
  fail_unless(config == nullptr);
  g_free(tools);
  gst_object_unref(element);
}
GST_END_TEST;

GST_START_TEST(test_two_elements_may_not_disagree_about_numbers)
{
  for (const char *two : {"temperature=0.5 ! fakesink geminilivetextsink temperature=0.75",
                          "seed=1 ! fakesink geminilivetextsink seed=2",
                          "silence-duration=0 ! fakesink geminilivetextsink silence-duration=5"}) {
    test::Pipeline pipeline("geminilivesrc api-key=k " + std::string(two));
    fail_unless_equals_int(gst_element_set_state(pipeline.get(), GST_STATE_PAUSED),
                           GST_STATE_CHANGE_FAILURE);
    const auto text = pipeline.wait_error();
    assert_contains(text, std::string(two).substr(0, std::string(two).find('=')).c_str());
    assert_contains(text, "geminilivetextsink");
  }
}
GST_END_TEST;

GST_START_TEST(test_config_that_is_no_json_is_located)
{
  const auto text = refusal("config=" + quoted(R"({"temperature": tru})"));
  assert_contains(text, "config");
  assert_contains(text, "line 1, column ");
}
GST_END_TEST;

GST_START_TEST(test_tools_that_are_no_list_are_told)
{
  assert_contains(refusal("tools=" + quoted(R"({"name":"f"})")),
                  "Correct tools: it must be a list");
  assert_contains(refusal("tools=" + quoted("[{]")), "Correct tools: it is no JSON");
}
GST_END_TEST;

GST_START_TEST(test_an_unknown_name_is_told_with_the_nearest)
{
  const auto text = refusal("config=" + quoted(R"({"speechConfig":{"languageCod":"de"}})"));
  assert_contains(text, "speechConfig.languageCod");
  assert_contains(text, "\"languageCode\"");
}
GST_END_TEST;

GST_START_TEST(test_one_function_of_two_settings_is_told)
{
  const auto text = refusal("tools=" + quoted(R"([{"name":"hang_up"}])") +
                            " config=" + quoted(R"({"tools":[{"name":"hang_up"}]})"));
  assert_contains(text, "hang_up");
}
GST_END_TEST;

GST_START_TEST(test_what_the_model_refuses_is_told_before_connecting)
{
  const auto text = refusal("thinking-level=low");
  assert_contains(text, "thinking-level");
  assert_contains(text, "gemini-3.8-live");
}
GST_END_TEST;

GST_START_TEST(test_a_file_that_is_not_there_is_told)
{
  for (const char *setting : {"config", "tools"}) {
    const auto text =
        refusal(std::string(setting) + "=@/nonexistent/file.json", GST_RESOURCE_ERROR_OPEN_READ);
    assert_contains(text, setting);
    assert_contains(text, "/nonexistent/file.json");
  }
}
GST_END_TEST;

GST_START_TEST(test_a_file_that_does_not_do_is_told)
{
  const test::TextFile empty(""), text("hello"), latin("{\"labels\":{\"a\":\"\xe4\"}}");
  assert_contains(refusal("config=@" + empty.path()), "empty");
  assert_contains(refusal("config=@" + text.path()), "it is no JSON");
  assert_contains(refusal("config=@" + latin.path()), "UTF-8");
}
GST_END_TEST;

GST_START_TEST(test_a_session_says_so_too)
{
  GstGeminiLiveSession *session = gst_gemini_live_session_new();
  g_object_set(session, "api-key", "k", "config", R"({"temprature":1})", "top-p", 0.5, nullptr);
  GError *error = nullptr;
  fail_if(gst_gemini_live_session_open(session, &error));
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
  assert_contains(error->message, "\"temperature\"");
  g_error_free(error);
  gst_object_unref(session);
}
GST_END_TEST;

static Suite *settings_suite()
{
  Suite *suite = suite_create("settings");
  TCase *tcase = tcase_create("settings");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_values_out_of_range_are_not_taken);
  tcase_add_test(tcase, test_what_was_set_is_read_back);
  tcase_add_test(tcase, test_two_elements_may_not_disagree_about_numbers);
  tcase_add_test(tcase, test_config_that_is_no_json_is_located);
  tcase_add_test(tcase, test_tools_that_are_no_list_are_told);
  tcase_add_test(tcase, test_an_unknown_name_is_told_with_the_nearest);
  tcase_add_test(tcase, test_one_function_of_two_settings_is_told);
  tcase_add_test(tcase, test_what_the_model_refuses_is_told_before_connecting);
  tcase_add_test(tcase, test_a_file_that_is_not_there_is_told);
  tcase_add_test(tcase, test_a_file_that_does_not_do_is_told);
  tcase_add_test(tcase, test_a_session_says_so_too);
  return suite;
}

GST_CHECK_MAIN(settings);
