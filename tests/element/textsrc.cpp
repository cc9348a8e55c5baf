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
  GstClockTime end = 0;
  for (int i = 0; i < 5; i++) {
    fail_unless(gst_harness_crank_single_clock_wait(source.harness));
    // A segment before the first gap, as the events' order shows.
    GstEvent *event = source.pull_event(i == 0 ? GST_EVENT_SEGMENT : GST_EVENT_GAP);
    if (i == 0) {
      gst_event_unref(event);
      event = source.pull_event(GST_EVENT_GAP);
    }
    GstClockTime start = 0, duration = 0;
    gst_event_parse_gap(event, &start, &duration);
    assert_equals_uint64(start, end);
    assert_equals_uint64(duration, 100 * GST_MSECOND);
    end = start + duration;
    gst_event_unref(event);
  }
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
  tcase_add_test(tcase, test_a_waiting_source_stops_at_once);
  tcase_add_test(tcase, test_a_pause_pushes_nothing);
  return suite;
}

GST_CHECK_MAIN(textsrc);
