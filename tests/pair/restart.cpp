// Pauses, restarts, and pipelines that go altogether.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"
#include "support/received.hpp"

#include <chrono>
#include <future>
#include <string>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::PadTap;
using test::Pipeline;

std::size_t count(const Simulator &server, Received::Kind kind)
{
  return test::count(server.received(), kind);
}

std::string launch(const Simulator &server)
{
  return "audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink name=ear api-key=k "
         "base-url=" +
         server.url() + " geminilivesrc name=mouth ! fakesink name=speaker sync=true async=false";
}

void wait_audio(const Simulator &server, std::size_t more)
{
  const auto before = count(server, Received::Kind::audio);
  fail_unless(server.wait_for([&](const auto &all) {
    std::size_t total = 0;
    for (const auto &one : all)
      total += one.kind == Received::Kind::audio ? 1 : 0;
    return total >= before + more;
  }));
}

// Holds the first goAway until it is let through, as a slow application does, and tells when it is gone.
struct Holder {
  std::promise<void> held, go_on, gone;
};

Holder &holder()
{
  static Holder instance;
  return instance;
}

void hold_message(GstBin *bin, GstMessage *message)
{
  auto *parent = static_cast<GstBinClass *>(g_type_class_peek(GST_TYPE_PIPELINE));
  if (gst_message_has_name(message, "geminilive/going-away")) {
    holder().held.set_value();
    holder().go_on.get_future().wait();
  }
  parent->handle_message(bin, message);
}

void tell_that_it_is_gone(GObject *object)
{
  static_cast<GObjectClass *>(g_type_class_peek(GST_TYPE_PIPELINE))->finalize(object);
  holder().gone.set_value();
}

GstElement *holding_pipeline(const std::string &description)
{
  const GType type = g_type_register_static_simple(
      GST_TYPE_PIPELINE, "HoldingPipeline", sizeof(GstPipelineClass),
      +[](gpointer klass, gpointer) {
        GST_BIN_CLASS(klass)->handle_message = hold_message;
        G_OBJECT_CLASS(klass)->finalize = tell_that_it_is_gone;
      },
      sizeof(GstPipeline), nullptr, G_TYPE_FLAG_NONE);
  auto *pipeline = GST_ELEMENT(g_object_new(type, nullptr));
  gst_bin_add(GST_BIN(pipeline),
              gst_parse_bin_from_description(description.c_str(), FALSE, nullptr));
  return pipeline;
}

} // namespace

GST_START_TEST(test_a_pause_leaves_no_hole)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server));
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  pipeline.wait_state("ready");
  server.send_audio(test::marked_samples(48000));
  server.send(R"({"serverContent":{"generationComplete":true}})");
  for (int round = 0; round < 3; round++) {
    const auto before = tap.buffers().size();
    tap.wait_for([&](const auto &all) { return all.size() > before + 15; });
    pipeline.set_state(GST_STATE_PAUSED);
    pipeline.play();
  }
  tap.wait_for([](const auto &all) { return all.size() > 160; });
  const auto all = tap.buffers();
  for (std::size_t i = 1; i < all.size(); i++) {
    assert_equals_uint64(all[i].pts, all[i - 1].pts + all[i - 1].duration);
    fail_if(all[i].discont);
  }
  fail_unless(test::trim(tap.samples()) == test::marked_samples(48000));
  assert_equals_uint64(count(server, Received::Kind::connect), 1);
}
GST_END_TEST;

GST_START_TEST(test_audio_goes_on_after_a_pause)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server));
  pipeline.play();
  wait_audio(server, 5);
  pipeline.set_state(GST_STATE_PAUSED);
  pipeline.play();
  wait_audio(server, 20);
}
GST_END_TEST;

GST_START_TEST(test_null_and_back_is_a_new_conversation)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server));
  for (std::size_t round = 1; round <= 3; round++) {
    pipeline.play();
    pipeline.wait_state("ready");
    wait_audio(server, 5);
    pipeline.stop();
    fail_unless(server.wait_for(
        [&](const auto &) { return count(server, Received::Kind::close) == round; }));
    assert_equals_uint64(count(server, Received::Kind::setup), round);
  }
}
GST_END_TEST;

GST_START_TEST(test_one_element_restarts_within_the_conversation)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server));
  pipeline.play();
  pipeline.wait_state("ready");
  GstElement *mouth = pipeline["mouth"], *speaker = pipeline["speaker"];
  for (int round = 0; round < 3; round++) {
    for (auto *element : {mouth, speaker}) {
      gst_element_set_locked_state(element, TRUE);
      gst_element_set_state(element, GST_STATE_NULL);
    }
    for (auto *element : {speaker, mouth}) {
      gst_element_set_locked_state(element, FALSE);
      fail_unless(gst_element_sync_state_with_parent(element));
    }
    PadTap tap(mouth, "src");
    server.send_audio(test::marked_samples(9600));
    server.send(R"({"serverContent":{"generationComplete":true}})");
    tap.wait_for([](const auto &all) {
      std::size_t audible = 0;
      for (const auto &one : all)
        audible += one.samples[0] != 0 ? 1 : 0;
      return audible >= 20;
    });
  }
  assert_equals_uint64(count(server, Received::Kind::connect), 1);
}
GST_END_TEST;

GST_START_TEST(test_many_cycles_leave_nothing_behind)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(launch(server));
  const auto open_files = [] {
    GDir *dir = g_dir_open("/proc/self/fd", 0, nullptr);
    unsigned descriptors = 0;
    while (g_dir_read_name(dir))
      descriptors++;
    g_dir_close(dir);
    return descriptors;
  };
  unsigned after_first = 0;
  for (unsigned round = 1; round <= 20; round++) {
    pipeline.play();
    pipeline.wait_state("ready");
    pipeline.stop();
    fail_unless(server.wait_for(
        [&](const auto &) { return count(server, Received::Kind::close) == round; }));
    if (round == 5)
      after_first = open_files();
  }
  fail_unless(open_files() <= after_first + 3, "%u descriptors became %u", after_first,
              open_files());
}
GST_END_TEST;

GST_START_TEST(test_a_pipeline_outlives_what_it_is_being_told)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  auto gone = holder().gone.get_future();
  {
    Pipeline pipeline(holding_pipeline(launch(server)));
    pipeline.play();
    pipeline.wait_state("ready");
    server.send(R"({"goAway":{"timeLeft":"10s"}})");
    holder().held.get_future().wait();
  } // to NULL, and the application's reference is gone
  fail_unless(gone.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  holder().go_on.set_value();
  fail_unless(gone.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
}
GST_END_TEST;

static Suite *restart_suite()
{
  Suite *suite = suite_create("restart");
  TCase *tcase = tcase_create("restart");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_a_pause_leaves_no_hole);
  tcase_add_test(tcase, test_audio_goes_on_after_a_pause);
  tcase_add_test(tcase, test_null_and_back_is_a_new_conversation);
  tcase_add_test(tcase, test_one_element_restarts_within_the_conversation);
  tcase_add_test(tcase, test_many_cycles_leave_nothing_behind);
  tcase_add_test(tcase, test_a_pipeline_outlives_what_it_is_being_told);
  return suite;
}

GST_CHECK_MAIN(restart);
