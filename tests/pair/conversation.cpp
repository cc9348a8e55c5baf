// A spoken conversation through both elements.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Simulator;
using test::at;
using test::PadTap;
using test::Pipeline;

constexpr const char *kVoice = "/usr/share/sounds/alsa/Front_Center.wav";

std::string voice(const char *file)
{
  return "filesrc location=" + std::string(file) + " ! wavparse ! audioconvert ! audioresample ! ";
}

std::string text_of(GstMessage *message, const char *field)
{
  const char *value = gst_structure_get_string(gst_message_get_structure(message), field);
  return value ? value : "";
}

void assert_text(GstMessage *message, const char *expected)
{
  const auto text = text_of(message, "text");
  assert_equals_string(text.c_str(), expected);
}

bool is_final(GstMessage *message, const char *direction)
{
  gboolean final = FALSE;
  return gst_message_has_name(message, "geminilive/transcript") &&
         text_of(message, "direction") == direction &&
         gst_structure_get_boolean(gst_message_get_structure(message), "final", &final) && final;
}

} // namespace

GST_START_TEST(test_a_recorded_question_gets_a_spoken_answer)
{
  Simulator server({.scenario = R"({"turns":[
      {"on":"speech","heard":"Front, centre.","say":"Yes, that is the front, in the centre."}]})"});
  Pipeline pipeline(voice(kVoice) + "geminilivesink" + at(server) +
                    "geminilivesrc name=mouth ! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  GstMessage *heard = pipeline.wait([](GstMessage *m) { return is_final(m, "input"); });
  assert_text(heard, "Front, centre.");
  gst_message_unref(heard);
  GstMessage *said = pipeline.wait([](GstMessage *m) { return is_final(m, "output"); });
  assert_text(said, "Yes, that is the front, in the centre.");
  gst_message_unref(said);
  pipeline.wait_eos();
  const auto answer = test::trim(tap.samples());
  fail_unless(answer.size() > 24000, "only %zu samples were heard", answer.size());
}
GST_END_TEST;

GST_START_TEST(test_what_is_said_is_what_was_heard)
{
  // The model repeats the user, so the recording must come back through both elements.
  Simulator server({.scenario = R"({"turns":[{"on":"speech","parrot":true,"heard":"x"}]})"});
  Pipeline pipeline(voice(kVoice) + "geminilivesink" + at(server) +
                    "geminilivesrc name=mouth ! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  pipeline.wait_eos();
  const auto samples = test::trim(tap.samples());
  const auto peak = *std::max_element(samples.begin(), samples.end());
  fail_unless(peak > 3000, "peak %d", peak);
  fail_unless(samples.size() > 24000);
}
GST_END_TEST;

GST_START_TEST(test_downstream_may_resample)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("geminilivesrc name=mouth" + at(server) +
                    "! audioresample ! audio/x-raw,rate=48000 ! fakesink name=end sync=true");
  PadTap in(pipeline["mouth"], "src");
  PadTap out(pipeline["end"], "sink");
  pipeline.play();
  pipeline.wait_state("ready");
  server.send_audio(test::marked_samples(24000));
  server.send(R"({"serverContent":{"generationComplete":true}})");
  server.send(R"({"serverContent":{"turnComplete":true}})");
  gst_message_unref(pipeline.wait_element("turn-complete"));
  out.wait_for([](const auto &passed) { return passed.size() >= 100; });
  pipeline.set_state(GST_STATE_PAUSED);
  // A second that came as a second leaves as a second: samples and timestamps agree.
  const auto all = out.buffers();
  std::size_t samples = 0;
  for (const auto &buffer : all)
    samples += buffer.samples.size();
  const auto span = all.back().pts + all.back().duration - all.front().pts;
  const auto expected = gst_util_uint64_scale(samples, GST_SECOND, 48000);
  fail_unless(span > expected ? span - expected < 2 * GST_MSECOND
                              : expected - span < 2 * GST_MSECOND);
  const auto heard = test::trim(out.samples()).size();
  fail_unless(heard > 47000 && heard < 49000, "%zu samples", heard);
}
GST_END_TEST;

GST_START_TEST(test_the_setup_says_what_was_set)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink "
                    "voice=Kore model=gemini-3.8-live language=en-GB" +
                    at(server) + "geminilivesrc system-instruction=Be\\ brief. ! fakesink");
  pipeline.play();
  pipeline.wait_state("ready");
  const auto setup = server.received().at(1).json;
  for (const char *part :
       {R"("model":"models/gemini-3.8-live")", R"("voiceName":"Kore")", R"("languageCode":"en-GB")",
        R"("responseModalities":["AUDIO"])", R"("text":"Be brief.")",
        R"("inputAudioTranscription":{})", R"("outputAudioTranscription":{})",
        R"("contextWindowCompression":{"slidingWindow":{}})"})
    fail_unless(setup.find(part) != std::string::npos, "%s is not in %s", part, setup.c_str());
}
GST_END_TEST;

GST_START_TEST(test_typed_text_gets_a_spoken_answer)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"Hello to you."}]})"});
  Pipeline pipeline("geminilivesrc name=mouth" + at(server) + "! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  pipeline.wait_state("ready");
  gboolean sent = FALSE;
  g_signal_emit_by_name(pipeline["mouth"], "send-text", "hi", &sent);
  fail_unless(sent);
  GstMessage *said = pipeline.wait([](GstMessage *m) { return is_final(m, "output"); });
  assert_text(said, "Hello to you.");
  gst_message_unref(said);
  gst_message_unref(pipeline.wait_element("turn-complete"));
  tap.wait_for([](const auto &all) {
    std::ptrdiff_t audible = 0;
    for (const auto &one : all)
      audible += std::count_if(one.samples.begin(), one.samples.end(),
                               [](std::int16_t sample) { return sample != 0; });
    return audible > 8000;
  });
}
GST_END_TEST;

GST_START_TEST(test_the_line_is_secure)
{
  Simulator server({.tls = true, .scenario = R"({"turns":[]})"});
  for (const auto &file :
       {server.ca_file(), std::filesystem::relative(server.ca_file()).string()}) {
    Pipeline trusted("geminilivesrc" + at(server) + "tls-ca-file=" + file + " ! fakesink");
    trusted.play();
    trusted.wait_state("ready");
  }
  Pipeline strange("geminilivesrc" + at(server) + "! fakesink");
  strange.play();
  const auto text = strange.wait_error();
  fail_unless(text.find("tls-ca-file") != std::string::npos, "%s", text.c_str());
}
GST_END_TEST;

GST_START_TEST(test_this_machine_is_reached_past_the_proxy)
{
  g_setenv("http_proxy", "http://127.0.0.1:9", TRUE);
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("geminilivesrc" + at(server) + "! fakesink");
  pipeline.play();
  pipeline.wait_state("ready");
}
GST_END_TEST;

GST_START_TEST(test_progress_is_told)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("geminilivesrc" + at(server) + "! fakesink");
  pipeline.play();
  for (const auto expected : {GST_PROGRESS_TYPE_START, GST_PROGRESS_TYPE_COMPLETE}) {
    GstMessage *message =
        pipeline.wait([](GstMessage *m) { return GST_MESSAGE_TYPE(m) == GST_MESSAGE_PROGRESS; });
    GstProgressType type;
    g_autofree gchar *code = nullptr;
    gst_message_parse_progress(message, &type, &code, nullptr);
    assert_equals_int(type, expected);
    assert_equals_string(code, "open");
    gst_message_unref(message);
  }
}
GST_END_TEST;

static Suite *conversation_suite()
{
  Suite *suite = suite_create("conversation");
  TCase *tcase = tcase_create("conversation");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_a_recorded_question_gets_a_spoken_answer);
  tcase_add_test(tcase, test_what_is_said_is_what_was_heard);
  tcase_add_test(tcase, test_downstream_may_resample);
  tcase_add_test(tcase, test_the_setup_says_what_was_set);
  tcase_add_test(tcase, test_typed_text_gets_a_spoken_answer);
  tcase_add_test(tcase, test_the_line_is_secure);
  tcase_add_test(tcase, test_this_machine_is_reached_past_the_proxy);
  tcase_add_test(tcase, test_progress_is_told);
  return suite;
}

GST_CHECK_MAIN(conversation);
