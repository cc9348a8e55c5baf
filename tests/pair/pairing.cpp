// How elements find each other.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"

#include <gst/geminilive/geminilive.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::at;
using test::PadTap;
using test::Pipeline;

// Live audio into a sink of these properties.
std::string ear(const std::string &properties)
{
  return "audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink " + properties + " ";
}

std::string mouth(const std::string &properties)
{
  return "geminilivesrc " + properties + " ! fakesink ";
}

GstGeminiLiveSession *session_of(GstElement *element)
{
  GstGeminiLiveSession *session = nullptr;
  g_object_get(element, "session", &session, nullptr);
  fail_unless(session != nullptr);
  gst_object_unref(session); // the element keeps it
  return session;
}

std::size_t connects(const Simulator &server)
{
  std::size_t count = 0;
  for (const auto &one : server.received())
    count += one.kind == Received::Kind::connect ? 1 : 0;
  return count;
}

// An application that starts another pipeline while this one looks for its session.
GstBusSyncReply start_another(GstBus *, GstMessage *message, gpointer other)
{
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_NEED_CONTEXT) {
    auto started = std::async(std::launch::async, gst_element_set_state,
                              static_cast<GstElement *>(other), GST_STATE_READY);
    fail_unless(started.wait_for(std::chrono::seconds(20)) == std::future_status::ready,
                "it is held up");
  }
  return GST_BUS_PASS;
}

} // namespace

GST_START_TEST(test_one_pipeline_is_one_session)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(ear(at(server) + "name=ear") + mouth("name=mouth"));
  pipeline.play();
  pipeline.wait_state("ready");
  fail_unless(session_of(pipeline["ear"]) == session_of(pipeline["mouth"]));
  assert_equals_uint64(connects(server), 1);
}
GST_END_TEST;

GST_START_TEST(test_bins_do_not_part_them)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("bin.( bin.( " + ear(at(server) + "name=ear") + ") ) bin.( " +
                    mouth("name=mouth") + ")");
  pipeline.play();
  pipeline.wait_state("ready");
  fail_unless(session_of(pipeline["ear"]) == session_of(pipeline["mouth"]));
}
GST_END_TEST;

GST_START_TEST(test_two_pipelines_are_two_sessions)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline one(mouth(at(server) + "name=mouth"));
  Pipeline other(mouth(at(server) + "name=mouth"));
  one.play();
  other.play();
  one.wait_state("ready");
  other.wait_state("ready");
  fail_unless(session_of(one["mouth"]) != session_of(other["mouth"]));
  assert_equals_uint64(connects(server), 2);
}
GST_END_TEST;

GST_START_TEST(test_a_name_joins_two_pipelines)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline one(ear(at(server) + "name=ear session-name=shared"));
  Pipeline other(mouth("name=mouth session-name=shared"));
  // Both in READY before either connects: what one of them sets holds for both.
  one.set_state(GST_STATE_READY);
  other.set_state(GST_STATE_READY);
  one.play();
  other.play();
  other.wait_state("ready");
  fail_unless(session_of(one["ear"]) == session_of(other["mouth"]));
  assert_equals_uint64(connects(server), 1);
}
GST_END_TEST;

GST_START_TEST(test_names_part_two_pairs_in_one_pipeline)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  const auto first = at(server) + "session-name=a ", second = at(server) + "session-name=b ";
  Pipeline pipeline(ear(first + "name=ear1") + mouth(first + "name=mouth1") +
                    ear(second + "name=ear2") + mouth(second + "name=mouth2"));
  pipeline.play();
  pipeline.wait_state("ready");
  pipeline.wait_state("ready");
  fail_unless(session_of(pipeline["ear1"]) == session_of(pipeline["mouth1"]));
  fail_unless(session_of(pipeline["ear2"]) == session_of(pipeline["mouth2"]));
  fail_unless(session_of(pipeline["ear1"]) != session_of(pipeline["ear2"]));
  assert_equals_uint64(connects(server), 2);
}
GST_END_TEST;

GST_START_TEST(test_an_object_joins_two_pipelines)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  GstGeminiLiveSession *session = gst_gemini_live_session_new();
  g_object_set(session, "api-key", "k", "base-url", server.url().c_str(), nullptr);
  {
    Pipeline one(ear("name=ear"));
    Pipeline other(mouth("name=mouth"));
    g_object_set(one["ear"], "session", session, nullptr);
    g_object_set(other["mouth"], "session", session, nullptr);
    other.set_state(GST_STATE_READY); // so that the messages are its own from the beginning
    one.play();
    other.play();
    other.wait_state("ready");
    fail_unless(session_of(one["ear"]) == session && session_of(other["mouth"]) == session);
    assert_equals_uint64(connects(server), 1);
  }
  gst_object_unref(session);
}
GST_END_TEST;

GST_START_TEST(test_an_element_added_later_finds_the_session)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(mouth(at(server) + "name=mouth"));
  pipeline.play();
  pipeline.wait_state("ready");
  // Through READY, where GStreamer forgets contexts.
  pipeline.set_state(GST_STATE_READY);
  pipeline.play();
  pipeline.wait_state("ready");
  GstElement *added = gst_parse_bin_from_description(ear("name=ear").c_str(), FALSE, nullptr);
  gst_bin_add(GST_BIN(pipeline.get()), added);
  fail_unless(gst_element_sync_state_with_parent(added));
  fail_unless(session_of(pipeline["ear"]) == session_of(pipeline["mouth"]));
  fail_unless(server.wait_for([](const std::vector<Received> &all) {
    return !all.empty() && all.back().kind == Received::Kind::audio;
  }));
  assert_equals_uint64(connects(server), 2);
}
GST_END_TEST;

GST_START_TEST(test_an_element_added_in_ready_finds_the_session)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(mouth(at(server) + "name=mouth"));
  pipeline.play();
  // Where GStreamer has forgotten contexts.
  pipeline.set_state(GST_STATE_READY);
  GstElement *added = gst_parse_bin_from_description(ear("name=ear").c_str(), FALSE, nullptr);
  gst_bin_add(GST_BIN(pipeline.get()), added);
  fail_unless(gst_element_sync_state_with_parent(added));
  fail_unless(session_of(pipeline["ear"]) == session_of(pipeline["mouth"]));
}
GST_END_TEST;

GST_START_TEST(test_the_search_for_a_session_holds_up_no_other)
{
  Pipeline one(mouth("name=mouth"));
  Pipeline other(mouth("name=mouth"));
  GstBus *bus = gst_element_get_bus(one.get());
  gst_bus_set_sync_handler(bus, start_another, other.get(), nullptr);
  gst_object_unref(bus);
  one.set_state(GST_STATE_READY);
  fail_unless(session_of(one["mouth"]) != session_of(other["mouth"]));
}
GST_END_TEST;

GST_START_TEST(test_a_source_that_leaves_before_it_played_is_not_waited_for)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline one("appsrc name=user format=time ! text/x-raw,format=utf8 ! "
               "geminilivetextsink session-name=shared " +
               at(server) + "geminilivetextsrc name=words session-name=shared ! fakesink");
  Pipeline other(mouth("session-name=shared"));
  other.set_state(GST_STATE_READY);
  PadTap words(one["words"], "src", PadTap::Of::text);
  one.play();
  other.wait_state("ready"); // the audio source is the one who tells
  other.stop();
  server.send_audio(test::marked_samples(4800));
  server.send(R"({"serverContent":{"outputTranscription":{"text":"Hello."}}})");
  server.send(R"({"serverContent":{"generationComplete":true,"turnComplete":true}})");
  words.wait_for([](const auto &all) { return !all.empty(); });
  GstFlowReturn flow = GST_FLOW_OK;
  g_signal_emit_by_name(one["user"], "end-of-stream", &flow);
  one.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_a_late_element_must_agree)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline(mouth(at(server) + "name=mouth"));
  pipeline.play();
  pipeline.wait_state("ready");
  GstElement *added =
      gst_parse_bin_from_description(ear("name=ear voice=Kore").c_str(), FALSE, nullptr);
  gst_bin_add(GST_BIN(pipeline.get()), added);
  fail_if(gst_element_sync_state_with_parent(added));
  const auto text = pipeline.wait_error();
  fail_unless(text.find("voice") != std::string::npos, "%s", text.c_str());
  gst_element_set_state(added, GST_STATE_NULL);
  gst_bin_remove(GST_BIN(pipeline.get()), added);
}
GST_END_TEST;

GST_START_TEST(test_two_threads_meet_in_one_session)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  for (int round = 0; round < 20; round++) {
    Pipeline pipeline(ear(at(server) + "name=ear") + mouth("name=mouth"));
    GThread *threads[2];
    GstElement *elements[2] = {pipeline["ear"], pipeline["mouth"]};
    for (int i = 0; i < 2; i++)
      threads[i] = g_thread_new(
          "starter",
          [](gpointer element) -> gpointer {
            gst_element_set_state(static_cast<GstElement *>(element), GST_STATE_READY);
            return nullptr;
          },
          elements[i]);
    for (auto *thread : threads)
      g_thread_join(thread);
    fail_unless(session_of(elements[0]) == session_of(elements[1]));
  }
}
GST_END_TEST;

static Suite *pairing_suite()
{
  Suite *suite = suite_create("pairing");
  TCase *tcase = tcase_create("pairing");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_one_pipeline_is_one_session);
  tcase_add_test(tcase, test_bins_do_not_part_them);
  tcase_add_test(tcase, test_two_pipelines_are_two_sessions);
  tcase_add_test(tcase, test_a_name_joins_two_pipelines);
  tcase_add_test(tcase, test_names_part_two_pairs_in_one_pipeline);
  tcase_add_test(tcase, test_an_object_joins_two_pipelines);
  tcase_add_test(tcase, test_an_element_added_later_finds_the_session);
  tcase_add_test(tcase, test_an_element_added_in_ready_finds_the_session);
  tcase_add_test(tcase, test_the_search_for_a_session_holds_up_no_other);
  tcase_add_test(tcase, test_a_source_that_leaves_before_it_played_is_not_waited_for);
  tcase_add_test(tcase, test_a_late_element_must_agree);
  tcase_add_test(tcase, test_two_threads_meet_in_one_session);
  return suite;
}

GST_CHECK_MAIN(pairing);
