// A Simulator as its users see it: doors, log, messages by hand, TLS.
#include "client_for_test.hpp"
#include "log.hpp"
#include "simulator.hpp"
#include "talk_for_test.hpp"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <future>

using namespace gemini_live_simulator;
using Kind = Received::Kind;

GST_START_TEST(says_hello)
{
  Simulator simulator{{}};
  ClientForTest client(simulator.url());
  fail_unless(client.connected());
  client.send(bare_setup);
  fail_unless(client.wait_for("sessionResumptionUpdate"));
  fail_unless(client.messages()[0].text == "{\n  \"setupComplete\": {}\n}\n");
  for (const auto &message : client.messages())
    fail_unless(message.binary);
  fail_unless_equals_int(static_cast<int>(simulator.connections()), 1);
  client.close();
  fail_unless(simulator.wait_for([](const auto &all) { return has(all, Kind::close); }));
  const auto received = simulator.received();
  fail_unless_equals_int(static_cast<int>(received.size()), 3);
  fail_unless(received[0].kind == Kind::connect && received[0].connection == 1);
  fail_unless(received[1].kind == Kind::setup && received[1].json == bare_setup);
  fail_unless(received[1].at >= received[0].at && received[1].at <= g_get_monotonic_time());
  fail_unless(received[2].close_code == 1000 && received[2].text == "bye");
  fail_unless_equals_int(static_cast<int>(simulator.connections()), 0);
}
GST_END_TEST;

GST_START_TEST(is_driven_by_hand)
{
  Simulator simulator(with_scenario(R"({"turns":[]})"));
  const std::vector<std::int16_t> samples(480, 1000);
  simulator.send("{\"one\":1}");
  simulator.send_audio(samples);
  simulator.send("{\"two\":2}");
  ClientForTest client(simulator.url());
  client.send(full_setup);
  fail_unless(client.wait_for("two"));
  expect_order(client, {"setupComplete", "one", "inlineData", "two"});
  fail_unless(client.messages()[static_cast<std::size_t>(client.find("one"))].text ==
              "{\"one\":1}");
  fail_unless(client.audio() == samples);
  client.send(text_message("anybody there"));
  fail_unless(simulator.wait_for([](const auto &all) { return has(all, Kind::text); }));
  fail_unless(simulator.received().back().text == "anybody there");
  simulator.close(1011, "Internal error encountered.");
  expect_close(client, 1011, "Internal error encountered.");
  fail_unless_equals_int(static_cast<int>(client.count("turnComplete")), 0);

  simulator.close(1011, "there is nobody to close"); // and the next one is not meant
  simulator.send("{\"three\":3}");
  ClientForTest next(simulator.url());
  next.send(bare_setup);
  fail_unless(next.wait_for("three"));
}
GST_END_TEST;

GST_START_TEST(tells_what_it_received)
{
  Simulator simulator(with_scenario(R"({"turns":[]})"));
  unsigned called = 0; // the server's thread's own until the last one was counted
  std::promise<void> counted;
  simulator.on_received([&](const Received &received) {
    ++called;
    if (received.kind == Kind::context_update)
      counted.set_value();
  });
  ClientForTest client(simulator.url());
  client.send(bare_setup);
  send_audio(client, Samples{1, 2, 3});
  client.send(R"({"realtimeInput":{"video":{"mimeType":"image/jpeg","data":"/9j/"}}})");
  client.send(R"({"realtimeInput":{"audioStreamEnd":true}})");
  client.send(R"({"toolResponse":{"functionResponses":[{"id":"1","name":"f","response":{}}]}})");
  client.send(R"({"contextUpdate":{"tools":{"tools":[]}}})");
  fail_unless(simulator.wait_for([&](const auto &all) {
    return has(all, Kind::context_update) && simulator.audio().size() == 6;
  }));
  const auto all = simulator.received();
  const std::vector<Kind> expected{
      Kind::connect,          Kind::setup,         Kind::audio,         Kind::video,
      Kind::audio_stream_end, Kind::tool_response, Kind::context_update};
  fail_unless(std::ranges::equal(all, expected, {}, &Received::kind));
  fail_unless(all[3].data == (std::vector<std::uint8_t>{0xff, 0xd8, 0xff}));
  counted.get_future().wait();
  fail_unless_equals_int(static_cast<int>(called), static_cast<int>(expected.size()));
  fail_unless(
      !simulator.wait_for([](const auto &) { return false; }, std::chrono::milliseconds(1)));
}
GST_END_TEST;

GST_START_TEST(prints_what_it_received)
{
  const Received close{.kind = Kind::close, .connection = 2, .text = "\"bye\"", .close_code = 1000};
  fail_unless(print(close) == R"({"connection":2,"kind":"close","text":"\"bye\"","code":1000})");
  const Received frame{.kind = Kind::video, .connection = 1, .json = "{\n}", .data = {1, 2}};
  fail_unless(print(frame) == R"({"connection":1,"kind":"video","bytes":2,"json":"{\n}"})");
}
GST_END_TEST;

GST_START_TEST(refuses_at_the_door)
{
  Options options;
  options.api_key = "secret";
  Simulator simulator(options);
  const std::string path = ClientForTest::path;
  const auto refused = [&](const std::string &where, const std::string &setup, unsigned code,
                           const std::string &reason) {
    ClientForTest client(simulator.url(), where);
    fail_unless(client.connected());
    client.send(setup);
    expect_close(client, code, reason);
    fail_unless(client.messages().empty());
  };
  const std::string bad_key = "API key not valid. Please pass a valid API key.";
  refused(path + "?key=wrong", bare_setup, 1007, bad_key);
  refused(path + "?key=", bare_setup, 1007, bad_key);
  refused(path, bare_setup, 1008,
          "Method doesn't allow unregistered callers (callers without established identity). "
          "Please use "
          "API Key or other form of API c");
  const std::string good = path + "?key=secret";
  refused(good, R"({"setup":{"model":"models/llama"}})", 1008,
          "models/llama is not found for API version v1beta, or is not supported for "
          "bidiGenerateContent. Call ListModels to see the l");
  refused(
      good,
      R"({"setup":{"model":"models/gemini-x","generationConfig":{"responseModalities":["TEXT"]}}})",
      1007,
      "The requested combination of response modalities (TEXT) is not supported by the model. "
      "models/gemini-x");
  refused(
      good, R"({"setup":{"model":"models/gemini-x","proactivity":{"proactiveAudio":true}}})", 1007,
      R"(Invalid JSON payload received. Unknown name "proactivity" at 'setup': Cannot find field.)");
  refused(
      good,
      R"({"setup":{"model":"models/gemini-x","generationConfig":{"thinkingConfig":{"thinkingLevel":"LOW"}}}})",
      1007, "Thinking level is not supported for this model.");
  refused(path + "?access_token=auth_tokens/x", bare_setup, 1008,
          "Method doesn't allow unregistered callers (callers without established identity). "
          "Please use "
          "API Key or other form of API c");
  refused("/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent"
          "?key=secret",
          bare_setup, 1008,
          "models/gemini-3.8-live is not found for API version v1alpha, or is not supported for "
          "bidiGenerateContent. Call ListModels t");
  refused(good, text_message("no setup"), 1007, "Request contains an invalid argument.");
  refused(good, "nonsense", 1007, "Invalid JSON payload received. Unexpected token.");

  ClientForTest nowhere(simulator.url(), "/ws/elsewhere?key=secret");
  fail_unless(!nowhere.connected());
  fail_unless_equals_int(static_cast<int>(nowhere.status()), 404);
}
GST_END_TEST;

GST_START_TEST(lets_in_by_every_door)
{
  Options options;
  options.api_key = "secret";
  Simulator simulator(options);
  const std::string path = ClientForTest::path;
  const auto let_in = [&](const std::string &where, std::vector<ClientForTest::Header> headers,
                          const std::string &setup = bare_setup) {
    ClientForTest client(simulator.url(), where, std::move(headers));
    fail_unless(client.connected(), "%s", where.c_str());
    client.send(setup);
    fail_unless(client.wait_for("setupComplete"), "%s", where.c_str());
  };
  let_in(path + "?key=secret", {});
  let_in("/" + path + "?alt=x&key=secret", {});
  let_in("/proxy/live" + path + "?key=secret", {});
  let_in(path, {{"x-goog-api-key", "secret"}});
  let_in(path + "Constrained?access_token=" + simulator.mint_token("{}"), {});
  let_in(
      ClientForTest::vertex_path, {{"authorization", "Bearer ya29.x"}},
      R"({"setup":{"model":"projects/p/locations/l/publishers/google/models/gemini-3.8-live"}})");
}
GST_END_TEST;

GST_START_TEST(refuses_in_the_middle)
{
  Simulator simulator{{}};
  const auto refused = [&](const std::string &message, const std::string &reason) {
    ClientForTest client(simulator.url());
    client.send(bare_setup);
    fail_unless(client.wait_for("setupComplete"));
    client.send(message);
    expect_close(client, 1007, reason);
  };
  const std::string invalid = "Request contains an invalid argument.";
  refused(bare_setup, invalid);
  refused(R"({"realtimeInput":{"activityStart":{}}})", invalid);
  refused(R"({"realtimeInput":{"audio":{"mimeType":"image/png","data":"AAAA"}}})", invalid);
  refused(R"({"hello":1})",
          R"(Invalid JSON payload received. Unknown name "hello": Cannot find field.)");

  ClientForTest client(simulator.url());
  client.send(bare_setup);
  send_audio(client, Samples(160, 0));
  client.send(R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=24000","data":"AAAA"}}})");
  expect_close(client, 1007,
               "Sample rate changed from previously 16000 to 24000, which is not supported.");
}
GST_END_TEST;

GST_START_TEST(speaks_tls)
{
  Options options;
  options.tls = true;
  std::string ca_file;
  {
    Simulator simulator(options);
    ca_file = simulator.ca_file();
    fail_unless(simulator.url().starts_with("https://127.0.0.1:"));
    ClientForTest stranger(simulator.url());
    fail_unless(!stranger.connected());
    ClientForTest client(simulator.url(), std::string(ClientForTest::path) + "?key=k", {}, ca_file);
    fail_unless(client.connected());
    client.send(bare_setup);
    fail_unless(client.wait_for("setupComplete"));
  }
  fail_unless(!g_file_test(ca_file.c_str(), G_FILE_TEST_EXISTS));
}
GST_END_TEST;

GST_START_TEST(takes_large_messages)
{
  Simulator simulator(with_scenario(R"({"turns":[]})"));
  ClientForTest client(simulator.url());
  client.send(bare_setup);
  const Samples samples(1'000'000, 1);
  client.send(R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm","data":")" + base64_of(samples) +
              "\"}}}");
  fail_unless(simulator.wait_for([](const auto &all) { return has(all, Kind::audio); }));
  fail_unless_equals_int(static_cast<int>(simulator.audio().size()), 2'000'000);
}
GST_END_TEST;

GST_START_TEST(cannot_start)
{
  const auto error_of = [](const Options &options) {
    try {
      const Simulator simulator(options);
    } catch (const std::exception &error) {
      return std::string(error.what());
    }
    return std::string();
  };
  Options options;
  options.profile = "gemini-9";
  fail_unless(error_of(options) == "there is no profile \"gemini-9\"");
  fail_unless(!error_of(with_scenario("[]")).empty());
  Options options_tls = with_scenario(R"({"faults":[{"at":"setup","do":"late-pongs"}]})");
  options_tls.tls = true;
  fail_unless(error_of(options_tls) == "late pongs do not go with TLS");
  Simulator first{{}};
  Options taken;
  taken.port =
      static_cast<std::uint16_t>(std::stoi(first.url().substr(first.url().rfind(':') + 1)));
  fail_unless(error_of(taken).starts_with("cannot listen: "));
}
GST_END_TEST;

static Suite *simulator_suite()
{
  Suite *suite = suite_create("simulator");
  TCase *tests = tcase_create("general");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, says_hello);
  tcase_add_test(tests, is_driven_by_hand);
  tcase_add_test(tests, tells_what_it_received);
  tcase_add_test(tests, prints_what_it_received);
  tcase_add_test(tests, refuses_at_the_door);
  tcase_add_test(tests, lets_in_by_every_door);
  tcase_add_test(tests, refuses_in_the_middle);
  tcase_add_test(tests, speaks_tls);
  tcase_add_test(tests, takes_large_messages);
  tcase_add_test(tests, cannot_start);
  return suite;
}

GST_CHECK_MAIN(simulator)
