// What a client sees of the differences between the services, and what a conversation can do with
// the rest of the protocol.
#include "client_for_test.hpp"
#include "profile.hpp"
#include "simulator.hpp"
#include "talk_for_test.hpp"

#include <gst/check/gstcheck.h>

#include <algorithm>

using namespace gemini_live_simulator;
using Kind = Received::Kind;

GST_START_TEST(looks_of_a_spoken_answer)
{
  struct Look {
    bool session_id, role, keep_alive, thought, with_audio, finished, grounding, candidates;
    const char *mime_type;
  };
  const Look looks[] = {
      {false, true, true, false, true, false, false, false, "\"audio/pcm;rate=24000\""},
      {false, false, false, false, true, false, false, false, "\"audio/pcm;rate=24000\""},
      {false, false, false, true, false, false, false, false, "\"audio/pcm;rate=24000\""},
      {true, true, false, false, false, true, true, true, "\"audio/pcm\""},
  };
  for (int i = 0; i < 4; ++i) {
    const Look &look = looks[i];
    Simulator simulator(scenario(profiles[i], R"({"on":"text","say":"Good morning to you all."})"));
    ClientForTest client(simulator.url());
    client.send(setup_message(R"("outputAudioTranscription":{})"));
    client.send(text_message("hi"));
    fail_unless(client.wait_for("turnComplete"));
    const auto has = [&](const char *what) { return client.find(what) >= 0; };
    fail_unless_equals_int(client.find("sessionId") == 0, look.session_id);
    fail_unless_equals_int(has("\"role\": \"model\""), look.role);
    const auto first_audio = static_cast<std::size_t>(client.find("inlineData"));
    fail_unless_equals_int(client.messages()[first_audio - 1].text == "{}\n", look.keep_alive);
    fail_unless_equals_int(has("\"thought\": true"), look.thought);
    fail_unless_equals_int(client.messages()[first_audio].text.find("outputTranscription") !=
                               std::string::npos,
                           look.with_audio);
    fail_unless_equals_int(has("\"finished\": true"), look.finished);
    fail_unless_equals_int(has("\"outputTranscription\": {}"), look.finished);
    fail_unless(has(look.mime_type));
    const auto &over = client.messages()[static_cast<std::size_t>(client.find("turnComplete"))];
    fail_unless_equals_int(over.text.find("\"groundingMetadata\": {}") != std::string::npos,
                           look.grounding);
    fail_unless_equals_int(over.text.find("candidatesTokenCount") != std::string::npos,
                           look.candidates);
    fail_unless_equals_int(over.text.find("responseTokenCount") != std::string::npos,
                           !look.candidates);
    fail_unless(client.output_text() == "Good morning to you all.");
  }
}
GST_END_TEST;

// The model of a profile that serves several decides.
GST_START_TEST(models_of_one_service)
{
  Simulator simulator(scenario("gemini-3.8", R"({"on":"text","say":"Read this.","speed":0},
    {"on":"speech","heard":"one two three four","say":""})"));
  ClientForTest client(simulator.url());
  client.send(R"({"setup":{"model":"models/gemini-3.5-transcribe-live","generationConfig":)"
              R"({"responseModalities":["TEXT"]},"inputAudioTranscription":{}}})");
  send_audio(client, voice() + silence(1200));
  fail_unless(client.wait_for("turnComplete"));
  expect_order(client, {"interimInputTranscription", "interimInputTranscription",
                        "\"inputTranscription\"", "turnComplete"});
  client.send(text_message("no"));
  expect_close(client, 1007, "Request contains an invalid argument.");

  ClientForTest thinker(simulator.url());
  thinker.send(setup_message("", "models/gemini-3.8-live-extended-thinking"));
  expect_close(thinker, 1007, "Thinking level must be specified for this model.");
}
GST_END_TEST;

GST_START_TEST(answers_in_text)
{
  Simulator simulator(
      scenario("gemini-3.8", R"({"on":"start","say":"This is written and not spoken."})"));
  ClientForTest client(simulator.url());
  client.send(R"({"setup":{"model":"models/gemini-3.5-transcribe-live","generationConfig":)"
              R"({"responseModalities":["TEXT"]}}})");
  fail_unless(client.wait_for("turnComplete"));
  std::string text;
  for (const auto &message : client.messages())
    if (const auto document = JsonDocument::parse(message.text))
      for (const Json &part :
           document->root().get("serverContent").get("modelTurn").get("parts").elements())
        text += part.get("text").string();
  fail_unless(text == "This is written and not spoken.", "%s", text.c_str());
  expect_order(client, {"modelTurn", "generationComplete", "turnComplete"});
}
GST_END_TEST;

GST_START_TEST(the_path_chooses_a_profile)
{
  Simulator simulator(with_scenario(R"({"turns":[]})"));
  ClientForTest client(simulator.url(), ClientForTest::vertex_path,
                       {{"authorization", "Bearer x"}});
  client.send(setup_message(R"("explicitVadSignal":true)",
                            "projects/p/locations/l/publishers/google/models/gemini-3.8-live"));
  fail_unless(client.wait_for("sessionId"));
  ClientForTest other(simulator.url());
  other.send(setup_message(R"("explicitVadSignal":true)"));
  expect_close(other, 1007,
               "Invalid JSON payload received. Unknown name \"explicitVadSignal\" at 'setup': "
               "Cannot find field.");
  fail_unless(simulator.received(Kind::malformed).at(0).connection == 2);
}
GST_END_TEST;

GST_START_TEST(explicit_activity_on_vertex)
{
  Simulator simulator(scenario("vertex", R"({"on":"speech","heard":"hello","say":""})"));
  ClientForTest client(simulator.url());
  client.send(setup_message(R"("explicitVadSignal":true)"));
  send_audio(client, voice() + silence(1200));
  fail_unless(client.wait_for("turnComplete"));
  expect_order(client, {"VAD_SIGNAL_TYPE_SOS", "ACTIVITY_START", "VAD_SIGNAL_TYPE_EOS",
                        "ACTIVITY_END", "turnComplete"});
  fail_unless_equals_int(client.find("inputTranscription"), -1);
}
GST_END_TEST;

// Each by its own clock, which is the model's speed: the audio of a sentence is late by no more
// than it takes to speak it.
GST_START_TEST(paces_of_speech)
{
  const auto spread = [](const char *profile, const std::string &model, const std::string &config) {
    Simulator simulator(scenario(
        profile, R"({"on":"start","say":"A sentence of some length, spoken at a pace."})"));
    ClientForTest client(simulator.url());
    client.send(R"({"setup":{"model":")" + model + R"(","generationConfig":)" + config + "}}");
    fail_unless(client.wait_for("generationComplete"));
    const auto first = static_cast<std::size_t>(client.find("inlineData"));
    const auto last = static_cast<std::size_t>(client.find("generationComplete"));
    const double took =
        static_cast<double>(client.messages()[last].at - client.messages()[first].at) / 1e6;
    return static_cast<double>(client.audio().size()) / 24000 / took;
  };
  const double fast = spread("gemini-3.8", "models/gemini-3.8-live", "{}");
  fail_unless(fast > 2.5 && fast < 6, "%g", fast);
  const double slow = spread("gemini-3.8", "models/gemini-3.8-live-extended-thinking",
                             R"({"thinkingConfig":{"thinkingLevel":"LOW"}})");
  fail_unless(slow > 0.8 && slow < 1.5, "%g", slow);
}
GST_END_TEST;

GST_START_TEST(everything_in_one_message)
{
  for (const char *profile : profiles) {
    Simulator simulator(
        scenario(profile, R"({"on":"start","say":"All at once."})", R"(,"bundle":true)"));
    ClientForTest client(simulator.url());
    client.send(setup_message(R"("outputAudioTranscription":{})"));
    fail_unless(client.wait_for("turnComplete"));
    const int at = client.find("inlineData");
    fail_unless_equals_int(at, client.find("turnComplete"));
    fail_unless_equals_int(at, client.find("generationComplete"));
    fail_unless_equals_int(at, client.find("usageMetadata"));
    fail_unless_equals_int(at, client.find("outputTranscription"));
    fail_unless(client.output_text() == "All at once.");
  }
}
GST_END_TEST;

GST_START_TEST(sends_messages_spelled_out)
{
  Simulator simulator(scenario("gemini-3.8",
                               R"({"on":"text","send":[
      {"voiceActivityDetectionSignal":{"vadSignalType":"VAD_SIGNAL_TYPE_SOS"}},
      {"serverContent":{"interimInputTranscription":{"text":"what ti"}}},
      {"serverContent":{"modelTurn":{"parts":[{"executableCode":{"language":"PYTHON","code":"1\n"}}]}}},
      {"serverContent":{"turnComplete":true},"interactionStatus":"IDLE","more":[1,2.5,null,true]}]},
    {"on":"text","send":[{"one":{}}],"say":"Two.","speed":0})"));
  ClientForTest client(simulator.url());
  client.send(setup_message());
  client.send(text_message("a"));
  client.send(text_message("b"));
  fail_unless(client.wait_for("turnComplete", 2));
  expect_order(client, {"VAD_SIGNAL_TYPE_SOS", "what ti", "executableCode", "interactionStatus",
                        "one", "inlineData", "turnComplete"});
  const int at = client.find("interactionStatus");
  fail_unless(client.messages()[static_cast<std::size_t>(at)].text ==
              "{\n  \"serverContent\": {\n    \"turnComplete\": true\n  },\n"
              "  \"interactionStatus\": \"IDLE\",\n"
              "  \"more\": [\n    1,\n    2.5,\n    null,\n    true\n  ]\n}\n");
}
GST_END_TEST;

GST_START_TEST(resumption_updates)
{
  const std::string resumable = R"("sessionResumption":{})";
  for (const char *profile : profiles) {
    Simulator simulator(scenario(profile, R"({"on":"text","say":"Yes.","speed":0})"));
    const bool unasked = std::string(profile).find("3.") != std::string::npos;
    ClientForTest quiet(simulator.url());
    quiet.send(setup_message());
    quiet.send(text_message("x"));
    fail_unless(quiet.wait_for("turnComplete"));
    fail_unless_equals_int(quiet.find("sessionResumptionUpdate") >= 0, unasked);

    ClientForTest client(simulator.url());
    client.send(setup_message(resumable));
    client.send(text_message("x"));
    fail_unless(client.wait_for("newHandle", 2)); // on 3.1 by the clock
    const bool withheld = client.find("\"sessionResumptionUpdate\": {}") >= 0;
    fail_unless_equals_int(withheld, std::string(profile) == "gemini-2.5");
    if (withheld)
      expect_order(client, {"newHandle", "\"sessionResumptionUpdate\": {}", "inlineData",
                            "turnComplete", "newHandle"});
  }
}
GST_END_TEST;

GST_START_TEST(refuses_handles)
{
  Simulator simulator(scenario("gemini-3.8", ""));
  const auto resume = [](const std::string &handle) {
    return R"("sessionResumption":{"handle":")" + handle + "\"}";
  };
  ClientForTest first(simulator.url());
  first.send(setup_message());
  fail_unless(first.wait_for("newHandle"));
  const std::string handle = last_handle(first);
  {
    ClientForTest second(simulator.url());
    second.send(setup_message(resume(handle)));
    expect_close(second, 1011, "Internal error encountered.");
  }
  first.close();
  fail_unless(first.wait_closed());
  {
    ClientForTest other_model(simulator.url());
    other_model.send(setup_message(resume(handle), "models/gemini-3.8-pro"));
    expect_close(other_model, 1007,
                 "The requested combination of response modalities (AUDIO, TEXT) is not supported "
                 "by the model. models/gemini_api_beyond_live");
  }
  {
    ClientForTest unknown(simulator.url());
    unknown.send(setup_message(resume("no such handle")));
    expect_close(unknown, 1008, "Requested entity was not found.");
  }
  ClientForTest again(simulator.url());
  again.send(setup_message(resume(handle)));
  fail_unless(again.wait_for("setupComplete"));
}
GST_END_TEST;

GST_START_TEST(warns_before_it_goes)
{
  for (const char *profile : profiles) {
    Simulator simulator(scenario(profile, "", R"(,"faults":[{"at":"setup","do":"goAway"}])"));
    ClientForTest client(simulator.url());
    client.send(setup_message());
    fail_unless(client.wait_for("goAway"));
    expect_order(client, {"setupComplete", "goAway"});
    fail_unless(client.find(std::string(profile) == "vertex" ? "\"60s\"" : "\"50s\"") > 0);
  }
}
GST_END_TEST;

static Suite *profiles_suite()
{
  Suite *suite = suite_create("profiles");
  TCase *tests = tcase_create("general");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, looks_of_a_spoken_answer);
  tcase_add_test(tests, models_of_one_service);
  tcase_add_test(tests, answers_in_text);
  tcase_add_test(tests, the_path_chooses_a_profile);
  tcase_add_test(tests, explicit_activity_on_vertex);
  tcase_add_test(tests, paces_of_speech);
  tcase_add_test(tests, everything_in_one_message);
  tcase_add_test(tests, sends_messages_spelled_out);
  tcase_add_test(tests, resumption_updates);
  tcase_add_test(tests, refuses_handles);
  tcase_add_test(tests, warns_before_it_goes);
  return suite;
}

GST_CHECK_MAIN(profiles)
