// The setup that the settings make, compared by its meaning.
#include "setup_check.hpp"

#include "gst/geminilive/geminilive-enums.h"

using namespace gemini_live;
using check::adds;
using check::bare;
using check::kVertex;
using check::means;
using check::refusal_of;
using check::setup_of;
using check::with;

namespace {

constexpr const char *kAudio = R"("generationConfig":{"responseModalities":["AUDIO"]})";

Settings of_model(const char *model, Settings settings = bare())
{
  return with(Setting::model, std::string(model), std::move(settings));
}

Settings with_config(const char *json, Settings settings = bare())
{
  return with(Setting::config, std::string(json), std::move(settings));
}

// `"generationConfig":{"responseModalities":["AUDIO"],MEMBERS}`
std::string generation(const std::string &members)
{
  return R"("generationConfig":{"responseModalities":["AUDIO"],)" + members + "}";
}

std::string detection(const std::string &members)
{
  return kAudio + (R"(,"realtimeInputConfig":{"automaticActivityDetection":{)" + members + "}}");
}

} // namespace

TEST(test_setup_minimal)
{
  adds(bare(), kAudio);
}

TEST(test_setup_with_the_defaults)
{
  adds(Settings(), std::string(kAudio) + R"(,"contextWindowCompression":{"slidingWindow":{}},
                   "inputAudioTranscription":{},"outputAudioTranscription":{},
                   "sessionResumption":{})");
}

TEST(test_setup_of_each_default_alone)
{
  const struct {
    Setting key;
    const char *json;
  } defaults[] = {
      {Setting::resumption, R"("sessionResumption":{})"},
      {Setting::context_compression, R"("contextWindowCompression":{"slidingWindow":{}})"},
      {Setting::input_transcription, R"("inputAudioTranscription":{})"},
      {Setting::output_transcription, R"("outputAudioTranscription":{})"},
  };
  for (const auto &[key, json] : defaults)
    adds(with(key, true), std::string(kAudio) + "," + json);
}

TEST(test_setup_that_carries_a_conversation_on)
{
  const auto members = std::string(kAudio) + R"(,"sessionResumption":{"handle":"h"})";
  const auto settings = with(Setting::resumption_handle, Secret("h"));
  adds(settings, members);
  adds(with(Setting::resumption, true, settings), members);
  // What is written nearer to the wire holds.
  adds(with(Setting::config, std::string(R"({"sessionResumption":{"handle":"other"}})"), settings),
       std::string(kAudio) + R"(,"sessionResumption":{"handle":"other"})");
  adds(with(Setting::config, std::string(R"({"sessionResumption":null})"), settings), kAudio);
}

TEST(test_setup_with_a_voice_and_a_language)
{
  const auto voice = with(Setting::voice, std::string("Puck"));
  adds(voice, generation(R"("speechConfig":{"voiceConfig":{
                              "prebuiltVoiceConfig":{"voiceName":"Puck"}}})"));
  adds(with(Setting::language, std::string("en-US"), voice),
       generation(R"("speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}},
                                     "languageCode":"en-US"})"));
  adds(with(Setting::language, std::string("en-US")),
       generation(R"("speechConfig":{"languageCode":"en-US"})"));
}

TEST(test_setup_for_text)
{
  const int text = GST_GEMINI_LIVE_MODALITY_TEXT;
  const auto settings = of_model("some-text-model", with(Setting::modality, text));
  means(setup_of(settings), R"({"setup":{"model":"models/some-text-model",
                                "generationConfig":{"responseModalities":["TEXT"]}}})");
}

TEST(test_setup_with_a_system_instruction)
{
  adds(with(Setting::system_instruction, std::string("Be \"brief\".\nAlways. 🙂")),
       std::string(kAudio) +
           R"(,"systemInstruction":{"parts":[{"text":"Be \"brief\".\nAlways. 🙂"}]})");
}

TEST(test_setup_with_each_number)
{
  adds(with(Setting::temperature, 0.5), generation(R"("temperature":0.5)"));
  adds(with(Setting::temperature, 0.0), generation(R"("temperature":0.0)"));
  adds(with(Setting::top_p, 0.25), generation(R"("topP":0.25)"));
  adds(with(Setting::top_k, 40), generation(R"("topK":40)"));
  adds(with(Setting::max_output_tokens, 2048), generation(R"("maxOutputTokens":2048)"));
  adds(with(Setting::seed, std::int64_t{7}), generation(R"("seed":7)"));
  for (const int budget : {-1, 0, 1024})
    adds(with(Setting::thinking_budget, budget),
         generation(R"("thinkingConfig":{"thinkingBudget":)" + std::to_string(budget) + "}"));
}

TEST(test_setup_with_thoughts)
{
  adds(with(Setting::include_thoughts, true),
       generation(R"("thinkingConfig":{"includeThoughts":true})"));
  adds(with(Setting::include_thoughts, false), kAudio);
}

TEST(test_setup_with_each_choice)
{
  const struct {
    Setting key;
    int value;
    std::string members;
  } choices[] = {
      {Setting::media_resolution, GST_GEMINI_LIVE_MEDIA_RESOLUTION_LOW,
       generation(R"("mediaResolution":"MEDIA_RESOLUTION_LOW")")},
      {Setting::media_resolution, GST_GEMINI_LIVE_MEDIA_RESOLUTION_MEDIUM,
       generation(R"("mediaResolution":"MEDIA_RESOLUTION_MEDIUM")")},
      {Setting::media_resolution, GST_GEMINI_LIVE_MEDIA_RESOLUTION_HIGH,
       generation(R"("mediaResolution":"MEDIA_RESOLUTION_HIGH")")},
      {Setting::turn_detection, GST_GEMINI_LIVE_TURN_DETECTION_SERVER, kAudio},
      {Setting::turn_detection, GST_GEMINI_LIVE_TURN_DETECTION_MANUAL,
       detection(R"("disabled":true)")},
      {Setting::start_sensitivity, GST_GEMINI_LIVE_START_SENSITIVITY_HIGH,
       detection(R"("startOfSpeechSensitivity":"START_SENSITIVITY_HIGH")")},
      {Setting::start_sensitivity, GST_GEMINI_LIVE_START_SENSITIVITY_LOW,
       detection(R"("startOfSpeechSensitivity":"START_SENSITIVITY_LOW")")},
      {Setting::end_sensitivity, GST_GEMINI_LIVE_END_SENSITIVITY_HIGH,
       detection(R"("endOfSpeechSensitivity":"END_SENSITIVITY_HIGH")")},
      {Setting::end_sensitivity, GST_GEMINI_LIVE_END_SENSITIVITY_LOW,
       detection(R"("endOfSpeechSensitivity":"END_SENSITIVITY_LOW")")},
      {Setting::activity_handling, GST_GEMINI_LIVE_ACTIVITY_HANDLING_START_OF_ACTIVITY_INTERRUPTS,
       std::string(kAudio) +
           R"(,"realtimeInputConfig":{"activityHandling":"START_OF_ACTIVITY_INTERRUPTS"})"},
      {Setting::activity_handling, GST_GEMINI_LIVE_ACTIVITY_HANDLING_NO_INTERRUPTION,
       std::string(kAudio) + R"(,"realtimeInputConfig":{"activityHandling":"NO_INTERRUPTION"})"},
  };
  for (const auto &[key, value, members] : choices)
    adds(with(key, value), members);
  const char *levels[] = {"MINIMAL", "LOW", "MEDIUM", "HIGH"};
  for (int level = 0; level < 4; level++)
    means(setup_of(of_model(
              "m", with(Setting::thinking_level, GST_GEMINI_LIVE_THINKING_LEVEL_MINIMAL + level))),
          R"({"setup":{"model":"models/m",)" +
              generation(R"("thinkingConfig":{"thinkingLevel":")" + std::string(levels[level]) +
                         "\"}") +
              "}}");
}

TEST(test_detection_on_this_machine_is_no_business_of_the_service)
{
  auto settings = with(Setting::turn_detection, int{GST_GEMINI_LIVE_TURN_DETECTION_LOCAL});
  adds(settings, detection(R"("disabled":true)"));
  settings.set(Setting::start_sensitivity, int{GST_GEMINI_LIVE_START_SENSITIVITY_HIGH});
  settings.set(Setting::end_sensitivity, int{GST_GEMINI_LIVE_END_SENSITIVITY_LOW});
  settings.set(Setting::prefix_padding, std::uint64_t{200'000'000});
  settings.set(Setting::silence_duration, std::uint64_t{500'000'000});
  adds(settings, detection(R"("disabled":true)"));
}

TEST(test_times_go_in_milliseconds)
{
  adds(with(Setting::prefix_padding, std::uint64_t{200'000'000}),
       detection(R"("prefixPaddingMs":200)"));
  adds(with(Setting::silence_duration, std::uint64_t{0}), detection(R"("silenceDurationMs":0)"));
}

TEST(test_what_no_property_can_keep_out_is_refused)
{
  check::contains(refusal_of(with(Setting::temperature, -0.5)), "temperature");
  check::contains(refusal_of(with(Setting::top_p, std::nan(""))), "top-p");
  check::contains(refusal_of(with(Setting::silence_duration, std::uint64_t{G_MAXINT64})),
                  "silence-duration");
}

TEST(test_nothing_secret_is_in_a_setup)
{
  Settings settings;
  settings.set(Setting::api_key, Secret("secret"));
  settings.set(Setting::api_key_file, std::string("secret"));
  settings.set(Setting::base_url, std::string("http://secret@localhost?secret"));
  check::lacks(setup_of(settings), "secret");
}

// Models

TEST(test_model_names_of_the_gemini_api)
{
  const struct {
    const char *model, *resource;
  } names[] = {
      {"gemini-3.8-live", "models/gemini-3.8-live"},
      {"models/gemini-3.8-live", "models/gemini-3.8-live"},
      {"tunedModels/mine", "tunedModels/mine"},
      {"projects/p/locations/l/publishers/google/models/m",
       "projects/p/locations/l/publishers/google/models/m"},
  };
  for (const auto &[model, resource] : names)
    check::equal(model_resource(model, check::kGemini), resource);
}

TEST(test_model_names_of_vertex)
{
  const struct {
    const char *model, *resource;
  } names[] = {
      {"gemini-3.8-live",
       "projects/my-proj/locations/us-central1/publishers/google/models/gemini-3.8-live"},
      {"acme/voice", "projects/my-proj/locations/us-central1/publishers/acme/models/voice"},
      {"publishers/acme/models/voice",
       "projects/my-proj/locations/us-central1/publishers/acme/models/voice"},
      {"projects/p/locations/l/publishers/google/models/m",
       "projects/p/locations/l/publishers/google/models/m"},
      {"models/m", "models/m"},
  };
  for (const auto &[model, resource] : names)
    check::equal(model_resource(model, kVertex), resource);
  check::equal(model_resource("m", {.backend = Backend::vertex}), "publishers/google/models/m");
}

TEST(test_a_model_that_would_leave_its_path_is_refused)
{
  for (const auto *model : {"../m", "m?key=1", "m&a=b"})
    check::contains(refusal_of(of_model(model)), "model");
}

TEST(test_config_may_name_the_model)
{
  const auto message = setup_of(with_config(R"({"model":"other"})"));
  means(message, R"({"setup":{"model":"models/other",)" + std::string(kAudio) + "}}");
}

// The examples of the protocol's documentation

TEST(test_a_voice_agent)
{
  auto settings = of_model("gemini-2.5-flash-native-audio-preview-12-2025");
  settings.set(Setting::temperature, 0.8);
  settings.set(Setting::max_output_tokens, 2048);
  settings.set(Setting::media_resolution, static_cast<int>(GST_GEMINI_LIVE_MEDIA_RESOLUTION_LOW));
  settings.set(Setting::voice, std::string("Puck"));
  settings.set(Setting::language, std::string("en-US"));
  settings.set(Setting::thinking_budget, 0);
  settings.set(Setting::system_instruction, std::string("Be brief."));
  settings.set(Setting::start_sensitivity,
               static_cast<int>(GST_GEMINI_LIVE_START_SENSITIVITY_HIGH));
  settings.set(Setting::end_sensitivity, static_cast<int>(GST_GEMINI_LIVE_END_SENSITIVITY_LOW));
  settings.set(Setting::prefix_padding, std::uint64_t{200'000'000});
  settings.set(Setting::silence_duration, std::uint64_t{600'000'000});
  settings.set(Setting::activity_handling,
               static_cast<int>(GST_GEMINI_LIVE_ACTIVITY_HANDLING_START_OF_ACTIVITY_INTERRUPTS));
  settings.set(Setting::input_transcription, true);
  settings.set(Setting::output_transcription, true);
  settings.set(Setting::tools, std::string(R"([{"googleSearch":{}},
      {"name":"set_light","description":"Switch a lamp.","behavior":"BLOCKING",
       "parameters":{"type":"object","properties":{"on":{"type":"boolean"}},"required":["on"]}},
      {"name":"order","description":"Place an order.","behavior":"NON_BLOCKING",
       "parametersJsonSchema":{"type":"object","properties":{"item":{"type":"string"}},
                               "required":["item"]}}])"));
  settings.set(Setting::config, std::string(R"({
      "sessionResumption":{},
      "realtimeInputConfig":{"automaticActivityDetection":{"disabled":false},
                             "turnCoverage":"TURN_INCLUDES_ONLY_ACTIVITY"},
      "contextWindowCompression":{"triggerTokens":"100000",
                                  "slidingWindow":{"targetTokens":"50000"}}})"));
  means(
      setup_of(settings),
      R"({"setup":{"model":"models/gemini-2.5-flash-native-audio-preview-12-2025","generationConfig":{"responseModalities":["AUDIO"],"temperature":0.8,"maxOutputTokens":2048,"mediaResolution":"MEDIA_RESOLUTION_LOW","speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}},"languageCode":"en-US"},"thinkingConfig":{"thinkingBudget":0}},"systemInstruction":{"parts":[{"text":"Be brief."}]},"tools":[{"googleSearch":{}},{"functionDeclarations":[{"name":"set_light","description":"Switch a lamp.","behavior":"BLOCKING","parameters":{"type":"OBJECT","properties":{"on":{"type":"BOOLEAN"}},"required":["on"]}},{"name":"order","description":"Place an order.","behavior":"NON_BLOCKING","parametersJsonSchema":{"type":"object","properties":{"item":{"type":"string"}},"required":["item"]}}]}],"realtimeInputConfig":{"automaticActivityDetection":{"disabled":false,"startOfSpeechSensitivity":"START_SENSITIVITY_HIGH","endOfSpeechSensitivity":"END_SENSITIVITY_LOW","prefixPaddingMs":200,"silenceDurationMs":600},"activityHandling":"START_OF_ACTIVITY_INTERRUPTS","turnCoverage":"TURN_INCLUDES_ONLY_ACTIVITY"},"sessionResumption":{},"contextWindowCompression":{"triggerTokens":"100000","slidingWindow":{"targetTokens":"50000"}},"inputAudioTranscription":{},"outputAudioTranscription":{}}})");
}

TEST(test_a_minimal_setup_for_vertex)
{
  means(
      setup_of(bare(), kVertex),
      R"({"setup":{"model":"projects/my-proj/locations/us-central1/publishers/google/models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]}}})");
}

TEST(test_a_resumed_session)
{
  adds(with_config(R"({"sessionResumption":{"handle":"2e780bb8-0000-4000-8000-000000000000"}})"),
       std::string(kAudio) +
           R"(,"sessionResumption":{"handle":"2e780bb8-0000-4000-8000-000000000000"})");
}

TEST(test_manual_activity)
{
  auto settings = with(Setting::turn_detection, int{GST_GEMINI_LIVE_TURN_DETECTION_MANUAL});
  settings.set(Setting::activity_handling, int{GST_GEMINI_LIVE_ACTIVITY_HANDLING_NO_INTERRUPTION});
  adds(settings, std::string(kAudio) + R"(,"realtimeInputConfig":{
      "automaticActivityDetection":{"disabled":true},"activityHandling":"NO_INTERRUPTION"})");
}

TEST(test_extended_thinking)
{
  auto settings = of_model("gemini-3.8-live-extended-thinking");
  settings.set(Setting::thinking_level, int{GST_GEMINI_LIVE_THINKING_LEVEL_LOW});
  settings.set(Setting::include_thoughts, true);
  means(
      setup_of(settings),
      R"({"setup":{"model":"models/gemini-3.8-live-extended-thinking","generationConfig":{"responseModalities":["AUDIO"],"thinkingConfig":{"thinkingLevel":"LOW","includeThoughts":true}}}})");
}

TEST(test_a_seeded_history)
{
  means(
      setup_of(with_config(R"({"historyConfig":{"initialHistoryInClientContent":true}})",
                           of_model("gemini-3.1-flash-live-preview"))),
      R"({"setup":{"model":"models/gemini-3.1-flash-live-preview","generationConfig":{"responseModalities":["AUDIO"]},"historyConfig":{"initialHistoryInClientContent":true}}})");
}

TEST(test_a_proactive_and_affective_model)
{
  means(
      setup_of(
          with_config(R"({"proactivity":{"proactiveAudio":true},"enableAffectiveDialog":true})",
                      of_model("gemini-2.5-flash-native-audio-preview-12-2025")),
          {.api_version = "v1alpha"}),
      R"({"setup":{"model":"models/gemini-2.5-flash-native-audio-preview-12-2025","generationConfig":{"responseModalities":["AUDIO"],"enableAffectiveDialog":true},"proactivity":{"proactiveAudio":true}}})");
}

TEST(test_a_translator)
{
  // What is asked for by default suits it: transcripts, and no compression.
  auto settings = of_model("gemini-3.5-live-translate-preview", Settings());
  settings.set(Setting::resumption, false);
  means(
      setup_of(with_config(R"({"translationConfig":{"targetLanguageCode":"es",
                                                      "echoTargetLanguage":false}})",
                           settings)),
      R"({"setup":{"model":"models/gemini-3.5-live-translate-preview","generationConfig":{"responseModalities":["AUDIO"],"translationConfig":{"targetLanguageCode":"es","echoTargetLanguage":false}},"inputAudioTranscription":{},"outputAudioTranscription":{}}})");
}

TEST(test_a_transcriber)
{
  // It is asked for text because it does not speak.
  auto settings = of_model("gemini-3.5-transcribe-live", Settings());
  settings.set(Setting::resumption, false);
  means(
      setup_of(with_config(R"({"inputAudioTranscription":{"languageCodes":["en-US"],
                                 "customVocabulary":["GStreamer"],"mode":"VERBATIM",
                                 "wordTimestamp":true}})",
                           settings)),
      R"({"setup":{"model":"models/gemini-3.5-transcribe-live","generationConfig":{"responseModalities":["TEXT"]},"inputAudioTranscription":{"languageCodes":["en-US"],"customVocabulary":["GStreamer"],"mode":"VERBATIM","wordTimestamp":true}}})");
}

TEST(test_what_only_vertex_has)
{
  means(
      setup_of(with_config(R"({"explicitVadSignal":true,"sessionResumption":{"transparent":true},
                                 "labels":{"team":"lab"},"safetySettings":[
                                 {"category":"HARM_CATEGORY_HARASSMENT",
                                  "threshold":"BLOCK_ONLY_HIGH"}]})"),
               kVertex),
      R"({"setup":{"model":"projects/my-proj/locations/us-central1/publishers/google/models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]},"explicitVadSignal":true,"sessionResumption":{"transparent":true},"labels":{"team":"lab"},"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_ONLY_HIGH"}]}})");
}

TEST(test_an_avatar)
{
  means(
      setup_of(with_config(R"({"responseModalities":["VIDEO"],"avatarConfig":{"avatarName":"Kira",
                                 "audioBitrateBps":128000,"videoBitrateBps":2000000}})"),
               kVertex),
      R"({"setup":{"model":"projects/my-proj/locations/us-central1/publishers/google/models/gemini-3.8-live","generationConfig":{"responseModalities":["VIDEO"]},"avatarConfig":{"avatarName":"Kira","audioBitrateBps":128000,"videoBitrateBps":2000000}}})");
}

TEST_MAIN("setup")
