// What becomes of the user's voice while the model waits for the answer to a call.

#include "support/harnessed.hpp"
#include "support/pipeline.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

namespace {

using gemini_live_simulator::Received;
using Kind = Received::Kind;

constexpr const char *kBlocks = R"([{"name":"look","description":"Look.","behavior":"BLOCKING"}])";
constexpr const char *kDoesNot =
    R"([{"name":"look","description":"Look.","behavior":"NON_BLOCKING"}])";
constexpr std::size_t kPeriod = 320; // samples, 20 ms

// A microphone whose user speaks when the test says so.
struct Microphone : test::Harnessed {
  explicit Microphone(std::initializer_list<Properties::value_type> properties)
      : Harnessed("geminilivesink", R"({"turns":[]})", properties)
  {
    g_signal_connect(element(), "tool-call",
                     G_CALLBACK(+[](GstElement *, const char *, const char *, const char *,
                                    gpointer) -> gboolean { return TRUE; }),
                     nullptr);
    play();
    gst_harness_set_src_caps_str(
        harness, "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved");
    wait_ready();
  }

  void call()
  {
    server.send(R"({"toolCall":{"functionCalls":[{"id":"a","name":"look"}]}})");
    expect("geminilive/tool-call");
  }
  void answer()
  {
    gboolean sent = FALSE;
    g_signal_emit_by_name(element(), "send-tool-response", "a", "1", &sent);
    fail_unless(sent);
  }
  void speak(std::size_t periods)
  {
    for (std::size_t i = 0; i < periods; i++) {
      const auto samples = test::marked_samples(kPeriod, said_);
      said_ += kPeriod;
      GstBuffer *buffer = gst_buffer_new_memdup(samples.data(), samples.size() * 2);
      fail_unless_equals_int(gst_harness_push(harness, buffer), GST_FLOW_OK);
    }
  }
  // Typed words wait for nothing, so what was to come before them has come.
  void type()
  {
    gboolean sent = FALSE;
    g_signal_emit_by_name(element(), "send-text", "still here", &sent);
    fail_unless(sent);
  }
  // What the service was told after the setup, in order, each kind once in a row, when `last` has come
  // and `samples` were heard. That no voice comes any more may be told at any time.
  std::vector<Kind> heard(Kind last, std::size_t samples) const
  {
    fail_unless(server.wait_for([&](const auto &all) {
      return std::any_of(all.begin(), all.end(),
                         [&](const auto &one) { return one.kind == last; }) &&
             server.audio().size() == samples * 2;
    }));
    std::vector<Kind> kinds;
    for (const auto &one : server.received())
      if (one.kind != Kind::connect && one.kind != Kind::setup &&
          one.kind != Kind::audio_stream_end && (kinds.empty() || kinds.back() != one.kind))
        kinds.push_back(one.kind);
    return kinds;
  }
  bool has_heard(std::size_t from, std::size_t count) const
  {
    const auto expected = test::marked_samples(count, from);
    const auto bytes = server.audio();
    return bytes.size() == count * 2 &&
           std::equal(bytes.begin(), bytes.end(),
                      reinterpret_cast<const std::uint8_t *>(expected.data()));
  }

private:
  std::size_t said_ = 0;
};

} // namespace

GST_START_TEST(test_the_voice_waits_where_it_would_cancel_the_call)
{
  Microphone user({{"model", "gemini-3.1-flash-live-preview"}});
  user.call();
  user.speak(10);
  user.type();
  fail_unless(user.heard(Kind::text, 0) == std::vector{Kind::text});
  user.answer();
  fail_unless(user.heard(Kind::audio, 10 * kPeriod) ==
              std::vector({Kind::text, Kind::tool_response, Kind::audio}));
  fail_unless(user.has_heard(0, 10 * kPeriod));
  user.speak(5);
  user.heard(Kind::audio, 15 * kPeriod);
}
GST_END_TEST;

GST_START_TEST(test_a_call_that_does_not_block_holds_nothing)
{
  Microphone user({{"model", "gemini-3.1-flash-live-preview"}, {"tools", kDoesNot}});
  user.call();
  user.speak(10);
  fail_unless(user.heard(Kind::audio, 10 * kPeriod) == std::vector{Kind::audio});
}
GST_END_TEST;

GST_START_TEST(test_other_models_hear_the_user_all_the_time)
{
  Microphone user({{"model", "gemini-2.5-flash-native-audio-latest"}});
  user.call();
  user.speak(10);
  fail_unless(user.heard(Kind::audio, 10 * kPeriod) == std::vector{Kind::audio});
}
GST_END_TEST;

GST_START_TEST(test_what_waits_is_bounded)
{
  Microphone user({{"model", "gemini-3.1-flash-live-preview"}, {"max-offline-audio", "100000000"}});
  user.speak(1);
  user.heard(Kind::audio, kPeriod);
  user.call();
  user.speak(20);
  user.answer();
  // The newest 100 ms, and what came before.
  user.heard(Kind::audio, 6 * kPeriod);
  const auto bytes = user.server.audio();
  const auto newest = test::marked_samples(5 * kPeriod, 16 * kPeriod);
  fail_unless(std::equal(bytes.begin() + kPeriod * 2, bytes.end(),
                         reinterpret_cast<const std::uint8_t *>(newest.data())));
}
GST_END_TEST;

GST_START_TEST(test_the_voice_goes_on_when_the_call_is_cancelled)
{
  Microphone user({{"model", "gemini-3.1-flash-live-preview"}});
  user.call();
  user.speak(10);
  user.server.send(R"({"toolCallCancellation":{"ids":["a"]}})");
  fail_unless(user.heard(Kind::audio, 10 * kPeriod) == std::vector{Kind::audio});
}
GST_END_TEST;

GST_START_TEST(test_the_voice_goes_on_when_the_time_of_the_call_is_over)
{
  Microphone user({{"model", "gemini-3.1-flash-live-preview"}, {"tool-timeout", "200000000"}});
  user.call();
  user.speak(10);
  fail_unless(user.heard(Kind::audio, 10 * kPeriod) ==
              std::vector({Kind::tool_response, Kind::audio}));
}
GST_END_TEST;

GST_START_TEST(test_on_holds_for_any_call_until_its_answer_is_sent)
{
  Microphone user({{"hold-input-during-tool-calls", "on"}});
  user.call();
  user.speak(10);
  user.answer(); // which waits for the end of the turn
  user.expect("geminilive/tool-result");
  user.type();
  fail_unless(user.heard(Kind::text, 0) == std::vector{Kind::text});
  user.server.send(R"({"serverContent":{"turnComplete":true}})");
  fail_unless(user.heard(Kind::audio, 10 * kPeriod) ==
              std::vector({Kind::text, Kind::tool_response, Kind::audio}));
}
GST_END_TEST;

GST_START_TEST(test_off_holds_for_none)
{
  Microphone user({{"model", "gemini-3.1-flash-live-preview"},
                   {"hold-input-during-tool-calls", "off"},
                   {"tools", kBlocks}});
  user.call();
  user.speak(10);
  fail_unless(user.heard(Kind::audio, 10 * kPeriod) == std::vector{Kind::audio});
}
GST_END_TEST;

static Suite *tool_hold_suite(void)
{
  Suite *suite = suite_create("tool_hold");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_the_voice_waits_where_it_would_cancel_the_call);
  tcase_add_test(tests, test_a_call_that_does_not_block_holds_nothing);
  tcase_add_test(tests, test_other_models_hear_the_user_all_the_time);
  tcase_add_test(tests, test_what_waits_is_bounded);
  tcase_add_test(tests, test_the_voice_goes_on_when_the_call_is_cancelled);
  tcase_add_test(tests, test_the_voice_goes_on_when_the_time_of_the_call_is_over);
  tcase_add_test(tests, test_on_holds_for_any_call_until_its_answer_is_sent);
  tcase_add_test(tests, test_off_holds_for_none);
  return suite;
}

GST_CHECK_MAIN(tool_hold)
