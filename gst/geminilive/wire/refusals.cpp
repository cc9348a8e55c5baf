#include "refusals.hpp"

#include "../base/json.hpp"
#include "models.hpp"

#include <algorithm>
#include <span>

namespace gemini_live {

namespace {

constexpr unsigned kSpeakers = k25 | k31 | k38 | kThinker | kTranslator;
constexpr unsigned kNoChat = kTranslator | kWriter;
constexpr unsigned kAny = ~0u; // models of no known family too

enum Where : unsigned { kGemini = 1, kBeta = 2, kVertex = 4, kEverywhere = 7 }; // kBeta: v1beta

enum class What {
  refuses,  // the field, or this value of it
  limits,   // the list to one element
  excludes, // the field beside another
  needs,    // the field or another
  ignores   // the field, which is left out unless the user asks for it
};

struct Rule {
  unsigned models, where;
  What what;
  const char *field; // [] is any element of a list
  const char *value; // or null; the other field
  const char *remedy;
  const char *source; // for whoever wonders whether it still holds
};

using enum What;

// clang-format off
constexpr Rule kRules[] = {
    // What models refuse
    {kSpeakers, kEverywhere, refuses, "generationConfig.responseModalities[]", "TEXT", "Set modality to audio and read the output transcript", "close 1007 \"Cannot extract voices…\", \"…response modalities (TEXT) is not supported…\""},
    {kWriter, kEverywhere, refuses, "generationConfig.responseModalities[]", "AUDIO", "Set modality to text", "ai.google.dev models/gemini-3.5-transcribe-live"},
    {kWriter, kEverywhere, refuses, "generationConfig.responseModalities[]", "VIDEO", "Set modality to text", "ai.google.dev models/gemini-3.5-transcribe-live"},
    {kWriter, kEverywhere, refuses, "generationConfig.responseModalities[]", "IMAGE", "Set modality to text", "ai.google.dev models/gemini-3.5-transcribe-live"},
    {k25 | k31 | kThinker | kTranslator, kEverywhere, refuses, "generationConfig.responseModalities[]", "VIDEO", "Set modality to audio", "ai.google.dev live-api, capabilities"},
    {kSpeakers, kEverywhere, refuses, "generationConfig.responseModalities[]", "IMAGE", "Set modality to audio", "ai.google.dev live-api, capabilities"},
    {k25, kEverywhere, refuses, "generationConfig.thinkingConfig.thinkingLevel", nullptr, "Set thinking-budget", "ai.google.dev live-api, thinking: 2.5 takes a budget"},
    {kNoChat, kEverywhere, refuses, "generationConfig.thinkingConfig.thinkingLevel", nullptr, "Leave thinking-level unset", "ai.google.dev models/gemini-3.5-live-translate-preview, models/gemini-3.5-transcribe-live"},
    {k38, kEverywhere, refuses, "generationConfig.thinkingConfig.thinkingLevel", nullptr, "Leave thinking-level unset, or use gemini-3.8-live-extended-thinking", "close 1007 \"Thinking level is not supported for this model.\""},
    {kThinker, kEverywhere, refuses, "generationConfig.thinkingConfig.thinkingLevel", "MINIMAL", "Set thinking-level to low, medium or high", "close 1007 \"Thinking level MINIMAL is not supported…\""},
    {kThinker, kEverywhere, needs, "generationConfig.thinkingConfig.thinkingLevel", "generationConfig.thinkingConfig.thinkingBudget", "Set thinking-level to low, medium or high", "close 1007 \"Thinking level must be specified for this model.\""},
    {kThinker, kEverywhere, refuses, "tools[].functionDeclarations[].behavior", "BLOCKING", "Set the behavior of every function to NON_BLOCKING", "close 1007 \"BLOCKING function calls are not supported for this model\""},
    {k25, kVertex, refuses, "tools[].functionDeclarations[].behavior", nullptr, "Leave the behavior of functions out", "googleapis/python-genai#1739"},
    {k38 | kThinker, kGemini, refuses, "tools[].googleMaps", nullptr, "Leave googleMaps out of the tools", "close 1007 at setup"},
    {k38 | kThinker, kGemini, refuses, "tools[].urlContext", nullptr, "Leave urlContext out of the tools", "close 1007 at setup"},
    {k38 | kThinker, kGemini, refuses, "tools[].codeExecution", nullptr, "Leave codeExecution out of the tools", "close 1007 at setup"},
    {kNoChat, kEverywhere, refuses, "tools", nullptr, "Leave the tools out", "ai.google.dev models/gemini-3.5-live-translate-preview, models/gemini-3.5-transcribe-live"},
    {kNoChat, kEverywhere, refuses, "systemInstruction", nullptr, "Leave the system instruction out", "ai.google.dev models/gemini-3.5-live-translate-preview, models/gemini-3.5-transcribe-live"},
    {k31 | kNoChat, kEverywhere, refuses, "generationConfig.enableAffectiveDialog", nullptr, "Leave enableAffectiveDialog out", "close 1007 at setup; ai.google.dev live-api, affective dialog: 2.5 alone has it"},
    {k38 | kThinker, kEverywhere, refuses, "generationConfig.enableAffectiveDialog", nullptr, "Leave enableAffectiveDialog out", "close 1007 \"Request contains an invalid argument.\" at the first content"},
    {k31 | kNoChat, kEverywhere, refuses, "proactivity", nullptr, "Leave proactivity out", "ai.google.dev models/gemini-3.1-flash-live-preview, models/gemini-3.5-live-translate-preview"},
    {k38 | kThinker, kGemini, refuses, "proactivity", nullptr, "Leave proactivity out: the model always decides by itself whether to answer", "ai.google.dev models/gemini-3.8-live; an explicit false is refused"},
    {k38 | kThinker, kVertex, refuses, "proactivity.proactiveAudio", "false", "Leave proactivity out: the model always decides by itself whether to answer", "ai.google.dev models/gemini-3.8-live; an explicit false is refused"},

    // What models refuse in the middle of a conversation
    {kAny, kGemini, refuses, "clientContent.turns[].role", "system", "Update the context with a system instruction", "cloud.google.com live-api: the role is that of 2.5 alone"},
    {k31 | k38 | kThinker | kNoChat, kVertex, refuses, "clientContent.turns[].role", "system", "Update the context with a system instruction", "cloud.google.com live-api: the role is that of 2.5 alone"},
    {k31, kEverywhere, refuses, "clientContent", nullptr, "Send text, or set historyConfig.initialHistoryInClientContent in config and send history first", "close 1007 \"Request contains an invalid argument.\""},
    {kNoChat, kEverywhere, refuses, "clientContent", nullptr, "Speak to the model", "ai.google.dev models/gemini-3.5-live-translate-preview, models/gemini-3.5-transcribe-live"},
    {kNoChat, kEverywhere, refuses, "realtimeInput.text", nullptr, "Speak to the model", "ai.google.dev models/gemini-3.5-live-translate-preview, models/gemini-3.5-transcribe-live"},

    // What models refuse in the answer to a call
    {kThinker | k31, kEverywhere, refuses, "tools[].functionDeclarations[].x-scheduling", nullptr, "Leave x-scheduling out", "as for toolResponse.scheduling"},
    {kThinker, kEverywhere, refuses, "toolResponse.scheduling", nullptr, "Leave the scheduling of the answer out", "close 1007 \"Function response scheduling is not supported for this model\""},
    {k31, kEverywhere, refuses, "toolResponse.scheduling", nullptr, "Leave the scheduling of the answer out: the model waits for it", "ai.google.dev models/gemini-3.1-flash-live-preview"},
    {k25, kVertex, refuses, "toolResponse.scheduling", nullptr, "Leave the scheduling of the answer out", "googleapis/python-genai#1739"},
    {kAny, kVertex, refuses, "toolResponse.willContinue", nullptr, "Answer once, with everything", "@google/genai 3.1.0 functionResponseToVertex"},

    // What versions of the service refuse
    {k25, kBeta, refuses, "generationConfig.enableAffectiveDialog", nullptr, "Set api-version to v1alpha", "ai.google.dev live-api, affective dialog"},
    {kAny, kBeta, refuses, "proactivity", nullptr, "Set api-version to v1alpha", "close 1007 \"Unknown name \"proactivity\" at 'setup'\""},

    // What backends refuse
    {kAny, kGemini, refuses, "explicitVadSignal", nullptr, "Leave explicitVadSignal out", "@google/genai 3.1.0 liveConnectConfigToMldev"},
    {kAny, kGemini, refuses, "sessionResumption.transparent", nullptr, "Leave transparent out", "@google/genai 3.1.0 sessionResumptionConfigToMldev"},
    {kAny, kGemini, refuses, "safetySettings[].method", nullptr, "Leave method out of the safety settings", "@google/genai 3.1.0 safetySettingToMldev"},
    {kAny, kGemini, refuses, "tools[].retrieval", nullptr, "Use fileSearch", "@google/genai 3.1.0 toolToMldev"},
    {kAny, kGemini, refuses, "tools[].enterpriseWebSearch", nullptr, "Use googleSearch", "@google/genai 3.1.0 toolToMldev"},
    {kAny, kGemini, refuses, "tools[].exaAiSearch", nullptr, "Use googleSearch", "@google/genai 3.1.0 toolToMldev"},
    {kAny, kGemini, refuses, "tools[].parallelAiSearch", nullptr, "Use googleSearch", "@google/genai 3.1.0 toolToMldev"},
    {kAny, kGemini, refuses, "tools[].googleSearch.excludeDomains", nullptr, "Leave excludeDomains out", "@google/genai 3.1.0 googleSearchToMldev"},
    {kAny, kGemini, refuses, "tools[].googleSearch.blockingConfidence", nullptr, "Leave blockingConfidence out", "@google/genai 3.1.0 googleSearchToMldev"},
    {kAny, kGemini, refuses, "tools[].googleMaps.groundingTypes", nullptr, "Leave groundingTypes out", "@google/genai 3.1.0 googleMapsToMldev"},
    {kAny, kGemini, refuses, "tools[].googleMaps.authConfig.authType", nullptr, "Use apiKey alone", "@google/genai 3.1.0 authConfigToMldev"},
    {kAny, kGemini, refuses, "tools[].googleMaps.authConfig.apiKeyConfig", nullptr, "Use apiKey alone", "@google/genai 3.1.0 authConfigToMldev"},
    {kAny, kGemini, refuses, "tools[].googleMaps.authConfig.googleServiceAccountConfig", nullptr, "Use apiKey alone", "@google/genai 3.1.0 authConfigToMldev"},
    {kAny, kGemini, refuses, "tools[].googleMaps.authConfig.httpBasicAuthConfig", nullptr, "Use apiKey alone", "@google/genai 3.1.0 authConfigToMldev"},
    {kAny, kGemini, refuses, "tools[].googleMaps.authConfig.oauthConfig", nullptr, "Use apiKey alone", "@google/genai 3.1.0 authConfigToMldev"},
    {kAny, kGemini, refuses, "tools[].googleMaps.authConfig.oidcConfig", nullptr, "Use apiKey alone", "@google/genai 3.1.0 authConfigToMldev"},
    {kAny, kVertex, refuses, "tools[].fileSearch", nullptr, "Use retrieval", "@google/genai 3.1.0 toolToVertex"},
    {kAny, kVertex, refuses, "tools[].mcpServers", nullptr, "Declare the functions of the MCP servers", "@google/genai 3.1.0 mcpServerToVertex"},
    {kAny, kVertex, refuses, "tools[].googleSearch.timeRangeFilter", nullptr, "Leave timeRangeFilter out", "@google/genai 3.1.0 GoogleSearch"},
    {kAny, kVertex, excludes, "tools[].googleSearch", "tools[].functionDeclarations", "Use either search or functions", "cloud.google.com live-api, tools"},
    {kAny, kVertex, refuses, "generationConfig.enableEnhancedCivicAnswers", nullptr, "Leave enableEnhancedCivicAnswers out", "@google/genai 3.1.0 generationConfigToVertex"},
    {kAny, kVertex, refuses, "generationConfig.speechConfig.voiceConfig.replicatedVoiceConfig.consentAudio", nullptr, "Leave consentAudio out", "@google/genai 3.1.0 replicatedVoiceConfigToVertex"},
    {kAny, kVertex, refuses, "generationConfig.speechConfig.voiceConfig.replicatedVoiceConfig.voiceConsentSignature", nullptr, "Leave voiceConsentSignature out", "@google/genai 3.1.0 replicatedVoiceConfigToVertex"},

    // What no Live model takes
    {kAny, kEverywhere, limits, "generationConfig.responseModalities", nullptr, "Set one modality", "ai.google.dev live-api: one response modality per session"},
    {kAny, kEverywhere, refuses, "generationConfig.speechConfig.multiSpeakerVoiceConfig", nullptr, "Use voiceConfig", "@google/genai 3.1.0 tLiveSpeechConfig"},
    {kAny, kEverywhere, refuses, "generationConfig.responseLogprobs", nullptr, "Leave responseLogprobs out", "BidiGenerateContentSetup in the public v1beta proto"},
    {kAny, kEverywhere, refuses, "generationConfig.logprobs", nullptr, "Leave logprobs out", "BidiGenerateContentSetup in the public v1beta proto"},
    {kAny, kEverywhere, refuses, "generationConfig.responseMimeType", nullptr, "Leave responseMimeType out", "BidiGenerateContentSetup in the public v1beta proto"},
    {kAny, kEverywhere, refuses, "generationConfig.responseSchema", nullptr, "Leave responseSchema out", "BidiGenerateContentSetup in the public v1beta proto"},
    {kAny, kEverywhere, refuses, "generationConfig.responseJsonSchema", nullptr, "Leave responseJsonSchema out", "BidiGenerateContentSetup in the public v1beta proto"},
    {kAny, kEverywhere, refuses, "generationConfig.stopSequences", nullptr, "Leave stopSequences out", "BidiGenerateContentSetup in the public v1beta proto"},
    {kAny, kEverywhere, refuses, "generationConfig.routingConfig", nullptr, "Leave routingConfig out", "BidiGenerateContentSetup in the public v1beta proto"},
    {kAny, kEverywhere, refuses, "generationConfig.audioTimestamp", nullptr, "Leave audioTimestamp out", "BidiGenerateContentSetup in the public v1beta proto"},
    {kAny, kEverywhere, excludes, "historyConfig", "sessionResumption.handle", "Leave historyConfig out: a conversation that is carried on has its history", "the next typed turn would be taken for history, and not answered"},

    // What is of no use
    {kNoChat, kEverywhere, ignores, "contextWindowCompression", nullptr, "", "the examples of these models have none"},
    {kWriter, kEverywhere, ignores, "outputAudioTranscription", nullptr, "", "the model does not speak"},
};
// clang-format on

bool concerns(const Rule &rule, unsigned family, const SetupTarget &target)
{
  unsigned where = kVertex;
  if (target.backend == Backend::gemini)
    where = kGemini | (target.api_version == "v1beta" ? kBeta : 0u);
  return (rule.where & where) != 0 && (rule.models == kAny || (rule.models & family) != 0);
}

bool has(JsonNode *setup, const char *field, const char *value = nullptr)
{
  return any_at(setup, field, [&](JsonNode *node) {
    const JsonValue found(node);
    return !value || found.text().value_or(found.dump()) == value;
  });
}

bool has_several(JsonNode *setup, const char *list)
{
  return any_at(setup, list, [](JsonNode *node) {
    return JSON_NODE_HOLDS_ARRAY(node) && json_array_get_length(json_node_get_array(node)) > 1;
  });
}

bool breaks(const Rule &rule, JsonNode *setup)
{
  switch (rule.what) {
  case refuses:
    return has(setup, rule.field, rule.value);
  case limits:
    return has_several(setup, rule.field);
  case excludes:
    return has(setup, rule.field) && has(setup, rule.value);
  case needs:
    return !has(setup, rule.field) && !has(setup, rule.value);
  case ignores:
    break;
  }
  return false;
}

std::string without_marks(std::string path)
{
  for (auto at = path.find("[]"); at != std::string::npos; at = path.find("[]"))
    path.erase(at, 2);
  return path;
}

std::string explain(const Rule &rule, std::string_view model, const SetupTarget &target)
{
  const bool of_model = rule.models != kAny, everywhere = rule.where == kEverywhere;
  const char *backend = target.backend == Backend::vertex ? "Vertex AI" : "the Gemini API";
  std::string who(of_model ? model : everywhere ? "the Live API" : backend);
  if (of_model && !everywhere)
    who += std::string(" on ") + backend;
  if (rule.where == kBeta)
    who += " " + target.api_version;
  auto what = without_marks(rule.field);
  if (rule.what == refuses && rule.value)
    what += std::string(" ") + rule.value;
  else if (rule.what == excludes)
    what += " beside " + without_marks(rule.value);
  if (!of_model)
    what += " with " + std::string(model);
  const char *does = rule.what == needs    ? " needs "
                     : rule.what == limits ? " refuses more than one of "
                                           : " refuses ";
  return std::string(rule.remedy) + ": " + who + does + what +
         " (\"x-force\":true in config sends it nevertheless)";
}

// A node around the object while it lives.
JsonNodePtr borrowed(JsonObject *object)
{
  JsonNodePtr node(json_node_alloc());
  json_node_init_object(node.get(), object);
  return node;
}

template <class Counts>
std::string find_broken(JsonObject *wanted, std::string_view model, const SetupTarget &target,
                        Counts counts)
{
  const auto node = borrowed(wanted);
  const auto family = family_of(model);
  for (const auto &rule : kRules)
    if (counts(rule) && concerns(rule, family, target) && breaks(rule, node.get()))
      return explain(rule, model, target);
  return {};
}

} // namespace

std::string find_refusal(JsonObject *wanted, std::string_view model, const SetupTarget &target)
{
  return find_broken(wanted, model, target, [](const Rule &) { return true; });
}

std::string find_refusal_of_update(JsonObject *wanted, std::string_view model,
                                   const SetupTarget &target)
{
  return find_broken(wanted, model, target, [](const Rule &rule) { return rule.what != needs; });
}

void leave_out_refused(JsonObject *defaults, std::string_view model, const SetupTarget &target)
{
  const auto family = family_of(model);
  for (const auto &rule : kRules)
    if (concerns(rule, family, target) && (rule.what == refuses || rule.what == ignores) &&
        !rule.value)
      remove_at(defaults, rule.field);
}

std::string find_refusal(std::string_view field, std::string_view model, const SetupTarget &target,
                         std::string_view value)
{
  const auto family = family_of(model);
  for (const auto &rule : kRules)
    if (field == rule.field && rule.what == refuses && value == (rule.value ? rule.value : "") &&
        concerns(rule, family, target))
      return explain(rule, model, target);
  return {};
}

bool is_refused(std::string_view path, std::string_view value, std::string_view model,
                const SetupTarget &target)
{
  const auto family = family_of(model);
  return std::any_of(std::begin(kRules), std::end(kRules), [&](const auto &rule) {
    return rule.what == refuses && path == rule.field && rule.value && value == rule.value &&
           concerns(rule, family, target);
  });
}

} // namespace gemini_live
