// The user's voice stops for a while: the service is told, since it hears only what is sent.

#include "support/harnessed.hpp"
#include "support/pipeline.hpp"
#include "support/received.hpp"

#include <algorithm>
#include <chrono>

namespace {

using gemini_live_simulator::Received;

constexpr const char *kCaps = "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved";

using Kind = Received::Kind;
using test::count;

struct Voice : test::Harnessed {
  explicit Voice(const char *scenario = R"({"turns":[]})") : Harnessed("geminilivesink", scenario)
  {
    play();
    gst_harness_set_src_caps_str(harness, kCaps);
    wait_ready();
  }

  // 110 ms, which are no whole number of chunks.
  void speak()
  {
    const auto samples = test::marked_samples(1760);
    GstBuffer *buffer = gst_buffer_new_memdup(samples.data(), samples.size() * 2);
    fail_unless_equals_int(gst_harness_push(harness, buffer), GST_FLOW_OK);
    spoken += samples.size() * 2;
  }
  void wait_for_ends(std::size_t wanted)
  {
    fail_unless(server.wait_for(
        [&](const auto &all) { return count(all, Kind::audio_stream_end) == wanted; }));
    // Everything that was spoken came before it, what does not fill a chunk too.
    const auto all = server.received();
    fail_unless(all.back().kind == Kind::audio_stream_end);
    assert_equals_uint64(server.audio().size(), spoken);
  }

  std::size_t spoken = 0;
};

} // namespace

GST_START_TEST(test_a_pause_is_said_once)
{
  Voice voice;
  voice.speak();
  voice.wait_for_ends(1);
  // One more message shows that there is no second end before it.
  gboolean sent = FALSE;
  g_signal_emit_by_name(voice.element(), "send-text", "still here", &sent);
  fail_unless(sent);
  fail_unless(voice.server.wait_for([](const auto &all) { return all.back().kind == Kind::text; }));
  assert_equals_uint64(count(voice.server.received(), Kind::audio_stream_end), 1);
}
GST_END_TEST;

GST_START_TEST(test_every_pause_is_said)
{
  Voice voice;
  for (std::size_t pause = 1; pause <= 2; pause++) {
    voice.speak();
    voice.wait_for_ends(pause);
  }
}
GST_END_TEST;

GST_START_TEST(test_a_pause_is_a_second_long)
{
  Voice voice;
  const auto before = g_get_monotonic_time();
  voice.speak();
  voice.wait_for_ends(1);
  fail_unless(voice.server.received().back().at - before >= 1'000'000, "the end came too soon");
}
GST_END_TEST;

GST_START_TEST(test_a_gap_event_is_no_voice)
{
  Voice voice;
  voice.speak();
  const auto ended = [](const auto &all) { return count(all, Kind::audio_stream_end) == 1; };
  bool told = false;
  for (unsigned i = 0; i < 400 && !told; i++) {
    fail_unless(gst_harness_push_event(voice.harness,
                                       gst_event_new_gap(i * 50 * GST_MSECOND, 50 * GST_MSECOND)));
    told = voice.server.wait_for(ended, std::chrono::milliseconds(50));
  }
  fail_unless(told);
}
GST_END_TEST;

GST_START_TEST(test_a_pause_of_the_pipeline_is_a_pause)
{
  Voice voice;
  voice.speak();
  gst_element_set_state(voice.element(), GST_STATE_PAUSED);
  voice.wait_for_ends(1);
}
GST_END_TEST;

GST_START_TEST(test_the_end_of_the_stream_after_a_pause_says_nothing_new)
{
  gemini_live_simulator::Simulator server({.scenario = R"({"turns":[]})"});
  test::Pipeline pipeline(
      "appsrc name=in is-live=true format=time ! " + std::string(kCaps) +
      " ! geminilivesink drain-timeout=1000000 api-key=k base-url=" + server.url());
  const auto samples = test::marked_samples(1600);
  pipeline.play();
  pipeline.push("in", {reinterpret_cast<const char *>(samples.data()), samples.size() * 2});
  fail_unless(
      server.wait_for([](const auto &all) { return count(all, Kind::audio_stream_end) == 1; }));
  pipeline.end("in");
  pipeline.wait_eos();
  assert_equals_uint64(count(server.received(), Kind::audio_stream_end), 1);
}
GST_END_TEST;

static Suite *pause_suite(void)
{
  Suite *suite = suite_create("pause");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_a_pause_is_said_once);
  tcase_add_test(tests, test_every_pause_is_said);
  tcase_add_test(tests, test_a_pause_is_a_second_long);
  tcase_add_test(tests, test_a_gap_event_is_no_voice);
  tcase_add_test(tests, test_a_pause_of_the_pipeline_is_a_pause);
  tcase_add_test(tests, test_the_end_of_the_stream_after_a_pause_says_nothing_new);
  return suite;
}

GST_CHECK_MAIN(pause)
