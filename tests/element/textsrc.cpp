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

  void expect_text(const char *expected)
  {
    const auto pulled = pull_text();
    assert_equals_string(pulled.text.c_str(), expected);
    fail_unless(GST_CLOCK_TIME_IS_VALID(pulled.pts));
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

GST_START_TEST(test_time_never_goes_back)
{
  TextSource source;
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20); // behind the first GAP
  const char *words = R"({"serverContent":{"modelTurn":{"parts":[{"text":"a"},{"text":"b"}]}}})";
  source.server.send(words);
  assert_equals_uint64(source.pull_text().pts, 100 * GST_MSECOND);
  assert_equals_uint64(source.pull_text().pts, 100 * GST_MSECOND);
  fail_unless(gst_harness_crank_single_clock_wait(source.harness));
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20); // behind the next GAP
  source.server.send(words);
  assert_equals_uint64(source.pull_text().pts, 200 * GST_MSECOND);
  assert_equals_uint64(source.pull_text().pts, 200 * GST_MSECOND);
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
  tcase_add_test(tcase, test_time_never_goes_back);
  tcase_add_test(tcase, test_a_pause_pushes_nothing);
  return suite;
}

GST_CHECK_MAIN(textsrc);
