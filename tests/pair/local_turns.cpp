// The session itself finds out when the user speaks: the service hears speech and nothing else, between
// its marks.

#include "support/harnessed.hpp"
#include "support/noise.hpp"
#include "support/pipeline.hpp"
#include "support/received.hpp"
#include "support/recorded_voice.hpp"
#include "support/session.hpp"
#include "support/text_file.hpp"

#include <algorithm>
#include <cstdint>
#include <list>
#include <string>
#include <vector>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::PadTap;
using test::Pipeline;
using Kind = Received::Kind;
using test::count;

constexpr const char *kVoice =
    "filesrc location=/usr/share/sounds/alsa/Front_Center.wav ! wavparse ! "
    "audioconvert ! audioresample ! queue ! c. ";
constexpr const char *kQuiet = R"({"turns":[]})";

// Noise, in tenths of a second.
std::string noise(std::size_t tenths)
{
  static std::list<test::TextFile> files; // as long as the test
  const auto samples = test::noisy(std::vector<std::int16_t>(1600 * tenths), -55);
  files.emplace_back(
      std::string(reinterpret_cast<const char *>(samples.data()), 2 * samples.size()));
  return "filesrc blocksize=3200 location=" + files.back().path() +
         " ! rawaudioparse sample-rate=16000 num-channels=1 ! queue ! c. ";
}

// What is heard comes one after the other.
std::string sink(const Simulator &server, const std::string &settings = "")
{
  return "concat name=c ! geminilivesink name=ear turn-detection=local api-key=k base-url=" +
         server.url() + " " + settings + " ";
}

void wait_for(const Simulator &server, Kind kind, std::size_t wanted)
{
  fail_unless(server.wait_for([&](const auto &all) { return count(all, kind) == wanted; }));
}

// What was said between marks, each a piece of its own. There is nothing outside.
std::vector<std::vector<std::uint8_t>> activities(const std::vector<Received> &all)
{
  std::vector<std::vector<std::uint8_t>> found;
  bool open = false;
  for (const auto &one : all) {
    if (one.kind == Kind::activity_start) {
      fail_unless(!std::exchange(open, true), "a start in an activity");
      found.emplace_back();
    } else if (one.kind == Kind::activity_end)
      fail_unless(std::exchange(open, false), "an end of nothing");
    else if (one.kind == Kind::audio) {
      fail_unless(open, "audio outside of an activity");
      found.back().insert(found.back().end(), one.data.begin(), one.data.end());
    }
    fail_unless(one.kind != Kind::audio_stream_end, "of no use here");
  }
  fail_unless(!open, "an activity without an end");
  return found;
}

void ignore(GstMessage *message)
{
  gst_message_unref(message);
}

} // namespace

GST_START_TEST(test_only_speech_is_sent_between_its_marks)
{
  Simulator server({.scenario = kQuiet});
  Pipeline pipeline(sink(server, "sync=false") + noise(20) + kVoice + noise(15) + kVoice);
  PadTap tap(pipeline["ear"], "sink");
  pipeline.play();
  wait_for(server, Kind::activity_end, 2);
  const auto said = activities(server.received());
  assert_equals_uint64(said.size(), 2);
  const auto heard = tap.samples();
  const auto *bytes = reinterpret_cast<const std::uint8_t *>(heard.data());
  const auto *from = bytes;
  for (const auto &one : said) {
    from = std::search(from, bytes + 2 * heard.size(), one.begin(), one.end());
    fail_unless(from != bytes + 2 * heard.size(),
                "no piece of what was heard, or not in its order");
    fail_unless(one.size() > 32000 && one.size() < 90'000, "%zu bytes", one.size());
    from += one.size();
  }
  // It was still spoken when the stream ended, so nothing is missing.
  fail_unless(from == bytes + 2 * heard.size(), "%zu bytes are missing",
              static_cast<std::size_t>(bytes + 2 * heard.size() - from));
}
GST_END_TEST;

GST_START_TEST(test_noise_is_no_reason_to_answer)
{
  Simulator server({.scenario = R"({"turns":[{"on":"speech","say":"Pardon?"}]})"});
  Pipeline pipeline(sink(server, "sync=false") + noise(100) + "geminilivesrc ! fakesink sync=true");
  pipeline.play();
  pipeline.wait_eos(); // at once: nobody is owed an answer
  assert_equals_uint64(count(server.received(), Kind::audio), 0);
  assert_equals_uint64(count(server.received(), Kind::activity_start), 0);
}
GST_END_TEST;

GST_START_TEST(test_a_question_is_answered_and_told)
{
  Simulator server({.scenario = R"({"turns":[
      {"on":"speech","heard":"Front, centre.","say":"Yes."}]})"});
  Pipeline pipeline(sink(server) + noise(5) + kVoice +
                    "geminilivesrc name=mouth ! fakesink sync=true");
  pipeline.play();
  for (const char *type : {"start", "end"}) {
    GstMessage *message = pipeline.wait_element("voice-activity");
    assert_equals_string(gst_structure_get_string(gst_message_get_structure(message), "type"),
                         type);
    ignore(message);
  }
  // The service's own word of it is not told again.
  ignore(pipeline.wait([](GstMessage *message) {
    fail_if(gst_message_has_name(message, "geminilive/voice-activity"));
    return gst_message_has_name(message, "geminilive/turn-complete");
  }));
  pipeline.wait_eos();
  assert_equals_uint64(activities(server.received()).size(), 1);
}
GST_END_TEST;

GST_START_TEST(test_speech_interrupts_the_model)
{
  Simulator server({.scenario = R"({"turns":[{"on":"start","say":
      "It was a dark and stormy night, and the rain fell in torrents over the roofs of the town."}]})"});
  Pipeline pipeline(sink(server) + noise(20) + kVoice +
                    "geminilivesrc name=mouth ! fakesink sync=true");
  pipeline.play();
  ignore(pipeline.wait_element("turn-started"));
  ignore(pipeline.wait_element("voice-activity"));
  ignore(pipeline.wait_element("interrupted"));
}
GST_END_TEST;

GST_START_TEST(test_a_greeting_waits_for_no_speech)
{
  Simulator server({.scenario = kQuiet});
  Pipeline pipeline(sink(server, "greeting=Hello greeting-on=first-buffer drain-timeout=1") +
                    noise(5));
  pipeline.play();
  wait_for(server, Kind::text, 1);
  pipeline.wait_eos();
  assert_equals_uint64(count(server.received(), Kind::audio), 0);
}
GST_END_TEST;

GST_START_TEST(test_a_voice_that_breaks_off_has_ended)
{
  test::Harnessed sink("geminilivesink", kQuiet, {{"turn-detection", "local"}});
  gst_harness_set_src_caps_str(sink.harness,
                               "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved");
  sink.wait_ready();
  const auto voice = test::recorded_voice();
  for (std::size_t times = 1; times <= 2; times++) {
    GstBuffer *buffer = gst_buffer_new_memdup(voice.data(), voice.size() * 2);
    fail_unless_equals_int(gst_harness_push(sink.harness, buffer), GST_FLOW_OK);
    // No more comes, so the session waits a second and not for silence.
    wait_for(sink.server, Kind::activity_end, times);
  }
  assert_equals_uint64(activities(sink.server.received()).size(), 2);
}
GST_END_TEST;

GST_START_TEST(test_long_buffers_are_no_pauses)
{
  Simulator server({.scenario = kQuiet});
  Pipeline pipeline("appsrc name=in format=time caps=audio/x-raw,format=S16LE,rate=16000,"
                    "channels=1,layout=interleaved ! geminilivesink turn-detection=local api-key=k "
                    "base-url=" +
                    server.url());
  pipeline.play();
  auto speech = test::recorded_voice();
  for (int i = 0; i < 2; i++) // without a pause in it
    speech.insert(speech.end(), speech.begin(), speech.end());
  constexpr std::size_t kSamples = 24'000; // 1.5 s
  GstFlowReturn flow = GST_FLOW_ERROR;
  for (std::size_t at = 0; at + kSamples <= speech.size(); at += kSamples) {
    GstBuffer *buffer = gst_buffer_new_memdup(&speech[at], kSamples * 2);
    GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(at, GST_SECOND, 16000);
    GST_BUFFER_DURATION(buffer) = 1500 * GST_MSECOND;
    g_signal_emit_by_name(pipeline["in"], "push-buffer", buffer, &flow);
    gst_buffer_unref(buffer);
  }
  pipeline.end("in");
  wait_for(server, Kind::activity_end, 1);
  pipeline.stop();
  assert_equals_uint64(activities(server.received()).size(), 1);
}
GST_END_TEST;

GST_START_TEST(test_a_close_ends_what_was_told)
{
  test::Harnessed sink("geminilivesink", kQuiet, {{"turn-detection", "local"}});
  gst_harness_set_src_caps_str(sink.harness,
                               "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved");
  sink.wait_ready();
  const auto voice = test::recorded_voice();
  GstBuffer *buffer = gst_buffer_new_memdup(voice.data(), voice.size() * 2);
  fail_unless_equals_int(gst_harness_push(sink.harness, buffer), GST_FLOW_OK);
  const auto expect = [&](const char *type) {
    GstMessage *message = sink.wait("geminilive/voice-activity");
    assert_equals_string(gst_structure_get_string(gst_message_get_structure(message), "type"),
                         type);
    ignore(message);
  };
  expect("start");
  GstGeminiLiveSession *session = nullptr;
  g_object_get(sink.element(), "session", &session, nullptr);
  gst_gemini_live_session_close(session);
  gst_object_unref(session);
  expect("end");
}
GST_END_TEST;

GST_START_TEST(test_the_application_need_not_mark)
{
  test::Session session;
  session.watch_events();
  g_object_set(session.object, "turn-detection", GST_GEMINI_LIVE_TURN_DETECTION_LOCAL, nullptr);
  session.open();
  gst_gemini_live_session_activity_start(session.object);
  session.log.wait_for_count(
      [](const std::string &line) {
        return line.find("Set turn-detection to manual") != line.npos;
      },
      1);
  assert_equals_uint64(count(session.server.received(), Kind::activity_start), 0);
}
GST_END_TEST;

GST_START_TEST(test_what_does_not_go_with_it)
{
  const struct {
    const char *name, *value, *begin;
  } kRows[] = {
      {"config", R"({"realtimeInputConfig":{"automaticActivityDetection":{"disabled":false}}})",
       "Leave realtimeInputConfig.automaticActivityDetection out of config"},
      {"config",
       R"({"realtimeInputConfig":{"automaticActivityDetection":{"silenceDurationMs":1500}}})",
       "Leave realtimeInputConfig.automaticActivityDetection out of config"},
      {"config", R"({"realtimeInputConfig":null})",
       "Leave realtimeInputConfig.automaticActivityDetection out of config"},
      {"prefix-padding", "10000000001", "Set prefix-padding to at most 10 s"},
  };
  for (const auto &[name, value, begin] : kRows) {
    test::Session session;
    gst_util_set_object_arg(G_OBJECT(session.object), "turn-detection", "local");
    gst_util_set_object_arg(G_OBJECT(session.object), name, value);
    GError *error = nullptr;
    fail_if(gst_gemini_live_session_open(session.object, &error));
    fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
    fail_unless(g_str_has_prefix(error->message, begin), "%s", error->message);
    g_error_free(error);
  }
}
GST_END_TEST;

static Suite *local_turns_suite()
{
  Suite *suite = suite_create("local turns");
  TCase *tcase = tcase_create("local turns");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_only_speech_is_sent_between_its_marks);
  tcase_add_test(tcase, test_noise_is_no_reason_to_answer);
  tcase_add_test(tcase, test_a_question_is_answered_and_told);
  tcase_add_test(tcase, test_speech_interrupts_the_model);
  tcase_add_test(tcase, test_a_greeting_waits_for_no_speech);
  tcase_add_test(tcase, test_a_voice_that_breaks_off_has_ended);
  tcase_add_test(tcase, test_long_buffers_are_no_pauses);
  tcase_add_test(tcase, test_a_close_ends_what_was_told);
  tcase_add_test(tcase, test_the_application_need_not_mark);
  tcase_add_test(tcase, test_what_does_not_go_with_it);
  return suite;
}

GST_CHECK_MAIN(local_turns);
