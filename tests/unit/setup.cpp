// The setup that the settings make, compared by its meaning.
#include "json_check.hpp"

#include "gst/geminilive/wire/setup.hpp"

#include "gst/geminilive/geminilive-enums.h"

using namespace gemini_live;
using check::means;

namespace {

// Settings without what a setup asks for by default.
Settings bare()
{
  Settings settings;
  settings.set(Setting::input_transcription, false);
  settings.set(Setting::output_transcription, false);
  settings.set(Setting::context_compression, false);
  return settings;
}

} // namespace

TEST(test_setup_minimal)
{
  means(setup_message(bare(), ""),
        R"({"setup":{"model":"models/gemini-3.8-live",
            "generationConfig":{"responseModalities":["AUDIO"]}}})");
}

TEST(test_setup_with_the_defaults)
{
  means(setup_message(Settings(), ""),
        R"({"setup":{"model":"models/gemini-3.8-live",
            "generationConfig":{"responseModalities":["AUDIO"]},
            "contextWindowCompression":{"slidingWindow":{}},
            "inputAudioTranscription":{},"outputAudioTranscription":{}}})");
}

TEST(test_setup_of_each_default_alone)
{
  const struct {
    Setting key;
    const char *json;
  } defaults[] = {
      {Setting::context_compression, R"("contextWindowCompression":{"slidingWindow":{}})"},
      {Setting::input_transcription, R"("inputAudioTranscription":{})"},
      {Setting::output_transcription, R"("outputAudioTranscription":{})"},
  };
  for (const auto &[key, json] : defaults) {
    auto settings = bare();
    settings.set(key, true);
    means(setup_message(settings, ""),
          R"({"setup":{"model":"models/gemini-3.8-live",
              "generationConfig":{"responseModalities":["AUDIO"]},)" +
              std::string(json) + "}}");
  }
}

TEST(test_setup_with_a_voice_and_a_language)
{
  auto settings = bare();
  settings.set(Setting::voice, std::string("Puck"));
  means(setup_message(settings, ""),
        R"({"setup":{"model":"models/gemini-3.8-live",
            "generationConfig":{"responseModalities":["AUDIO"],"speechConfig":{
              "voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}}}}}})");
  settings.set(Setting::language, std::string("en-US"));
  means(setup_message(settings, ""),
        R"({"setup":{"model":"models/gemini-3.8-live",
            "generationConfig":{"responseModalities":["AUDIO"],"speechConfig":{
              "voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}},
              "languageCode":"en-US"}}}})");
  settings.set(Setting::voice, std::string());
  means(setup_message(settings, ""),
        R"({"setup":{"model":"models/gemini-3.8-live",
            "generationConfig":{"responseModalities":["AUDIO"],"speechConfig":{
              "languageCode":"en-US"}}}})");
}

TEST(test_setup_for_text)
{
  auto settings = bare();
  settings.set(Setting::modality, static_cast<int>(GST_GEMINI_LIVE_MODALITY_TEXT));
  settings.set(Setting::model, std::string("some-text-model"));
  means(setup_message(settings, ""),
        R"({"setup":{"model":"models/some-text-model",
            "generationConfig":{"responseModalities":["TEXT"]}}})");
}

TEST(test_setup_with_a_system_instruction)
{
  means(setup_message(bare(), "Be \"brief\".\nAlways. 🙂"),
        R"({"setup":{"model":"models/gemini-3.8-live",
            "generationConfig":{"responseModalities":["AUDIO"]},
            "systemInstruction":{"parts":[{"text":"Be \"brief\".\nAlways. 🙂"}]}}})");
}

TEST(test_the_instruction_is_the_one_that_is_given)
{
  auto settings = bare();
  settings.set(Setting::system_instruction, std::string("from the property"));
  check::lacks(setup_message(settings, "from a file"), "property");
  check::contains(setup_message(settings, "from a file"), "from a file");
}

TEST(test_nothing_secret_is_in_a_setup)
{
  Settings settings;
  settings.set(Setting::api_key, std::string("secret"));
  settings.set(Setting::api_key_file, std::string("secret"));
  settings.set(Setting::base_url, std::string("http://secret@localhost?secret"));
  check::lacks(setup_message(settings, "hello"), "secret");
}

TEST(test_a_short_model_name_becomes_a_resource)
{
  check::equal(model_resource("gemini-3.8-live"), "models/gemini-3.8-live");
}

TEST(test_a_full_model_name_stays_as_it_is)
{
  for (const auto *name :
       {"models/gemini-3.8-live", "tunedModels/mine",
        "projects/my-proj/locations/us-central1/publishers/google/models/gemini-3.8-live"})
    check::equal(model_resource(name), name);
}

TEST_MAIN("setup")
