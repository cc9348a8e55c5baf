// How a conversation ends.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"
#include "support/recorded_voice.hpp"
#include "support/rest.hpp"

#include <gst/base/gstbasesink.h>
#include <gst/geminilive/geminilive.h>

#include <future>
#include <string>
#include <thread>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::at;
using test::PadTap;
using test::Pipeline;

// For speak().
constexpr const char *kVoice = "appsrc name=voice format=time caps=audio/x-raw,format=S16LE,"
                               "rate=16000,channels=1,layout=interleaved ! geminilivesink ";

// Recorded voice, all at once, since a pause in it would be told to the service, and the end.
void speak(Pipeline &pipeline)
{
  const auto samples = test::recorded_voice();
  pipeline.push("voice", {reinterpret_cast<const char *>(samples.data()), samples.size() * 2});
  pipeline.end("voice");
}

bool has_stream_end(const std::vector<Received> &all)
{
  for (const auto &one : all)
    if (one.kind == Received::Kind::audio_stream_end)
      return true;
  return false;
}

bool has_close(const std::vector<Received> &all)
{
  return !all.empty() && all.back().kind == Received::Kind::close;
}

} // namespace

GST_START_TEST(test_the_end_waits_for_the_answer)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(kVoice + at(server) + "geminilivesrc name=mouth ! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  speak(pipeline);
  fail_unless(server.wait_for(has_stream_end));
  server.send_audio(test::marked_samples(24000));
  server.send(R"({"serverContent":{"generationComplete":true}})");
  server.send(R"({"serverContent":{"turnComplete":true}})");
  pipeline.wait_eos();
  fail_unless(test::trim(tap.samples()) == test::marked_samples(24000));
}
GST_END_TEST;

GST_START_TEST(test_silence_needs_no_answer)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("audiotestsrc wave=silence num-buffers=10 ! audio/x-raw,rate=16000 ! "
                    "geminilivesink" +
                    at(server) + "geminilivesrc ! fakesink sync=true");
  pipeline.play();
  pipeline.wait_eos();
  fail_unless(server.wait_for(has_stream_end));
}
GST_END_TEST;

GST_START_TEST(test_without_an_answer_the_drain_timeout_ends_it)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(kVoice + at(server) +
                    "drain-timeout=300000000 geminilivesrc ! fakesink sync=true");
  pipeline.play();
  speak(pipeline);
  pipeline.wait_eos();
  fail_unless(server.wait_for(has_stream_end));
}
GST_END_TEST;

GST_START_TEST(test_an_empty_turn_may_be_the_answer)
{
  for (const char *turn : {R"({"serverContent":{"turnComplete":true}})",
                           R"({"serverContent":{"turnComplete":true,
                               "turnCompleteReason":"RESPONSE_REJECTED"}})"}) {
    Simulator server({.scenario = R"({"turns":[]})"});
    Pipeline pipeline(kVoice + at(server) +
                      "drain-timeout=600000000000 geminilivesrc ! fakesink sync=true");
    pipeline.play();
    speak(pipeline);
    fail_unless(server.wait_for(has_stream_end));
    server.send(turn);
    pipeline.wait_eos();
  }
}
GST_END_TEST;

// This model sends a handle every 1.2 s.
GST_START_TEST(test_handles_do_not_put_the_drain_timeout_off)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(kVoice + at(server) +
                    "model=gemini-3.1-flash-live-preview drain-timeout=1500000000 "
                    "geminilivesrc ! fakesink sync=true");
  pipeline.play();
  speak(pipeline);
  pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_pictures_do_not_put_the_drain_timeout_off)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(kVoice + at(server) +
                    "drain-timeout=500000000 geminilivesrc name=mouth ! fakesink sync=true "
                    "videotestsrc is-live=true ! video/x-raw,width=16,height=16,framerate=10/1 ! "
                    "jpegenc ! geminilivevideosink max-framerate=10/1");
  std::promise<void> ended;
  GstPad *pad = gst_element_get_static_pad(pipeline["mouth"], "src");
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      [](GstPad *, GstPadProbeInfo *info, gpointer data) {
        if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS)
          static_cast<std::promise<void> *>(data)->set_value();
        return GST_PAD_PROBE_OK;
      },
      &ended, nullptr);
  gst_object_unref(pad);
  pipeline.play();
  speak(pipeline);
  fail_unless(ended.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
}
GST_END_TEST;

GST_START_TEST(test_a_long_answer_outlasts_the_drain_timeout)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("appsrc name=typed ! geminilivetextsink" + at(server) +
                    "drain-timeout=200000000 geminilivesrc name=mouth ! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  pipeline.wait_state("ready");
  // The service falls silent for much longer than the timeout while we still play.
  server.send_audio(test::marked_samples(48000));
  gst_message_unref(pipeline.wait_element("turn-started"));
  pipeline.end("typed");
  pipeline.wait_eos();
  fail_unless(test::trim(tap.samples()) == test::marked_samples(48000));
}
GST_END_TEST;

GST_START_TEST(test_without_a_source_the_sink_holds_its_eos)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(kVoice + at(server));
  pipeline.play();
  speak(pipeline);
  fail_unless(server.wait_for(has_stream_end));
  server.send_audio(test::marked_samples(24000));
  gst_message_unref(pipeline.wait_element("turn-started"));
  for (GstMessage *message : pipeline.drain()) {
    fail_if(GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS);
    gst_message_unref(message);
  }
  server.send(R"({"serverContent":{"turnComplete":true}})");
  pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_all_inputs_must_have_ended)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("audiotestsrc wave=silence num-buffers=10 ! audio/x-raw,rate=16000 ! "
                    "geminilivesink" +
                    at(server) +
                    "appsrc name=typed caps=text/x-raw,format=utf8 format=time ! "
                    "geminilivetextsink geminilivesrc name=mouth ! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  fail_unless(server.wait_for(has_stream_end));
  const auto passed = tap.buffers().size();
  tap.wait_for([&](const auto &all) { return all.size() > passed + 10; });
  pipeline.end("typed");
  pipeline.wait_eos();
}
GST_END_TEST;

constexpr const char *kTwoAnswers =
    R"({"turns":[{"on":"text","say":"First answer."},{"on":"text","say":"Second answer."}]})";
constexpr const char *kOwnTurn = R"({"turns":[{"on":"start","say":"Good morning to you."},
    {"on":"text","say":"First answer."},{"on":"text","say":"Second answer."}]})";

GST_START_TEST(test_every_word_typed_gets_its_answer)
{
  // The second line interrupts the answer to the first; the end waits for the answer to the second.
  // So it does where both interrupt what the model says by itself.
  Simulator server({.scenario = __i__ ? kOwnTurn : kTwoAnswers});
  Pipeline pipeline("appsrc name=typed ! geminilivetextsink" + at(server) +
                    "geminilivetextsrc ! fakesink");
  pipeline.play();
  pipeline.push("typed", "one\ntwo\n");
  pipeline.end("typed");
  GstMessage *message = pipeline.wait([](GstMessage *m) {
    const auto *text = gst_message_has_name(m, "geminilive/transcript")
                           ? gst_structure_get_string(gst_message_get_structure(m), "text")
                           : nullptr;
    return text && g_str_equal(text, "Second answer.");
  });
  gst_message_unref(message);
  pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_a_source_need_not_follow)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("audiotestsrc wave=silence num-buffers=10 ! audio/x-raw,rate=16000 ! "
                    "geminilivesink" +
                    at(server) +
                    "geminilivesrc name=mouth follow-input-eos=false ! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  fail_unless(server.wait_for(has_stream_end));
  server.send_audio(test::marked_samples(24000));
  tap.wait_for([](const auto &all) {
    std::size_t audible = 0;
    for (const auto &one : all)
      audible += one.samples[0] != 0 ? 1 : 0;
    return audible >= 50;
  });
}
GST_END_TEST;

GST_START_TEST(test_close_ends_everything_at_once)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink" +
                    at(server) + "geminilivesrc name=mouth ! fakesink sync=true");
  pipeline.play();
  pipeline.wait_state("ready");
  server.send_audio(test::marked_samples(240000));
  gst_message_unref(pipeline.wait_element("turn-started"));
  GstGeminiLiveSession *session = nullptr;
  g_object_get(pipeline["mouth"], "session", &session, nullptr);
  gst_gemini_live_session_close(session);
  gst_object_unref(session);
  pipeline.wait_eos();
  fail_unless(server.wait_for(has_close));
  assert_equals_int(static_cast<int>(server.received().back().close_code), 1000);
}
GST_END_TEST;

GST_START_TEST(test_null_says_goodbye_and_does_not_wait)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink" +
                    at(server) + "geminilivesrc ! fakesink sync=true");
  pipeline.play();
  pipeline.wait_state("ready");
  fail_unless_equals_int(gst_element_set_state(pipeline.get(), GST_STATE_NULL),
                         GST_STATE_CHANGE_SUCCESS);
  fail_unless(server.wait_for(has_close));
  assert_equals_int(static_cast<int>(server.received().back().close_code), 1000);
}
GST_END_TEST;

GST_START_TEST(test_a_third_question_in_a_row_is_answered_too)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"First answer."},
                                             {"on":"text","say":"Second answer."},
                                             {"on":"text","say":"Third answer."}]})"});
  Pipeline pipeline("appsrc name=typed ! geminilivetextsink" + at(server) +
                    "geminilivetextsrc ! fakesink");
  pipeline.play();
  pipeline.push("typed", "one\ntwo\nthree\n");
  pipeline.end("typed");
  gst_message_unref(pipeline.wait([](GstMessage *m) {
    const auto *text = gst_message_has_name(m, "geminilive/transcript")
                           ? gst_structure_get_string(gst_message_get_structure(m), "text")
                           : nullptr;
    return text && g_str_equal(text, "Third answer.");
  }));
  pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_a_state_change_does_not_wait_for_the_end)
{
  // An input that ends before PLAYING, and a service that never answers.
  Simulator server({.scenario = R"({"turns":[],"faults":[{"at":"setup","do":"stall"}]})"});
  Pipeline pipeline("appsrc name=typed ! geminilivetextsink name=sink" + at(server));
  pipeline.set_state(GST_STATE_PAUSED);
  pipeline.end("typed");
  const auto before = g_get_monotonic_time();
  pipeline.play();
  fail_unless(gst_element_get_state(pipeline.get(), nullptr, nullptr, GST_CLOCK_TIME_NONE) !=
              GST_STATE_CHANGE_FAILURE);
  pipeline.stop();
  fail_unless(g_get_monotonic_time() - before < 5 * G_USEC_PER_SEC);
}
GST_END_TEST;

// The end and PLAYING come at once, in either order.
GST_START_TEST(test_playing_and_the_end_do_not_wait_for_each_other)
{
  Simulator server({.scenario = R"({"turns":[],"faults":[{"at":"setup","do":"stall"}]})"});
  for (int i = 0; i < 20; i++) {
    Pipeline pipeline("appsrc name=typed ! geminilivetextsink name=sink" + at(server));
    auto *sink = pipeline["sink"];
    pipeline.set_state(GST_STATE_PAUSED);
    struct {
      std::promise<void> came, may_go;
    } end;
    GstPad *pad = gst_element_get_static_pad(sink, "sink");
    gst_pad_add_probe(
        pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
        [](GstPad *, GstPadProbeInfo *info, gpointer data) {
          if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS) {
            static_cast<decltype(end) *>(data)->came.set_value();
            static_cast<decltype(end) *>(data)->may_go.get_future().wait();
          }
          return GST_PAD_PROBE_OK;
        },
        &end, nullptr);
    gst_object_unref(pad);
    pipeline.end("typed");
    end.came.get_future().wait();
    GST_BASE_SINK_PREROLL_LOCK(sink); // what both of them need
    end.may_go.set_value();
    std::thread player([&] { pipeline.play(); });
    for (auto pending = GST_STATE_VOID_PENDING; pending != GST_STATE_PLAYING;) {
      GST_OBJECT_LOCK(sink);
      pending = GST_STATE_PENDING(sink);
      GST_OBJECT_UNLOCK(sink);
      std::this_thread::yield();
    }
    const auto before = g_get_monotonic_time();
    GST_BASE_SINK_PREROLL_UNLOCK(sink);
    player.join();
    pipeline.stop();
    fail_unless(g_get_monotonic_time() - before < 5 * G_USEC_PER_SEC);
  }
}
GST_END_TEST;

// A question, and a handler of the application's that takes its time at the end of the answer.
struct Slow {
  explicit Slow(std::chrono::milliseconds patience)
      : server({.scenario = R"({"turns":[{"on":"text","say":"Yes."}]})"}),
        pipeline("appsrc name=typed caps=text/x-raw,format=utf8 format=time ! geminilivetextsink "
                 "name=in" +
                 at(server) + "geminilivetextsrc ! fakesink"),
        waits(patience)
  {
    test::rest_at_exit();
    GstBus *bus = gst_element_get_bus(pipeline.get());
    gst_bus_enable_sync_message_emission(bus);
    g_signal_connect(bus, "sync-message::eos",
                     G_CALLBACK(+[](GstBus *, GstMessage *, Slow *self) { self->eos.set_value(); }),
                     this);
    gst_object_unref(bus);
    pipeline.play();
    GstGeminiLiveSession *session = nullptr;
    g_object_get(pipeline["in"], "session", &session, nullptr);
    g_signal_connect(session, "turn-complete",
                     G_CALLBACK(+[](GstGeminiLiveSession *, guint64, const char *, Slow *self) {
                       self->came = self->eos.get_future().wait_for(self->waits) ==
                                    std::future_status::ready;
                       self->returned.set_value();
                     }),
                     this);
    gst_object_unref(session);
    GstBuffer *text = gst_buffer_new_memdup("Really?", 7);
    GST_BUFFER_PTS(text) = 0;
    GstFlowReturn flow = GST_FLOW_ERROR;
    g_signal_emit_by_name(pipeline["typed"], "push-buffer", text, &flow);
    gst_buffer_unref(text);
    pipeline.end("typed");
  }

  Simulator server;
  Pipeline pipeline;
  std::chrono::milliseconds waits;
  std::promise<void> eos, returned;
  bool came = false; // the end, while the handler waited
};

GST_START_TEST(test_what_came_before_the_end_is_told_before_it)
{
  Slow slow(std::chrono::milliseconds(100));
  bool used = false;
  gst_message_unref(slow.pipeline.wait([&](GstMessage *message) {
    used = used || gst_message_has_name(message, "geminilive/usage");
    return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
  }));
  slow.returned.get_future().wait();
  fail_unless(used && !slow.came);
}
GST_END_TEST;

GST_START_TEST(test_a_handler_that_blocks_does_not_hold_the_end)
{
  Slow slow(std::chrono::seconds(20));
  slow.pipeline.wait_eos();
  slow.returned.get_future().wait();
  fail_unless(slow.came);
}
GST_END_TEST;

GST_START_TEST(test_noise_at_the_end_costs_little)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("audiotestsrc wave=white-noise volume=0.1 num-buffers=20 ! "
                    "audio/x-raw,rate=16000 ! geminilivesink drain-timeout=60000000000" +
                    at(server) + "geminilivesrc ! fakesink sync=true");
  pipeline.play();
  fail_unless(server.wait_for(has_stream_end));
  // One answer; what was sent since could be speech, but the service says nothing of it.
  server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"yes"}]}}})");
  server.send(R"({"serverContent":{"turnComplete":true}})");
  pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_a_kept_session_goes_on_with_new_input)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  GstGeminiLiveSession *session = gst_gemini_live_session_new();
  g_object_set(session, "api-key", "k", "base-url", server.url().c_str(), nullptr);
  fail_unless(gst_gemini_live_session_open(session, nullptr));
  for (int round = 0; round < 2; round++) {
    Pipeline pipeline("appsrc name=typed ! geminilivetextsink name=in geminilivetextsrc name=out ! "
                      "fakesink name=end");
    g_object_set(pipeline["in"], "session", session, nullptr);
    g_object_set(pipeline["out"], "session", session, nullptr);
    pipeline.play();
    pipeline.push("typed", "hello\n");
    pipeline.end("typed");
    fail_unless(server.wait_for([&](const auto &all) {
      int texts = 0;
      for (const auto &one : all)
        texts += one.kind == Received::Kind::text ? 1 : 0;
      return texts == round + 1;
    }));
    server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"yes"}]}}})");
    server.send(R"({"serverContent":{"turnComplete":true}})");
    pipeline.wait_eos();
  }
  gst_gemini_live_session_close(session);
  gst_object_unref(session);
}
GST_END_TEST;

static Suite *ending_suite()
{
  Suite *suite = suite_create("ending");
  TCase *tcase = tcase_create("ending");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_the_end_waits_for_the_answer);
  tcase_add_test(tcase, test_silence_needs_no_answer);
  tcase_add_test(tcase, test_without_an_answer_the_drain_timeout_ends_it);
  tcase_add_test(tcase, test_an_empty_turn_may_be_the_answer);
  tcase_add_test(tcase, test_handles_do_not_put_the_drain_timeout_off);
  tcase_add_test(tcase, test_pictures_do_not_put_the_drain_timeout_off);
  tcase_add_test(tcase, test_a_long_answer_outlasts_the_drain_timeout);
  tcase_add_test(tcase, test_without_a_source_the_sink_holds_its_eos);
  tcase_add_test(tcase, test_all_inputs_must_have_ended);
  tcase_add_loop_test(tcase, test_every_word_typed_gets_its_answer, 0, 2);
  tcase_add_test(tcase, test_a_third_question_in_a_row_is_answered_too);
  tcase_add_test(tcase, test_a_state_change_does_not_wait_for_the_end);
  tcase_add_test(tcase, test_playing_and_the_end_do_not_wait_for_each_other);
  tcase_add_test(tcase, test_what_came_before_the_end_is_told_before_it);
  tcase_add_test(tcase, test_a_handler_that_blocks_does_not_hold_the_end);
  tcase_add_test(tcase, test_noise_at_the_end_costs_little);
  tcase_add_test(tcase, test_a_kept_session_goes_on_with_new_input);
  tcase_add_test(tcase, test_a_source_need_not_follow);
  tcase_add_test(tcase, test_close_ends_everything_at_once);
  tcase_add_test(tcase, test_null_says_goodbye_and_does_not_wait);
  return suite;
}

GST_CHECK_MAIN(ending);
