// geminilivesink alone: what it takes, when, and what reaches the service.

#include "support/harnessed.hpp"
#include "support/pipeline.hpp"
#include "support/stats.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace {

using gemini_live_simulator::Received;

constexpr const char *kCaps = "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved";

GstBuffer *buffer_of(const std::vector<std::int16_t> &samples, GstClockTime pts)
{
  GstBuffer *buffer = gst_buffer_new_memdup(samples.data(), samples.size() * sizeof(samples[0]));
  GST_BUFFER_PTS(buffer) = pts;
  GST_BUFFER_DURATION(buffer) = gst_util_uint64_scale(samples.size(), GST_SECOND, 16000);
  return buffer;
}

std::vector<std::int16_t> samples_of(const std::vector<std::uint8_t> &bytes)
{
  std::vector<std::int16_t> samples(bytes.size() / 2);
  std::copy_n(bytes.begin(), samples.size() * 2, reinterpret_cast<std::uint8_t *>(samples.data()));
  return samples;
}

std::size_t audio_bytes(const std::vector<Received> &all)
{
  std::size_t total = 0;
  for (const auto &one : all)
    total += one.kind == Received::Kind::audio ? one.data.size() : 0;
  return total;
}

// Upstream of a harness is live.
struct Sink : test::Harnessed {
  explicit Sink(const char *scenario = R"({"turns":[]})", const Properties &properties = {})
      : Harnessed("geminilivesink", scenario, properties)
  {
  }
  // Takes more at once than an open line's half second, which a slow machine would not send at once.
  static Sink patient() { return Sink(R"({"turns":[]})", {{"max-buffered", "10000000000"}}); }

  void start()
  {
    play();
    gst_harness_set_src_caps_str(harness, kCaps);
  }
  void push(const std::vector<std::int16_t> &samples, GstClockTime pts)
  {
    fail_unless_equals_int(gst_harness_push(harness, buffer_of(samples, pts)), GST_FLOW_OK);
  }
};

} // namespace

GST_START_TEST(test_live_audio_does_not_wait_for_the_clock)
{
  Sink sink = Sink::patient();
  sink.start();
  const auto voice = test::marked_samples(320 * 50);
  // An hour ahead: a sink that synchronised would hang here, since nobody moves the clock.
  for (std::size_t i = 0; i < 50; i++)
    sink.push({voice.begin() + static_cast<std::ptrdiff_t>(i * 320),
               voice.begin() + static_cast<std::ptrdiff_t>((i + 1) * 320)},
              3600 * GST_SECOND + i * 20 * GST_MSECOND);
  fail_unless(
      sink.server.wait_for([&](const auto &all) { return audio_bytes(all) == voice.size() * 2; }));
  fail_unless(samples_of(sink.server.audio()) == voice);
}
GST_END_TEST;

GST_START_TEST(test_any_buffer_size_makes_whole_chunks)
{
  Sink sink = Sink::patient();
  sink.start();
  const auto voice = test::marked_samples(320 * 40);
  std::size_t sent = 0;
  for (std::size_t size = 1; sent < voice.size(); size = size * 3 % 1009 + 1) {
    const auto count = std::min(size, voice.size() - sent);
    sink.push({voice.begin() + static_cast<std::ptrdiff_t>(sent),
               voice.begin() + static_cast<std::ptrdiff_t>(sent + count)},
              GST_CLOCK_TIME_NONE);
    sent += count;
  }
  fail_unless(
      sink.server.wait_for([&](const auto &all) { return audio_bytes(all) == voice.size() * 2; }));
  fail_unless(samples_of(sink.server.audio()) == voice);
  for (const auto &one : sink.server.received())
    if (one.kind == Received::Kind::audio)
      assert_equals_uint64(one.data.size(), 640);
}
GST_END_TEST;

GST_START_TEST(test_nothing_is_sent_before_the_setup)
{
  Sink sink;
  sink.start();
  sink.push(test::marked_samples(16000), 0); // most likely before the connection stands
  fail_unless(sink.server.wait_for([](const auto &all) { return audio_bytes(all) == 32000; }));
  const auto all = sink.server.received();
  fail_unless(all.at(0).kind == Received::Kind::connect);
  fail_unless(all.at(1).kind == Received::Kind::setup);
  fail_unless(samples_of(sink.server.audio()) == test::marked_samples(16000));
}
GST_END_TEST;

GST_START_TEST(test_eos_sends_the_rest_and_says_that_it_is_over)
{
  Sink sink;
  sink.start();
  sink.push(test::marked_samples(500), 0); // one chunk and a half
  g_object_set(sink.element(), "post-messages", TRUE, nullptr);
  sink.wait_ready();
  fail_unless(sink.server.wait_for([](const auto &all) { return audio_bytes(all) == 640; }));
  // No source listens, so the EOS message waits for the end of the conversation: nothing was said
  // that a voice could be, yet these samples are loud, so the service is asked to answer.
  const auto eos = sink.push_eos();
  fail_unless(sink.server.wait_for([](const auto &all) {
    return !all.empty() && all.back().kind == Received::Kind::audio_stream_end;
  }));
  fail_unless(samples_of(sink.server.audio()) == test::marked_samples(500));
  sink.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"yes"}]}}})");
  sink.server.send(R"({"serverContent":{"turnComplete":true}})");
  sink.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_a_stalled_line_drops_the_oldest_and_says_so)
{
  Sink sink(R"({"turns":[],"faults":[{"at":"0 s","do":"stall"}]})");
  sink.start();
  sink.wait_ready();
  // The kernel takes some megabytes before the line is full.
  bool told = false;
  for (int i = 0; i < 20000 && !told; i++) {
    sink.push(test::marked_samples(1600), 0);
    while (GstMessage *message = gst_bus_pop(sink.bus)) {
      if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_QOS) {
        GstFormat format;
        guint64 dropped = 0;
        gst_message_parse_qos_stats(message, &format, nullptr, &dropped);
        fail_unless(format == GST_FORMAT_TIME);
        fail_unless(dropped > 0);
        told = true;
      }
      gst_message_unref(message);
    }
  }
  fail_unless(told, "nothing was dropped");
  const auto waiting = test::stat_of(sink.element(), "audio-waiting");
  fail_unless(waiting <= 500 * GST_MSECOND, "%" GST_TIME_FORMAT, GST_TIME_ARGS(waiting));
}
GST_END_TEST;

GST_START_TEST(test_a_file_is_paced_by_its_timestamps)
{
  gemini_live_simulator::Simulator server({.scenario = R"({"turns":[]})"});
  test::Pipeline pipeline("audiotestsrc wave=white-noise num-buffers=20 samplesperbuffer=320 ! " +
                          std::string(kCaps) +
                          " ! geminilivesink name=sink api-key=k base-url=" + server.url());
  GstClock *clock = gst_test_clock_new_with_start_time(GST_SECOND);
  auto *test_clock = GST_TEST_CLOCK(clock);
  gst_pipeline_use_clock(GST_PIPELINE(pipeline.get()), clock);
  pipeline.play();
  for (std::size_t i = 0; i < 20; i++) {
    GstClockID waited = nullptr;
    gst_test_clock_wait_for_next_pending_id(test_clock, &waited);
    const auto due = gst_clock_id_get_time(waited);
    gst_clock_id_unref(waited);
    fail_unless(due >= GST_SECOND + i * 20 * GST_MSECOND);
    fail_unless(server.wait_for([&](const auto &all) { return audio_bytes(all) == i * 640; }));
    gst_test_clock_crank(test_clock);
  }
  fail_unless(server.wait_for([](const auto &all) { return audio_bytes(all) == 20 * 640; }));
  pipeline.stop();
  gst_object_unref(clock);
}
GST_END_TEST;

GST_START_TEST(test_caps_are_what_the_service_hears)
{
  Sink sink;
  GstCaps *caps = gst_pad_query_caps(GST_PAD_PEER(sink.harness->srcpad), nullptr);
  GstCaps *expected = gst_caps_from_string(kCaps);
  fail_unless(gst_caps_is_equal(caps, expected));
  gst_caps_unref(caps);
  gst_caps_unref(expected);
}
GST_END_TEST;

// Upstream may flush while the application stops and starts.
GST_START_TEST(test_a_flush_may_come_with_a_change_of_state)
{
  Sink sink;
  GstElement *element = sink.element();
  GstPad *pad = gst_element_get_static_pad(element, "sink");
  std::atomic<bool> done = false;
  std::thread upstream([&] {
    while (!done) {
      gst_pad_send_event(pad, gst_event_new_flush_start());
      gst_pad_send_event(pad, gst_event_new_flush_stop(TRUE));
    }
  });
  for (int i = 0; i < 200; i++)
    for (const auto state : {GST_STATE_READY, GST_STATE_PAUSED})
      fail_unless(gst_element_set_state(element, state) != GST_STATE_CHANGE_FAILURE);
  done = true;
  upstream.join();
  gst_object_unref(pad);
}
GST_END_TEST;

static Suite *sink_suite()
{
  Suite *suite = suite_create("geminilivesink");
  TCase *tcase = tcase_create("sink");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_live_audio_does_not_wait_for_the_clock);
  tcase_add_test(tcase, test_any_buffer_size_makes_whole_chunks);
  tcase_add_test(tcase, test_nothing_is_sent_before_the_setup);
  tcase_add_test(tcase, test_eos_sends_the_rest_and_says_that_it_is_over);
  tcase_add_test(tcase, test_a_stalled_line_drops_the_oldest_and_says_so);
  tcase_add_test(tcase, test_a_file_is_paced_by_its_timestamps);
  tcase_add_test(tcase, test_caps_are_what_the_service_hears);
  tcase_add_test(tcase, test_a_flush_may_come_with_a_change_of_state);
  return suite;
}

GST_CHECK_MAIN(sink);
