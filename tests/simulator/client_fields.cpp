#include "client_fields.hpp"

namespace gemini_live_simulator {
namespace {

constexpr bool many = true;
constexpr auto gemini = Backend::gemini;
constexpr auto vertex = Backend::vertex;
using Type = Field::Type;
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

} // namespace

constinit const Fields client_message_fields = message;
constinit const Fields setup_fields = setup;
constinit const Fields parameter_schema_fields = parameter_schema;
constinit const Fields auth_token_fields = auth_token;

} // namespace gemini_live_simulator
