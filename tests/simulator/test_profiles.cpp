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

namespace {

constexpr const char *profiles[] = {"gemini-3.8", "gemini-3.1", "gemini-2.5", "vertex"};

std::string setup(const std::string &more = {}, const std::string &model = "models/gemini-3.8-live")
{
  return R"({"setup":{"model":")" + model +
         R"(","generationConfig":{"responseModalities":["AUDIO"]})" +
         (more.empty() ? "" : "," + more) + "}}";
}

Options scenario(const std::string &profile, const std::string &turns, const std::string &more = {})
{
  return with_scenario(R"({"profile":")" + profile + R"(","turns":[)" + turns + "]" + more + "}");
}

std::string user_content(const std::string &text, bool complete = true)
{
  return R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":")" + text +
         R"("}]}],"turnComplete":)" + (complete ? "true" : "false") + "}}";
}

std::string tool_answer(const std::string &id, const std::string &more = {})
{
  return R"({"toolResponse":{"functionResponses":[{"id":")" + id +
         R"(","name":"f","response":{"output":"42"})" + (more.empty() ? "" : "," + more) + "}]}}";
}

// The ids of all calls so far.
std::vector<std::string> call_ids(const ClientForTest &client)
{
  std::vector<std::string> ids;
  for (const auto &message : client.messages()) {
    const auto document = JsonDocument::parse(message.text);
    if (!document)
      continue;
    for (const Json &call : document->root().get("toolCall").get("functionCalls").elements())
      ids.push_back(call.get("id").string());
  }
  return ids;
}

std::string last_handle(const ClientForTest &client)
{
  std::string handle;
  for (const auto &message : client.messages())
    if (const auto document = JsonDocument::parse(message.text)) {
      const Json update = document->root().get("sessionResumptionUpdate");
      if (update.get("newHandle").exists())
        handle = update.get("newHandle").string();
    }
  return handle;
}

} // namespace

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
    client.send(setup(R"("outputAudioTranscription":{})"));
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
  thinker.send(setup("", "models/gemini-3.8-live-extended-thinking"));
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
  client.send(setup(R"("explicitVadSignal":true)",
                    "projects/p/locations/l/publishers/google/models/gemini-3.8-live"));
  fail_unless(client.wait_for("sessionId"));
  ClientForTest other(simulator.url());
  other.send(setup(R"("explicitVadSignal":true)"));
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
  client.send(setup(R"("explicitVadSignal":true)"));
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
    client.send(setup(R"("outputAudioTranscription":{})"));
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
  client.send(setup());
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

GST_START_TEST(sees)
{
  Simulator simulator(scenario("gemini-3.8", R"({"on":"video","say":"I see you.","speed":0})"));
  ClientForTest client(simulator.url());
  client.send(setup(R"("outputAudioTranscription":{})"));
  const std::string frame =
      R"({"realtimeInput":{"video":{"mimeType":"image/jpeg","data":"/9j/4AAQSkZJRgD/2Q=="}}})";
  client.send(frame);
  fail_unless(client.wait_for("turnComplete"));
  client.send(frame); // nothing is left to say
  client.send(text_message("and now"));
  fail_unless(client.wait_for("turnComplete", 2));
  fail_unless(client.output_text() == "I see you.You said: and now");
  const auto frames = simulator.received(Kind::video);
  fail_unless_equals_int(static_cast<int>(frames.size()), 2);
  fail_unless_equals_int(static_cast<int>(frames[0].data.size()), 13);
  fail_unless(frames[0].json == frame);
}
GST_END_TEST;

GST_START_TEST(history_first)
{
  for (const char *profile : profiles) {
    Simulator simulator(
        scenario(profile, R"({"on":"text","say":"I know: {history}"})", R"(,"bundle":true)"));
    ClientForTest client(simulator.url());
    client.send(setup(
        R"("historyConfig":{"initialHistoryInClientContent":true},"outputAudioTranscription":{})"));
    client.send(text_message("too early, nobody answers"));
    client.send(R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"I am Ada."}]},)"
                R"({"role":"model","parts":[{"text":"Hello Ada."}]}]}})");
    client.send(R"({"clientContent":{"turnComplete":true}})");
    client.send(text_message("who am I"));
    fail_unless(client.wait_for("turnComplete"));
    fail_unless(client.output_text() == "I know: I am Ada. Hello Ada.", "%s",
                client.output_text().c_str());
    client.send(user_content("more"));
    if (std::string(profile) == "gemini-3.1")
      expect_close(client, 1007, "Request contains an invalid argument.");
    else
      fail_unless(client.wait_for("turnComplete", 2));
  }
}
GST_END_TEST;

GST_START_TEST(content_without_an_answer)
{
  Simulator simulator(scenario("gemini-3.8",
                               R"({"on":"start","say":"A long story, which goes on for)"
                               R"( quite a while, unless somebody stops it."},)"
                               R"({"on":"text","say":"{history} {text}","speed":0})"));
  ClientForTest client(simulator.url());
  client.send(setup(R"("outputAudioTranscription":{})"));
  fail_unless(client.wait_for("inlineData"));
  client.send(user_content("it rains", false)); // interrupts, too
  fail_unless(client.wait_for("turnComplete"));
  fail_unless(client.find("interrupted") >= 0);
  client.send(R"({"clientContent":{"turnComplete":true}})");
  fail_unless(client.wait_for("generationComplete"));
  fail_unless(client.output_text().ends_with("it rains "), "%s", client.output_text().c_str());
}
GST_END_TEST;

GST_START_TEST(context_can_change)
{
  const std::string say = R"("say":"{system-instruction}; {functions}","bundle":true})";
  Simulator simulator(scenario("gemini-3.8", R"({"on":"text",)" + say + R"(,{"on":"text",)" + say +
                                                 R"(,{"on":"text",)" + say));
  const std::string settings =
      R"("systemInstruction":{"parts":[{"text":"Be brief."}]},"tools":[{"functionDeclarations":)"
      R"([{"name":"a"},{"name":"b"}]}],"outputAudioTranscription":{})";
  std::string handle;
  {
    ClientForTest client(simulator.url());
    client.send(setup(settings));
    client.send(text_message("1"));
    fail_unless(client.wait_for("turnComplete"));
    fail_unless(client.output_text() == "Be brief.; a, b");
    client.send(R"({"contextUpdate":{"systemInstruction":{"parts":[{"text":"Be kind."}]},)"
                R"("tools":{"tools":[]}}})");
    client.send(text_message("2"));
    fail_unless(client.wait_for("turnComplete", 2));
    fail_unless(client.output_text() == "Be brief.; a, bBe kind.; ");
    fail_unless(client.wait_for("sessionResumptionUpdate", 3));
    handle = last_handle(client);
    client.close();
    fail_unless(client.wait_closed());
  }
  fail_unless_equals_int(static_cast<int>(simulator.received(Kind::context_update).size()), 1);
  ClientForTest client(simulator.url());
  client.send(setup(settings + R"(,"sessionResumption":{"handle":")" + handle + "\"}"));
  client.send(text_message("3"));
  fail_unless(client.wait_for("turnComplete"));
  fail_unless(client.output_text() == "Be kind.; ");
  client.send(R"({"contextUpdate":{"tools":[]}})");
  expect_close(client, 1007, "Invalid value at 'context_update.tools' (TYPE_MESSAGE), a list");
}
GST_END_TEST;

GST_START_TEST(system_role_on_vertex)
{
  Simulator simulator(
      scenario("vertex", R"({"on":"text","say":"{system-instruction}","speed":0})"));
  ClientForTest client(simulator.url());
  client.send(setup(R"("outputAudioTranscription":{})", "models/gemini-live-2.5-flash"));
  client.send(R"({"clientContent":{"turns":[{"role":"system","parts":[{"text":"Sing."}]}]}})");
  client.send(text_message("go"));
  fail_unless(client.wait_for("turnComplete"));
  fail_unless(client.output_text() == "Sing.");
}
GST_END_TEST;

GST_START_TEST(affective_dialog_breaks_late)
{
  Simulator simulator(scenario("gemini-3.8", ""));
  for (const std::string &message : {text_message("x"), user_content("x")}) {
    ClientForTest client(simulator.url());
    client.send(R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":)"
                R"({"enableAffectiveDialog":true}}})");
    fail_unless(client.wait_for("setupComplete"));
    client.send(message);
    expect_close(client, 1007, "Request contains an invalid argument.");
  }
}
GST_END_TEST;

GST_START_TEST(tool_call_ids)
{
  const auto ids = [](const char *profile, const char *calls) {
    Simulator simulator(scenario(profile, R"({"on":"start","say":"{answer}","speed":0,"tool":)" +
                                              std::string(calls) + "}"));
    ClientForTest client(simulator.url());
    client.send(setup(R"("outputAudioTranscription":{})"));
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
    client.send(
        setup(R"("outputAudioTranscription":{},"tools":[{"functionDeclarations":[{"name":"f")" +
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
    client.send(setup(R"("outputAudioTranscription":{})"));
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

GST_START_TEST(resumption_updates)
{
  const std::string resumable = R"("sessionResumption":{})";
  for (const char *profile : profiles) {
    Simulator simulator(scenario(profile, R"({"on":"text","say":"Yes.","speed":0})"));
    const bool unasked = std::string(profile).find("3.") != std::string::npos;
    ClientForTest quiet(simulator.url());
    quiet.send(setup());
    quiet.send(text_message("x"));
    fail_unless(quiet.wait_for("turnComplete"));
    fail_unless_equals_int(quiet.find("sessionResumptionUpdate") >= 0, unasked);

    ClientForTest client(simulator.url());
    client.send(setup(resumable));
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

GST_START_TEST(no_handle_while_a_call_is_open)
{
  Simulator simulator(scenario("gemini-3.8", R"({"on":"text","tool":{"name":"f"},"say":""})"));
  ClientForTest client(simulator.url());
  client.send(setup());
  client.send(text_message("x"));
  fail_unless(client.wait_for("\"sessionResumptionUpdate\": {}"));
  expect_order(client,
               {"newHandle", "toolCall", "turnComplete", "\"sessionResumptionUpdate\": {}"});
  client.send(tool_answer(call_ids(client).at(0)));
  fail_unless(client.wait_for("newHandle", 2));
}
GST_END_TEST;

GST_START_TEST(refuses_handles)
{
  Simulator simulator(scenario("gemini-3.8", ""));
  const auto resume = [](const std::string &handle) {
    return R"("sessionResumption":{"handle":")" + handle + "\"}";
  };
  ClientForTest first(simulator.url());
  first.send(setup());
  fail_unless(first.wait_for("newHandle"));
  const std::string handle = last_handle(first);
  {
    ClientForTest second(simulator.url());
    second.send(setup(resume(handle)));
    expect_close(second, 1011, "Internal error encountered.");
  }
  first.close();
  fail_unless(first.wait_closed());
  {
    ClientForTest other_model(simulator.url());
    other_model.send(setup(resume(handle), "models/gemini-3.8-pro"));
    expect_close(other_model, 1007,
                 "The requested combination of response modalities (AUDIO, TEXT) is not supported "
                 "by the model. models/gemini_api_beyond_live");
  }
  {
    ClientForTest unknown(simulator.url());
    unknown.send(setup(resume("no such handle")));
    expect_close(unknown, 1008, "Requested entity was not found.");
  }
  ClientForTest again(simulator.url());
  again.send(setup(resume(handle)));
  fail_unless(again.wait_for("setupComplete"));
}
GST_END_TEST;

GST_START_TEST(warns_before_it_goes)
{
  for (const char *profile : profiles) {
    Simulator simulator(scenario(profile, "", R"(,"faults":[{"at":"setup","do":"goAway"}])"));
    ClientForTest client(simulator.url());
    client.send(setup());
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
  tcase_add_test(tests, sees);
  tcase_add_test(tests, history_first);
  tcase_add_test(tests, content_without_an_answer);
  tcase_add_test(tests, context_can_change);
  tcase_add_test(tests, system_role_on_vertex);
  tcase_add_test(tests, affective_dialog_breaks_late);
  tcase_add_test(tests, tool_call_ids);
  tcase_add_test(tests, blocking_or_not);
  tcase_add_test(tests, scheduling);
  tcase_add_test(tests, thinks_longer);
  tcase_add_test(tests, resumption_updates);
  tcase_add_test(tests, no_handle_while_a_call_is_open);
  tcase_add_test(tests, refuses_handles);
  tcase_add_test(tests, warns_before_it_goes);
  return suite;
}

GST_CHECK_MAIN(profiles)
