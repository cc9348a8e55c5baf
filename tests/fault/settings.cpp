// Settings that cannot be used. Each is refused before anything is connected, by its name.

#include "trial.hpp"

using test::Trial;

namespace {

// The error with which a source refuses to go to PAUSED.
struct Refusal {
  const char *name;
  const char *property;
  const char *value;
  GstResourceError error;
  const char *advice;
};

constexpr Refusal kRefusals[] = {
    {"an_instruction_file_that_is_not_there_is_one_error", "system-instruction-file",
     "/nonexistent/file", GST_RESOURCE_ERROR_OPEN_READ, "Make system-instruction-file readable"},
    {"a_file_without_an_end_is_one_error", "config", "@/dev/zero", GST_RESOURCE_ERROR_OPEN_READ,
     "Make config readable: '/dev/zero' holds more than 16 MiB"},
    {"a_folder_for_a_file_is_one_error", "system-instruction-file", "/tmp",
     GST_RESOURCE_ERROR_OPEN_READ, "Make system-instruction-file readable: '/tmp': "},
    {"a_ca_file_that_is_not_there_is_one_error", "tls-ca-file", "/nonexistent/file",
     GST_RESOURCE_ERROR_OPEN_READ, "Set tls-ca-file to a PEM file of certificates"},
    {"a_ca_file_without_a_certificate_is_one_error", "tls-ca-file", "/dev/null",
     GST_RESOURCE_ERROR_OPEN_READ, "Set tls-ca-file to a PEM file of certificates"},
    {"a_proxy_of_another_scheme_is_one_error", "proxy", "ftp://user:secret@127.0.0.1:1",
     GST_RESOURCE_ERROR_SETTINGS, "Set proxy to a URI such as http://HOST:PORT"},
    {"a_proxy_without_a_scheme_is_one_error", "proxy", "user:secret@127.0.0.1:3128",
     GST_RESOURCE_ERROR_SETTINGS, "Set proxy to a URI such as http://HOST:PORT"},
    {"a_proxy_with_a_bad_port_is_one_error", "proxy", "http://user:secret@127.0.0.1:99999",
     GST_RESOURCE_ERROR_SETTINGS, "Set proxy to a URI such as http://HOST:PORT"},
    {"a_proxy_without_a_host_is_one_error", "proxy", "socks5://", GST_RESOURCE_ERROR_SETTINGS,
     "Set proxy to a URI such as http://HOST:PORT"},
    {"a_voice_that_is_no_utf8_is_one_error", "voice",
     "P\xfc"
     "ck",
     GST_RESOURCE_ERROR_SETTINGS, "Set voice to text in UTF-8"},
    {"an_instruction_that_is_no_utf8_is_one_error", "system-instruction", "Sprich sch\xf6n.",
     GST_RESOURCE_ERROR_SETTINGS, "Set system-instruction to text in UTF-8"},
    {"a_version_with_a_path_in_it_is_one_error", "api-version", "../v2",
     GST_RESOURCE_ERROR_SETTINGS, "Set api-version to a version as v1beta"},
    {"a_temperature_of_five_is_one_error", "config", R"({"temperature":5})",
     GST_RESOURCE_ERROR_SETTINGS, "Correct temperature in config: it must be from 0 to 2"},
    {"a_function_without_a_name_is_one_error", "tools",
     R"([{"functionDeclarations":[{"description":"Look."}]}])", GST_RESOURCE_ERROR_SETTINGS,
     "Correct [0].functionDeclarations[0] in tools: it needs a name"},
    {"a_key_with_a_line_break_is_one_error", "api-key", "secret\nX-Header: 1",
     GST_RESOURCE_ERROR_SETTINGS, "Check the API key"},
};

// GLib says what it does not take, and the old value stays.
struct Range {
  const char *name;
  const char *element;
  const char *property;
  guint64 value;
};

constexpr Range kRanges[] = {
    {"a_cushion_out_of_range_is_refused", "geminilivesrc", "cushion", 11 * GST_SECOND},
    {"a_chunk_of_nothing_is_refused", "geminilivesink", "chunk-duration", 0},
    {"a_chunk_out_of_range_is_refused", "geminilivesink", "chunk-duration", 11 * GST_SECOND},
    {"a_buffer_out_of_range_is_refused", "geminilivesink", "max-buffered", G_MAXUINT64},
    {"a_timeout_out_of_range_is_refused", "geminilivetextsink", "connect-timeout", G_MAXUINT64},
    {"a_patience_out_of_range_is_refused", "geminilivetextsrc", "drain-timeout", G_MAXUINT64},
};

void collect(const gchar *, GLogLevelFlags, const gchar *message, gpointer said)
{
  static_cast<std::vector<std::string> *>(said)->emplace_back(message);
}

} // namespace

GST_START_TEST(test_refusal)
{
  const auto &row = kRefusals[__i__];
  test::Pipeline pipeline("geminilivesrc name=mouth api-key=secret ! fakesink");
  g_object_set(pipeline["mouth"], row.property, row.value, nullptr);
  fail_unless(gst_element_set_state(pipeline.get(), GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE,
              "%s", row.name);
  unsigned errors = 0;
  for (GstMessage *message : pipeline.drain()) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      GError *error = nullptr;
      gst_message_parse_error(message, &error, nullptr);
      fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, row.error), "%s: %s", row.name,
                  error->message);
      Trial::expect(row.name, {.text = error->message}, row.advice);
      fail_unless(!g_strrstr(error->message, "secret"), "%s: the key is shown", row.name);
      g_error_free(error);
      errors++;
    }
    gst_message_unref(message);
  }
  fail_unless(errors == 1, "%s: %u errors", row.name, errors);
}
GST_END_TEST;

GST_START_TEST(a_key_does_not_go_in_the_clear_to_a_proxy_elsewhere)
{
  const auto launch = [](const char *more) {
    return std::string("geminilivesrc api-key=hush base-url=http://127.0.0.1:1 ") + more +
           " ! fakesink";
  };
  test::Pipeline elsewhere(launch("proxy=socks5://user:hush@192.0.2.1:1080"));
  fail_unless(gst_element_set_state(elsewhere.get(), GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE);
  const auto text = elsewhere.wait_error();
  fail_unless(text == "Use https in base-url, unset proxy, or set allow-insecure: "
                      "'socks5://192.0.2.1:1080' would get the credentials in the clear",
              "%s", text.c_str());
  for (const auto *more :
       {"proxy=socks5://127.0.0.1:1", "proxy=socks5://192.0.2.1:1080 allow-insecure=true"}) {
    test::Pipeline allowed(launch(more));
    fail_if(gst_element_set_state(allowed.get(), GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE,
            "%s", more);
    allowed.stop();
  }
}
GST_END_TEST;

GST_START_TEST(test_range)
{
  const auto &row = kRanges[__i__];
  GstElement *element = gst_element_factory_make(row.element, nullptr);
  guint64 before = 0, after = 0;
  g_object_get(element, row.property, &before, nullptr);
  std::vector<std::string> said;
  g_log_set_handler("GLib-GObject",
                    static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL),
                    collect, &said);
  g_object_set(element, row.property, row.value, nullptr);
  fail_unless(said.size() == 1, "%s: %u warnings", row.name, static_cast<unsigned>(said.size()));
  Trial::expect(row.name, {.text = said[0]}, row.property);
  Trial::expect(row.name, {.text = said[0]}, "out of range");
  g_object_get(element, row.property, &after, nullptr);
  fail_unless(after == before, "%s: the value has changed", row.name);
  gst_object_unref(element);
}
GST_END_TEST;

GST_START_TEST(a_choice_that_is_none_is_an_error_of_the_launch_line)
{
  for (const char *line : {"geminilivesrc modality=smell", "geminilivesink leaky-type=perhaps",
                           "geminilivetextsrc which=all"}) {
    GError *error = nullptr;
    GstElement *element = gst_parse_launch(line, &error);
    fail_unless(g_error_matches(error, GST_PARSE_ERROR, GST_PARSE_ERROR_COULD_NOT_SET_PROPERTY),
                "%s: %s", line, error ? error->message : "no error");
    g_error_free(error);
    if (element)
      gst_object_unref(element);
  }
}
GST_END_TEST;

static Suite *settings_suite()
{
  Suite *suite = suite_create("settings");
  TCase *tcase = tcase_create("settings");
  suite_add_tcase(suite, tcase);
  test::add_rows(tcase, kRefusals, test_refusal);
  test::add_rows(tcase, kRanges, test_range);
  tcase_add_test(tcase, a_key_does_not_go_in_the_clear_to_a_proxy_elsewhere);
  tcase_add_test(tcase, a_choice_that_is_none_is_an_error_of_the_launch_line);
  return suite;
}

GST_CHECK_MAIN(settings);
