#include "setup_fields.hpp"

#include <glib.h>

#include <algorithm>
#include <iterator>

namespace gemini_live {

namespace {

using namespace setup_fields;

// generationConfig

constexpr Words kModality = {"MODALITY_UNSPECIFIED", "TEXT", "AUDIO", "VIDEO", "IMAGE"};
constexpr Words kMediaResolution = {"MEDIA_RESOLUTION_UNSPECIFIED", "MEDIA_RESOLUTION_LOW",
                                    "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH"};
constexpr Words kThinkingLevel = {"THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH"};
constexpr Words kTranscriptionMode = {"MODE_UNSPECIFIED", "VERBATIM", "SMART"};

constexpr SetupField kPrebuiltVoiceFields[] = {text("voiceName")};
constexpr SetupMessage kPrebuiltVoice{kPrebuiltVoiceFields};

constexpr SetupField kConsentFields[] = {text("signature")};
constexpr SetupMessage kConsent{kConsentFields};

constexpr SetupField kReplicatedVoiceFields[] = {
    text("mimeType"),
    bytes("voiceSampleAudio"),
    bytes("consentAudio"),
    message("voiceConsentSignature", kConsent),
};
constexpr SetupMessage kReplicatedVoice{kReplicatedVoiceFields};

constexpr SetupField kVoiceFields[] = {
    message("prebuiltVoiceConfig", kPrebuiltVoice),
    message("replicatedVoiceConfig", kReplicatedVoice),
    text("voice"),
};
constexpr SetupMessage kVoice{kVoiceFields};

constexpr SetupField kSpeechFields[] = {
    message("voiceConfig", kVoice),
    text("languageCode"),
    any("multiSpeakerVoiceConfig"),
};
constexpr SetupMessage kSpeech{kSpeechFields};

constexpr SetupField kThinkingFields[] = {
    within(-1, std::numeric_limits<std::int32_t>::max(), integer("thinkingBudget")),
    word("thinkingLevel", kThinkingLevel),
    truth("includeThoughts"),
};
constexpr SetupMessage kThinking{kThinkingFields};

constexpr SetupField kTranslationFields[] = {
    text("targetLanguageCode"),
    truth("echoTargetLanguage"),
};
constexpr SetupMessage kTranslation{kTranslationFields};

constexpr SetupField kLanguageHintsFields[] = {list(text("languageCodes"))};
constexpr SetupMessage kLanguageHints{kLanguageHintsFields};

constexpr SetupField kTranscriptionFields[] = {
    list(text("languageCodes")),
    list(text("customVocabulary")),
    list(text("adaptationPhrases")),
    word("mode", kTranscriptionMode),
    truth("wordTimestamp"),
    truth("diarization"),
    text("sourceText"),
    message("languageAuto", kEmpty),
    message("languageHints", kLanguageHints),
};
constexpr SetupMessage kTranscription{kTranscriptionFields};

constexpr SetupField kGenerationConfigFields[] = {
    list(word("responseModalities", kModality)),
    within(0, 2, number("temperature")),
    within(0, 1, number("topP")),
    number("topK"),
    count("maxOutputTokens"),
    count("candidateCount"),
    within(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max(),
           integer("seed")),
    within(-2, 2, number("presencePenalty")),
    within(-2, 2, number("frequencyPenalty")),
    word("mediaResolution", kMediaResolution),
    message("speechConfig", kSpeech),
    message("thinkingConfig", kThinking),
    truth("enableAffectiveDialog"),
    message("translationConfig", kTranslation),
    truth("enableEnhancedCivicAnswers"),
    message("audioTranscriptionConfig", kTranscription),
    any("modelConfig"),
    any("modelSelectionConfig"),
    truth("responseLogprobs"),
    count("logprobs"),
    text("responseMimeType"),
    any("responseSchema"),
    any("responseJsonSchema"),
    any("responseFormat"),
    list(text("stopSequences")),
    any("routingConfig"),
    truth("audioTimestamp"),
};

constexpr Words kFlat = {
    "responseModalities",    "temperature", "topP",         "topK",           "maxOutputTokens",
    "mediaResolution",       "seed",        "speechConfig", "thinkingConfig", "translationConfig",
    "enableAffectiveDialog",
};

// systemInstruction

constexpr SetupField kBlobFields[] = {text("mimeType"), bytes("data"), text("displayName")};
constexpr SetupMessage kBlob{kBlobFields};

constexpr SetupField kFileFields[] = {text("mimeType"), text("fileUri"), text("displayName")};
constexpr SetupMessage kFile{kFileFields};

constexpr SetupField kPartFields[] = {
    text("text"),
    truth("thought"),
    bytes("thoughtSignature"),
    message("inlineData", kBlob),
    message("fileData", kFile),
    any("functionCall"),
    any("functionResponse"),
    any("executableCode"),
    any("codeExecutionResult"),
    any("toolCall"),
    any("toolResponse"),
    any("videoMetadata"),
    any("mediaResolution"),
    text("mediaProcessing"),
    any("speechMetadata"),
    any("partMetadata"),
    any("audioTranscription"),
};
constexpr SetupMessage kPart{kPartFields};

// What a function shows the model. A PDF there ends the session (seen with 3.x).
constexpr TextRule kShown = {"(?i)^(?!application/pdf)", "that of an image or of plain text"};
constexpr SetupField kShownType = obeying(kShown, text("mimeType"));

constexpr SetupField kShownBlobFields[] = {kShownType, bytes("data"), text("displayName")};
constexpr SetupMessage kShownBlob{kShownBlobFields};

constexpr SetupField kShownFileFields[] = {kShownType, text("fileUri"), text("displayName")};
constexpr SetupMessage kShownFile{kShownFileFields};

constexpr SetupField kShownFields[] = {
    message("inlineData", kShownBlob),
    message("fileData", kShownFile),
    any("mediaProcessing"),
};

constexpr SetupField kContentFields[] = {text("role"), list(message("parts", kPart))};

// realtimeInputConfig

constexpr Words kStartSensitivity = {"START_SENSITIVITY_UNSPECIFIED", "START_SENSITIVITY_HIGH",
                                     "START_SENSITIVITY_LOW"};
constexpr Words kEndSensitivity = {"END_SENSITIVITY_UNSPECIFIED", "END_SENSITIVITY_HIGH",
                                   "END_SENSITIVITY_LOW"};
constexpr Words kActivityHandling = {"ACTIVITY_HANDLING_UNSPECIFIED",
                                     "START_OF_ACTIVITY_INTERRUPTS", "NO_INTERRUPTION"};
constexpr Words kTurnCoverage = {"TURN_COVERAGE_UNSPECIFIED", "TURN_INCLUDES_ONLY_ACTIVITY",
                                 "TURN_INCLUDES_ALL_INPUT",
                                 "TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO"};

constexpr SetupField kActivityDetectionFields[] = {
    truth("disabled"),
    word("startOfSpeechSensitivity", kStartSensitivity),
    word("endOfSpeechSensitivity", kEndSensitivity),
    count("prefixPaddingMs"),
    count("silenceDurationMs"),
};
constexpr SetupMessage kActivityDetection{kActivityDetectionFields};

constexpr SetupField kRealtimeInputFields[] = {
    message("automaticActivityDetection", kActivityDetection),
    word("activityHandling", kActivityHandling),
    word("turnCoverage", kTurnCoverage),
    truth("interimTranscriptTimestampEnabled"),
};
constexpr SetupMessage kRealtimeInput{kRealtimeInputFields};

// The rest

constexpr Words kHarmCategory = {
    "HARM_CATEGORY_UNSPECIFIED",
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
    "HARM_CATEGORY_CIVIC_INTEGRITY",
    "HARM_CATEGORY_JAILBREAK",
    "HARM_CATEGORY_IMAGE_HATE",
    "HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT",
    "HARM_CATEGORY_IMAGE_HARASSMENT",
    "HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT",
};
constexpr Words kHarmThreshold = {
    "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
    "BLOCK_LOW_AND_ABOVE",
    "BLOCK_MEDIUM_AND_ABOVE",
    "BLOCK_ONLY_HIGH",
    "BLOCK_NONE",
    "OFF",
};
constexpr Words kHarmMethod = {"HARM_BLOCK_METHOD_UNSPECIFIED", "SEVERITY", "PROBABILITY"};

constexpr SetupField kSafetyFields[] = {
    word("category", kHarmCategory),
    word("threshold", kHarmThreshold),
    word("method", kHarmMethod),
};
constexpr SetupMessage kSafety{kSafetyFields};

constexpr SetupField kResumptionFields[] = {text("handle"), truth("transparent")};
constexpr SetupMessage kResumption{kResumptionFields};

constexpr SetupField kSlidingWindowFields[] = {large_count("targetTokens")};
constexpr SetupMessage kSlidingWindow{kSlidingWindowFields};

constexpr SetupField kCompressionFields[] = {
    large_count("triggerTokens"),
    message("slidingWindow", kSlidingWindow),
};
constexpr SetupMessage kCompression{kCompressionFields};

constexpr SetupField kProactivityFields[] = {truth("proactiveAudio"), truth("proactiveVideo")};
constexpr SetupMessage kProactivity{kProactivityFields};

constexpr SetupField kHistoryFields[] = {truth("initialHistoryInClientContent")};
constexpr SetupMessage kHistory{kHistoryFields};

constexpr SetupField kCustomAvatarFields[] = {text("imageMimeType"), bytes("imageData")};
constexpr SetupMessage kCustomAvatar{kCustomAvatarFields};

constexpr SetupField kAvatarFields[] = {
    text("avatarName"),
    message("customizedAvatar", kCustomAvatar),
    count("audioBitrateBps"),
    count("videoBitrateBps"),
};
constexpr SetupMessage kAvatar{kAvatarFields};

constexpr TextRule kLabel = {
    "^[a-z][a-z0-9_-]{0,62}$",
    "a lower-case letter and up to 62 lower-case letters, digits, _ and -",
};
constexpr TextRule kLabelValue = {
    "^[a-z0-9_-]{0,63}$",
    "up to 63 lower-case letters, digits, _ and -",
};

constexpr SetupField kSetupFields[] = {
    text("model"),
    message("generationConfig", generation_config_schema),
    message("systemInstruction", content_schema),
    list(message("tools", tool_schema)),
    message("realtimeInputConfig", kRealtimeInput),
    message("sessionResumption", kResumption),
    message("contextWindowCompression", kCompression),
    message("inputAudioTranscription", kTranscription),
    message("outputAudioTranscription", kTranscription),
    message("proactivity", kProactivity),
    message("historyConfig", kHistory),
    truth("explicitVadSignal"),
    message("avatarConfig", kAvatar),
    list(message("safetySettings", kSafety)),
    map(obeying(kLabelValue, text("labels")), &kLabel),
};

} // namespace

constexpr SetupMessage setup_schema{kSetupFields};
constexpr SetupMessage generation_config_schema{kGenerationConfigFields};
constexpr SetupMessage content_schema{kContentFields};
constexpr SetupMessage answer_part_schema{kShownFields};

const SetupField *SetupMessage::find(std::string_view name) const
{
  const auto camel = camel_case(name);
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const auto &f) { return f.name == camel; });
  return found == fields.end() ? nullptr : &*found;
}

bool is_flat(std::string_view name)
{
  return std::find(std::begin(kFlat), std::end(kFlat), camel_case(name)) != std::end(kFlat);
}

std::string camel_case(std::string_view name)
{
  std::string camel;
  for (std::size_t i = 0; i < name.size(); i++) {
    if (name[i] == '_' && i > 0 && i + 1 < name.size())
      camel += static_cast<char>(g_ascii_toupper(name[++i]));
    else
      camel += name[i];
  }
  return camel;
}

} // namespace gemini_live
