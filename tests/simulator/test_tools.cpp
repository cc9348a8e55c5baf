// Calls of functions: their ids, what they do to a turn, and what an answer brings about.
#include "client_for_test.hpp"
#include "simulator.hpp"
#include "talk_for_test.hpp"

#include <gst/check/gstcheck.h>

using namespace gemini_live_simulator;

GST_START_TEST(tool_call_ids)
{
  const auto ids = [](const char *profile, const char *calls) {
    Simulator simulator(scenario(profile, R"({"on":"start","say":"{answer}","speed":0,"tool":)" +
                                              std::string(calls) + "}"));
    ClientForTest client(simulator.url());
    client.send(setup_message(R"("outputAudioTranscription":{})"));
    fail_unless(client.wait_for("toolCall"));
    auto found = call_ids(client);
    for (const auto &id : found)
      client.send(tool_answer(id));
    const auto spoken = [&] { return client.find("inlineData") >= 0; };
    fail_unless(client.wait(spoken));
    fail_unless(client.output_text() == (found.size() == 2 ? "42, 42" : "42"));
    return found;
  };
  const char *two = R"([{"name":"f"},{"name":"g","args":{"a":1}}])";
  const auto mixed = ids("gemini-3.8", two);
  fail_unless_equals_int(static_cast<int>(mixed.size()), 2);
  fail_unless(mixed[0].starts_with("call_") && mixed[1].starts_with("fc_"));
  fail_unless(ids("gemini-3.1", R"({"name":"f"})")[0].starts_with("fc_"));
  fail_unless(ids("gemini-2.5", R"({"name":"f"})")[0].starts_with("function-call-"));
  fail_unless_equals_int(static_cast<int>(ids("vertex", R"({"name":"f"})")[0].size()), 36);
}
GST_END_TEST;

// Whether the call's turn goes on, by profile and by what the function says of itself.
GST_START_TEST(blocking_or_not)
{
  const auto run = [](const std::string &profile, const std::string &behavior,
                      std::initializer_list<const char *> before,
                      std::initializer_list<const char *> all) {
    Simulator simulator(
        scenario(profile, R"({"on":"text","say":"Done.","speed":0,"tool":{"name":"f"}})"));
    ClientForTest client(simulator.url());
    client.send(setup_message(
        R"("outputAudioTranscription":{},"tools":[{"functionDeclarations":[{"name":"f")" +
        behavior + "}]}]"));
    client.send(text_message("x"));
    for (const char *what : before)
      fail_unless(client.wait_for(what), "%s %s", profile.c_str(), what);
    client.send(tool_answer(call_ids(client).at(0)));
    fail_unless(client.wait([&] { return client.output_text() == "Done."; }));
    fail_unless(client.wait_for("turnComplete", before.size() > 1 || profile == "vertex" ? 2 : 1));
    expect_order(client, all);
  };
  const std::string blocking = R"(,"behavior":"BLOCKING")";
  const std::string async = R"(,"behavior":"NON_BLOCKING")";
  run("gemini-3.8", "", {"toolCall", "turnComplete"},
      {"toolCall", "turnComplete", "inlineData", "turnComplete"});
  run("gemini-3.8", blocking, {"toolCall"}, {"toolCall", "inlineData", "turnComplete"});
  run("gemini-2.5", "", {"toolCall"}, {"toolCall", "inlineData", "turnComplete"});
  run("gemini-2.5", async, {"toolCall", "turnComplete"},
      {"toolCall", "turnComplete", "inlineData", "turnComplete"});
  run("vertex", "", {"toolCall", "generationComplete", "turnComplete"},
      {"toolCall", "generationComplete", "turnComplete", "inlineData", "turnComplete"});
  run("vertex", blocking, {"toolCall"},
      {"\"outputTranscription\": {}", "toolCall", "finished", "generationComplete", "turnComplete",
       "inlineData", "turnComplete"});
}
GST_END_TEST;

GST_START_TEST(scheduling)
{
  const auto run = [](const std::string &how, std::initializer_list<const char *> order) {
    Simulator simulator(scenario("gemini-3.8",
                                 R"({"on":"text","say":"Result.","speed":0,"tool":{"name":"f"}},
      {"on":"text","say":"Meanwhile I tell you a story that takes its time."},
      {"on":"text","say":"Last.","speed":0})"));
    ClientForTest client(simulator.url());
    client.send(setup_message(R"("outputAudioTranscription":{})"));
    client.send(text_message("a"));
    fail_unless(client.wait_for("turnComplete"));
    client.send(text_message("b"));
    fail_unless(client.wait_for("inlineData", 2));
    client.send(tool_answer(call_ids(client).at(0), how));
    fail_unless(client.wait_for("turnComplete", 2));
    if (how.find("SILENT") == std::string::npos)
      fail_unless(client.wait_for("Result."));
    client.send(text_message("c"));
    fail_unless(client.wait([&] { return client.output_text().ends_with("Last."); }));
    expect_order(client, order);
    return client.output_text();
  };
  run(R"("scheduling":"INTERRUPT")", {"Meanwhile", "interrupted", "turnComplete", "Result."});
  fail_unless(
      run(R"("scheduling":"WHEN_IDLE")", {"time.", "turnComplete", "Result."}).find("Result.") !=
      std::string::npos);
  fail_unless(run(R"("scheduling":"SILENT")", {"time.", "turnComplete", "Last."}).find("Result.") ==
              std::string::npos);
}
GST_END_TEST;

// The service checks no id.
GST_START_TEST(answers_that_nobody_waits_for)
{
  Simulator simulator(scenario("gemini-3.8",
                               R"({"on":"text","say":"Once.","speed":0,"tool":{"name":"f"}},
      {"on":"text","say":"Last.","speed":0})"));
  ClientForTest client(simulator.url());
  client.send(setup_message(R"("outputAudioTranscription":{})"));
  client.send(tool_answer("made-up"));
  client.send(text_message("a"));
  fail_unless(client.wait_for("turnComplete"));
  const auto id = call_ids(client).at(0);
  client.send(tool_answer("call_0"));
  client.send(tool_answer(id));
  client.send(tool_answer(id));
  fail_unless(client.wait_for("turnComplete", 2));
  client.send(tool_answer(id, R"("scheduling":"INTERRUPT")"));
  client.send(text_message("b"));
  fail_unless(client.wait([&] { return client.output_text().ends_with("Last."); }));
  fail_unless(client.output_text() == "Once.Last.");
}
GST_END_TEST;

GST_START_TEST(thinks_longer)
{
  Simulator simulator(
      scenario("gemini-3.8", R"({"on":"text","say":"Found it.","speed":0,"tool":{"name":"f"}})"));
  ClientForTest client(simulator.url());
  client.send(R"({"setup":{"model":"models/gemini-3.8-live-extended-thinking","generationConfig":)"
              R"({"thinkingConfig":{"thinkingLevel":"LOW"}},"outputAudioTranscription":{}}})");
  client.send(text_message("look it up"));
  fail_unless(client.wait_for("toolCall"));
  client.send(tool_answer(call_ids(client).at(0)));
  fail_unless(client.wait_for("IDLE"));
  expect_order(client, {"moment", "IN_PROGRESS", "toolCall", "Found it.", "IDLE"});
  client.send(tool_answer("again", R"("scheduling":"SILENT")"));
  expect_close(client, 1007, "Function response scheduling is not supported for this model");
}
GST_END_TEST;

GST_START_TEST(no_handle_while_a_call_is_open)
{
  Simulator simulator(scenario("gemini-3.8", R"({"on":"text","tool":{"name":"f"},"say":""})"));
  ClientForTest client(simulator.url());
  client.send(setup_message());
  client.send(text_message("x"));
  fail_unless(client.wait_for("\"sessionResumptionUpdate\": {}"));
  expect_order(client,
               {"newHandle", "toolCall", "turnComplete", "\"sessionResumptionUpdate\": {}"});
  client.send(tool_answer(call_ids(client).at(0)));
  fail_unless(client.wait_for("newHandle", 2));
}
GST_END_TEST;

static Suite *tools_suite()
{
  Suite *suite = suite_create("tools");
  TCase *tests = tcase_create("general");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, tool_call_ids);
  tcase_add_test(tests, blocking_or_not);
  tcase_add_test(tests, scheduling);
  tcase_add_test(tests, answers_that_nobody_waits_for);
  tcase_add_test(tests, thinks_longer);
  tcase_add_test(tests, no_handle_while_a_call_is_open);
  return suite;
}

GST_CHECK_MAIN(tools)
