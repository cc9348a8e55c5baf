// A connection that is refused, lost or ended by the service is one error that says what to do.

#include "simulator/simulator.hpp"
#include "support/contains.hpp"
#include "support/pipeline.hpp"

#include <string>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::assert_contains;
using test::PadTap;
using test::Pipeline;

std::string launch(const std::string &url, const std::string &more = "")
{
  return "audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink name=ear api-key=k "
         "base-url=" +
         url + " " + more + " geminilivesrc name=mouth ! fakesink sync=true";
}

} // namespace

GST_START_TEST(test_a_close_is_one_error_with_code_and_reason)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server.url()));
  pipeline.play();
  pipeline.wait_state("ready");
  server.close(1011, "Internal error encountered.");
  GstMessage *message =
      pipeline.wait([](GstMessage *m) { return GST_MESSAGE_TYPE(m) == GST_MESSAGE_ERROR; });
  assert_equals_string(GST_MESSAGE_SRC_NAME(message), "mouth");
  GError *error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  assert_contains(error->message, "1011");
  assert_contains(error->message, "Internal error encountered.");
  g_error_free(error);
  const GstStructure *details = nullptr;
  gst_message_parse_error_details(message, &details);
  guint64 code = 0;
  fail_unless(gst_structure_get_uint64(details, "close-code", &code));
  assert_equals_uint64(code, 1011);
  assert_equals_string(gst_structure_get_string(details, "close-reason"),
                       "Internal error encountered.");
  gboolean retryable = FALSE;
  fail_unless(gst_structure_get_boolean(details, "retryable", &retryable) && retryable);
  gst_message_unref(message);
  // Only the base class's own follow-up of the same source may come behind it.
  pipeline.stop();
  for (GstMessage *more : pipeline.drain()) {
    if (GST_MESSAGE_TYPE(more) == GST_MESSAGE_ERROR)
      assert_equals_string(GST_MESSAGE_SRC_NAME(more), "mouth");
    gst_message_unref(more);
  }
}
GST_END_TEST;

GST_START_TEST(test_what_came_before_is_still_played)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server.url()));
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  pipeline.wait_state("ready");
  server.send_audio(test::marked_samples(24000));
  server.close(1011, "Internal error encountered.");
  pipeline.wait_error();
  pipeline.wait_error(); // of the base class, when the source stops
  fail_unless(test::trim(tap.samples()) == test::marked_samples(24000));
}
GST_END_TEST;

GST_START_TEST(test_after_an_error_the_sink_takes_everything)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("audiotestsrc num-buffers=100 ! audio/x-raw,rate=16000 ! identity name=gate ! "
                    "geminilivesink api-key=k base-url=" +
                    server.url());
  pipeline.play();
  pipeline.wait_state("ready");
  server.close(1011, "Internal error encountered.");
  pipeline.wait_error();
  pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_a_wrong_key_is_named)
{
  Simulator server({.api_key = "right", .scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server.url()));
  pipeline.play();
  const auto text = pipeline.wait_error();
  assert_contains(text, "Check the API key");
  assert_contains(text, "1007");
}
GST_END_TEST;

GST_START_TEST(test_an_unknown_model_is_named)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server.url(), "model=nobody"));
  pipeline.play();
  const auto text = pipeline.wait_error();
  assert_contains(text, "property model");
  assert_contains(text, "models/nobody");
}
GST_END_TEST;

GST_START_TEST(test_a_lost_line_is_an_error)
{
  Simulator server({.scenario = R"({"turns":[],"faults":[{"at":"0.2 s","do":"rst"}]})"});
  Pipeline pipeline(launch(server.url()));
  pipeline.play();
  assert_contains(pipeline.wait_error(), "1006");
}
GST_END_TEST;

GST_START_TEST(test_nobody_there_is_an_error)
{
  std::string url;
  {
    Simulator gone({.scenario = R"({"turns":[]})"});
    url = gone.url();
  }
  Pipeline pipeline(launch(url));
  pipeline.play();
  const auto text = pipeline.wait_error();
  assert_contains(text, "base-url");
  assert_contains(text, url.substr(url.find("//")).c_str());
}
GST_END_TEST;

GST_START_TEST(test_a_wrong_path_is_an_error)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server.url(), "api-version=v9"));
  pipeline.play();
  const auto text = pipeline.wait_error();
  assert_contains(text, "404");
  assert_contains(text, "api-version");
}
GST_END_TEST;

GST_START_TEST(test_a_setup_without_an_answer_times_out)
{
  Simulator server({.scenario = R"({"turns":[],"faults":[{"at":"setup","do":"stall"}]})"});
  Pipeline pipeline(launch(server.url(), "connect-timeout=300000000"));
  pipeline.play();
  assert_contains(pipeline.wait_error(), "connect-timeout");
}
GST_END_TEST;

static Suite *loss_suite()
{
  Suite *suite = suite_create("loss");
  TCase *tcase = tcase_create("loss");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_a_close_is_one_error_with_code_and_reason);
  tcase_add_test(tcase, test_what_came_before_is_still_played);
  tcase_add_test(tcase, test_after_an_error_the_sink_takes_everything);
  tcase_add_test(tcase, test_a_wrong_key_is_named);
  tcase_add_test(tcase, test_an_unknown_model_is_named);
  tcase_add_test(tcase, test_a_lost_line_is_an_error);
  tcase_add_test(tcase, test_nobody_there_is_an_error);
  tcase_add_test(tcase, test_a_wrong_path_is_an_error);
  tcase_add_test(tcase, test_a_setup_without_an_answer_times_out);
  return suite;
}

GST_CHECK_MAIN(loss);
