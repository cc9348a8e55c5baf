// What geminilivetextsrc and geminiliveeventsrc do while there is nothing to say.

#include "support/harnessed.hpp"

namespace {

constexpr const char *kFactories[] = {"geminilivetextsrc", "geminiliveeventsrc"};

struct Source : test::Harnessed {
  explicit Source(const char *factory) : Harnessed(factory)
  {
    play();
    wait_ready();
  }
};

} // namespace

GST_START_TEST(test_gaps_fill_the_quiet_after_the_segment)
{
  Source source(kFactories[__i__]);
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

GST_START_TEST(test_it_is_live_and_delays_nobody)
{
  Source source(kFactories[__i__]);
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
  Source source(kFactories[__i__]);
  gst_harness_wait_for_clock_id_waits(source.harness, 1, 20);
  fail_unless_equals_int(gst_element_set_state(source.element(), GST_STATE_NULL),
                         GST_STATE_CHANGE_SUCCESS);
}
GST_END_TEST;

static Suite *sparse_suite()
{
  Suite *suite = suite_create("sparse");
  TCase *tcase = tcase_create("sparse");
  suite_add_tcase(suite, tcase);
  for (auto *test : {test_gaps_fill_the_quiet_after_the_segment, test_it_is_live_and_delays_nobody,
                     test_a_waiting_source_stops_at_once})
    tcase_add_loop_test(tcase, test, 0, G_N_ELEMENTS(kFactories));
  return suite;
}

GST_CHECK_MAIN(sparse);
