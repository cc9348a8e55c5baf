// geminilivetextsrc alone, under a clock that the test moves.

#include "support/harnessed.hpp"

namespace {

struct TextSource : test::Harnessed {
  explicit TextSource(const char *which = "answer") : Harnessed("geminilivetextsrc")
  {
    gst_util_set_object_arg(G_OBJECT(element()), "which", which);
    play();
    wait_ready();
  }

  // Text comes when it comes: nobody moves the clock for it.
  std::string pull()
  {
    GstBuffer *buffer = gst_harness_pull(harness);
    std::string text(gst_buffer_get_size(buffer), ' ');
    gst_buffer_extract(buffer, 0, text.data(), text.size());
    fail_unless(GST_BUFFER_PTS_IS_VALID(buffer));
    gst_buffer_unref(buffer);
    return text;
  }

  void expect_text(const char *expected)
  {
    const auto text = pull();
    assert_equals_string(text.c_str(), expected);
  }

  GstClockTime pull_time()
  {
    GstBuffer *buffer = gst_harness_pull(harness);
    const auto time = GST_BUFFER_PTS(buffer);
    gst_buffer_unref(buffer);
    return time;
  }

  GstEvent *pull_event(GstEventType type)
  {
    for (;;) {
      GstEvent *event = gst_harness_pull_event(harness);
      fail_unless(event != nullptr);
      if (GST_EVENT_TYPE(event) == type)
        return event;
      gst_event_unref(event);
    }
  }
};

} // namespace

GST_START_TEST(test_text_is_the_answer)
{
  TextSource source;
  source.server.send(R"({"serverContent":{"modelTurn":{"parts":[
      {"text":"thinking","thought":true},{"text":"Hello"},{"text":" there"}]}}})");
  source.expect_text("Hello");
  source.expect_text(" there");
}
GST_END_TEST;

GST_START_TEST(test_without_text_the_transcript_is_the_answer)
{
  TextSource source;
  source.server.send(R"({"serverContent":{"outputTranscription":{"text":"Good"}}})");
  source.server.send(R"({"serverContent":{"outputTranscription":{"text":" day"}}})");
  source.expect_text("Good");
  source.expect_text(" day");
}
GST_END_TEST;

GST_START_TEST(test_thoughts_and_input_have_their_own)
{
  TextSource thoughts("thought");
  thoughts.server.send(
      R"({"serverContent":{"modelTurn":{"parts":[{"text":"no"},{"text":"hm","thought":true}]}}})");
  thoughts.expect_text("hm");

  TextSource input("input-transcript");
  input.server.send(R"({"serverContent":{"outputTranscription":{"text":"no"}}})");
  input.server.send(R"({"serverContent":{"inputTranscription":{"text":"what time"}}})");
  input.expect_text("what time");
}
GST_END_TEST;

GST_START_TEST(test_a_conversation_has_a_line_per_utterance)
{
  TextSource source("conversation");
  for (const char *message : {
           R"({"serverContent":{"inputTranscription":{"text":" what"}}})",
           R"({"serverContent":{"inputTranscription":{"text":" time"}}})",
           R"({"serverContent":{"outputTranscription":{"text":"Ten"}}})",
           R"({"serverContent":{"outputTranscription":{"text":"\no'clock"}}})",
           R"({"serverContent":{"turnComplete":true}})",
       })
    source.server.send(message);
  source.expect_text("user: what time\n");
  source.expect_text("model: Ten o'clock\n");
}
GST_END_TEST;

GST_START_TEST(test_gaps_fill_the_quiet_after_the_segment)
{
  TextSource source;
  GstEvent *begin = source.pull_event(GST_EVENT_STREAM_START);
  GstStreamFlags flags = GST_STREAM_FLAG_NONE;
  gst_event_parse_stream_flags(begin, &flags);
  fail_unless(flags & GST_STREAM_FLAG_SPARSE);
  gst_event_unref(begin);
  gst_event_unref(source.pull_event(GST_EVENT_CAPS));
  gst_event_unref(source.pull_event(GST_EVENT_SEGMENT));
  GstClockTime end = 0;
  for (int i = 0; i < 5; i++) {
    // Each says that nothing comes in the 100 ms that begin now.
    GstEvent *event = source.pull_event(GST_EVENT_GAP);
    GstClockTime start = 0, duration = 0;
    gst_event_parse_gap(event, &start, &duration);
    gst_event_unref(event);
    assert_equals_uint64(start, end);
    assert_equals_uint64(duration, 100 * GST_MSECOND);
    end = start + duration;
    fail_unless(gst_harness_crank_single_clock_wait(source.harness));
  }
}
GST_END_TEST;

GST_START_TEST(test_time_never_goes_back)
{
  TextSource source;
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20); // behind the first GAP
  const char *words = R"({"serverContent":{"modelTurn":{"parts":[{"text":"a"},{"text":"b"}]}}})";
  source.server.send(words);
  assert_equals_uint64(source.pull_time(), 100 * GST_MSECOND);
  assert_equals_uint64(source.pull_time(), 100 * GST_MSECOND);
  fail_unless(gst_harness_crank_single_clock_wait(source.harness));
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20); // behind the next GAP
  source.server.send(words);
  assert_equals_uint64(source.pull_time(), 200 * GST_MSECOND);
  assert_equals_uint64(source.pull_time(), 200 * GST_MSECOND);
}
GST_END_TEST;

GST_START_TEST(test_it_is_live_and_delays_nobody)
{
  TextSource source;
  GstQuery *query = gst_query_new_latency();
  fail_unless(gst_pad_peer_query(source.harness->sinkpad, query));
  gboolean live = FALSE;
  GstClockTime min = 1, max = 0;
  gst_query_parse_latency(query, &live, &min, &max);
  gst_query_unref(query);
  fail_unless(live);
  assert_equals_uint64(min, 0);
  assert_equals_uint64(max, GST_CLOCK_TIME_NONE);
}
GST_END_TEST;

GST_START_TEST(test_a_waiting_source_stops_at_once)
{
  TextSource source;
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20);
  fail_unless_equals_int(gst_element_set_state(source.element(), GST_STATE_NULL),
                         GST_STATE_CHANGE_SUCCESS);
}
GST_END_TEST;

GST_START_TEST(test_a_pause_pushes_nothing)
{
  TextSource source;
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20);
  fail_unless(gst_element_set_state(source.element(), GST_STATE_PAUSED) !=
              GST_STATE_CHANGE_FAILURE);
  // The wait is given up, and no other begins.
  gst_test_clock_wait_for_pending_id_count(
      GST_TEST_CLOCK(gst_harness_get_testclock(source.harness)), 0);
  source.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"late"}]}}})");
  source.expect("geminilive/text");
  assert_equals_int(gst_harness_buffers_received(source.harness), 0);
  fail_unless(gst_element_set_state(source.element(), GST_STATE_PLAYING) !=
              GST_STATE_CHANGE_FAILURE);
  source.expect_text("late");
}
GST_END_TEST;

static Suite *textsrc_suite()
{
  Suite *suite = suite_create("geminilivetextsrc");
  TCase *tcase = tcase_create("textsrc");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_text_is_the_answer);
  tcase_add_test(tcase, test_without_text_the_transcript_is_the_answer);
  tcase_add_test(tcase, test_thoughts_and_input_have_their_own);
  tcase_add_test(tcase, test_a_conversation_has_a_line_per_utterance);
  tcase_add_test(tcase, test_gaps_fill_the_quiet_after_the_segment);
  tcase_add_test(tcase, test_time_never_goes_back);
  tcase_add_test(tcase, test_it_is_live_and_delays_nobody);
  tcase_add_test(tcase, test_a_waiting_source_stops_at_once);
  tcase_add_test(tcase, test_a_pause_pushes_nothing);
  return suite;
}

GST_CHECK_MAIN(textsrc);
