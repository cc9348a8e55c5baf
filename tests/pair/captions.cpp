// The words of a source of text, to the last one, however the conversation ends.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"
#include "support/received.hpp"

#include <string>
#include <vector>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::PadTap;
using test::Pipeline;

std::string joined(const std::vector<test::Sample> &buffers)
{
  std::string all;
  for (const auto &one : buffers)
    all += one.text;
  return all;
}

// A typed question, and words that are shown as they are spoken.
struct Question {
  explicit Question(const std::string &settings, const std::string &mouth = "")
      : pipeline("appsrc name=typed ! geminilivetextsink geminilivetextsrc name=words api-key=k "
                 "base-url=" +
                 server.url() + " " + settings + " ! fakesink geminilivesrc name=mouth " + mouth +
                 " ! fakesink sync=true")
  {
    pipeline.play();
    // An error before that would keep it from playing, and so the words.
    fail_unless_equals_int(gst_element_get_state(pipeline.get(), nullptr, nullptr, 20 * GST_SECOND),
                           GST_STATE_CHANGE_SUCCESS);
    pipeline.push("typed", "Well?\n");
    fail_unless(server.wait_for(
        [](const auto &all) { return test::count(all, Received::Kind::text) == 1; }));
  }
  void say(const char *piece)
  {
    server.send(std::string(R"({"serverContent":{"outputTranscription":{"text":")") + piece +
                R"("}}})");
  }
  void speak() { server.send_audio(test::marked_samples(1440)); } // 60 ms

  Simulator server{{.scenario = R"({"turns":[]})"}};
  Pipeline pipeline;
  PadTap words{pipeline["words"], "src", PadTap::Of::text};
};

void expect_shown(const Question &question, const char *wanted)
{
  const auto shown = joined(question.words.buffers());
  assert_equals_string(shown.c_str(), wanted);
}

} // namespace

GST_START_TEST(test_the_last_words_are_shown_before_the_end)
{
  Question question("which=answer");
  question.pipeline.end("typed"); // so that the end comes with the last words
  question.speak();
  for (const char *word : {"Words ", "that ", "come ", "last."})
    question.say(word);
  question.server.send(R"({"serverContent":{"turnComplete":true}})");
  question.pipeline.wait_eos();
  expect_shown(question, "Words that come last.");
}
GST_END_TEST;

GST_START_TEST(test_an_answer_without_an_end_is_shown_at_the_end)
{
  Question question("which=conversation drain-timeout=500000000");
  question.speak();
  question.say("First.");
  gst_message_unref(question.pipeline.wait_element("transcript"));
  question.pipeline.end("typed");
  question.pipeline.wait_eos();
  expect_shown(question, "user: Well?\nmodel: First.\n");
}
GST_END_TEST;

GST_START_TEST(test_an_answer_that_is_cut_off_is_shown)
{
  Question question("which=conversation");
  question.say("First.");
  question.speak();
  question.server.close(1011, "gone");
  question.pipeline.wait_error();
  question.words.wait_for(
      [](const auto &all) { return joined(all) == "user: Well?\nmodel: First.\n"; });
}
GST_END_TEST;

GST_START_TEST(test_what_the_user_says_is_shown_once)
{
  Question question("which=conversation");
  for (const char *piece : {"What", " time", " is it?"}) {
    question.server.send(std::string(R"({"serverContent":{"inputTranscription":{"text":")") +
                         piece + R"("}}})");
    question.say("Two.");
    question.speak();
  }
  question.server.send(R"({"serverContent":{"turnComplete":true}})");
  gst_message_unref(question.pipeline.wait_element("turn-complete"));
  question.pipeline.end("typed");
  question.pipeline.wait_eos();
  expect_shown(question,
               "user: Well?\nuser: What\nuser: time\nuser: is it?\nmodel: Two.Two.Two.\n");
}
GST_END_TEST;

// Nobody plays the speech to which the words belong.
GST_START_TEST(test_words_do_not_wait_for_a_source_that_has_ended)
{
  Question question("which=conversation", "num-buffers=1");
  question.speak();
  question.say("First.");
  question.server.send(R"({"serverContent":{"turnComplete":true}})");
  gst_message_unref(question.pipeline.wait_element("turn-complete"));
  question.pipeline.end("typed");
  question.pipeline.wait_eos();
  expect_shown(question, "user: Well?\nmodel: First.\n");
}
GST_END_TEST;

static Suite *captions_suite()
{
  constexpr int kTimes = 10; // for what happens between two threads
  Suite *suite = suite_create("captions");
  TCase *tcase = tcase_create("captions");
  suite_add_tcase(suite, tcase);
  tcase_add_loop_test(tcase, test_the_last_words_are_shown_before_the_end, 0, kTimes);
  tcase_add_test(tcase, test_an_answer_without_an_end_is_shown_at_the_end);
  tcase_add_test(tcase, test_an_answer_that_is_cut_off_is_shown);
  tcase_add_test(tcase, test_what_the_user_says_is_shown_once);
  tcase_add_test(tcase, test_words_do_not_wait_for_a_source_that_has_ended);
  return suite;
}

GST_CHECK_MAIN(captions);
