// Client messages: every example of the protocol is taken, every wrong one refused with the
// service's words.
#include "client_message.hpp"

#include "access.hpp"
#include "json.hpp"
#include "pcm.hpp"
#include "rules.hpp"

#include <gst/check/gstcheck.h>

using namespace gemini_live_simulator;

namespace {

struct Example {
  std::vector<const char *> profiles; // who takes it
  std::string_view json;
};

// clang-format off
const Example examples[] = {
    {{"gemini-3.8", "vertex"}, R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]}}})"},
    {{"vertex"}, R"({"setup":{"model":"projects/my-proj/locations/us-central1/publishers/google/models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]}}})"},
    {{"gemini-2.5"}, R"({"setup":{"model":"models/gemini-2.5-flash-native-audio-preview-12-2025","generationConfig":{"responseModalities":["AUDIO"],"temperature":0.8,"maxOutputTokens":2048,"mediaResolution":"MEDIA_RESOLUTION_LOW","speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}},"languageCode":"en-US"},"thinkingConfig":{"thinkingBudget":0}},"systemInstruction":{"parts":[{"text":"Be brief."}]},"tools":[{"googleSearch":{}},{"functionDeclarations":[{"name":"set_light","description":"Switch a lamp.","behavior":"BLOCKING","parameters":{"type":"OBJECT","properties":{"on":{"type":"BOOLEAN"}},"required":["on"]}},{"name":"order","description":"Place an order.","behavior":"NON_BLOCKING","parametersJsonSchema":{"type":"object","properties":{"item":{"type":"string"}},"required":["item"]}}]}],"realtimeInputConfig":{"automaticActivityDetection":{"disabled":false,"startOfSpeechSensitivity":"START_SENSITIVITY_HIGH","endOfSpeechSensitivity":"END_SENSITIVITY_LOW","prefixPaddingMs":200,"silenceDurationMs":600},"activityHandling":"START_OF_ACTIVITY_INTERRUPTS","turnCoverage":"TURN_INCLUDES_ONLY_ACTIVITY"},"sessionResumption":{},"contextWindowCompression":{"triggerTokens":"100000","slidingWindow":{"targetTokens":"50000"}},"inputAudioTranscription":{},"outputAudioTranscription":{}}})"},
    {{"gemini-3.8", "vertex"}, R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]},"sessionResumption":{"handle":"2e780bb8-0000-4000-8000-000000000000"}}})"},
    {{"gemini-3.8", "vertex"}, R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]},"realtimeInputConfig":{"automaticActivityDetection":{"disabled":true},"activityHandling":"NO_INTERRUPTION"}}})"},
    {{"gemini-3.8"}, R"({"setup":{"model":"models/gemini-3.8-live-extended-thinking","generationConfig":{"responseModalities":["AUDIO"],"thinkingConfig":{"thinkingLevel":"LOW","includeThoughts":true}}}})"},
    {{"gemini-3.1", "vertex"}, R"({"setup":{"model":"models/gemini-3.1-flash-live-preview","generationConfig":{"responseModalities":["AUDIO"]},"historyConfig":{"initialHistoryInClientContent":true}}})"},
    {{"gemini-2.5", "vertex"}, R"({"setup":{"model":"models/gemini-2.5-flash-native-audio-preview-12-2025","generationConfig":{"responseModalities":["AUDIO"],"enableAffectiveDialog":true},"proactivity":{"proactiveAudio":true}}})"},
    {{"gemini-3.8"}, R"({"setup":{"model":"models/gemini-3.5-live-translate-preview","generationConfig":{"responseModalities":["AUDIO"],"translationConfig":{"targetLanguageCode":"es","echoTargetLanguage":false}},"inputAudioTranscription":{},"outputAudioTranscription":{}}})"},
    {{"gemini-3.8"}, R"({"setup":{"model":"models/gemini-3.5-transcribe-live","generationConfig":{"responseModalities":["TEXT"]},"inputAudioTranscription":{"languageCodes":["en-US"],"customVocabulary":["GStreamer"],"mode":"VERBATIM","wordTimestamp":true}}})"},
    {{"vertex"}, R"({"setup":{"model":"projects/my-proj/locations/us-central1/publishers/google/models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]},"explicitVadSignal":true,"sessionResumption":{"transparent":true},"labels":{"team":"lab"},"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_ONLY_HIGH"}]}})"},
    {{"vertex"}, R"({"setup":{"model":"projects/my-proj/locations/us-central1/publishers/google/models/gemini-3.8-live","generationConfig":{"responseModalities":["VIDEO"]},"avatarConfig":{"avatarName":"Kira","audioBitrateBps":128000,"videoBitrateBps":2000000}}})"},
    {{"gemini-3.8", "vertex"}, R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"Hello"}]}],"turnComplete":true}})"},
    {{"gemini-3.8", "vertex"}, R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"My name is Ada."}]},{"role":"model","parts":[{"text":"Nice to meet you."}]}],"turnComplete":false}})"},
    {{"gemini-3.8", "vertex"}, R"({"clientContent":{"turns":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/jpeg","data":"/9j/4AAQSkZJRgD/2Q=="}},{"text":"What is this?"}]}],"turnComplete":true}})"},
    {{"gemini-3.8", "vertex"}, R"({"clientContent":{"turnComplete":true}})"},
    {{"gemini-3.8", "vertex"}, R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":"AAABAP//AgA="}}})"},
    {{"gemini-3.8", "vertex"}, R"({"realtimeInput":{"video":{"mimeType":"image/jpeg","data":"/9j/4AAQSkZJRgD/2Q=="}}})"},
    {{"gemini-3.8", "vertex"}, R"({"realtimeInput":{"text":"Hi"}})"},
    {{"gemini-3.8", "vertex"}, R"({"realtimeInput":{"audioStreamEnd":true}})"},
    {{"gemini-3.8", "vertex"}, R"({"realtimeInput":{"activityStart":{}}})"},
    {{"gemini-3.8", "vertex"}, R"({"realtimeInput":{"activityEnd":{}}})"},
    {{"gemini-3.8", "vertex"}, R"({"realtimeInput":{"mediaChunks":[{"mimeType":"audio/pcm;rate=16000","data":"AAABAP//AgA="}]}})"},
    {{"gemini-3.8", "vertex"}, R"({"toolResponse":{"functionResponses":[{"id":"function-call-1234567890123456789","name":"set_light","response":{"output":"ok"}}]}})"},
    {{"gemini-3.8", "vertex"}, R"({"toolResponse":{"functionResponses":[{"id":"call_229188","name":"order","response":{"error":"out of stock"}}]}})"},
    {{"gemini-3.8", "vertex"}, R"({"toolResponse":{"functionResponses":[{"id":"call_229188","name":"order","response":{"output":"done"},"scheduling":"WHEN_IDLE"}]}})"},
    {{"gemini-3.8", "gemini-2.5"}, R"({"toolResponse":{"functionResponses":[{"id":"call_229188","name":"order","response":{"progress":50},"scheduling":"SILENT","willContinue":true}]}})"},
    {{"gemini-3.8", "gemini-2.5"}, R"({"toolResponse":{"functionResponses":[{"id":"call_7","name":"snapshot","response":{"output":"see image"},"parts":[{"inlineData":{"mimeType":"image/jpeg","data":"/9j/4AAQSkZJRgD/2Q=="}}]}]}})"},
    {{"gemini-3.8", "vertex"}, R"({"contextUpdate":{"tools":{"tools":[{"functionDeclarations":[{"name":"hang_up","description":"End the call.","behavior":"NON_BLOCKING"}]}]}}})"},
    {{"gemini-3.8", "vertex"}, R"({"contextUpdate":{"tools":{"tools":[]}}})"},
    {{"gemini-3.8", "vertex"}, R"({"contextUpdate":{"systemInstruction":{"parts":[{"text":"Now answer in French."}]}}})"},
    {{"gemini-3.8", "vertex"}, R"({"realtime_input":{"audio":{"data":"__778D-___8=","mime_type":"audio/pcm;rate=16000"}}})"},
    {{"gemini-3.8", "vertex"}, R"({"client_content":{"turns":[{"parts":[{"text":"Hello"}],"role":"user"}],"turnComplete":true}})"},
    {{"gemini-3.8", "vertex"}, R"({"tool_response":{"functionResponses":[{"scheduling":"INTERRUPT","id":"function-call-12073572449839116754","name":"order","response":{"output":"done"}}]}})"},
    {{"gemini-3.8", "vertex"}, R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{"responseModalities":["AUDIO"]},"systemInstruction":{"parts":[{"text":"Be brief."}],"role":"user"}}})"},
};
// clang-format on

std::optional<Refusal> broken_rule(const ClientMessage &message, const Profile &profile)
{
  if (const auto *setup = std::get_if<Setup>(&message))
    return refuse(*setup, Access{.version = "v1alpha"}, profile_for_model(profile, setup->model));
  if (const auto *content = std::get_if<ClientContent>(&message))
    return refuse(*content, false, false, profile);
  if (const auto *input = std::get_if<RealtimeInput>(&message))
    return refuse(*input, Setup{.manual_activity = true}, profile);
  if (const auto *response = std::get_if<ToolResponse>(&message))
    return refuse(*response, profile);
  return refuse(std::get<ContextUpdate>(message), profile);
}

template <typename T>
T read(std::string_view json)
{
  const auto message = read_client_message(json, Backend::gemini);
  if (const auto *refusal = std::get_if<Refusal>(&message))
    fail("%s", refusal->reason.c_str());
  return std::get<T>(std::get<ClientMessage>(message));
}

void expect_refusal(std::string_view json, const std::string &reason)
{
  const auto message = read_client_message(json, Backend::gemini);
  const auto *refusal = std::get_if<Refusal>(&message);
  fail_unless(refusal != nullptr, "%s was not refused", std::string(json).c_str());
  fail_unless_equals_int(static_cast<int>(refusal->code), 1007);
  fail_unless_equals_string(refusal->reason.c_str(), reason.c_str());
}

std::string unknown(const std::string &name, const std::string &path)
{
  return "Invalid JSON payload received. Unknown name \"" + name + "\" at '" + path +
         "': Cannot find field.";
}

} // namespace

GST_START_TEST(takes_the_examples)
{
  for (const auto &example : examples)
    for (const char *name : example.profiles) {
      const Profile &chosen = *find_profile(name);
      const auto read = read_client_message(example.json, chosen.backend);
      auto refusal = std::get_if<Refusal>(&read) ? std::optional(std::get<Refusal>(read))
                                                 : std::optional<Refusal>();
      if (!refusal)
        refusal = broken_rule(std::get<ClientMessage>(read), chosen);
      fail_unless(!refusal, "%s: %s: %s", name, std::string(example.json).c_str(),
                  refusal ? refusal->reason.c_str() : "");
    }
}
GST_END_TEST;

GST_START_TEST(reads_a_setup)
{
  const auto setup = read<Setup>(R"({"setup": {"model": "models/gemini-x",
    "generation_config": {"responseModalities": ["AUDIO"]},
    "realtimeInputConfig": {"automaticActivityDetection": {"disabled": true, "prefix_padding_ms": 200,
      "silenceDurationMs": "600"}, "activity_handling": "NO_INTERRUPTION"},
    "sessionResumption": {"handle": "h"}, "inputAudioTranscription": {}, "outputAudioTranscription": null,
    "historyConfig": {"initialHistoryInClientContent": true}}})");
  fail_unless(setup.model == "models/gemini-x");
  fail_unless(setup.modalities == std::vector<std::string>{"AUDIO"});
  fail_unless(setup.manual_activity && setup.no_interruption && setup.history_first);
  fail_unless(setup.prefix_padding_ms == 200u && setup.silence_duration_ms == 600u);
  fail_unless(setup.resumption && setup.handle == "h");
  fail_unless(setup.input_transcription && !setup.output_transcription);
}
GST_END_TEST;

GST_START_TEST(takes_numbers_as_strings)
{
  for (const char *value :
       {"0.5", "-1", "1e-1", "\"0.5\"", "\"-1\"", "\"1E+2\"", "\"NaN\"", "\"-Infinity\""})
    read<Setup>(std::string(R"({"setup":{"model":"models/m","generationConfig":{"temperature":)") +
                value + "}}}");
  for (const char *value : {"\"\"", "\"warm\"", "\" 0.5\"", "\"0.5 \"", "\"0.5x\"", "\".5\"",
                            "\"0,5\"", "\"inf\"", "true"})
    expect_refusal(
        std::string(R"({"setup":{"model":"models/m","generationConfig":{"temperature":)") + value +
            "}}}",
        std::string("Invalid value at 'setup.generation_config.temperature' (TYPE_FLOAT), ") +
            value);
}
GST_END_TEST;

GST_START_TEST(reads_input)
{
  const auto plain = read<RealtimeInput>(
      R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":"++/vPw=="}}})");
  const auto python = read<RealtimeInput>(
      R"({"realtime_input":{"audio":{"mime_type":"audio/pcm;rate=16000","data":"--_vPw"}}})");
  fail_unless(plain.audio->data == python.audio->data);
  fail_unless(plain.audio->data == (std::vector<std::uint8_t>{0xfb, 0xef, 0xef, 0x3f}));
  fail_unless(read<RealtimeInput>(R"({"realtimeInput":{"text":"Hi"}})").text == "Hi");
  fail_unless(read<RealtimeInput>(R"({"realtimeInput":{"audioStreamEnd":true}})").audio_stream_end);
  fail_unless(read<RealtimeInput>(R"({"realtimeInput":{"activityStart":{}}})").activity_start);
  fail_unless(read<RealtimeInput>(R"({"realtimeInput":{"activity_end":{}}})").activity_end);

  const auto content = read<ClientContent>(R"({"clientContent":{"turns":[
    {"role":"user","parts":[{"text":"a"}]},{"role":"user","parts":[{"text":"b"},{"text":"c"}]},
    {"role":"model","parts":[{"text":"d"}]}],"turnComplete":true}})");
  fail_unless(content.turns.size() == 3 && content.turn_complete);
  fail_unless(content.turns[1].text == "bc" && content.turns[2].role == "model");
  const auto tools = read<ToolResponse>(R"({"toolResponse":{"functionResponses":[
    {"id":"7","name":"f","response":{},"scheduling":"SILENT","will_continue":true}]}})");
  fail_unless(tools.responses.size() == 1 && tools.responses[0].id == "7");
  fail_unless(tools.responses[0].scheduling == "SILENT" && tools.responses[0].will_continue);
}
GST_END_TEST;

GST_START_TEST(refuses_what_is_not_json)
{
  const std::string reason = "Invalid JSON payload received. Unexpected token.";
  for (const char *text : {"", "hello", "[]", "{", "{\"realtimeInput\":{}} x", "{} {}", "{a: 1}",
                           "{\"a\": 012}", "/* no */ {}", "{\"a\": \"\xff\"}", "{\"a\": \"\n\"}",
                           "{\"a\": \"\\x\"}", "{\"a\": 1,}", "{\"a\": 1.}", "null"})
    expect_refusal(text, reason);
  expect_refusal(std::string(100000, '[') + std::string(100000, ']'), reason);
}
GST_END_TEST;

GST_START_TEST(refuses_wrong_messages)
{
  expect_refusal("{}", std::string(invalid_argument));
  expect_refusal(R"({"hello":{}})",
                 R"(Invalid JSON payload received. Unknown name "hello": Cannot find field.)");
  expect_refusal(R"({"setup":{"model":"models/m","generation_confg":{}}})",
                 unknown("generation_confg", "setup"));
  expect_refusal(R"({"setup":{"model":"models/m"},"clientContent":{"turnComplete":true}})",
                 "Invalid value (oneof), oneof field 'message_type' is already set. Cannot set "
                 "'clientContent'");
  expect_refusal(R"({"setup":{"model":"models/m","enableAffectiveDialog":true}})",
                 unknown("enableAffectiveDialog", "setup"));
  expect_refusal(R"({"clientContent":{"contents":[]}})", unknown("contents", "client_content"));
  expect_refusal(
      R"({"toolResponse":{"functionResponses":[{"id":"1","name":"f","response":{},"scheduling":"LATER"}]}})",
      "Invalid value at 'tool_response.function_responses[0].scheduling' (TYPE_ENUM), \"LATER\"");
  expect_refusal(
      R"({"toolResponse":{"functionResponses":[{"id":"1","name":"f","response":"ok"}]}})",
      "Invalid value at 'tool_response.function_responses[0].response' (TYPE_MESSAGE), \"ok\"");
  expect_refusal(R"({"realtimeInput":{"audio":"AAAA"}})",
                 "Invalid value at 'realtime_input.audio' (TYPE_MESSAGE), \"AAAA\"");
  expect_refusal(R"({"realtimeInput":{"audio":{"data":"A*AA"}}})",
                 "Invalid value at 'realtime_input.audio.data' (TYPE_BYTES), \"A*AA\"");
  expect_refusal(
      R"({"setup":{"model":"models/m","generationConfig":{"responseModalities":["SPEECH"]}}})",
      "Invalid value at 'setup.generation_config.response_modalities[0]' (TYPE_ENUM), "
      "\"SPEECH\"");
  expect_refusal(
      R"({"setup":{"model":"models/m","tools":[{"functionDeclarations":[{"name":"f","parameters":)"
      R"({"type":"OBJECT","properties":{"a":{"type":"STRING","additionalProperties":false}}}}]}]}})",
      unknown("additionalProperties",
              "setup.tools[0].function_declarations[0].parameters.properties[a]"));
}
GST_END_TEST;

GST_START_TEST(decodes_base64)
{
  fail_unless(bytes_from_base64("")->empty());
  fail_unless(bytes_from_base64("QQ==") == std::vector<std::uint8_t>{'A'});
  fail_unless(bytes_from_base64("QQ") == std::vector<std::uint8_t>{'A'});
  fail_unless(bytes_from_base64("QUI=") == (std::vector<std::uint8_t>{'A', 'B'}));
  fail_unless(!bytes_from_base64("Q"));
  fail_unless(!bytes_from_base64("Q===="));
  fail_unless(!bytes_from_base64("QU I="));
  fail_unless(audio_rate("audio/pcm") == 16000u);
  fail_unless(audio_rate("audio/pcm;rate=24000") == 24000u);
  fail_unless(!audio_rate("audio/pcm;rate=x"));
  fail_unless(!audio_rate("image/png"));
}
GST_END_TEST;

GST_START_TEST(knows_its_doors)
{
  const std::string door =
      "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
  for (const std::string &path :
       {door, "/" + door, "/some/where" + door, door + "Constrained",
        std::string(
            "/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent")})
    fail_unless(find_route(path) && !find_route(path)->vertex, "%s", path.c_str());
  fail_unless(find_route(door)->version == "v1beta");
  fail_unless(
      find_route("/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent")->vertex);
  for (const std::string &path :
       {std::string("/"), door + "/", door.substr(3), door.substr(0, door.size() - 1),
        std::string("/ws/google.ai.generativelanguage.v2.GenerativeService.BidiGenerateContent"),
        std::string("/ws/google.ai.generativelanguage.GenerativeService.BidiGenerateContent"),
        std::string("/ws/google.cloud.aiplatform.v1beta1.LlmBidiService.BidiGenerateContent")})
    fail_unless(!find_route(path), "%s", path.c_str());
  fail_unless_equals_int(static_cast<int>(cut_reason(std::string(122, 'x') + "\u00e4").size()),
                         122);
}
GST_END_TEST;

static Suite *client_message_suite()
{
  Suite *suite = suite_create("client_message");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, takes_the_examples);
  tcase_add_test(tests, reads_a_setup);
  tcase_add_test(tests, takes_numbers_as_strings);
  tcase_add_test(tests, reads_input);
  tcase_add_test(tests, refuses_what_is_not_json);
  tcase_add_test(tests, refuses_wrong_messages);
  tcase_add_test(tests, decodes_base64);
  tcase_add_test(tests, knows_its_doors);
  return suite;
}

GST_CHECK_MAIN(client_message)
