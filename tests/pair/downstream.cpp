// A source that is silent holds nobody up: not an overlay, not a muxer, not the start of a pipeline.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Simulator;
using test::at;
using test::PadTap;
using test::Pipeline;

void expect_playing(Pipeline &pipeline)
{
  GstState state = GST_STATE_NULL;
  gst_element_get_state(pipeline.get(), &state, nullptr, 20 * GST_SECOND);
  fail_unless(state == GST_STATE_PLAYING, "%s", gst_element_state_get_name(state));
}

// How long after its time an ordinary buffer passed; ns.
GstClockTimeDiff usual_delay(const PadTap &tap, GstElement *pipeline)
{
  std::vector<GstClockTimeDiff> delays;
  GstClock *clock = gst_element_get_clock(pipeline);
  const auto offset = static_cast<GstClockTimeDiff>(gst_clock_get_time(clock)) -
                      static_cast<GstClockTimeDiff>(gst_element_get_base_time(pipeline)) -
                      g_get_monotonic_time() * 1000;
  gst_object_unref(clock);
  for (const auto &one : tap.buffers())
    delays.push_back(one.at * 1000 + offset - static_cast<GstClockTimeDiff>(one.pts));
  std::nth_element(delays.begin(), delays.begin() + 15, delays.end());
  return delays[15];
}

} // namespace

GST_START_TEST(test_an_overlay_does_not_wait_for_words)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("videotestsrc is-live=true ! video/x-raw,width=64,height=48,framerate=30/1 ! "
                    "textoverlay name=overlay ! fakesink sync=true geminilivetextsrc" +
                    at(server) + "! overlay.text_sink");
  PadTap tap(pipeline["overlay"], "src", PadTap::Of::text);
  pipeline.play();
  expect_playing(pipeline);
  tap.wait_for([](const auto &all) { return all.size() >= 31; });
  // A GAP every 100 ms, each behind its time, would make it 50 ms.
  fail_unless(usual_delay(tap, pipeline.get()) < static_cast<GstClockTimeDiff>(40 * GST_MSECOND),
              "%" GST_STIME_FORMAT, GST_STIME_ARGS(usual_delay(tap, pipeline.get())));
}
GST_END_TEST;

// appsrc promises to hold nothing back, and the voice needs some time.
GST_START_TEST(test_a_live_input_that_cannot_wait_need_not)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("appsrc is-live=true format=time "
                    "caps=audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved ! "
                    "geminilivesink" +
                    at(server) +
                    "appsrc is-live=true format=time caps=text/x-raw,format=utf8 ! "
                    "geminilivetextsink "
                    "appsrc is-live=true format=time caps=image/jpeg ! geminilivevideosink "
                    "geminilivesrc ! fakesink sync=true");
  pipeline.play();
  expect_playing(pipeline);
  pipeline.wait_state("ready");
  fail_unless(gst_bin_recalculate_latency(GST_BIN(pipeline.get())));
  for (GstMessage *message : pipeline.drain()) {
    fail_if(GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING);
    gst_message_unref(message);
  }
}
GST_END_TEST;

GST_START_TEST(test_an_overlay_shows_the_words)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("videotestsrc is-live=true pattern=black ! "
                    "video/x-raw,format=GRAY8,width=320,height=240,framerate=30/1 ! "
                    "textoverlay name=overlay ! fakesink sync=true geminilivetextsrc" +
                    at(server) + "! overlay.text_sink");
  PadTap tap(pipeline["overlay"], "src", PadTap::Of::text);
  pipeline.play();
  pipeline.wait_state("ready");
  const auto is_bright = [](const auto &frame) {
    return std::any_of(frame.text.begin(), frame.text.end(),
                       [](char pixel) { return static_cast<unsigned char>(pixel) > 200; });
  };
  tap.wait_for([](const auto &all) { return all.size() >= 3; });
  const auto before = tap.buffers();
  fail_if(std::any_of(before.begin(), before.end(), is_bright));
  server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"Hello"}]}}})");
  // Words have no duration, so they are there for a moment.
  tap.wait_for([&](const auto &all) { return std::any_of(all.begin(), all.end(), is_bright); });
}
GST_END_TEST;

GST_START_TEST(test_a_muxer_does_not_wait_for_words)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("appsrc name=typed ! geminilivetextsink" + at(server) +
                    "geminilivesrc ! mux. geminilivetextsrc ! mux. "
                    "matroskamux name=mux streamable=true ! fakesink");
  PadTap tap(pipeline["mux"], "src", PadTap::Of::text);
  pipeline.play();
  expect_playing(pipeline);
  // Silence is recorded while nobody has said a word.
  tap.wait_for([](const auto &all) { return all.size() >= 50; });
  const auto has_words = [](const auto &one) {
    return one.text.find("Hello") != std::string::npos;
  };
  const auto before = tap.buffers();
  fail_if(std::any_of(before.begin(), before.end(), has_words));
  server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"Hello"}]}}})");
  server.send(R"({"serverContent":{"turnComplete":true}})");
  tap.wait_for([&](const auto &all) { return std::any_of(all.begin(), all.end(), has_words); });
  pipeline.end("typed");
  pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_events_keep_no_pipeline_from_playing)
{
  Simulator server({.scenario = R"({"turns":[],"faults":[{"at":"setup","do":"stall"}]})"});
  Pipeline pipeline("geminiliveeventsrc post-messages=false" + at(server) +
                    "! queue ! fakesink sync=true geminilivetextsrc ! queue ! fakesink sync=true");
  pipeline.play();
  expect_playing(pipeline);
}
GST_END_TEST;

static Suite *downstream_suite()
{
  Suite *suite = suite_create("downstream");
  TCase *tcase = tcase_create("downstream");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_an_overlay_does_not_wait_for_words);
  tcase_add_test(tcase, test_a_live_input_that_cannot_wait_need_not);
  tcase_add_test(tcase, test_an_overlay_shows_the_words);
  tcase_add_test(tcase, test_a_muxer_does_not_wait_for_words);
  tcase_add_test(tcase, test_events_keep_no_pipeline_from_playing);
  return suite;
}

GST_CHECK_MAIN(downstream);
