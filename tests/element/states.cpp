// What an element says when its settings cannot be used. No service is needed for that.

#include "refusal.hpp"
#include "support/contains.hpp"

#include <gst/check/gstcheck.h>

#include <string>

using test::assert_contains;
using test::refusal;

GST_START_TEST(test_a_missing_key_is_asked_for)
{
  g_unsetenv("GOOGLE_API_KEY");
  g_unsetenv("GEMINI_API_KEY");
  const auto text = refusal("geminilivesrc ! fakesink", GST_STATE_PLAYING, GST_RESOURCE_ERROR,
                            GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  assert_contains(text, "GOOGLE_API_KEY");
}
GST_END_TEST;

GST_START_TEST(test_two_values_of_one_setting_name_both_elements)
{
  const auto text = refusal("geminilivesrc name=mouth voice=Puck api-key=k ! fakesink "
                            "audiotestsrc ! geminilivesink name=ear voice=Kore",
                            GST_STATE_PAUSED, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  assert_contains(text, "voice");
  assert_contains(text, "mouth");
  assert_contains(text, "ear");
}
GST_END_TEST;

GST_START_TEST(test_two_audio_sinks_need_two_sessions)
{
  const auto text =
      refusal("audiotestsrc ! geminilivesink name=a audiotestsrc ! geminilivesink name=b",
              GST_STATE_READY, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  assert_contains(text, "session-name");
}
GST_END_TEST;

GST_START_TEST(test_two_audio_sources_need_two_sessions)
{
  const auto text = refusal("geminilivesrc ! fakesink geminilivesrc ! fakesink", GST_STATE_READY,
                            GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  assert_contains(text, "session-name");
}
GST_END_TEST;

GST_START_TEST(test_a_url_that_is_none_is_named)
{
  const auto text = refusal("geminilivesrc api-key=k base-url=ftp://x ! fakesink", GST_STATE_PAUSED,
                            GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  assert_contains(text, "base-url");
  assert_contains(text, "ftp://x");
}
GST_END_TEST;

GST_START_TEST(test_a_key_does_not_go_over_plain_http_to_another_host)
{
  const auto text = refusal("geminilivesrc api-key=secret base-url=http://192.0.2.1/ ! fakesink",
                            GST_STATE_PAUSED, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS);
  assert_contains(text, "allow-insecure");
  fail_unless(text.find("secret") == std::string::npos);
}
GST_END_TEST;

GST_START_TEST(test_a_key_file_must_be_there)
{
  const auto text = refusal("geminilivesrc api-key-file=/nonexistent/key ! fakesink",
                            GST_STATE_PAUSED, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ);
  assert_contains(text, "/nonexistent/key");
}
GST_END_TEST;

GST_START_TEST(test_a_key_cannot_be_read_back)
{
  for (const char *name :
       {"geminilivesrc", "geminilivesink", "geminilivetextsrc", "geminilivetextsink"}) {
    GstElement *element = gst_element_factory_make(name, nullptr);
    GParamSpec *pspec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), "api-key");
    fail_unless(pspec != nullptr);
    fail_if(pspec->flags & G_PARAM_READABLE);
    gst_object_unref(element);
  }
}
GST_END_TEST;

GST_START_TEST(test_a_base_url_reads_back_without_its_secrets)
{
  GstElement *element = gst_element_factory_make("geminilivesrc", nullptr);
  g_object_set(element, "base-url", "https://user:word@example.org:81/prefix?key=secret", nullptr);
  gchar *url = nullptr;
  g_object_get(element, "base-url", &url, nullptr);
  assert_equals_string(url, "https://example.org:81/prefix");
  g_free(url);
  gst_object_unref(element);
}
GST_END_TEST;

GST_START_TEST(test_elements_can_be_made_and_thrown_away)
{
  for (const char *name :
       {"geminilivesrc", "geminilivesink", "geminilivetextsrc", "geminilivetextsink"}) {
    GstElement *element = gst_element_factory_make(name, nullptr);
    fail_unless(gst_element_set_state(element, GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
    fail_unless(gst_element_set_state(element, GST_STATE_NULL) == GST_STATE_CHANGE_SUCCESS);
    fail_unless(gst_element_set_state(element, GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS);
    fail_unless(gst_element_set_state(element, GST_STATE_NULL) == GST_STATE_CHANGE_SUCCESS);
    gst_object_unref(element);
  }
}
GST_END_TEST;

static Suite *states_suite()
{
  Suite *suite = suite_create("states");
  TCase *tcase = tcase_create("states");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_a_missing_key_is_asked_for);
  tcase_add_test(tcase, test_two_values_of_one_setting_name_both_elements);
  tcase_add_test(tcase, test_two_audio_sinks_need_two_sessions);
  tcase_add_test(tcase, test_two_audio_sources_need_two_sessions);
  tcase_add_test(tcase, test_a_url_that_is_none_is_named);
  tcase_add_test(tcase, test_a_key_does_not_go_over_plain_http_to_another_host);
  tcase_add_test(tcase, test_a_key_file_must_be_there);
  tcase_add_test(tcase, test_a_key_cannot_be_read_back);
  tcase_add_test(tcase, test_a_base_url_reads_back_without_its_secrets);
  tcase_add_test(tcase, test_elements_can_be_made_and_thrown_away);
  return suite;
}

GST_CHECK_MAIN(states);
