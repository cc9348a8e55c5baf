// What is well formed and refused all the same: who refuses it with which words, and that nobody
// else does.
#include "rules.hpp"

#include "client_message.hpp"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace gemini_live_simulator;

namespace {

struct Model {
  std::string word; // of this test
  std::string_view profile;
  std::string name;
};
const Model models[] = {
    {"3.8", "gemini-3.8", "models/gemini-3.8-live"},
    {"thinking", "gemini-3.8", "models/gemini-3.8-live-extended-thinking"},
    {"transcribe", "gemini-3.8", "models/gemini-3.5-transcribe-live"},
    {"translate", "gemini-3.8", "models/gemini-3.5-live-translate-preview"},
    {"3.1", "gemini-3.1", "models/gemini-3.1-flash-live-preview"},
    {"2.5", "gemini-2.5", "models/gemini-2.5-flash-native-audio-latest"},
    {"vertex", "vertex", "projects/p/locations/l/publishers/google/models/gemini-3.8-live"},
    {"vertex 2.5", "vertex", "projects/p/locations/l/publishers/google/models/gemini-live-2.5"},
};
using Words = std::vector<std::string>;
const Words everyone{"3.8", "thinking", "transcribe", "translate",
                     "3.1", "2.5",      "vertex",     "vertex 2.5"};
const Words gemini{"3.8", "thinking", "transcribe", "translate", "3.1", "2.5"};
const Words vertex{"vertex", "vertex 2.5"};
const std::string invalid(invalid_argument);

struct Moment {
  std::string version = "v1beta";
  bool seeding = false;
  bool running = false;
};

std::optional<Refusal> verdict(const std::string &json, const Profile &profile,
                               const Moment &moment)
{
  const auto read = read_client_message(json, profile.backend);
  if (const auto *refusal = std::get_if<Refusal>(&read))
    return *refusal;
  const auto &message = std::get<ClientMessage>(read);
  if (const auto *setup = std::get_if<Setup>(&message))
    return refuse(*setup, Access{.version = moment.version}, profile);
  if (const auto *content = std::get_if<ClientContent>(&message))
    return refuse(*content, moment.seeding, moment.running, profile);
  if (const auto *input = std::get_if<RealtimeInput>(&message))
    return refuse(*input, Setup{}, profile);
  if (const auto *response = std::get_if<ToolResponse>(&message))
    return refuse(*response, profile);
  return refuse(std::get<ContextUpdate>(message), profile);
}

std::string with_model(std::string text, const Model &model)
{
  if (const auto at = text.find('%'); at != std::string::npos)
    text.replace(at, 1, model.name);
  return text;
}

struct Expected {
  Words words;
  std::string reason = invalid;
  unsigned code = 1007;
};

// Those that are not named take the message. '%' stands for the model.
void expect(const std::string &json, const std::vector<Expected> &refusals,
            const Moment &moment = {})
{
  for (const auto &model : models) {
    const auto expected = std::ranges::find_if(refusals, [&](const Expected &e) {
      return std::ranges::find(e.words, model.word) != e.words.end();
    });
    const Profile &profile = profile_for_model(*find_profile(model.profile), model.name);
    const auto found = verdict(with_model(json, model), profile, moment);
    const std::string said = found ? std::to_string(found->code) + " " + found->reason : "taken";
    const std::string wanted = expected == refusals.end() ? "taken"
                                                          : std::to_string(expected->code) + " " +
                                                                with_model(expected->reason, model);
    fail_unless(said == wanted, "%s, %s: %s instead of %s", model.word.c_str(), json.c_str(),
                said.c_str(), wanted.c_str());
  }
}

// A setup that all take but for what is in `generation` and `more`.
std::string setup(const std::string &generation, const std::string &more = {})
{
  return R"({"setup":{"model":"%","generationConfig":{"thinkingConfig":{"thinkingBudget":0})" +
         (generation.empty() ? "" : "," + generation) + "}" + (more.empty() ? "" : "," + more) +
         "}}";
}

std::string with_tools(const std::string &tools)
{
  return setup("", R"("tools":[)" + tools + "]");
}

std::string function(const std::string &name, const std::string &more = {})
{
  return R"({"functionDeclarations":[{"name":")" + name + '"' + more + "}]}";
}

std::string thinking(const std::string &config)
{
  return R"({"setup":{"model":"%","generationConfig":{"thinkingConfig":{)" + config + "}}}}";
}

std::string unknown(const std::string &name, const std::string &path)
{
  return "Invalid JSON payload received. Unknown name \"" + name + "\" at '" + path +
         "': Cannot find field.";
}

std::string content(const std::string &turns)
{
  return R"({"clientContent":{"turns":[)" + turns + "]}}";
}

std::string tool_answer(const std::string &more)
{
  return R"({"toolResponse":{"functionResponses":[{"id":"1","name":"f","response":{"output":1})" +
         (more.empty() ? "" : "," + more) + "}]}}";
}

} // namespace

GST_START_TEST(modalities)
{
  const auto no = [](const std::string &modalities) {
    return "The requested combination of response modalities (" + modalities +
           ") is not supported by the model. %";
  };
  expect(setup(""), {});
  expect(setup(R"("responseModalities":["AUDIO"])"), {{{"transcribe"}, no("AUDIO")}});
  expect(setup(R"("responseModalities":["TEXT"])"),
         {{{"2.5", "vertex 2.5"}, "Cannot extract voices from a non-audio request."},
          {{"3.8", "thinking", "translate", "3.1", "vertex"}, no("TEXT")}});
  expect(
      setup(R"("responseModalities":["VIDEO"])"),
      {{{"3.8", "thinking", "transcribe", "translate", "3.1", "2.5", "vertex 2.5"}, no("VIDEO")}});
  expect(setup(R"("responseModalities":["AUDIO","VIDEO"])"), {{everyone, no("AUDIO, VIDEO")}});
}
GST_END_TEST;

GST_START_TEST(thinking_settings)
{
  const std::string no_level = "Thinking level is not supported for this model.";
  const Words without_level{"3.8", "transcribe", "translate", "2.5", "vertex", "vertex 2.5"};
  expect(thinking(R"("thinkingLevel":"LOW")"), {{without_level, no_level}});
  expect(thinking(R"("thinkingLevel":"MINIMAL")"),
         {{without_level, no_level},
          {{"thinking"}, "Thinking level MINIMAL is not supported for this model."}});
  expect(thinking(R"("includeThoughts":true)"),
         {{{"thinking"}, "Thinking level must be specified for this model."}});
}
GST_END_TEST;

GST_START_TEST(affective_and_proactive)
{
  const Moment alpha{.version = "v1alpha"};
  const std::string affective = setup(R"("enableAffectiveDialog":true)");
  expect(affective, {{{"3.1", "transcribe", "translate"}},
                     {{"2.5"}, unknown("enableAffectiveDialog", "setup.generation_config")}});
  expect(affective, {{{"3.1", "transcribe", "translate"}}}, alpha);
  const std::string proactive = setup("", R"("proactivity":{"proactiveAudio":true})");
  expect(proactive, {{gemini, unknown("proactivity", "setup")}});
  const Words not_alpha_either{"3.8", "thinking", "transcribe", "translate", "3.1"};
  expect(proactive, {{not_alpha_either}}, alpha);
  expect(setup("", R"("proactivity":{"proactiveAudio":false})"), {{not_alpha_either}, {{"vertex"}}},
         alpha);
}
GST_END_TEST;

GST_START_TEST(tools_per_model)
{
  const Words no_tools{"transcribe", "translate"};
  expect(with_tools(R"({"googleSearch":{}})"), {{no_tools}});
  expect(with_tools(function("_a.b:c-d")), {{no_tools}});
  for (const char *page : {R"({"urlContext":{}})", R"({"url_context":{}})"}) {
    expect(with_tools(page), {{{"3.8", "thinking", "transcribe", "translate"}}});
    expect(R"({"contextUpdate":{"tools":{"tools":[)" + std::string(page) + "]}}}",
           {{{"3.8", "thinking", "transcribe", "translate"}}});
  }
  for (const char *other : {R"({"googleMaps":{}})", R"({"codeExecution":{}})"})
    expect(with_tools(other), {{{"3.8", "thinking", "transcribe", "translate", "2.5"}}});
  expect(with_tools(R"({"googleSearch":{}},)" + function("f")),
         {{{"transcribe", "translate", "vertex", "vertex 2.5"}}});
  expect(with_tools(function("f", R"(,"behavior":"NON_BLOCKING")")),
         {{{"transcribe", "translate", "vertex 2.5"}}});
  expect(with_tools(function("f", R"(,"behavior":"BLOCKING")")),
         {{{"transcribe", "translate", "vertex 2.5"}},
          {{"thinking"}, "BLOCKING function calls are not supported for this model"}});
  for (const std::string &name : {std::string("1a"), std::string("a b"), std::string(129, 'a')})
    expect(with_tools(function(name)), {{everyone}});
}
GST_END_TEST;

GST_START_TEST(what_one_backend_does_not_know)
{
  const auto only = [](const Words &others, const std::string &json, const std::string &name,
                       const std::string &path) {
    expect(json, {{others, unknown(name, path)}});
  };
  only(gemini, setup("", R"("explicitVadSignal":true)"), "explicitVadSignal", "setup");
  only(gemini, setup("", R"("sessionResumption":{"transparent":true})"), "transparent",
       "setup.session_resumption");
  only(gemini, setup("", R"("safetySettings":[{"method":"SEVERITY"}])"), "method",
       "setup.safety_settings[0]");
  for (const char *tool : {"retrieval", "enterpriseWebSearch", "exaAiSearch", "parallelAiSearch"})
    expect(with_tools(R"({")" + std::string(tool) + R"(":{}})"),
           {{gemini, unknown(tool, "setup.tools[0]")}});
  expect(with_tools(R"({"googleSearch":{"excludeDomains":["x"],"blockingConfidence":"LOW"}})"),
         {{gemini, unknown("excludeDomains", "setup.tools[0].google_search")}});
  expect(with_tools(R"({"googleMaps":{"authConfig":{"apiKey":"k","oauthConfig":{}}}})"),
         {{gemini, unknown("oauthConfig", "setup.tools[0].google_maps.auth_config")}});
  expect(with_tools(R"({"fileSearch":{}})"),
         {{{"transcribe", "translate"}}, {vertex, unknown("fileSearch", "setup.tools[0]")}});
  expect(with_tools(R"({"mcpServers":[{"name":"m"}]})"),
         {{{"transcribe", "translate"}}, {vertex, unknown("mcpServers", "setup.tools[0]")}});
  only(vertex, setup(R"("enableEnhancedCivicAnswers":true)"), "enableEnhancedCivicAnswers",
       "setup.generation_config");
  only(vertex, tool_answer(R"("willContinue":true)"), "willContinue",
       "tool_response.function_responses[0]");
  expect(setup("", R"("labels":{"team":"lab-1"})"), {});
  for (const char *label : {R"({"Team":"x"})", R"({"1":"x"})", R"({"team":"X y"})", R"({"":"x"})"})
    expect(setup("", R"("labels":)" + std::string(label)), {{everyone}});
}
GST_END_TEST;

GST_START_TEST(languages_and_handles)
{
  const auto language = [](const std::string &code) {
    return setup(R"("speechConfig":{"languageCode":")" + code + "\"}");
  };
  expect(language("en-US"), {});
  expect(language("xx"), {{{"2.5", "vertex 2.5"}, "Unsupported language code 'xx' for model %"}});
  for (const char *handle : {R"("")", "null"})
    expect(setup("", R"("sessionResumption":{"handle":)" + std::string(handle) + "}"), {{{"3.1"}}});
  expect(setup("", R"("sessionResumption":{})"), {});
  expect(setup("", R"("systemInstruction":{"parts":[{"text":"Be brief."}]})"),
         {{{"transcribe", "translate"}}});
}
GST_END_TEST;

GST_START_TEST(client_content)
{
  const Moment running{.running = true};
  const Moment seeding{.seeding = true};
  const std::string user = R"({"role":"user","parts":[{"text":"a"}]})";
  const std::string model = R"({"role":"model","parts":[{"text":"b"}]})";
  expect(content(user), {{{"transcribe", "translate"}}});
  expect(content(user), {{{"transcribe", "translate", "3.1"}}}, running);
  expect(content(user), {}, seeding);
  expect(content(user + "," + model), {{{"transcribe", "translate", "2.5", "vertex 2.5"}}});
  expect(content(user + "," + model), {}, seeding);
  expect(content(R"({"parts":[{"text":"a"}]})"), {{everyone}});
  expect(content(R"({"role":"function","parts":[{"text":"a"}]})"), {{everyone}});
  expect(content(R"({"role":"system","parts":[{"text":"a"}]})"),
         {{{"3.8", "thinking", "transcribe", "translate", "3.1", "2.5", "vertex"}}});

  const std::string call = R"({"role":"model","parts":[{"functionCall":{"name":"f"}}]})";
  expect(content(call), {{everyone}});
  expect(content(call), {{{"2.5", "vertex 2.5", "transcribe", "translate"}}}, seeding);
  const auto spoken = [&](const char *type) {
    return content(R"({"role":"user","parts":[{"inlineData":{"mimeType":")" + std::string(type) +
                   R"(","data":"AAAA"}}]})");
  };
  const Words without_audio{"2.5", "vertex 2.5", "transcribe", "translate"};
  expect(spoken("audio/pcm;rate=16000"), {{without_audio}}, seeding);
  expect(spoken("audio/pcm;rate=24000"),
         {{without_audio},
          {{"3.8", "thinking", "3.1", "vertex"},
           "Operation is not implemented, or supported, or enabled.",
           1008}},
         seeding);
  expect(spoken("image/png"), {{{"transcribe", "translate"}}});
}
GST_END_TEST;

GST_START_TEST(realtime_input)
{
  const auto input = [](const std::string &what) { return R"({"realtimeInput":{)" + what + "}}"; };
  const auto blob = [&](const std::string &name, const std::string &type) {
    return input('"' + name + R"(":{"mimeType":")" + type + R"(","data":"AAAA"})");
  };
  expect(input(R"("text":"a")"), {{{"transcribe", "translate"}}});
  expect(input(R"("activityStart":{})"), {{everyone}}); // detection is on in this test
  expect(input(R"("activityEnd":{})"), {{everyone}});
  expect(input(R"("audioStreamEnd":true)"), {});
  for (const char *type : {"audio/pcm", "audio/pcm;rate=8000"})
    expect(blob("audio", type), {});
  expect(blob("audio", "audio/l16;rate=16000"), {{{"2.5", "vertex 2.5"}}});
  for (const char *type : {"image/png", "audio/pcm;rate=x", ""})
    expect(blob("audio", type), {{everyone}});
  for (const char *type : {"image/jpeg", "image/png", "image/webp"})
    expect(blob("video", type), {});
  for (const char *type : {"image/tiff", "video/mp4", "audio/pcm"})
    expect(blob("video", type), {{everyone}});
}
GST_END_TEST;

GST_START_TEST(tool_answers)
{
  expect(tool_answer(""), {});
  const std::string no_scheduling = "Function response scheduling is not supported for this model";
  expect(tool_answer(R"("scheduling":"WHEN_IDLE")"), {{{"thinking"}, no_scheduling}});
  expect(
      R"({"toolResponse":{"functionResponses":[{"id":"1","response":{"scheduling":"SILENT"}}]}})",
      {{{"thinking"}, no_scheduling}});
  const auto part = [](const std::string &type) {
    return tool_answer(R"("parts":[{"inlineData":{"mimeType":")" + type + R"(","data":"AAAA"}}])");
  };
  for (const char *type : {"image/png", "image/jpeg", "image/webp", "text/plain"})
    expect(part(type), {});
  expect(part("application/pdf"), {{{"3.8", "thinking", "3.1", "vertex"}}});
}
GST_END_TEST;

static Suite *rules_suite()
{
  Suite *suite = suite_create("rules");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, modalities);
  tcase_add_test(tests, thinking_settings);
  tcase_add_test(tests, affective_and_proactive);
  tcase_add_test(tests, tools_per_model);
  tcase_add_test(tests, what_one_backend_does_not_know);
  tcase_add_test(tests, languages_and_handles);
  tcase_add_test(tests, client_content);
  tcase_add_test(tests, realtime_input);
  tcase_add_test(tests, tool_answers);
  return suite;
}

GST_CHECK_MAIN(rules)
