// Whole conversations with calls, as the service holds them: the simulator calls by a scenario, our
// elements answer.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"
#include "support/stats.hpp"

#include <gst/geminilive/geminilive.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::PadTap;
using test::Pipeline;
using Kind = Received::Kind;

struct Call {
  GstElement *mouth;
  std::string id, name, args;

  bool answer(const char *json) const
  {
    gboolean sent = FALSE;
    g_signal_emit_by_name(mouth, "send-tool-response", id.c_str(), json, &sent);
    return sent;
  }
};

using Handler = std::function<void(const Call &)>;

// The user types, the model speaks; `handler` takes every call.
struct Talk {
  using Settings = std::vector<std::pair<const char *, const char *>>;

  Talk(const std::string &scenario, Handler with, const Settings &settings = {},
       const std::string &input = "appsrc name=typed ! geminilivetextsink")
      : handler(std::move(with)), server({.scenario = scenario}),
        pipeline(input + " geminilivesrc name=mouth api-key=k base-url=" + server.url() +
                 " ! fakesink sync=true"),
        voice(pipeline["mouth"], "src")
  {
    for (const auto &[name, value] : settings)
      gst_util_set_object_arg(G_OBJECT(pipeline["mouth"]), name, value);
    g_signal_connect(pipeline["mouth"], "tool-call",
                     G_CALLBACK(+[](GstElement *mouth, const char *id, const char *name,
                                    const char *args, Talk *talk) -> gboolean {
                       talk->handler({mouth, id, name, args});
                       return TRUE;
                     }),
                     this);
    pipeline.play();
  }

  void type(const std::string &line) { pipeline.push("typed", line + "\n"); }
  void end() { pipeline.end("typed"); }
  void expect(const char *event) { gst_message_unref(pipeline.wait_element(event)); }
  // The next whole utterance of the model.
  void expect_words(const std::string &expected)
  {
    GstMessage *message = pipeline.wait([](GstMessage *one) {
      gboolean final = FALSE;
      return gst_message_has_name(one, "geminilive/transcript") &&
             g_str_equal(gst_structure_get_string(gst_message_get_structure(one), "direction"),
                         "output") &&
             gst_structure_get_boolean(gst_message_get_structure(one), "final", &final) && final;
    });
    const char *words = gst_structure_get_string(gst_message_get_structure(message), "text");
    fail_unless(words == expected, "%s instead of %s", words, expected.c_str());
    gst_message_unref(message);
  }
  guint64 count(const char *name) { return test::stat_of(pipeline["mouth"], name); }
  std::size_t answers() const
  {
    const auto all = server.received();
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [](const auto &one) { return one.kind == Kind::tool_response; }));
  }
  void wait_answers(std::size_t wanted) const
  {
    fail_unless(server.wait_for([&](const auto &) { return answers() == wanted; }));
  }

  const Handler handler;
  Simulator server;
  Pipeline pipeline;
  PadTap voice;
};

void answer_at_once(const Call &call)
{
  fail_unless(call.answer(R"("42")"));
}

// Calls that the test answers.
class Kept {
public:
  Handler handler()
  {
    return [this](const Call &call) {
      {
        std::lock_guard lock(mutex_);
        calls_.push_back(call);
      }
      changed_.notify_all();
    };
  }
  std::vector<Call> wait(std::size_t count)
  {
    std::unique_lock lock(mutex_);
    fail_unless(
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return calls_.size() >= count; }));
    return calls_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Call> calls_;
};

std::string scenario(const char *profile, const char *turns)
{
  return std::string(R"({"profile":")") + profile + R"(","turns":[)" + turns + "]}";
}

constexpr const char *kOneCall =
    R"({"on":"text","tool":{"name":"look","args":{"at":"sky"}},"say":"It says {answer}."})";
constexpr const char *kQuiet = R"({"turns":[]})";
constexpr const char *kBlocks = R"([{"name":"look","description":"Look.","behavior":"BLOCKING"}])";
constexpr const char *kDoesNot =
    R"([{"name":"look","description":"Look.","behavior":"NON_BLOCKING"}])";
const Talk::Settings kModel25 = {{"model", "gemini-2.5-flash-native-audio-latest"}};

bool is_speech(const test::Sample &one)
{
  return std::any_of(one.samples.begin(), one.samples.end(),
                     [](auto sample) { return sample != 0; });
}

} // namespace

GST_START_TEST(test_a_call_that_blocks)
{
  Kept calls;
  Talk talk(scenario("gemini-2.5", kOneCall), calls.handler(), kModel25);
  talk.type("look");
  const auto call = calls.wait(1)[0];
  fail_unless(call.name == "look" && call.args == R"({"at":"sky"})", "%s", call.args.c_str());
  fail_unless(call.answer(R"({"sky":"blue"})"));
  talk.expect_words(R"(It says {"sky":"blue"}.)");
  talk.end();
  talk.pipeline.wait_eos();
  assert_equals_uint64(talk.count("turns"), 1); // the answer goes on with the turn of the call
}
GST_END_TEST;

GST_START_TEST(test_a_call_that_does_not_block)
{
  // It is answered too early, which would lose the answer.
  Talk talk(scenario("gemini-3.8", kOneCall), answer_at_once);
  talk.type("look");
  talk.expect("turn-complete");
  talk.expect_words("It says 42.");
  talk.end();
  talk.pipeline.wait_eos();
  assert_equals_uint64(talk.count("turns"), 2);
}
GST_END_TEST;

GST_START_TEST(test_calls_in_parallel)
{
  Kept calls;
  Talk talk(scenario("gemini-3.8", R"({"on":"text","tool":[{"name":"one"},{"name":"two"}],)"
                                   R"("say":"They say {answer}."})"),
            calls.handler());
  talk.type("look");
  const auto both = calls.wait(2);
  for (const auto *name : {"two", "one"}) // not in their order
    for (const auto &call : both)
      if (call.name == name)
        fail_unless(call.answer(("\"" + call.name + "\"").c_str()));
  talk.expect_words("They say two, one.");
  assert_equals_uint64(talk.answers(), 2);
}
GST_END_TEST;

GST_START_TEST(test_speech_cancels_a_call_that_blocks)
{
  constexpr const char *kVoice = "filesrc location=/usr/share/sounds/alsa/Front_Center.wav ! "
                                 "wavparse ! audioconvert ! audioresample ! audio/x-raw,rate=16000 "
                                 "! voice. ";
  const std::string silence = "audiotestsrc wave=silence samplesperbuffer=320 num-buffers=75 ! "
                              "audio/x-raw,rate=16000 ! voice. ";
  Kept calls;
  Talk talk(scenario("gemini-2.5", R"({"on":"speech","tool":{"name":"look"},"say":"Never."},
                                      {"on":"speech","say":"Very well."})"),
            calls.handler(), kModel25,
            "concat name=voice ! geminilivesink " + silence + kVoice + silence + kVoice + silence);
  const auto call = calls.wait(1)[0];
  talk.expect("tool-cancelled");
  fail_unless(!call.answer("42"));
  talk.expect_words("Very well.");
  talk.pipeline.wait_eos();
  assert_equals_uint64(talk.answers(), 0);
  assert_equals_uint64(talk.count("tool-calls-cancelled"), 1);
}
GST_END_TEST;

GST_START_TEST(test_a_call_that_is_never_answered)
{
  Talk talk(scenario("gemini-3.1", kOneCall), [](const auto &) {},
            {{"model", "gemini-3.1-flash-live-preview"}, {"tool-timeout", "300000000"}});
  talk.type("look");
  talk.expect_words("It says no answer within 0.3 s.");
  assert_equals_uint64(talk.count("tool-calls-timed-out"), 1);
}
GST_END_TEST;

GST_START_TEST(test_a_call_that_is_answered_twice)
{
  Kept calls;
  Talk talk(scenario("gemini-3.8", kOneCall), calls.handler());
  talk.type("look");
  const auto call = calls.wait(1)[0];
  fail_unless(call.answer("1"));
  fail_unless(!call.answer("2")); // the first one may still wait for the end of the turn
  talk.expect_words("It says 1.");
  fail_unless(!call.answer("3"));
  talk.end();
  talk.pipeline.wait_eos();
  assert_equals_uint64(talk.answers(), 1);
}
GST_END_TEST;

GST_START_TEST(test_ids_that_are_made_up)
{
  Kept calls;
  Talk talk(scenario("vertex", kOneCall), calls.handler());
  talk.type("look");
  const auto call = calls.wait(1)[0];
  auto other = call;
  for (const auto *id : {"", "call_0", "never"}) {
    other.id = id;
    fail_unless(!other.answer("1"));
  }
  fail_unless(call.answer("2"));
  talk.expect_words("It says 2.");
  assert_equals_uint64(talk.answers(), 1);
}
GST_END_TEST;

// What the service refuses is refused here; who insists learns why the service does.
GST_START_TEST(test_what_is_refused_in_an_answer)
{
  const auto full = [](const Call &call, GstGeminiLiveScheduling scheduling, bool more) {
    GstGeminiLiveSession *session = nullptr;
    g_object_get(call.mouth, "session", &session, nullptr);
    const bool sent = gst_gemini_live_session_send_tool_response_full(session, call.id.c_str(), "1",
                                                                      scheduling, more, nullptr);
    gst_object_unref(session);
    return sent;
  };
  Talk::Settings thinker = {{"model", "gemini-3.8-live-extended-thinking"},
                            {"thinking-level", "low"}};
  for (const bool forced : {false, true}) {
    if (forced)
      thinker.push_back({"config", R"({"x-force":true})"});
    Kept calls;
    Talk talk(scenario("gemini-3.8", kOneCall), calls.handler(), thinker);
    talk.type("look");
    const auto call = calls.wait(1)[0];
    fail_unless(full(call, GST_GEMINI_LIVE_SCHEDULING_SILENT, false) == forced);
    if (forced) {
      const auto error = talk.pipeline.wait_error();
      fail_unless(error.find("Function response scheduling is not supported for this model") !=
                      std::string::npos,
                  "%s", error.c_str());
    } else {
      fail_unless(full(call, GST_GEMINI_LIVE_SCHEDULING_DEFAULT, false));
      fail_unless(talk.server.wait_for([&](const auto &) { return talk.answers() == 1; }));
    }
  }
  Kept calls;
  Talk talk(scenario("vertex", kOneCall), calls.handler(), {{"backend", "vertex"}});
  talk.type("look");
  const auto call = calls.wait(1)[0];
  fail_unless(!full(call, GST_GEMINI_LIVE_SCHEDULING_DEFAULT, true));
  fail_unless(full(call, GST_GEMINI_LIVE_SCHEDULING_SILENT, false));
}
GST_END_TEST;

// The end of the input comes right behind the question.

GST_START_TEST(test_the_end_waits_for_an_answer_that_comes_later)
{
  for (const char *profile : {"gemini-3.8", "vertex"}) {
    Kept calls;
    Talk talk(scenario(profile, kOneCall), calls.handler());
    talk.type("look");
    talk.end();
    talk.expect("turn-complete"); // of the call alone
    fail_unless(calls.wait(1)[0].answer(R"("42")"));
    talk.expect_words("It says 42.");
    talk.pipeline.wait_eos();
    fail_unless(talk.count("audio-received") > GST_SECOND / 2);
    assert_equals_uint64(talk.count("audio-played"), talk.count("audio-received"));
  }
}
GST_END_TEST;

GST_START_TEST(test_the_end_waits_behind_the_own_turn_of_a_call_that_blocks)
{
  // Vertex AI completes the turn of the call when the answer has come, and only then goes on.
  Talk talk(scenario("vertex", kOneCall), answer_at_once, {{"tools", kBlocks}});
  talk.type("look");
  talk.end();
  talk.expect_words("It says 42.");
  talk.pipeline.wait_eos();
  assert_equals_uint64(talk.count("turns"), 2);
  assert_equals_uint64(talk.count("audio-played"), talk.count("audio-received"));
}
GST_END_TEST;

GST_START_TEST(test_the_end_waits_while_the_model_goes_on_meanwhile)
{
  // The answer comes while the model still speaks of something else.
  Talk talk(kQuiet, answer_at_once,
            {{"model", "gemini-2.5-flash-native-audio-latest"}, {"tools", kDoesNot}});
  talk.type("look");
  talk.end();
  fail_unless(talk.server.wait_for(
      [](const auto &all) { return !all.empty() && all.back().kind == Kind::text; }));
  talk.server.send(R"({"toolCall":{"functionCalls":[{"id":"a","name":"look"}]}})");
  talk.wait_answers(1);
  talk.server.send_audio(test::marked_samples(2400));
  talk.server.send(R"({"serverContent":{"turnComplete":true}})");
  talk.expect("turn-complete");
  talk.voice.wait_for([](const auto &all) { // it was heard, and silence goes on after it
    const auto last = std::find_if(all.rbegin(), all.rend(), is_speech);
    return last != all.rend() && last - all.rbegin() >= 20;
  });
  talk.server.send_audio(test::marked_samples(2400, 2400));
  talk.server.send(R"({"serverContent":{"turnComplete":true}})");
  talk.pipeline.wait_eos();
  auto heard = talk.voice.samples();
  std::erase(heard, 0);
  fail_unless(heard == test::marked_samples(4800));
}
GST_END_TEST;

GST_START_TEST(test_the_end_waits_on_vertex_ai)
{
  // Answered before the calling turn is complete, and more is said in that turn.
  Talk talk(kQuiet, answer_at_once,
            {{"backend", "vertex"},

             {"model", "gemini-live-2.5-flash-native-audio"}});
  talk.type("look");
  talk.end();
  fail_unless(talk.server.wait_for(
      [](const auto &all) { return !all.empty() && all.back().kind == Kind::text; }));
  talk.server.send(R"({"toolCall":{"functionCalls":[{"id":"a","name":"look"}]}})");
  talk.wait_answers(1);
  talk.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"Let me see."}]}}})");
  talk.server.send(R"({"serverContent":{"generationComplete":true,"turnComplete":true}})");
  talk.expect("turn-complete");
  const auto before = talk.voice.buffers().size();
  talk.voice.wait_for([&](const auto &all) { return all.size() > before + 20; });
  talk.server.send_audio(test::marked_samples(2400));
  talk.server.send(R"({"serverContent":{"turnComplete":true}})");
  talk.pipeline.wait_eos();
  fail_unless(test::trim(talk.voice.samples()) == test::marked_samples(2400));
}
GST_END_TEST;

GST_START_TEST(test_the_end_waits_for_nothing_behind_a_silent_answer)
{
  Talk talk(scenario("gemini-3.8", kOneCall), answer_at_once,
            {{"tools", R"([{"name":"look","description":"Look.","x-scheduling":"SILENT"}])"}});
  talk.type("look");
  talk.end();
  talk.pipeline.wait_eos(); // in less than the drain timeout
  talk.wait_answers(1);
  assert_equals_uint64(talk.count("turns"), 1);
}
GST_END_TEST;

GST_START_TEST(test_nothing_may_be_all_that_the_model_says_to_an_answer)
{
  Talk talk(scenario("gemini-3.8", R"({"on":"text","tool":{"name":"look"},"say":""})"),
            answer_at_once);
  talk.type("look");
  talk.end();
  talk.pipeline.wait_eos(); // in less than the drain timeout
  talk.wait_answers(1);
}
GST_END_TEST;

GST_START_TEST(test_a_handler_that_blocks_makes_no_gap)
{
  constexpr std::size_t kPeriods = 150; // 3 s
  const PadTap *voice = nullptr;
  Talk talk(scenario("gemini-3.8", R"({"on":"text","tool":{"name":"look"},"say":"At last."},
                                      {"on":"text","say":"Meanwhile I tell you a story."})"),
            [&](const Call &call) {
              const auto before = voice->buffers().size();
              voice->wait_for([&](const auto &all) { return all.size() > before + kPeriods; });
              fail_unless(call.answer("1"));
            });
  voice = &talk.voice;
  talk.type("look");
  talk.expect("turn-complete");
  talk.type("tell me something");
  talk.expect_words("Meanwhile I tell you a story.");
  talk.expect_words("At last.");
  talk.end();
  talk.pipeline.wait_eos();
  const auto all = talk.voice.buffers();
  for (std::size_t i = 1; i < all.size(); i++)
    fail_unless(!all[i].discont && all[i].pts == all[i - 1].pts + all[i - 1].duration);
  assert_equals_uint64(talk.count("underruns"), 0);
  assert_equals_uint64(talk.count("audio-played"), talk.count("audio-received"));
}
GST_END_TEST;

static Suite *tool_scenarios_suite(void)
{
  Suite *suite = suite_create("tool_scenarios");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_a_call_that_blocks);
  tcase_add_test(tests, test_a_call_that_does_not_block);
  tcase_add_test(tests, test_calls_in_parallel);
  tcase_add_test(tests, test_speech_cancels_a_call_that_blocks);
  tcase_add_test(tests, test_a_call_that_is_never_answered);
  tcase_add_test(tests, test_a_call_that_is_answered_twice);
  tcase_add_test(tests, test_ids_that_are_made_up);
  tcase_add_test(tests, test_what_is_refused_in_an_answer);
  tcase_add_test(tests, test_the_end_waits_for_an_answer_that_comes_later);
  tcase_add_test(tests, test_the_end_waits_behind_the_own_turn_of_a_call_that_blocks);
  tcase_add_test(tests, test_the_end_waits_while_the_model_goes_on_meanwhile);
  tcase_add_test(tests, test_the_end_waits_on_vertex_ai);
  tcase_add_test(tests, test_the_end_waits_for_nothing_behind_a_silent_answer);
  tcase_add_test(tests, test_nothing_may_be_all_that_the_model_says_to_an_answer);
  tcase_add_test(tests, test_a_handler_that_blocks_makes_no_gap);
  return suite;
}

GST_CHECK_MAIN(tool_scenarios)
