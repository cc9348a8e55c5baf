// Scenarios: what is read, and what every mistake is called.
#include "scenario.hpp"

#include "script.hpp"

#include <gst/check/gstcheck.h>

#include <stdexcept>

using namespace gemini_live_simulator;

namespace {

std::string error_of(std::string_view text)
{
  try {
    read_scenario(text);
  } catch (const std::runtime_error &error) {
    return error.what();
  }
  return "no error";
}

void expect_error(std::string_view text, const std::string &expected)
{
  const std::string error = error_of(text);
  fail_unless(error == "scenario: " + expected, "%s", error.c_str());
}

} // namespace

GST_START_TEST(reads_everything)
{
  const Scenario scenario = read_scenario(R"({
    "profile": "gemini-2.5", "speed": 2, "interrupt-style": "late",
    "turns": [
      {"on": "start", "say": "Welcome.", "interruptible": false},
      {"on": "speech", "heard": "hello", "parrot": true, "speed": 0.5},
      {"on": "text", "say": "Done.", "tool": {"name": "set_light", "args": {"on": true}},
       "interrupt-style": "merged"},
      {"on": "video", "send": [{"a": 1}, {}], "tool": [{"name": "f"}, {"name": "g"}],
       "bundle": true, "interaction-status": "IDLE"}
    ],
    "faults": [
      {"at": "setup", "do": "stall"},
      {"at": "turn 2", "do": "close", "code": 1008, "reason": "no more"},
      {"at": "3.5 s", "do": "goAway", "time-left": 7}
    ]})");
  fail_unless_equals_string(scenario.profile.c_str(), "gemini-2.5");
  fail_unless(scenario.turns && scenario.turns->size() == 4);
  const auto &turns = *scenario.turns;
  fail_unless(turns[0].on == Turn::On::start && turns[0].say == "Welcome." &&
              !turns[0].interruptible);
  fail_unless(turns[0].speed == 2 && turns[0].interrupt_style == InterruptStyle::late);
  fail_unless(turns[1].parrot && turns[1].heard == "hello" && turns[1].speed == 0.5);
  fail_unless(turns[2].tools.size() == 1 && turns[2].tools[0].name == "set_light" &&
              turns[2].tools[0].args == R"({"on":true})");
  fail_unless(turns[2].interrupt_style == InterruptStyle::merged);
  fail_unless(turns[3].on == Turn::On::video && turns[3].bundle && !turns[2].bundle);
  fail_unless(turns[3].send == (std::vector<std::string>{"{\n  \"a\": 1\n}\n", "{}\n"}));
  fail_unless(turns[3].tools.size() == 2 && turns[3].interaction_status == "IDLE");
  const auto &faults = scenario.faults;
  fail_unless_equals_int(static_cast<int>(faults.size()), 3);
  fail_unless(faults[0].when == Fault::When::setup && faults[0].what == Fault::What::stall);
  fail_unless(faults[1].when == Fault::When::turn && faults[1].turn == 2 &&
              faults[1].code == 1008 && faults[1].reason == "no more");
  fail_unless(faults[2].when == Fault::When::time && faults[2].seconds == 3.5 &&
              faults[2].what == Fault::What::go_away && faults[2].time_left == 7);
}
GST_END_TEST;

GST_START_TEST(names_the_mistake)
{
  expect_error("", "line 1, column 1: this is not JSON");
  expect_error("{\n  \"turns\": [,]\n}", "line 2, column 13: this is not JSON");
  expect_error("{} // no", "line 1, column 4: this is not JSON");
  expect_error("[]", "expected an object");
  expect_error(R"({"profil": "vertex"})", R"(unknown key "profil")");
  expect_error(R"({"profile": "gemini-9"})", R"(profile: there is no profile "gemini-9")");
  expect_error(R"({"turns": {}})", "turns: expected an array");
  expect_error(R"({"turns": [{"on": "text", "sya": "x"}]})", R"(turns[0]: unknown key "sya")");
  expect_error(R"({"turns": [{"say": "x"}]})", R"(turns[0]: "on" is missing)");
  expect_error(R"({"turns": [{"on": "text"}, {"on": "voice"}]})",
               R"(turns[1].on: expected one of "start", "speech", "text", "video", not "voice")");
  expect_error(R"({"turns": [{"on": "text", "say": 1}]})", "turns[0].say: expected a string");
  expect_error(R"({"turns": [{"on": "text", "parrot": true}]})",
               "turns[0].parrot: only an answer to speech can repeat it");
  expect_error(R"({"turns": [{"on": "text", "tool": {"args": {}}}]})",
               R"(turns[0].tool: "name" is missing)");
  expect_error(R"({"turns": [{"on": "text", "speed": -1}]})",
               "turns[0].speed: expected a number that is not negative");
  expect_error(R"({"turns": [{"on": "text", "send": {}}]})", "turns[0].send: expected an array");
  expect_error(R"({"turns": [{"on": "text", "send": [{}, 1]}]})",
               "turns[0].send[1]: expected an object");
  expect_error(R"({"turns": [{"on": "text", "tool": [{"name": "f"}, {}]}]})",
               R"(turns[0].tool[1]: "name" is missing)");
  expect_error(R"({"faults": [{"at": "turn 1", "do": "late-pongs"}]})",
               "faults[0].at: pongs can only be late from the setup on");
  const std::string when = R"(faults[0].at: expected "setup", "turn N" or "T s")";
  for (const char *at : {"turn 0", "turn 1.5", "turn x", "3.5", "soon", " s", ""})
    expect_error(R"({"faults": [{"do": "rst", "at": ")" + std::string(at) + "\"}]}", when);
  expect_error(R"({"faults": [{"at": "setup", "do": "close", "code": 99}]})",
               "faults[0].code: expected a close code from 1000 to 4999");
}
GST_END_TEST;

GST_START_TEST(turns_are_taken_in_order_per_kind)
{
  Script script(read_scenario(R"({"turns": [
    {"on": "text", "say": "one"}, {"on": "speech", "say": "two"}, {"on": "text", "say": "three"}]})"));
  const auto session = script.open();
  fail_unless(!script.next(*session, Turn::On::start, ""));
  fail_unless(script.next(*session, Turn::On::speech, "")->say == "two");
  fail_unless(script.next(*session, Turn::On::text, "x")->say == "one");
  const auto resumed = script.resume(script.make_handle(session));
  fail_unless(resumed == session);
  fail_unless(script.next(*resumed, Turn::On::text, "x")->say == "three");
  fail_unless(script.next(*resumed, Turn::On::text, "x")->say == "You said: x");
  fail_unless(script.next(*resumed, Turn::On::speech, "")->parrot);
  fail_unless(script.next(*script.open(), Turn::On::text, "x")->say == "one");
  fail_unless(!script.resume("no such handle"));

  Script silent(read_scenario(R"({"turns": []})"));
  fail_unless(!silent.next(*silent.open(), Turn::On::text, "x"));
  fail_unless(!silent.next(*silent.open(), Turn::On::speech, ""));
  Script built_in(read_scenario("{}"));
  fail_unless(!built_in.next(*built_in.open(), Turn::On::speech, "")->parrot);
}
GST_END_TEST;

GST_START_TEST(fills_in_what_it_knows)
{
  Session session;
  session.instruction = "Be brief.";
  session.functions = {{"f", ""}, {"g", "BLOCKING"}};
  session.history = "{text}";
  session.text = "hi";
  fail_unless(fill_in("{system-instruction} {functions} {history} {text} {answer} {other} {",
                      session, "42") == "Be brief. f, g {text} hi 42 {other} {");
}
GST_END_TEST;

GST_START_TEST(faults_happen_once)
{
  Script script(read_scenario(R"({"faults": [
    {"at": "setup", "do": "rst"}, {"at": "turn 2", "do": "rst"}, {"at": "setup", "do": "close"}]})"));
  fail_unless_equals_int(static_cast<int>(script.faults(Fault::When::setup).size()), 2);
  fail_unless(script.take(script.faults(Fault::When::setup).front()).what == Fault::What::rst);
  fail_unless(script.take(script.faults(Fault::When::setup).front()).what == Fault::What::close);
  fail_unless(script.faults(Fault::When::setup).empty());
  fail_unless(script.faults(Fault::When::turn, 1).empty());
  fail_unless_equals_int(static_cast<int>(script.faults(Fault::When::turn, 2).size()), 1);
}
GST_END_TEST;

static Suite *scenario_suite()
{
  Suite *suite = suite_create("scenario");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, reads_everything);
  tcase_add_test(tests, names_the_mistake);
  tcase_add_test(tests, turns_are_taken_in_order_per_kind);
  tcase_add_test(tests, fills_in_what_it_knows);
  tcase_add_test(tests, faults_happen_once);
  return suite;
}

GST_CHECK_MAIN(scenario)
