// The schema of client messages and the walk along it.
#include "client_schema.hpp"

#include "pcm.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace gemini_live_simulator {
namespace {

enum class Type {
  string,
  boolean,
  integer, // also as a string, as proto3 JSON has it
  number,  // the same
  bytes,   // base64
  time,    // RFC 3339
  amount,  // an integer that is not negative
  mask,    // names of the setup's fields, "a,b.c"
  one_of,  // an enum, by name
  message, // of the fields in `fields`
  schema,  // the service's subset of OpenAPI, nested
  schemas, // an object of schemas
  strings, // an object of strings
  free,    // an object of any members
  any      // whatever there is
};

struct Field {
  std::string_view name;
  Type type;
  bool repeated = false;
  std::span<const Field> fields{};
  std::span<const std::string_view> words{}; // one_of
  std::optional<Backend> only{};             // the other one does not know it
};

constexpr bool many = true;
constexpr auto gemini = Backend::gemini;
constexpr auto vertex = Backend::vertex;
using Words = std::string_view;

constexpr Words modality[] = {"MODALITY_UNSPECIFIED", "TEXT", "AUDIO", "VIDEO", "IMAGE"};
constexpr Words resolution[] = {"MEDIA_RESOLUTION_UNSPECIFIED", "MEDIA_RESOLUTION_LOW",
                                "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH"};
constexpr Words thinking_level[] = {"THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM",
                                    "HIGH"};
constexpr Words start_sensitivity[] = {"START_SENSITIVITY_UNSPECIFIED", "START_SENSITIVITY_HIGH",
                                       "START_SENSITIVITY_LOW"};
constexpr Words end_sensitivity[] = {"END_SENSITIVITY_UNSPECIFIED", "END_SENSITIVITY_HIGH",
                                     "END_SENSITIVITY_LOW"};
constexpr Words activity_handling[] = {"ACTIVITY_HANDLING_UNSPECIFIED",
                                       "START_OF_ACTIVITY_INTERRUPTS", "NO_INTERRUPTION"};
constexpr Words turn_coverage[] = {"TURN_COVERAGE_UNSPECIFIED", "TURN_INCLUDES_ONLY_ACTIVITY",
                                   "TURN_INCLUDES_ALL_INPUT",
                                   "TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO"};
constexpr Words transcription_mode[] = {"MODE_UNSPECIFIED", "VERBATIM", "SMART"};
constexpr Words scheduling[] = {"SCHEDULING_UNSPECIFIED", "WHEN_IDLE", "INTERRUPT", "SILENT"};
constexpr Words behavior[] = {"UNSPECIFIED", "BLOCKING", "NON_BLOCKING"};
constexpr Words harm_category[] = {"HARM_CATEGORY_UNSPECIFIED",
                                   "HARM_CATEGORY_HARASSMENT",
                                   "HARM_CATEGORY_HATE_SPEECH",
                                   "HARM_CATEGORY_SEXUALLY_EXPLICIT",
                                   "HARM_CATEGORY_DANGEROUS_CONTENT",
                                   "HARM_CATEGORY_CIVIC_INTEGRITY",
                                   "HARM_CATEGORY_JAILBREAK",
                                   "HARM_CATEGORY_IMAGE_HATE",
                                   "HARM_CATEGORY_IMAGE_HARASSMENT",
                                   "HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT",
                                   "HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT"};
constexpr Words harm_threshold[] = {"HARM_BLOCK_THRESHOLD_UNSPECIFIED",
                                    "BLOCK_LOW_AND_ABOVE",
                                    "BLOCK_MEDIUM_AND_ABOVE",
                                    "BLOCK_ONLY_HIGH",
                                    "BLOCK_NONE",
                                    "OFF"};
constexpr Words harm_method[] = {"HARM_BLOCK_METHOD_UNSPECIFIED", "SEVERITY", "PROBABILITY"};

constexpr Field blob[] = {
    {"mimeType", Type::string}, {"data", Type::bytes}, {"displayName", Type::string}};
constexpr Field file_data[] = {
    {"fileUri", Type::string}, {"mimeType", Type::string}, {"displayName", Type::string}};

constexpr Field part[] = {
    {"text", Type::string},
    {"inlineData", Type::message, false, blob},
    {"fileData", Type::message, false, file_data},
    {"functionCall", Type::free},
    {"functionResponse", Type::free},
    {"executableCode", Type::free},
    {"codeExecutionResult", Type::free},
    {"toolCall", Type::free, false, {}, {}, gemini},
    {"toolResponse", Type::free, false, {}, {}, gemini},
    {"thought", Type::boolean},
    {"thoughtSignature", Type::bytes},
    {"videoMetadata", Type::free},
    {"mediaResolution", Type::free},
    {"mediaProcessing", Type::string},
    {"speechMetadata", Type::free},
    {"partMetadata", Type::free, false, {}, {}, gemini},
};
constexpr Field content[] = {{"role", Type::string}, {"parts", Type::message, many, part}};

constexpr Field thinking_config[] = {
    {"thinkingBudget", Type::integer},
    {"thinkingLevel", Type::one_of, false, {}, thinking_level},
    {"includeThoughts", Type::boolean},
};
constexpr Field prebuilt_voice[] = {{"voiceName", Type::string}};
constexpr Field consent_signature[] = {{"signature", Type::string}};
constexpr Field replicated_voice[] = {
    {"mimeType", Type::string},
    {"voiceSampleAudio", Type::bytes},
    {"consentAudio", Type::bytes, false, {}, {}, gemini},
    {"voiceConsentSignature", Type::message, false, consent_signature, {}, gemini},
};
constexpr Field voice_config[] = {
    {"prebuiltVoiceConfig", Type::message, false, prebuilt_voice},
    {"replicatedVoiceConfig", Type::message, false, replicated_voice},
    {"voice", Type::string},
};
constexpr Field speech_config[] = {{"voiceConfig", Type::message, false, voice_config},
                                   {"languageCode", Type::string}};
constexpr Field translation_config[] = {{"targetLanguageCode", Type::string},
                                        {"echoTargetLanguage", Type::boolean}};
constexpr Field language_hints[] = {{"languageCodes", Type::string, many}};
constexpr Field transcription[] = {
    {"languageCodes", Type::string, many},
    {"customVocabulary", Type::string, many},
    {"adaptationPhrases", Type::string, many},
    {"mode", Type::one_of, false, {}, transcription_mode},
    {"wordTimestamp", Type::boolean},
    {"diarization", Type::boolean},
    {"sourceText", Type::string},
    {"languageAuto", Type::free},
    {"languageHints", Type::message, false, language_hints},
};
constexpr Field generation_config[] = {
    {"responseModalities", Type::one_of, many, {}, modality},
    {"temperature", Type::number},
    {"topP", Type::number},
    {"topK", Type::number},
    {"maxOutputTokens", Type::integer},
    {"candidateCount", Type::integer},
    {"seed", Type::integer},
    {"presencePenalty", Type::number},
    {"frequencyPenalty", Type::number},
    {"mediaResolution", Type::one_of, false, {}, resolution},
    {"speechConfig", Type::message, false, speech_config},
    {"thinkingConfig", Type::message, false, thinking_config},
    {"enableAffectiveDialog", Type::boolean},
    {"translationConfig", Type::message, false, translation_config},
    {"enableEnhancedCivicAnswers", Type::boolean, false, {}, {}, gemini},
    {"audioTranscriptionConfig", Type::message, false, transcription},
};

constexpr Field parameter_schema[] = {
    {"type", Type::string},           {"format", Type::string},
    {"title", Type::string},          {"description", Type::string},
    {"nullable", Type::boolean},      {"enum", Type::string, many},
    {"items", Type::schema},          {"properties", Type::schemas},
    {"required", Type::string, many}, {"propertyOrdering", Type::string, many},
    {"minimum", Type::number},        {"maximum", Type::number},
    {"minItems", Type::integer},      {"maxItems", Type::integer},
    {"minLength", Type::integer},     {"maxLength", Type::integer},
    {"minProperties", Type::integer}, {"maxProperties", Type::integer},
    {"pattern", Type::string},        {"anyOf", Type::schema, many},
    {"example", Type::any},           {"default", Type::any},
};
constexpr Field function_declaration[] = {
    {"name", Type::string},
    {"description", Type::string},
    {"parameters", Type::schema},
    {"parametersJsonSchema", Type::any},
    {"response", Type::schema},
    {"responseJsonSchema", Type::any},
    {"behavior", Type::one_of, false, {}, behavior},
};
constexpr Field google_search[] = {
    {"searchTypes", Type::free},
    {"timeRangeFilter", Type::free, false, {}, {}, gemini},
    {"excludeDomains", Type::string, many, {}, {}, vertex},
    {"blockingConfidence", Type::string, false, {}, {}, vertex},
};
constexpr Field auth_config[] = {
    {"apiKey", Type::string},
    {"authType", Type::string, false, {}, {}, vertex},
    {"apiKeyConfig", Type::free, false, {}, {}, vertex},
    {"googleServiceAccountConfig", Type::free, false, {}, {}, vertex},
    {"httpBasicAuthConfig", Type::free, false, {}, {}, vertex},
    {"oauthConfig", Type::free, false, {}, {}, vertex},
    {"oidcConfig", Type::free, false, {}, {}, vertex},
};
constexpr Field google_maps[] = {
    {"enableWidget", Type::boolean},
    {"groundingTypes", Type::any, false, {}, {}, vertex},
    {"authConfig", Type::message, false, auth_config},
};
constexpr Field tool[] = {
    {"functionDeclarations", Type::message, many, function_declaration},
    {"googleSearch", Type::message, false, google_search},
    {"googleSearchRetrieval", Type::free},
    {"codeExecution", Type::free},
    {"urlContext", Type::free},
    {"googleMaps", Type::message, false, google_maps},
    {"computerUse", Type::free},
    {"fileSearch", Type::free, false, {}, {}, gemini},
    {"mcpServers", Type::free, many, {}, {}, gemini},
    {"retrieval", Type::free, false, {}, {}, vertex},
    {"enterpriseWebSearch", Type::free, false, {}, {}, vertex},
    {"exaAiSearch", Type::free, false, {}, {}, vertex},
    {"parallelAiSearch", Type::free, false, {}, {}, vertex},
};

constexpr Field activity_detection[] = {
    {"disabled", Type::boolean},
    {"startOfSpeechSensitivity", Type::one_of, false, {}, start_sensitivity},
    {"endOfSpeechSensitivity", Type::one_of, false, {}, end_sensitivity},
    {"prefixPaddingMs", Type::integer},
    {"silenceDurationMs", Type::integer},
};
constexpr Field realtime_input_config[] = {
    {"automaticActivityDetection", Type::message, false, activity_detection},
    {"activityHandling", Type::one_of, false, {}, activity_handling},
    {"turnCoverage", Type::one_of, false, {}, turn_coverage},
    {"interimTranscriptTimestampEnabled", Type::boolean},
};
constexpr Field session_resumption[] = {
    {"handle", Type::string},
    {"transparent", Type::boolean, false, {}, {}, vertex},
};
constexpr Field sliding_window[] = {{"targetTokens", Type::integer}};
constexpr Field compression[] = {{"triggerTokens", Type::integer},
                                 {"slidingWindow", Type::message, false, sliding_window}};
constexpr Field proactivity[] = {{"proactiveAudio", Type::boolean},
                                 {"proactiveVideo", Type::boolean}};
constexpr Field history_config[] = {{"initialHistoryInClientContent", Type::boolean}};
constexpr Field avatar_config[] = {
    {"avatarName", Type::string},
    {"customizedAvatar", Type::free},
    {"audioBitrateBps", Type::integer},
    {"videoBitrateBps", Type::integer},
};
constexpr Field safety_setting[] = {
    {"category", Type::one_of, false, {}, harm_category},
    {"threshold", Type::one_of, false, {}, harm_threshold},
    {"method", Type::one_of, false, {}, harm_method, vertex},
};

constexpr Field setup[] = {
    {"model", Type::string},
    {"generationConfig", Type::message, false, generation_config},
    {"systemInstruction", Type::message, false, content},
    {"tools", Type::message, many, tool},
    {"realtimeInputConfig", Type::message, false, realtime_input_config},
    {"sessionResumption", Type::message, false, session_resumption},
    {"contextWindowCompression", Type::message, false, compression},
    {"inputAudioTranscription", Type::message, false, transcription},
    {"outputAudioTranscription", Type::message, false, transcription},
    {"proactivity", Type::message, false, proactivity},
    {"historyConfig", Type::message, false, history_config},
    {"explicitVadSignal", Type::boolean, false, {}, {}, vertex},
    {"avatarConfig", Type::message, false, avatar_config},
    {"safetySettings", Type::message, many, safety_setting},
    {"labels", Type::strings},
};
constexpr Field client_content[] = {{"turns", Type::message, many, content},
                                    {"turnComplete", Type::boolean}};
constexpr Field realtime_input[] = {
    {"audio", Type::message, false, blob},
    {"video", Type::message, false, blob},
    {"text", Type::string},
    {"audioStreamEnd", Type::boolean},
    {"activityStart", Type::message},
    {"activityEnd", Type::message},
    {"mediaChunks", Type::message, many, blob},
};
constexpr Field response_part[] = {
    {"inlineData", Type::message, false, blob},
    {"fileData", Type::message, false, file_data},
    {"mediaProcessing", Type::string, false, {}, {}, gemini},
};
constexpr Field function_response[] = {
    {"id", Type::string},
    {"name", Type::string},
    {"response", Type::free},
    {"scheduling", Type::one_of, false, {}, scheduling},
    {"willContinue", Type::boolean, false, {}, {}, gemini},
    {"parts", Type::message, many, response_part},
};
constexpr Field tool_response[] = {{"functionResponses", Type::message, many, function_response}};
constexpr Field tools_update[] = {{"tools", Type::message, many, tool}};
constexpr Field context_update[] = {{"systemInstruction", Type::message, false, content},
                                    {"tools", Type::message, false, tools_update}};

constexpr Field message[] = {
    {"setup", Type::message, false, setup},
    {"clientContent", Type::message, false, client_content},
    {"realtimeInput", Type::message, false, realtime_input},
    {"toolResponse", Type::message, false, tool_response},
    {"contextUpdate", Type::message, false, context_update},
};

constexpr Field auth_token[] = {
    {"expireTime", Type::time}, {"newSessionExpireTime", Type::time},
    {"uses", Type::amount},     {"bidiGenerateContentSetup", Type::message, false, setup},
    {"fieldMask", Type::mask},
};

using Error = std::optional<std::string>;

std::string unknown_name(const std::string &name, const std::string &path)
{
  return "Invalid JSON payload received. Unknown name \"" + name + "\"" +
         (path.empty() ? "" : " at '" + path + "'") + ": Cannot find field.";
}

std::string invalid_value(const std::string &path, std::string_view type, Json value)
{
  std::string text;
  if (value.is_object() || value.is_array()) {
    text = value.is_object() ? "an object" : "a list";
  } else {
    char *plain = json_to_string(value.node(), FALSE);
    text = plain;
    g_free(plain);
  }
  return "Invalid value at '" + path + "' (" + std::string(type) + "), " + text;
}

bool is_integer_text(const std::string &text)
{
  const auto digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
  return !digits.empty() && std::ranges::all_of(digits, [](char c) { return g_ascii_isdigit(c); });
}

bool is_number_text(const std::string &text)
{
  if (text == "NaN" || text == "Infinity" || text == "-Infinity")
    return true;
  return !text.empty() && (text.front() == '-' || g_ascii_isdigit(text.front())) &&
         g_ascii_isdigit(text.back()) && !json_syntax_error(text);
}

bool is_time(const std::string &text)
{
  GDateTime *time = g_date_time_new_from_iso8601(text.c_str(), nullptr);
  if (time)
    g_date_time_unref(time);
  return time;
}

// "generationConfig.temperature"
bool is_field(std::string_view path, std::span<const Field> fields)
{
  const auto name = path.substr(0, path.find('.'));
  const auto field = std::ranges::find(fields, name, &Field::name);
  return field != fields.end() &&
         (name.size() == path.size() || is_field(path.substr(name.size() + 1), field->fields));
}

bool is_mask(std::string_view mask)
{
  for (;;) {
    const auto path = mask.substr(0, mask.find(','));
    if (!is_field(path, setup))
      return false;
    if (path.size() == mask.size())
      return true;
    mask.remove_prefix(path.size() + 1);
  }
}

// One walk along a message, for one backend.
class Walk {
public:
  explicit Walk(Backend backend) : backend_(backend) {}
  Error check_fields(Json object, std::span<const Field> fields, const std::string &path) const;

private:
  Error check_field(Json value, const Field &field, const std::string &path) const;
  Error check_value(Json value, const Field &field, const std::string &path) const;
  Error check_schemas(Json object, const std::string &path) const;

  Backend backend_;
};

Error check_strings(Json object, const std::string &path)
{
  for (const auto &name : object.names())
    if (!object.get(name).is_string())
      return invalid_value(path + "[" + name + "]", "TYPE_STRING", object.get(name));
  return {};
}

Error Walk::check_schemas(Json object, const std::string &path) const
{
  for (const auto &name : object.names()) {
    const std::string inner = path + "[" + name + "]";
    if (!object.get(name).is_object())
      return invalid_value(inner, "TYPE_MESSAGE", object.get(name));
    if (auto error = check_fields(object.get(name), parameter_schema, inner))
      return error;
  }
  return {};
}

Error Walk::check_value(Json value, const Field &field, const std::string &path) const
{
  const auto no = [&](std::string_view type) -> Error { return invalid_value(path, type, value); };
  switch (field.type) {
  case Type::string:
    return value.is_string() ? Error() : no("TYPE_STRING");
  case Type::boolean:
    return value.is_bool() ? Error() : no("TYPE_BOOL");
  case Type::integer:
    return value.is_integer() || is_integer_text(value.string()) ? Error() : no("TYPE_INT64");
  case Type::number:
    return value.is_number() || is_number_text(value.string()) ? Error() : no("TYPE_FLOAT");
  case Type::bytes:
    return value.is_string() && bytes_from_base64(value.string()) ? Error() : no("TYPE_BYTES");
  case Type::time:
    return is_time(value.string()) ? Error() : no("type.googleapis.com/google.protobuf.Timestamp");
  case Type::amount:
    return (value.is_integer() || is_integer_text(value.string())) && value.number() >= 0
               ? Error()
               : no("TYPE_INT32");
  case Type::mask:
    return value.is_string() && (value.string().empty() || is_mask(value.string()))
               ? Error()
               : no("type.googleapis.com/google.protobuf.FieldMask");
  case Type::one_of:
    return value.is_string() && std::ranges::find(field.words, value.string()) != field.words.end()
               ? Error()
               : no("TYPE_ENUM");
  case Type::message:
    return value.is_object() ? check_fields(value, field.fields, path) : no("TYPE_MESSAGE");
  case Type::schema:
    return value.is_object() ? check_fields(value, parameter_schema, path) : no("TYPE_MESSAGE");
  case Type::schemas:
    return value.is_object() ? check_schemas(value, path) : no("TYPE_MESSAGE");
  case Type::strings:
    return value.is_object() ? check_strings(value, path) : no("TYPE_MESSAGE");
  case Type::free:
    return value.is_object() ? Error() : no("TYPE_MESSAGE");
  case Type::any:
    break;
  }
  return {};
}

Error Walk::check_field(Json value, const Field &field, const std::string &path) const
{
  if (!value.exists())
    return {}; // null is as good as absent
  if (!field.repeated)
    return check_value(value, field, path);
  if (!value.is_array())
    return invalid_value(path, "TYPE_LIST", value);
  const auto elements = value.elements();
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (auto error = check_value(elements[i], field, path + "[" + std::to_string(i) + "]"))
      return error;
  return {};
}

Error Walk::check_fields(Json object, std::span<const Field> fields, const std::string &path) const
{
  for (const auto &name : object.names()) {
    const auto field = std::ranges::find_if(fields, [&](const Field &known) {
      return (known.name == name || snake_case(known.name) == name) &&
             known.only.value_or(backend_) == backend_;
    });
    if (field == fields.end())
      return unknown_name(name, path);
    const std::string inner = (path.empty() ? "" : path + ".") + snake_case(field->name);
    if (auto error = check_field(object.get(name), *field, inner))
      return error;
  }
  return {};
}

} // namespace

std::optional<std::string> schema_error(Json json, Backend backend)
{
  std::string payload;
  for (const auto &name : json.names()) {
    if (!json.get(name).exists())
      continue;
    const bool known = std::ranges::any_of(
        message, [&](const Field &f) { return f.name == name || snake_case(f.name) == name; });
    if (!known)
      return unknown_name(name, "");
    if (!payload.empty())
      return "Invalid value (oneof), oneof field 'message_type' is already set. Cannot set '" +
             name + "'";
    payload = name;
  }
  return Walk(backend).check_fields(json, message, "");
}

std::optional<std::string> token_schema_error(Json request)
{
  return Walk(gemini).check_fields(request, auth_token, "auth_token");
}

} // namespace gemini_live_simulator
