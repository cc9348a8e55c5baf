// Server messages: the exact text, and how a reply is cut.
#include "server_message.hpp"

#include "json.hpp"
#include "reply_plan.hpp"
#include "voice.hpp"

#include <gst/check/gstcheck.h>

#include <array>

using namespace gemini_live_simulator;

namespace {

const Profile &profile(std::string_view name)
{
  return *find_profile(name);
}

void expect(const std::string &text, const char *expected)
{
  fail_unless(text == expected);
  fail_unless(!json_syntax_error(text));
}

} // namespace

GST_START_TEST(prints_as_the_service_does)
{
  expect(print_setup_complete(""), "{\n  \"setupComplete\": {}\n}\n");
  expect(print_setup_complete("id"),
         "{\n  \"setupComplete\": {\n    \"sessionId\": \"id\"\n  }\n}\n");
  expect(print_keep_alive(), "{}\n");
  expect(print_content(profile("gemini-3.8"), {}), "{\n  \"serverContent\": {}\n}\n");
  expect(print_content(profile("gemini-3.8"), {.interrupted = true}),
         "{\n  \"serverContent\": {\n    \"interrupted\": true\n  }\n}\n");
  expect(print_content(profile("gemini-3.8"), {.input_text = "say \"\u00e4\"\n"}),
         "{\n  \"serverContent\": {\n    \"inputTranscription\": {\n      \"text\": \"say "
         "\\\"\u00e4\\\"\\n\"\n    }\n  }\n}\n");
  expect(print_go_away(50), "{\n  \"goAway\": {\n    \"timeLeft\": \"50s\"\n  }\n}\n");
  expect(print_go_away(0), "{\n  \"goAway\": {}\n}\n");
  expect(with_unknown_key(print_go_away(0)),
         "{\n  \"notYetKnown\": {\n    \"level\": 1\n  },\n  \"goAway\": {}\n}\n");
  expect(with_unknown_key(print_keep_alive()), "{}\n");
  fail_unless(print_duration(1.88) == "1.880s");
  fail_unless(print_duration(0.005) == "0.005s");
  fail_unless(print_duration(5) == "5s");
}
GST_END_TEST;

GST_START_TEST(follows_the_profile)
{
  const std::array<std::int16_t, 4> samples{0, 1, -1, 2};
  expect(print_content(profile("gemini-3.8"), {.audio = samples}),
         "{\n  \"serverContent\": {\n    \"modelTurn\": {\n      \"parts\": [\n        {\n"
         "          \"inlineData\": {\n            \"mimeType\": \"audio/pcm;rate=24000\",\n"
         "            \"data\": \"AAABAP//AgA=\"\n          }\n        }\n      ],\n"
         "      \"role\": \"model\"\n    }\n  }\n}\n");
  const auto old = print_content(profile("gemini-2.5"), {.audio = samples});
  fail_unless(old.find("role") == std::string::npos);
  const auto vertex = print_content(profile("vertex"), {.audio = samples});
  fail_unless(vertex.find("\"audio/pcm\"") != std::string::npos);

  const ServerContent over{.turn_complete = true, .usage = Usage{30, 20, 7}};
  const auto usage = JsonDocument::parse(print_content(profile("gemini-3.8"), over));
  const Json counts = usage->root().get("usageMetadata");
  fail_unless(counts.get("promptTokenCount").number() == 50);
  fail_unless(counts.get("responseTokenCount").number() == 7);
  fail_unless(counts.get("totalTokenCount").number() == 57);
  const auto other = JsonDocument::parse(print_content(profile("vertex"), over));
  fail_unless(other->root().get("usageMetadata").get("candidatesTokenCount").number() == 7);
  fail_unless(other->root().get("usageMetadata").get("trafficType").string() == "ON_DEMAND");
  fail_unless(other->root().get("serverContent").get("groundingMetadata").is_object());
}
GST_END_TEST;

GST_START_TEST(prints_tool_calls)
{
  const auto call = print_tool_call(std::vector<FunctionCall>{
      {"call_1", "order", R"({"item":"tea","n":[1,2.5,null,true]})"}, {"fc_2", "wait", "{}"}});
  const auto document = JsonDocument::parse(call);
  const auto calls = document->root().get("toolCall").get("functionCalls").elements();
  fail_unless_equals_int(static_cast<int>(calls.size()), 2);
  fail_unless(calls[1].get("id").string() == "fc_2");
  fail_unless(calls[0].names() == (std::vector<std::string>{"name", "args", "id"}));
  fail_unless(calls[0].get("args").get("n").elements().size() == 4);
  expect(print_tool_call_cancellation({"a", "b"}), "{\n  \"toolCallCancellation\": {\n    \"ids\": "
                                                   "[\n      \"a\",\n      \"b\"\n    ]\n  }\n}\n");
}
GST_END_TEST;

GST_START_TEST(cuts_a_reply)
{
  const std::string text = "One two  three four, five six seven.";
  const std::size_t samples = 24000 * 2;
  const auto parts = plan_reply(samples, text, {4});
  fail_unless(parts[0].from == 0 && parts[0].to == 4800 && parts[0].delay == 0);
  fail_unless(parts[1].to - parts[1].from == 5760 && parts[1].delay == 50000);
  std::string joined;
  std::size_t end = 0;
  for (const auto &part : parts) {
    fail_unless(part.from == end);
    end = part.to;
    joined += part.text;
  }
  fail_unless(end == samples);
  fail_unless(joined == text);
  fail_unless(parts[0].text == "One two  three");

  fail_unless(plan_reply(0, text, {4}).empty());
  fail_unless(plan_reply(samples, text, {0}).size() == 1);
  fail_unless(plan_reply(samples, text, {0})[0].text == text);
  fail_unless(plan_reply(24000 * 25, text, {0}).size() == 3);
  fail_unless(plan_reply(samples, text, {0.5})[1].delay == 400000);
  fail_unless(cut_text("", 3).empty());
  fail_unless(cut_text(" what time", 1) == (std::vector<std::string>{" what", " time"}));
}
GST_END_TEST;

GST_START_TEST(has_a_voice_of_its_own)
{
  const auto one = tone_speech("Yes.");
  const auto more = tone_speech("Yes, of course I can hear you.");
  fail_unless(!one.empty() && more.size() > 3 * one.size());
  fail_unless(!tone_speech("").empty());
  fail_unless(samples_of_wav({}, 24000).empty());
  fail_unless(samples_of_wav(std::vector<std::uint8_t>(100, 'R'), 24000).empty());
}
GST_END_TEST;

static Suite *server_message_suite()
{
  Suite *suite = suite_create("server_message");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, prints_as_the_service_does);
  tcase_add_test(tests, follows_the_profile);
  tcase_add_test(tests, prints_tool_calls);
  tcase_add_test(tests, cuts_a_reply);
  tcase_add_test(tests, has_a_voice_of_its_own);
  return suite;
}

GST_CHECK_MAIN(server_message)
