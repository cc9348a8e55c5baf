// Turns over a real socket: who answers what, in which order, and what an interruption does.
#include "client_for_test.hpp"
#include "simulator.hpp"
#include "talk_for_test.hpp"

#include <gst/check/gstcheck.h>

#include <algorithm>

using namespace gemini_live_simulator;

GST_START_TEST(answers_text)
{
  Simulator simulator{{}};
  ClientForTest client(simulator.url());
  client.send(full_setup);
  fail_unless(client.wait_for("setupComplete"));
  client.send(text_message("Hi there"));
  fail_unless(client.wait_for("turnComplete"));
  fail_unless(client.wait_for("sessionResumptionUpdate", 2));
  expect_order(client, {"setupComplete", "sessionResumptionUpdate", "{}", "inlineData",
                        "generationComplete", "turnComplete", "sessionResumptionUpdate"});
  fail_unless(client.output_text() == "You said: Hi there");
  const auto first = static_cast<std::size_t>(client.find("inlineData"));
  const auto last = static_cast<std::size_t>(client.find("turnComplete"));
  fail_unless(client.messages()[first - 1].text == "{}\n");
  const auto playback = static_cast<std::int64_t>(client.audio().size()) * 1'000'000 / 24000;
  fail_unless(playback > 500'000);
  const auto waited = client.messages()[last].at - client.messages()[first].at;
  fail_unless(waited > playback - 20'000, "%d ms early",
              static_cast<int>((playback - waited) / 1000));
  fail_unless(client.messages()[last].text.find("usageMetadata") != std::string::npos);
  fail_unless(client.count("notYetKnown") > 0);
}
GST_END_TEST;

GST_START_TEST(answers_speech)
{
  for (const char *profile : {"gemini-3.8", "gemini-2.5", "vertex"}) {
    Simulator simulator(with_scenario(R"({"profile":")" + std::string(profile) + R"(","turns":[
      {"on":"speech","heard":"good morning to you","say":"And to you.","speed":0}]})"));
    ClientForTest client(simulator.url());
    client.send(full_setup);
    fail_unless(client.wait_for("setupComplete"));
    send_audio(client, silence(300) + voice() + silence(1200));
    fail_unless(client.wait_for("turnComplete"));
    fail_unless(client.output_text() == "And to you.");
    const bool newest = std::string(profile) == "gemini-3.8";
    if (newest)
      expect_order(client, {"ACTIVITY_START", "ACTIVITY_END", "inputTranscription", "inlineData",
                            "turnComplete"});
    else
      expect_order(client,
                   {"inputTranscription", "outputTranscription", "inlineData", "turnComplete"});
    fail_unless_equals_int(static_cast<int>(client.count("voiceActivity")), newest ? 2 : 0);
    fail_unless_equals_int(static_cast<int>(client.count("inputTranscription")),
                           std::string(profile) == "gemini-2.5" ? 4 : 1);
    fail_unless_equals_int(static_cast<int>(simulator.audio().size()),
                           static_cast<int>((silence(1500).size() + voice().size()) * 2));
  }
}
GST_END_TEST;

GST_START_TEST(stream_end_ends_the_utterance)
{
  Simulator simulator(with_scenario(R"({"turns":[{"on":"speech","parrot":true,"speed":0}]})"));
  ClientForTest client(simulator.url());
  client.send(bare_setup);
  send_audio(client, voice());
  client.send(R"({"realtimeInput":{"audioStreamEnd":true}})");
  fail_unless(client.wait_for("turnComplete"));
  const double said = static_cast<double>(voice().size()) * 1.5;
  const double repeated = static_cast<double>(client.audio().size());
  fail_unless(repeated > said * 0.8 && repeated < said * 1.1, "%g of %g", repeated, said);
  fail_unless_equals_int(static_cast<int>(client.count("outputTranscription")), 0);
}
GST_END_TEST;

GST_START_TEST(is_interrupted)
{
  Simulator simulator(with_scenario(R"({"turns":[
    {"on":"text","say":"This is a long story that goes on and on, far longer than anybody wants to hear."},
    {"on":"speech","say":"Sorry."}]})"));
  ClientForTest client(simulator.url());
  client.send(full_setup);
  client.send(text_message("go"));
  fail_unless(client.wait_for("inlineData", 2));
  send_audio(client, voice() + silence(1000));
  fail_unless(client.wait_for("turnComplete", 2));
  expect_order(client, {"inlineData", "ACTIVITY_START", "interrupted", "turnComplete", "inlineData",
                        "generationComplete", "turnComplete"});
  const int interrupted = client.find("interrupted");
  const int over = client.find("turnComplete");
  fail_unless(client.find("generationComplete") > over);
  fail_unless(client.find("inlineData", interrupted) > over);
  const auto gap = client.messages()[static_cast<std::size_t>(over)].at -
                   client.messages()[static_cast<std::size_t>(interrupted)].at;
  fail_unless(gap > 40'000, "%d us", static_cast<int>(gap));
}
GST_END_TEST;

GST_START_TEST(is_interrupted_in_odd_ways)
{
  const std::string story =
      R"("say":"This is a long story that goes on and on, far longer than needed."})";
  const auto run = [&](const std::string &turn, const std::function<void(ClientForTest &)> &check) {
    Simulator simulator(with_scenario(R"({"turns":[{"on":"text",)" + turn + story + "]}"));
    ClientForTest client(simulator.url());
    client.send(full_setup);
    client.send(text_message("go"));
    fail_unless(client.wait_for("inlineData", 2));
    client.send(R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"x"}]}]}})");
    fail_unless(client.wait_for("turnComplete"));
    check(client);
  };
  run(R"("interrupt-style":"merged",)", [](ClientForTest &client) {
    fail_unless_equals_int(client.find("interrupted"), client.find("turnComplete"));
  });
  run(R"("interrupt-style":"turn-complete-first",)", [](ClientForTest &client) {
    fail_unless(client.wait_for("interrupted"));
    fail_unless(client.find("interrupted") > client.find("turnComplete"));
  });
  run(R"("interrupt-style":"late",)", [](ClientForTest &client) {
    fail_unless(client.find("interrupted") < client.find("turnComplete"));
    fail_unless(client.count("inlineData") >= 5);
  });
  run(R"("interruptible":false,)", [](ClientForTest &client) {
    fail_unless_equals_int(client.find("interrupted"), -1);
    fail_unless_equals_int(static_cast<int>(client.count("generationComplete")), 1);
  });
}
GST_END_TEST;

GST_START_TEST(no_interruption_when_told_so)
{
  Simulator simulator(with_scenario(R"({"turns":[{"on":"start","say":"Welcome."}]})"));
  ClientForTest client(simulator.url());
  client.send(R"({"setup":{"model":"models/gemini-3.8-live","realtimeInputConfig":)"
              R"({"activityHandling":"NO_INTERRUPTION"},"outputAudioTranscription":{}}})");
  fail_unless(client.wait_for("inlineData"));
  client.send(text_message("yes"));
  fail_unless(client.wait_for("turnComplete", 2));
  fail_unless_equals_int(client.find("interrupted"), -1);
  fail_unless(client.output_text() == "Welcome.You said: yes");
}
GST_END_TEST;

GST_START_TEST(manual_activity)
{
  Simulator simulator(
      with_scenario(R"({"turns":[{"on":"start","say":"I talk and talk and talk until stopped."},
    {"on":"speech","heard":"a hum","parrot":true,"speed":0}]})"));
  ClientForTest client(simulator.url());
  client.send(R"({"setup":{"model":"models/gemini-3.8-live","realtimeInputConfig":)"
              R"({"automaticActivityDetection":{"disabled":true}}}})");
  fail_unless(client.wait_for("inlineData"));
  send_audio(client, voice());
  client.send(R"({"realtimeInput":{"activityStart":{}}})");
  send_audio(client, Samples(16000, 77));
  client.send(R"({"realtimeInput":{"activityEnd":{}}})");
  fail_unless(client.wait_for("turnComplete", 2));
  expect_order(client, {"inlineData", "ACTIVITY_START", "interrupted", "turnComplete", "inlineData",
                        "turnComplete"});
  expect_order(client, {"ACTIVITY_START", "ACTIVITY_END", "inputTranscription"});
  const auto heard = client.audio();
  fail_unless(heard.size() > 23999);
  const auto last = std::span(heard).last(23999);
  fail_unless(std::ranges::all_of(last, [](auto sample) { return sample == 77; }));
}
GST_END_TEST;

GST_START_TEST(calls_a_tool)
{
  const auto run = [](const std::string &profile, const std::string &model,
                      std::initializer_list<const char *> before,
                      std::initializer_list<const char *> after) {
    Simulator simulator(with_scenario(R"({"profile":")" + profile + R"(","turns":[{"on":"text",
      "tool":{"name":"order","args":{"item":"tea"}},"say":"Ordered.","speed":0}]})"));
    ClientForTest client(simulator.url());
    client.send(R"({"setup":{"model":")" + model + R"(","sessionResumption":{}}})");
    client.send(text_message("tea please"));
    for (const char *what : before)
      fail_unless(client.wait_for(what));
    fail_unless_equals_int(client.find("inlineData"), -1);
    const int call = client.find("toolCall");
    const auto document =
        JsonDocument::parse(client.messages()[static_cast<std::size_t>(call)].text);
    const Json function = document->root().get("toolCall").get("functionCalls").elements().at(0);
    fail_unless(function.get("args").get("item").string() == "tea");
    const std::string id = function.get("id").string();
    client.send(R"({"toolResponse":{"functionResponses":[{"id":")" + id +
                R"(","name":"order","response":{"output":"ok"}}]}})");
    fail_unless(client.wait_for("newHandle", 2));
    expect_order(client, after);
  };
  run("gemini-3.8", "models/gemini-3.8-live", {"toolCall", "turnComplete"},
      {"toolCall", "turnComplete", "inlineData", "turnComplete", "sessionResumptionUpdate"});
  run("gemini-2.5", "models/gemini-2.5", {"toolCall"},
      {"toolCall", "inlineData", "turnComplete", "sessionResumptionUpdate"});
  run("vertex", "models/gemini-3.8-live", {"toolCall", "generationComplete", "turnComplete"},
      {"toolCall", "generationComplete", "turnComplete", "inlineData", "turnComplete"});
}
GST_END_TEST;

GST_START_TEST(cancels_a_tool_call)
{
  Simulator simulator(with_scenario(R"({"profile":"gemini-2.5","turns":[
    {"on":"text","tool":{"name":"order"},"say":"Ordered."}, {"on":"text","say":"Yes?","speed":0}]})"));
  ClientForTest client(simulator.url());
  client.send(full_setup);
  client.send(text_message("tea please"));
  fail_unless(client.wait_for("toolCall"));
  client.send(text_message("no, wait"));
  fail_unless(client.wait_for("generationComplete"));
  expect_order(client,
               {"toolCall", "toolCallCancellation", "interrupted", "turnComplete", "inlineData"});
  fail_unless(client.output_text() == "Yes?");
}
GST_END_TEST;

static Suite *turns_suite()
{
  Suite *suite = suite_create("turns");
  TCase *tests = tcase_create("general");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, answers_text);
  tcase_add_test(tests, answers_speech);
  tcase_add_test(tests, stream_end_ends_the_utterance);
  tcase_add_test(tests, is_interrupted);
  tcase_add_test(tests, is_interrupted_in_odd_ways);
  tcase_add_test(tests, no_interruption_when_told_so);
  tcase_add_test(tests, manual_activity);
  tcase_add_test(tests, calls_a_tool);
  tcase_add_test(tests, cancels_a_tool_call);
  return suite;
}

GST_CHECK_MAIN(turns)
