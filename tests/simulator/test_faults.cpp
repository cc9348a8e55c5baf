// Connections that break on demand, and sessions that go on after it.
#include "client_for_test.hpp"
#include "simulator.hpp"
#include "talk_for_test.hpp"

#include <gst/check/gstcheck.h>

using namespace gemini_live_simulator;
using Kind = Received::Kind;

GST_START_TEST(breaks_on_demand)
{
  Simulator simulator(
      with_scenario(R"({"turns":[{"on":"text","say":"One."},{"on":"text","say":"Two."}],
    "faults":[{"at":"setup","do":"close","code":1011,"reason":"Internal error encountered."},
              {"at":"turn 1","do":"rst"},{"at":"turn 2","do":"goAway","time-left":1},
              {"at":"0.05 s","do":"goAway","time-left":50}]})"));
  {
    ClientForTest client(simulator.url());
    client.send(bare_setup);
    expect_close(client, 1011, "Internal error encountered.");
    fail_unless(client.messages().empty());
  }
  {
    ClientForTest client(simulator.url());
    client.send(bare_setup);
    fail_unless(client.wait_for("50s"));
    client.send(text_message("x"));
    fail_unless(client.wait_closed());
    fail_unless_equals_int(static_cast<int>(client.close_code()), 0);
  }
  {
    ClientForTest client(simulator.url());
    client.send(full_setup);
    client.send(text_message("x"));
    fail_unless(client.wait_for("turnComplete"));
    client.send(text_message("x"));
    fail_unless(client.wait_for("\"1s\""));
    fail_unless(client.wait_closed());
    fail_unless_equals_int(static_cast<int>(client.close_code()), 1008);
    fail_unless_equals_int(static_cast<int>(client.find("50s")), -1);
  }
}
GST_END_TEST;

GST_START_TEST(breaks_tls)
{
  Options options = with_scenario(R"({"turns":[{"on":"start","say":"Hello there."}],
    "faults":[{"at":"turn 1","do":"rst"}]})");
  options.tls = true;
  Simulator simulator(options);
  const std::string path = std::string(ClientForTest::path) + "?key=k";
  {
    ClientForTest client(simulator.url(), path, {}, simulator.ca_file());
    client.send(bare_setup);
    fail_unless(client.wait_closed());
    fail_unless_equals_int(static_cast<int>(client.close_code()), 0);
  }
  ClientForTest other(simulator.url(), path, {}, simulator.ca_file());
  other.send(bare_setup);
  fail_unless(other.wait_for("turnComplete"));
}
GST_END_TEST;

GST_START_TEST(stalls)
{
  Simulator simulator(with_scenario(R"({"turns":[{"on":"start","say":"Hello there."}],
    "faults":[{"at":"turn 1","do":"stall"},{"at":"setup","do":"fin"}]})"));
  {
    ClientForTest client(simulator.url());
    client.send(bare_setup);
    fail_unless(client.wait_closed());
  }
  ClientForTest client(simulator.url());
  client.send(bare_setup);
  fail_unless(client.wait_for("inlineData"));
  for (int i = 0; i < 100; ++i)
    client.send(text_message(std::string(100000, 'x')));
  ClientForTest other(simulator.url());
  other.send(bare_setup);
  other.send(text_message("me"));
  fail_unless(other.wait_for("turnComplete", 2));
  fail_unless(!client.closed());
  fail_unless_equals_int(static_cast<int>(client.count("inlineData")), 1);
  for (const auto &received : simulator.received())
    fail_unless(received.kind != Kind::text || received.connection == 3);
}
GST_END_TEST;

GST_START_TEST(resumes)
{
  Simulator simulator(with_scenario(
      R"({"turns":[{"on":"start","say":"One.","speed":0},{"on":"text","say":"Two.","speed":0}]})"));
  std::string handle;
  {
    ClientForTest client(simulator.url());
    client.send(full_setup);
    fail_unless(client.wait_for("sessionResumptionUpdate", 2));
    const auto update = JsonDocument::parse(client.messages().back().text);
    handle = update->root().get("sessionResumptionUpdate").get("newHandle").string();
    fail_unless(!handle.empty());
    client.close();
    fail_unless(simulator.wait_for([](const auto &all) { return has(all, Kind::close); }));
  }
  {
    ClientForTest client(simulator.url());
    client.send(R"({"setup":{"model":"models/gemini-3.8-live","sessionResumption":{"handle":")" +
                handle + R"("},"outputAudioTranscription":{}}})");
    fail_unless(client.wait_for("setupComplete"));
    client.send(text_message("go on"));
    fail_unless(client.wait_for("turnComplete"));
    fail_unless(client.output_text() == "Two.");
  }
  ClientForTest client(simulator.url());
  client.send(
      R"({"setup":{"model":"models/gemini-3.8-live","sessionResumption":{"handle":"no"}}})");
  expect_close(client, 1008, "Requested entity was not found.");
}
GST_END_TEST;

// Everything else comes in time, both ways.
GST_START_TEST(answers_pings_late)
{
  for (const bool late : {false, true}) {
    Simulator simulator(
        with_scenario(late ? R"({"faults":[{"at":"setup","do":"late-pongs","delay":2}]})" : "{}"));
    ClientForTest client(simulator.url());
    client.send(full_setup);
    fail_unless(client.wait_for("setupComplete"));
    const auto start = g_get_monotonic_time();
    client.ping_every_second();
    client.send(R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":")" +
                std::string(100000, 'x') + R"("}]}]}})");
    send_audio(client, voice() + silence(1200));
    fail_unless(client.wait_for("ACTIVITY_END"));
    fail_unless(g_get_monotonic_time() - start < 1'900'000);
    fail_unless(client.wait([&] { return !client.pongs().empty(); }));
    const auto passed = client.pongs().front() - start;
    fail_unless((passed > 2'500'000) == late, "%d us", static_cast<int>(passed));
    client.close();
    fail_unless(client.wait_closed());
    fail_unless_equals_int(static_cast<int>(client.close_code()), 1000);
    fail_unless(simulator.wait_for([](const auto &all) { return has(all, Kind::close); }));
  }
}
GST_END_TEST;

static Suite *faults_suite()
{
  Suite *suite = suite_create("faults");
  TCase *tests = tcase_create("general");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, breaks_on_demand);
  tcase_add_test(tests, breaks_tls);
  tcase_add_test(tests, stalls);
  tcase_add_test(tests, resumes);
  tcase_add_test(tests, answers_pings_late);
  return suite;
}

GST_CHECK_MAIN(faults)
