// Pauses, restarts, and pipelines that go altogether.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"
#include "support/received.hpp"

#include <gst/geminilive/geminilive.h>

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

// Holds whoever tells of what the user said, as a slow application does.
struct Slow {
  std::promise<void> begun, go_on;

  static void hear(GObject *, const char *, const char *, gboolean final, Slow *slow)
  {
    if (final) // it comes again, as a whole
      return;
    slow->begun.set_value();
    slow->go_on.get_future().wait();
  }
};

GstGeminiLiveSession *slow_session(const Simulator &server, Slow &slow)
{
  GstGeminiLiveSession *session = gst_gemini_live_session_new();
  g_object_set(session, "api-key", "k", "base-url", server.url().c_str(), nullptr);
  g_signal_connect(session, "transcript", G_CALLBACK(Slow::hear), &slow);
  return session;
}

void end_with_error(Simulator &server, GstGeminiLiveSession *session)
{
  server.close(1011, "gone");
  while (gst_gemini_live_session_send_text(session, "Are you there?", nullptr))
    g_thread_yield();
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

GST_START_TEST(test_the_error_of_the_last_conversation_is_not_that_of_the_next)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Slow slow;
  GstGeminiLiveSession *session = slow_session(server, slow);
  {
    Pipeline pipeline("geminilivesrc name=mouth ! fakesink");
    g_object_set(pipeline["mouth"], "session", session, nullptr);
    pipeline.play();
    pipeline.wait_state("ready");
    server.send(R"({"serverContent":{"inputTranscription":{"text":"Hello."}}})");
    slow.begun.get_future().wait();
    end_with_error(server, session);
    // Before it learns of the error.
    pipeline.stop();
    pipeline.play();
    slow.go_on.set_value();
    pipeline.wait_state("ready");
  }
  gst_object_unref(session);
}
GST_END_TEST;

GST_START_TEST(test_a_pipeline_that_is_ready_again_has_no_error_of_before)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Slow slow;
  std::promise<void> told;
  GstGeminiLiveSession *session = slow_session(server, slow);
  g_signal_connect(
      session, "error",
      G_CALLBACK(+[](GObject *, GError *, std::promise<void> *to) { to->set_value(); }), &told);
  {
    Pipeline pipeline("geminilivesrc name=mouth ! fakesink");
    g_object_set(pipeline["mouth"], "session", session, nullptr);
    pipeline.play();
    pipeline.wait_state("ready");
    server.send(R"({"serverContent":{"inputTranscription":{"text":"Hello."}}})");
    slow.begun.get_future().wait();
    end_with_error(server, session);
    // It belongs to the session, but to no conversation yet.
    pipeline.set_state(GST_STATE_READY);
    slow.go_on.set_value();
    told.get_future().wait();
    pipeline.play();
    pipeline.wait_state("ready");
  }
  gst_object_unref(session);
}
GST_END_TEST;

GST_START_TEST(test_who_still_takes_part_in_a_conversation_learns_of_its_error)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Slow slow;
  GstGeminiLiveSession *session = slow_session(server, slow);
  {
    Pipeline one("geminilivesrc name=mouth ! fakesink");
    Pipeline other("geminilivetextsrc name=words ! fakesink");
    g_object_set(one["mouth"], "session", session, nullptr);
    g_object_set(other["words"], "session", session, nullptr);
    one.play();
    other.play();
    one.wait_state("ready");
    server.send(R"({"serverContent":{"inputTranscription":{"text":"Hello."}}})");
    slow.begun.get_future().wait();
    end_with_error(server, session);
    one.stop();
    one.play();
    slow.go_on.set_value();
    const auto text = other.wait_error();
    fail_unless(text.find("gone") != std::string::npos, "%s", text.c_str());
    one.wait_state("ready");
  }
  gst_object_unref(session);
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
  tcase_add_test(tcase, test_the_error_of_the_last_conversation_is_not_that_of_the_next);
  tcase_add_test(tcase, test_a_pipeline_that_is_ready_again_has_no_error_of_before);
  tcase_add_test(tcase, test_who_still_takes_part_in_a_conversation_learns_of_its_error);
  return suite;
}

GST_CHECK_MAIN(restart);
