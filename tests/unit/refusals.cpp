// What models and backends are known to refuse, before anything is sent.
#include "setup_check.hpp"

#include "gst/geminilive/geminilive-enums.h"
#include "gst/geminilive/wire/content.hpp"

using namespace gemini_live;
using check::bare;
using check::contains;
using check::kGemini;
using check::kVertex;
using check::refusal_of;
using check::setup_of;
using check::with;

namespace {

constexpr const char *k25 = "gemini-2.5-flash-native-audio-preview-12-2025";
constexpr const char *k25Vertex = "gemini-live-2.5-flash-native-audio";
constexpr const char *k31 = "gemini-3.1-flash-live-preview";
constexpr const char *k38 = "gemini-3.8-live";
constexpr const char *kThinker = "gemini-3.8-live-extended-thinking";
constexpr const char *kTranslator = "gemini-3.5-live-translate-preview";
constexpr const char *kWriter = "gemini-3.5-transcribe-live";

const SetupTarget kAlpha{.api_version = "v1alpha"};

Settings of(const char *model, const char *config, Settings settings = bare())
{
  settings.set(Setting::model, std::string(model));
  settings.set(Setting::config, std::string(config));
  return settings;
}

} // namespace

TEST(test_what_is_refused_names_field_model_and_remedy)
{
  const struct {
    const char *model, *config;
    SetupTarget target;
    const char *field, *remedy;
  } refused[] = {
      {k38, R"({"thinkingConfig":{"thinkingLevel":"LOW"}})", kGemini, "thinkingLevel", "unset"},
      {k38, R"({"responseModalities":["TEXT"]})", kVertex, "responseModalities TEXT",
       "output transcript"},
      {k25, R"({"responseModalities":["AUDIO","TEXT"]})", kGemini, "responseModalities TEXT",
       "output transcript"},
      {k25Vertex, R"({"responseModalities":["TEXT"]})", kVertex, "TEXT", "output transcript"},
      {k31, R"({"generation_config":{"response_modalities":["TEXT"]}})", kGemini, "TEXT", "Set"},
      {kWriter, R"({"responseModalities":["AUDIO"]})", kGemini, "AUDIO", "Set modality to text"},
      {kThinker, "{}", kGemini, "needs generationConfig.thinkingConfig.thinkingLevel", "Set"},
      {kThinker, R"({"thinkingConfig":{"thinkingLevel":"MINIMAL"}})", kGemini, "MINIMAL", "low"},
      {kThinker,
       R"({"thinkingConfig":{"thinkingLevel":"LOW"},"tools":[{"name":"f","behavior":"BLOCKING"}]})",
       kGemini, "behavior BLOCKING", "NON_BLOCKING"},
      {k38, R"({"tools":[{"googleSearch":{}},{"urlContext":{}}]})", kGemini, "urlContext", "Leave"},
      {k38, R"({"tools":[{"googleMaps":{}}]})", kGemini, "googleMaps", "Leave"},
      {k38, R"({"tools":[{"codeExecution":{}}]})", kGemini, "codeExecution", "Leave"},
      {kTranslator, R"({"systemInstruction":"Be brief."})", kGemini, "systemInstruction", "Leave"},
      {kWriter, R"({"tools":[{"googleSearch":{}}]})", kGemini, "tools", "Leave"},
      {k31, R"({"enableAffectiveDialog":true})", kGemini, "enableAffectiveDialog", "Leave"},
      {k38, R"({"enableAffectiveDialog":true})", kVertex, "enableAffectiveDialog", "Leave"},
      {k25, R"({"enableAffectiveDialog":true})", kGemini, "enableAffectiveDialog", "v1alpha"},
      {k25, R"({"proactivity":{"proactiveAudio":true}})", kGemini, "proactivity", "v1alpha"},
      {"unknown-model", R"({"proactivity":{"proactiveAudio":true}})", kGemini, "proactivity",
       "v1alpha"},
      {kTranslator, R"({"proactivity":{"proactiveAudio":true}})", kGemini, "proactivity", "Leave"},
      {kTranslator, R"({"enableAffectiveDialog":true})", kGemini, "enableAffectiveDialog", "Leave"},
      {kWriter, R"({"thinkingConfig":{"thinkingLevel":"LOW"}})", kGemini, "thinkingLevel", "Leave"},
      {k25, R"({"thinkingConfig":{"thinkingLevel":"LOW"}})", kGemini, "thinkingLevel",
       "thinking-budget"},
      {k25Vertex, R"({"tools":[{"name":"f","behavior":"NON_BLOCKING"}]})", kVertex, "behavior",
       "Leave"},
      {k31, R"({"responseModalities":["VIDEO"]})", kGemini, "responseModalities VIDEO", "audio"},
      {k38, R"({"responseModalities":["IMAGE"]})", kVertex, "responseModalities IMAGE", "audio"},
      {kWriter, R"({"responseModalities":["IMAGE"]})", kGemini, "responseModalities IMAGE", "text"},
      {k38, R"({"proactivity":{"proactiveAudio":false}})", kAlpha, "proactivity", "by itself"},
      {k38, R"({"proactivity":{"proactiveAudio":false}})", kVertex, "proactiveAudio false",
       "by itself"},
      {k25, R"({"responseModalities":["AUDIO","AUDIO"]})", kGemini,
       "more than one of generationConfig.responseModalities", "Set one"},
      {k38, R"({"explicitVadSignal":true})", kGemini, "explicitVadSignal", "Leave"},
      {k38, R"({"sessionResumption":{"transparent":true}})", kGemini,
       "sessionResumption.transparent", "Leave"},
      {k38, R"({"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT"},{"method":"SEVERITY"}]})",
       kGemini, "safetySettings.method", "Leave"},
      {k38, R"({"tools":[{"retrieval":{}}]})", kGemini, "retrieval", "fileSearch"},
      {k38, R"({"tools":[{"googleSearch":{"excludeDomains":["a.example"]}}]})", kGemini,
       "excludeDomains", "Leave"},
      {k38, R"({"tools":[{"fileSearch":{}}]})", kVertex, "fileSearch", "retrieval"},
      {k38, R"({"tools":[{"mcpServers":[]}]})", kVertex, "mcpServers", "Declare"},
      {k38,
       R"({"sessionResumption":{"handle":"h"},
           "historyConfig":{"initialHistoryInClientContent":true}})",
       kGemini, "historyConfig beside sessionResumption.handle", "Leave historyConfig out"},
      {k38, R"({"tools":[{"googleSearch":{}},{"name":"f"}]})", kVertex,
       "googleSearch beside tools.functionDeclarations", "either"},
      {k38, R"({"generationConfig":{"enableEnhancedCivicAnswers":true}})", kVertex,
       "enableEnhancedCivicAnswers", "Leave"},
      {k38, R"({"speechConfig":{"multiSpeakerVoiceConfig":{}}})", kGemini,
       "multiSpeakerVoiceConfig", "voiceConfig"},
      {"unknown-model", R"({"generationConfig":{"stopSequences":["x"]}})", kVertex, "stopSequences",
       "Leave"},
  };
  for (const auto &[model, config, target, field, remedy] : refused) {
    const auto why = refusal_of(of(model, config), target);
    contains(why, field);
    contains(why, model);
    contains(why, remedy);
    // Whoever knows better insists.
    auto forced = std::string(config);
    forced.insert(1, R"("x-force":true)" + std::string(forced == "{}" ? "" : ","));
    setup_of(of(model, forced.c_str()), target);
  }
}

TEST(test_a_new_context_is_looked_at_by_itself)
{
  const auto refusal = [](std::optional<std::string_view> instruction, const char *tools,
                          const char *model) {
    std::string why;
    const auto update = parse_context_update(
        instruction, tools ? std::optional<std::string_view>(tools) : std::nullopt, why);
    check::that(update.has_value());
    return find_refusal(*update, model, kGemini);
  };
  contains(refusal({}, R"([{"codeExecution":{}}])", k38), "codeExecution");
  contains(refusal({}, R"([{"name":"f","behavior":"BLOCKING"}])", kThinker), "behavior BLOCKING");
  contains(refusal("Be brief.", nullptr, kTranslator), "systemInstruction");
  // It has a level of thinking already, and nobody minds that there are no tools.
  check::equal(refusal("Be brief.", R"([{"name":"f"}])", kThinker), "");
  check::equal(refusal({}, "[]", kTranslator), "");
}

TEST(test_what_is_not_known_to_be_refused_passes)
{
  const struct {
    const char *model, *config;
    SetupTarget target;
  } passing[] = {
      {k38, R"({"thinkingConfig":{"thinkingBudget":0}})", kGemini},
      {k38, R"({"tools":[{"googleSearch":{}},{"name":"f","behavior":"BLOCKING"}]})", kGemini},
      {k38, R"({"tools":[{"urlContext":{}}]})", kVertex},
      {k38, R"({"explicitVadSignal":true,"sessionResumption":{"transparent":true}})", kVertex},
      {k38, R"({"responseModalities":["VIDEO"]})", kVertex},
      {k31, R"({"thinkingConfig":{"thinkingLevel":"MINIMAL"}})", kGemini},
      {k31, R"({"tools":[{"codeExecution":{}}]})", kGemini},
      {kThinker, R"({"thinkingConfig":{"thinkingLevel":"HIGH"}})", kGemini},
      {kThinker, R"({"thinkingConfig":{"thinkingBudget":512}})", kGemini},
      {k25, R"({"enableAffectiveDialog":true,"proactivity":{"proactiveAudio":true}})", kAlpha},
      {k25Vertex, R"({"enableAffectiveDialog":true,"proactivity":{"proactiveAudio":true}})",
       kVertex},
      {"gemini-live-2.5-flash", R"({"responseModalities":["TEXT"]})", kVertex},
      {"unknown-model", R"({"responseModalities":["TEXT"],"enableAffectiveDialog":true,
                            "thinkingConfig":{"thinkingLevel":"MINIMAL"},
                            "tools":[{"codeExecution":{}}]})",
       kGemini},
  };
  for (const auto &[model, config, target] : passing)
    setup_of(of(model, config), target);
}

TEST(test_settings_are_gated_as_config_is)
{
  contains(refusal_of(with(Setting::thinking_level, int{GST_GEMINI_LIVE_THINKING_LEVEL_LOW})),
           "thinking-level");
  contains(refusal_of(with(Setting::modality, int{GST_GEMINI_LIVE_MODALITY_TEXT})), "modality");
  auto writer = with(Setting::model, std::string(kWriter));
  contains(refusal_of(with(Setting::modality, int{GST_GEMINI_LIVE_MODALITY_AUDIO}, writer)),
           "modality");
  contains(refusal_of(with(Setting::system_instruction, std::string("Be brief."), writer)),
           "systemInstruction");
}

TEST(test_a_model_is_known_by_any_of_its_names)
{
  for (const auto *name : {"gemini-3.8-live", "models/gemini-3.8-live", "gemini-3.8-live-001",
                           "projects/p/locations/l/publishers/google/models/gemini-3.8-live"})
    contains(refusal_of(of(name, R"({"thinkingConfig":{"thinkingLevel":"LOW"}})")), name);
}

TEST(test_the_model_in_config_is_the_one_that_counts)
{
  setup_of(of(k38, R"({"model":"models/other","thinkingConfig":{"thinkingLevel":"LOW"}})"));
}

TEST(test_what_the_user_did_not_set_is_left_out)
{
  const auto translator = setup_of(of(kTranslator, "{}", Settings()));
  check::lacks(translator, "contextWindowCompression");
  contains(translator, "outputAudioTranscription");
  const auto writer = setup_of(of(kWriter, "{}", Settings()));
  check::lacks(writer, "outputAudioTranscription");
  contains(writer, "inputAudioTranscription");
  contains(writer, "TEXT");
}

TEST(test_what_the_user_did_set_is_not_left_out)
{
  auto settings = with(Setting::context_compression, true);
  settings.set(Setting::output_transcription, true);
  const auto writer = setup_of(of(kWriter, "{}", settings));
  contains(writer, "contextWindowCompression");
  contains(writer, "outputAudioTranscription");
}

TEST_MAIN("refusals")
