// geminilivesrc alone, under a clock that the test moves.

#include <algorithm>
#include <random>

#include "support/harnessed.hpp"
#include "support/pipeline.hpp"

namespace {

constexpr GstClockTime kPeriod = 20 * GST_MSECOND;
constexpr std::size_t kPeriodSamples = 480;

struct Source : test::Harnessed {
  Source() : Harnessed("geminilivesrc") {}

  // The next buffer, at the time it is due.
  GstBuffer *pull()
  {
    fail_unless(gst_harness_crank_single_clock_wait(harness));
    return gst_harness_pull(harness);
  }

  // Speech that the source has received when this returns.
  void say(const std::vector<std::int16_t> &samples, unsigned rate = 24000)
  {
    if (!samples.empty())
      server.send_audio(samples, rate);
    server.send(R"({"serverContent":{"generationComplete":true}})");
    expect("geminilive/generation-complete");
  }
};

std::vector<std::int16_t> samples_of(GstBuffer *buffer)
{
  std::vector<std::int16_t> samples(gst_buffer_get_size(buffer) / sizeof(std::int16_t));
  gst_buffer_extract(buffer, 0, samples.data(), gst_buffer_get_size(buffer));
  return samples;
}

bool is_silent(GstBuffer *buffer)
{
  for (const auto sample : samples_of(buffer))
    if (sample != 0)
      return false;
  return true;
}

} // namespace

GST_START_TEST(test_silence_ticks_with_the_clock)
{
  Source source;
  source.play();
  for (guint64 i = 0; i < 200; i++) {
    GstBuffer *buffer = source.pull();
    assert_equals_uint64(GST_BUFFER_PTS(buffer), i * kPeriod);
    assert_equals_uint64(GST_BUFFER_DURATION(buffer), kPeriod);
    assert_equals_uint64(GST_BUFFER_OFFSET(buffer), i * kPeriodSamples);
    assert_equals_int(GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT), i == 0);
    fail_if(GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_GAP));
    assert_equals_uint64(gst_buffer_get_size(buffer), kPeriodSamples * 2);
    fail_unless(is_silent(buffer));
    gst_buffer_unref(buffer);
  }
}
GST_END_TEST;

GST_START_TEST(test_silence_allocates_no_samples)
{
  Source source;
  source.play();
  GstBuffer *first = source.pull();
  for (int i = 0; i < 50; i++) {
    GstBuffer *buffer = source.pull();
    fail_unless(gst_buffer_peek_memory(buffer, 0) == gst_buffer_peek_memory(first, 0));
    gst_buffer_unref(buffer);
  }
  gst_buffer_unref(first);
}
GST_END_TEST;

GST_START_TEST(test_speech_is_whole_and_in_time)
{
  Source source;
  source.play();
  gst_buffer_unref(source.pull());
  source.wait_ready();
  const auto speech = test::marked_samples(24000 + 77);
  source.say(speech);
  std::vector<std::int16_t> heard;
  while (heard.size() < speech.size()) {
    GstBuffer *buffer = source.pull();
    const auto samples = samples_of(buffer);
    heard.insert(heard.end(), samples.begin(), samples.end());
    assert_equals_uint64(GST_BUFFER_DURATION(buffer), kPeriod);
    gst_buffer_unref(buffer);
  }
  heard.resize(speech.size());
  fail_unless(heard == speech);
  // What came before was a whole number of periods, so no period was torn.
  GstBuffer *after = source.pull();
  fail_unless(is_silent(after));
  gst_buffer_unref(after);
}
GST_END_TEST;

GST_START_TEST(test_a_long_answer_in_odd_messages_is_whole)
{
  Source source;
  source.play();
  gst_buffer_unref(source.pull());
  source.wait_ready();
  // 30 s as fast as the line takes them, in messages of odd sizes, odd in bytes too.
  const auto speech = test::marked_samples(30 * 24000);
  const std::string bytes(reinterpret_cast<const char *>(speech.data()), speech.size() * 2);
  std::mt19937 random(1);
  for (std::size_t done = 0; done < bytes.size();) {
    const auto size = std::min<std::size_t>(random() % 30000 + 1, bytes.size() - done);
    g_autofree gchar *base64 =
        g_base64_encode(reinterpret_cast<const guchar *>(bytes.data()) + done, size);
    source.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":)"
                       R"("audio/pcm;rate=24000","data":")" +
                       std::string(base64) + R"("}}]}}})");
    done += size;
  }
  source.say({});
  std::vector<std::int16_t> heard;
  while (heard.size() < speech.size()) {
    GstBuffer *buffer = source.pull();
    const auto samples = samples_of(buffer);
    heard.insert(heard.end(), samples.begin(), samples.end());
    gst_buffer_unref(buffer);
  }
  fail_unless(heard == speech);
}
GST_END_TEST;

GST_START_TEST(test_samples_are_not_copied)
{
  Source source;
  source.play();
  source.wait_ready();
  source.say(test::marked_samples(4800));
  const guint8 *last = nullptr;
  for (int i = 0; i < 10; i++) {
    GstBuffer *buffer = source.pull();
    GstMapInfo map;
    fail_unless(gst_buffer_map(buffer, &map, GST_MAP_READ));
    // One message, so one stretch of memory.
    if (last)
      fail_unless(map.data == last + kPeriodSamples * 2);
    last = map.data;
    gst_buffer_unmap(buffer, &map);
    gst_buffer_unref(buffer);
  }
}
GST_END_TEST;

GST_START_TEST(test_late_is_not_lost)
{
  Source source;
  source.play();
  gst_buffer_unref(source.pull());
  source.wait_ready();
  source.say(test::marked_samples(4800));
  // One second late: the stream goes on without a hole.
  gst_harness_set_time(source.harness, GST_SECOND);
  for (int i = 1; i <= 10; i++) {
    GstBuffer *buffer = source.pull();
    assert_equals_uint64(GST_BUFFER_PTS(buffer), static_cast<guint64>(i) * kPeriod);
    fail_if(GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT));
    fail_if(is_silent(buffer));
    gst_buffer_unref(buffer);
  }
}
GST_END_TEST;

GST_START_TEST(test_far_behind_goes_on_at_the_present)
{
  Source source;
  source.play();
  gst_buffer_unref(source.pull());
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20);
  gst_harness_set_time(source.harness, 10 * GST_SECOND);
  GstBuffer *waited = source.pull();
  assert_equals_uint64(GST_BUFFER_PTS(waited), kPeriod);
  gst_buffer_unref(waited);
  GstBuffer *buffer = source.pull();
  assert_equals_uint64(GST_BUFFER_PTS(buffer), 10 * GST_SECOND);
  fail_unless(GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT));
  gst_buffer_unref(buffer);
}
GST_END_TEST;

GST_START_TEST(test_caps_offer_one_rate)
{
  Source source;
  GstCaps *caps = gst_pad_query_caps(GST_PAD_PEER(source.harness->sinkpad), nullptr);
  GstCaps *expected =
      gst_caps_from_string("audio/x-raw,format=S16LE,rate=24000,channels=1,layout=interleaved");
  fail_unless(gst_caps_is_equal(caps, expected), "%" GST_PTR_FORMAT, caps);
  gst_caps_unref(caps);
  gst_caps_unref(expected);
}
GST_END_TEST;

GST_START_TEST(test_another_rate_is_new_caps_before_its_buffer)
{
  Source source;
  source.play();
  gst_buffer_unref(source.pull());
  source.wait_ready();
  source.say(test::marked_samples(800), 16000);
  GstBuffer *buffer = source.pull();
  GstCaps *caps = gst_pad_get_current_caps(source.harness->sinkpad);
  gint rate = 0;
  gst_structure_get_int(gst_caps_get_structure(caps, 0), "rate", &rate);
  assert_equals_int(rate, 16000);
  assert_equals_uint64(gst_buffer_get_size(buffer), 320 * 2);
  assert_equals_uint64(GST_BUFFER_PTS(buffer), kPeriod);
  assert_equals_uint64(GST_BUFFER_DURATION(buffer), kPeriod);
  gst_buffer_unref(buffer);
  gst_caps_unref(caps);
}
GST_END_TEST;

GST_START_TEST(test_latency_is_live_and_one_period)
{
  Source source;
  source.play();
  GstQuery *query = gst_query_new_latency();
  gboolean live = FALSE;
  GstClockTime least = 0, most = 0;
  fail_unless(gst_pad_peer_query(source.harness->sinkpad, query));
  gst_query_parse_latency(query, &live, &least, &most);
  fail_unless(live);
  assert_equals_uint64(least, kPeriod);
  fail_if(GST_CLOCK_TIME_IS_VALID(most));
  gst_query_unref(query);
}
GST_END_TEST;

GST_START_TEST(test_a_waiting_source_stops_at_once)
{
  Source source;
  source.play();
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20);
  // Nobody moves the clock again: without unlock() this would hang.
  fail_unless_equals_int(gst_element_set_state(source.harness->element, GST_STATE_NULL),
                         GST_STATE_CHANGE_SUCCESS);
}
GST_END_TEST;

GST_START_TEST(test_app_eos_ends_a_waiting_source)
{
  Source source;
  source.play();
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20);
  fail_unless(gst_element_send_event(source.harness->element, gst_event_new_eos()));
  for (;;) {
    GstEvent *event = gst_harness_pull_event(source.harness);
    fail_unless(event != nullptr);
    const bool eos = GST_EVENT_TYPE(event) == GST_EVENT_EOS;
    gst_event_unref(event);
    if (eos)
      break;
  }
}
GST_END_TEST;

GST_START_TEST(test_stream_begins_in_order)
{
  Source source;
  source.play();
  gst_buffer_unref(source.pull());
  const GstEventType expected[] = {GST_EVENT_STREAM_START, GST_EVENT_CAPS, GST_EVENT_SEGMENT};
  for (const auto type : expected) {
    GstEvent *event = gst_harness_pull_event(source.harness);
    assert_equals_string(gst_event_type_get_name(GST_EVENT_TYPE(event)),
                         gst_event_type_get_name(type));
    gst_event_unref(event);
  }
}
GST_END_TEST;

static Suite *src_suite()
{
  Suite *suite = suite_create("geminilivesrc");
  TCase *tcase = tcase_create("src");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_silence_ticks_with_the_clock);
  tcase_add_test(tcase, test_silence_allocates_no_samples);
  tcase_add_test(tcase, test_speech_is_whole_and_in_time);
  tcase_add_test(tcase, test_a_long_answer_in_odd_messages_is_whole);
  tcase_add_test(tcase, test_samples_are_not_copied);
  tcase_add_test(tcase, test_late_is_not_lost);
  tcase_add_test(tcase, test_far_behind_goes_on_at_the_present);
  tcase_add_test(tcase, test_caps_offer_one_rate);
  tcase_add_test(tcase, test_another_rate_is_new_caps_before_its_buffer);
  tcase_add_test(tcase, test_latency_is_live_and_one_period);
  tcase_add_test(tcase, test_a_waiting_source_stops_at_once);
  tcase_add_test(tcase, test_app_eos_ends_a_waiting_source);
  tcase_add_test(tcase, test_stream_begins_in_order);
  return suite;
}

GST_CHECK_MAIN(src);
