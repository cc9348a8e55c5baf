// What we say, compared by its meaning.
#include "check.hpp"

#include "gst/geminilive/wire/client_message.hpp"

#include "gst/geminilive/geminilive-enums.h"

#include <json-glib/json-glib.h>

#include <random>

using namespace gemini_live;

namespace {

JsonNode *parse(const std::string &text)
{
  GError *error = nullptr;
  JsonNode *node = json_from_string(text.c_str(), &error);
  check::that(node && !error, "no JSON: " + text);
  return node;
}

void means(const std::string &actual, const std::string &expected,
           check::Where where = check::Where::current())
{
  JsonNode *first = parse(actual), *second = parse(expected);
  check::that(json_node_equal(first, second), actual + " instead of " + expected, where);
  json_node_unref(first);
  json_node_unref(second);
}

// Settings without what a setup asks for by default.
Settings bare()
{
  Settings settings;
  settings.set(Setting::input_transcription, false);
  settings.set(Setting::output_transcription, false);
  settings.set(Setting::context_compression, false);
  return settings;
}

std::string audio_message(std::span<const std::uint8_t> samples)
{
  std::string out;
  write_audio_message(samples, out);
  return out;
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

TEST(test_audio)
{
  const std::uint8_t samples[] = {0, 0, 1, 0, 0xff, 0xff, 2, 0};
  means(audio_message(samples),
        R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":"AAABAP//AgA="}}})");
}

TEST(test_audio_of_any_size_comes_back_from_base64)
{
  std::mt19937 random(1);
  std::string out; // used again, as the engine does
  for (std::size_t size = 0; size <= 1000; size++) {
    std::vector<std::uint8_t> samples(size);
    for (auto &byte : samples)
      byte = static_cast<std::uint8_t>(random());
    write_audio_message(samples, out);
    JsonNode *node = parse(out);
    auto *input = json_object_get_object_member(json_node_get_object(node), "realtimeInput");
    auto *audio = json_object_get_object_member(input, "audio");
    const char *data = json_object_get_string_member(audio, "data");
    gsize decoded_size = 0;
    guchar *decoded = g_base64_decode(data, &decoded_size);
    check::equal(decoded_size, size, "size");
    check::that(std::equal(samples.begin(), samples.end(), decoded));
    check::equal(std::string_view(data).size(), (size + 2) / 3 * 4, "padded size");
    g_free(decoded);
    json_node_unref(node);
  }
}

TEST(test_a_shorter_message_leaves_nothing_of_a_longer_one)
{
  std::string out;
  const std::vector<std::uint8_t> longer(1000, 0xff), shorter(2, 0);
  write_audio_message(longer, out);
  write_audio_message(shorter, out);
  check::equal(out, audio_message(shorter));
}

TEST(test_text)
{
  means(text_message("Hi"), R"({"realtimeInput":{"text":"Hi"}})");
}

TEST(test_text_with_everything_that_needs_care)
{
  for (const std::string text :
       {"\"quoted\" and \\slashed\\", "line\nline\r\n\ttab", "🙂 ä 日本語", "\x01\x1f",
        "</script>", "{\"json\":[1]}", "a%sb%n", ""}) {
    JsonNode *node = parse(text_message(text));
    auto *input = json_object_get_object_member(json_node_get_object(node), "realtimeInput");
    check::equal(json_object_get_string_member(input, "text"), text);
    check::equal(json_object_get_size(input), 1u);
    json_node_unref(node);
  }
}

TEST(test_the_end_of_the_audio)
{
  means(audio_stream_end_message(), R"({"realtimeInput":{"audioStreamEnd":true}})");
}

TEST(test_a_tool_call_that_failed)
{
  means(tool_error_message("call_229188", "order", "out of stock"),
        R"({"toolResponse":{"functionResponses":[{"id":"call_229188","name":"order",
            "response":{"error":"out of stock"}}]}})");
}

TEST(test_a_tool_call_without_an_id_is_answered_without_one)
{
  means(tool_error_message("", "order", "\"no\""),
        R"({"toolResponse":{"functionResponses":[{"name":"order",
            "response":{"error":"\"no\""}}]}})");
}

TEST_MAIN("client_message")
