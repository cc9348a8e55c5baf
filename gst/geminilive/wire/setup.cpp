#include "setup.hpp"

#include "json.hpp"

#include "../geminilive-enums.h"

namespace gemini_live {

namespace {

void write_generation_config(JsonWriter &json, const Settings &settings)
{
  const bool text = settings.choice(Setting::modality) == GST_GEMINI_LIVE_MODALITY_TEXT;
  json.begin_object("generationConfig");
  // Always said: without it some models fall back to text.
  json.begin_array("responseModalities").element(text ? "TEXT" : "AUDIO").end_array();
  const auto &voice = settings.text(Setting::voice);
  const auto &language = settings.text(Setting::language);
  if (!voice.empty() || !language.empty()) {
    json.begin_object("speechConfig");
    if (!voice.empty())
      json.begin_object("voiceConfig")
          .begin_object("prebuiltVoiceConfig")
          .member("voiceName", voice)
          .end_object()
          .end_object();
    if (!language.empty())
      json.member("languageCode", language);
    json.end_object();
  }
  json.end_object();
}

} // namespace

std::string model_resource(std::string_view model)
{
  if (model.starts_with("models/") || model.starts_with("tunedModels/") ||
      model.starts_with("projects/"))
    return std::string(model);
  return "models/" + std::string(model);
}

std::string setup_message(const Settings &settings, std::string_view system_instruction)
{
  JsonWriter json;
  json.begin_object().begin_object("setup");
  json.member("model", model_resource(settings.text(Setting::model)));
  write_generation_config(json, settings);
  if (!system_instruction.empty())
    json.begin_object("systemInstruction")
        .begin_array("parts")
        .begin_object()
        .member("text", system_instruction)
        .end_object()
        .end_array()
        .end_object();
  if (settings.truth(Setting::context_compression))
    json.begin_object("contextWindowCompression")
        .begin_object("slidingWindow")
        .end_object()
        .end_object();
  if (settings.truth(Setting::input_transcription))
    json.begin_object("inputAudioTranscription").end_object();
  if (settings.truth(Setting::output_transcription))
    json.begin_object("outputAudioTranscription").end_object();
  return json.end_object().end_object().text();
}

} // namespace gemini_live
