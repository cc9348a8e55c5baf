// A connection that breaks, freezes or never answers.

// GstCheck has a macro called fail.
#include <chrono>
#include <future>

#include "trial.hpp"

using test::Connection;
using test::Trial;

namespace {

struct Loss {
  const char *name;
  void (*lose)(Connection &);
  bool had_words;
};

void send_half_a_message(Connection &peer)
{
  const auto frame = Connection::frame_bytes({}, test::audio_message(test::last_words()));
  peer.send(frame.substr(0, frame.size() / 2));
}

constexpr Loss kLosses[] = {
    {"a_reset_is_one_error",
     [](Connection &peer) {
       test::say_first_words(peer);
       peer.reset();
     },
     true},
    {"an_end_without_a_close_is_one_error",
     [](Connection &peer) {
       test::say_first_words(peer);
       peer.shutdown();
       peer.read_to_end();
     },
     true},
    {"an_end_without_a_close_or_a_last_word_is_one_error",
     [](Connection &peer) {
       test::say_first_words(peer);
       peer.shutdown();
       peer.stall();
     },
     true},
    {"an_end_in_the_middle_of_a_message_is_one_error",
     [](Connection &peer) {
       test::say_first_words(peer);
       send_half_a_message(peer);
     },
     true},
    {"a_reset_in_the_middle_of_a_message_is_one_error",
     [](Connection &peer) {
       test::say_first_words(peer);
       send_half_a_message(peer);
       peer.reset();
     },
     true},
    {"an_end_in_the_middle_of_the_fragments_is_one_error",
     [](Connection &peer) {
       test::say_first_words(peer);
       peer.send_frame({.fin = false}, "{\"serverContent\":");
       peer.settle();
     },
     true},
    {"an_end_instead_of_setup_complete_is_one_error", [](Connection &peer) { test::begin(peer); },
     false},
    {"a_reset_instead_of_setup_complete_is_one_error",
     [](Connection &peer) {
       test::begin(peer);
       peer.reset();
     },
     false},
    {"an_end_right_after_the_upgrade_is_one_error", [](Connection &peer) { peer.upgrade(); },
     false},
};

} // namespace

GST_START_TEST(test_loss)
{
  const auto &row = kLosses[__i__];
  Trial trial(row.name, row.lose);
  const auto error = trial.run_to_error();
  trial.expect(error, "Check the network and start again: the connection was lost");
  trial.expect(error, "close code 1006");
  fail_unless(error.code == GST_RESOURCE_ERROR_READ && error.retryable, "%s", row.name);
  trial.expect_heard(row.had_words ? test::first_words() : std::vector<std::int16_t>());
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(a_setup_that_is_never_answered_is_one_error)
{
  test::expect_no_consent("a_setup_that_is_never_answered_is_one_error", {}, 0);
}
GST_END_TEST;

GST_START_TEST(a_setup_that_is_answered_with_everything_but_setup_complete_is_one_error)
{
  test::expect_no_consent(
      "a_setup_that_is_answered_with_everything_but_setup_complete_is_one_error",
      {"{}", R"({"setupComplete":null})", R"({"serverContent":{}})"}, 0);
}
GST_END_TEST;

GST_START_TEST(a_pipeline_stops_at_once_while_the_setup_is_unanswered)
{
  Trial trial("setup", [](Connection &peer) {
    test::begin(peer);
    peer.stall();
  });
  trial.play();
  trial.wait([](GstMessage *m) { return gst_message_has_name(m, "geminilive/state"); });
  trial.stop();
  trial.expect_warnings(0);
}
GST_END_TEST;

// Live speech that the peer does not read is dropped, and the sink says so.
GST_START_TEST(a_peer_that_reads_nothing_is_told_by_qos_and_the_stop_is_quick)
{
  Trial trial(
      "stall",
      [](Connection &peer) {
        test::say_first_words(peer);
        peer.stall();
      },
      "max-buffered=100000000");
  trial.play();
  trial.wait([](GstMessage *m) {
    return GST_MESSAGE_TYPE(m) == GST_MESSAGE_QOS && g_str_equal(GST_MESSAGE_SRC_NAME(m), "ear");
  });
  trial.wait_heard(test::first_words().size());
  trial.stop();
  trial.expect_heard(test::first_words());
}
GST_END_TEST;

// It goes on to speak, too.
GST_START_TEST(a_peer_that_reads_nothing_is_still_heard)
{
  Trial trial("stall", [](Connection &peer) {
    test::say_first_words(peer);
    peer.send_binary(test::audio_message(test::last_words()));
    peer.stall();
  });
  trial.play();
  trial.wait_heard(test::first_words().size());
  trial.stop();
}
GST_END_TEST;

// One that never pauses does not keep the client from hanging up.
GST_START_TEST(a_peer_that_never_stops_speaking_is_left_behind)
{
  std::promise<void> over;
  Trial trial("endless", [&](Connection &peer) {
    test::say_first_words(peer);
    std::string all;
    for (unsigned i = 0; i < 10'000; i++)
      all += Connection::frame_bytes({.opcode = 2}, "{}");
    try {
      for (;;)
        peer.send(all);
    } catch (...) {
      over.set_value();
      throw;
    }
  });
  trial.play();
  trial.wait_heard(test::first_words().size());
  trial.stop();
  trial.expect_heard(test::first_words());
  trial.expect_warnings(0);
  fail_unless(over.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
}
GST_END_TEST;

static Suite *lines_suite()
{
  Suite *suite = suite_create("lines");
  TCase *tcase = tcase_create("lines");
  suite_add_tcase(suite, tcase);
  test::add_rows(tcase, kLosses, test_loss);
  tcase_add_test(tcase, a_setup_that_is_never_answered_is_one_error);
  tcase_add_test(tcase, a_setup_that_is_answered_with_everything_but_setup_complete_is_one_error);
  tcase_add_test(tcase, a_pipeline_stops_at_once_while_the_setup_is_unanswered);
  tcase_add_test(tcase, a_peer_that_reads_nothing_is_told_by_qos_and_the_stop_is_quick);
  tcase_add_test(tcase, a_peer_that_reads_nothing_is_still_heard);
  tcase_add_test(tcase, a_peer_that_never_stops_speaking_is_left_behind);
  return suite;
}

GST_CHECK_MAIN(lines);
