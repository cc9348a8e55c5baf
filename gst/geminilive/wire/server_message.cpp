#include "server_message.hpp"

#include "../base/json.hpp"
#include "../base/pcm.hpp"
#include "base64.hpp"

#include <algorithm>
#include <charconv>

namespace gemini_live {

namespace {

// Which keys were not understood, and where.
class Unknown {
public:
  explicit Unknown(std::vector<std::string> &paths) : paths_(paths) {}
  void add(std::string_view where, std::string_view name)
  {
    paths_.push_back(std::string(where).append(".").append(name));
  }

private:
  std::vector<std::string> &paths_;
};

void name_unknown(const JsonValue &value, std::string_view where,
                  std::initializer_list<std::string_view> known, Unknown unknown)
{
  value.each_member([&](std::string_view name, const JsonValue &) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      unknown.add(where, name);
  });
}

std::string string_of(const JsonValue &value)
{
  return std::string(value.text().value_or(""));
}

// The rate of `audio/pcm;rate=24000`; a type without one means 24 kHz, another type no rate at all.
std::optional<unsigned> pcm_rate(std::string_view mime)
{
  constexpr std::string_view kType = "audio/pcm", kRate = "rate=";
  if (!mime.starts_with(kType) || (mime.size() > kType.size() && mime[kType.size()] != ';'))
    return std::nullopt;
  mime.remove_prefix(kType.size());
  while (!mime.empty()) { // "; name=value" each
    mime.remove_prefix(std::min(mime.find_first_not_of("; "), mime.size()));
    if (mime.starts_with(kRate)) {
      unsigned rate = 0;
      std::from_chars(mime.data() + kRate.size(), mime.data() + mime.size(), rate);
      constexpr unsigned kLowest = 1000, kHighest = 384000;
      return rate < kLowest || rate > kHighest ? std::nullopt : std::optional(rate);
    }
    mime.remove_prefix(std::min(mime.find(';'), mime.size()));
  }
  return kOutputRate;
}

void read_blob(const JsonValue &blob, ServerContent &content, Unknown unknown)
{
  constexpr std::string_view kWhere = "serverContent.modelTurn.parts.inlineData";
  name_unknown(blob, kWhere, {"mimeType", "data", "displayName"}, unknown);
  const auto mime = blob["mimeType"].text().value_or("");
  const auto rate = pcm_rate(mime);
  auto samples = rate ? decode_base64(blob["data"].text().value_or("?")) : nullptr;
  if (samples) {
    content.parts.push_back(SpeechPart{*rate, std::move(samples)});
    return;
  }
  unknown.add(kWhere, mime);
  if (mime.starts_with("audio/"))
    content.unplayable = rate ? "its data is no base64" : "its type is " + std::string(mime);
}

void read_part(const JsonValue &part, ServerContent &content, Unknown unknown)
{
  const bool thought = part["thought"].truth();
  part.each_member([&](std::string_view name, const JsonValue &value) {
    if (name == "text")
      content.parts.push_back(TextPart{string_of(value), thought});
    else if (name == "inlineData")
      read_blob(value, content, unknown);
    else if (name == "executableCode" || name == "codeExecutionResult")
      content.parts.push_back(CodePart{value.dump(), name == "codeExecutionResult"});
    else if (name != "thought" && name != "thoughtSignature")
      unknown.add("serverContent.modelTurn.parts", name);
  });
}

Transcription read_transcription(std::string_view name, const JsonValue &value, Unknown unknown)
{
  name_unknown(value, std::string("serverContent.").append(name), {"text", "finished"}, unknown);
  return {string_of(value["text"]), value["finished"].truth()};
}

std::optional<VoiceActivity> read_voice_activity(const JsonValue &value)
{
  // One backend's SDK renames the field, and two more fields say the same in other words.
  for (const char *field : {"type", "voiceActivityType", "vadSignalType", "speechState"}) {
    const auto type = value[field].text().value_or("");
    const bool start =
        type == "ACTIVITY_START" || type == "VAD_SIGNAL_TYPE_SOS" || type == "SPEECH";
    if (start || type == "ACTIVITY_END" || type == "VAD_SIGNAL_TYPE_EOS" || type == "NON_SPEECH")
      return VoiceActivity{start, value["audioOffset"].duration()};
  }
  return std::nullopt;
}

void read_content(const JsonValue &value, ServerMessage &message, Unknown unknown)
{
  auto &content = message.content;
  value.each_member([&](std::string_view name, const JsonValue &field) {
    if (name == "modelTurn") {
      name_unknown(field, "serverContent.modelTurn", {"role", "parts"}, unknown);
      field["parts"].each_element(
          [&](const JsonValue &part) { read_part(part, content, unknown); });
    } else if (name == "generationComplete")
      content.generation_complete = field.truth();
    else if (name == "turnComplete")
      content.turn_complete = field.truth();
    else if (name == "interrupted")
      content.interrupted = field.truth();
    else if (name == "waitingForInput")
      content.turn_end.waiting_for_input = field.truth();
    else if (name == "turnCompleteReason")
      content.turn_end.reason = string_of(field);
    else if (name == "interactionStatus")
      content.turn_end.interaction_status = string_of(field);
    else if (name == "inputTranscription")
      content.input = read_transcription(name, field, unknown);
    else if (name == "interimInputTranscription")
      content.interim_input = read_transcription(name, field, unknown);
    else if (name == "outputTranscription")
      content.output = read_transcription(name, field, unknown);
    else if (name == "groundingMetadata") // Vertex AI puts an empty one beside every end of a turn
      content.grounding = field.is_empty_object() ? std::nullopt : std::optional(field.dump());
    else if (name == "urlContextMetadata")
      content.url_context = field.dump();
    else if (name == "speechState") {
      if (const auto activity = read_voice_activity(value))
        message.voice_activity.push_back(*activity);
    } else
      unknown.add("serverContent", name);
  });
}

// Opaque to us, whatever it is.
std::string id_of(const JsonValue &value)
{
  return value.text() ? string_of(value) : value.dump();
}

void read_calls(const JsonValue &value, std::vector<FunctionCall> &calls, Unknown unknown)
{
  name_unknown(value, "toolCall", {"functionCalls"}, unknown);
  value["functionCalls"].each_element([&](const JsonValue &call) {
    if (!call.is_object())
      return;
    name_unknown(call, "toolCall.functionCalls", {"id", "name", "args"}, unknown);
    const auto args = call["args"];
    calls.push_back({id_of(call["id"]), string_of(call["name"]),
                     args.is_object() ? args.dump() : std::string("{}")});
  });
}

// The Gemini API and Vertex AI name the same counts differently.
Usage read_usage(const JsonValue &value)
{
  const auto either = [&](const char *first, const char *second) {
    const auto count = value[first].integer();
    return count ? count : value[second].integer();
  };
  Usage usage;
  usage.prompt = value["promptTokenCount"].integer();
  usage.response = either("responseTokenCount", "candidatesTokenCount");
  usage.total = value["totalTokenCount"].integer();
  usage.cached = value["cachedContentTokenCount"].integer();
  usage.tool_use = value["toolUsePromptTokenCount"].integer();
  usage.thoughts = value["thoughtsTokenCount"].integer();
  usage.details = value.dump();
  return usage;
}

} // namespace

std::optional<ServerMessage> parse_server_message(std::string_view text, std::string &error)
{
  const JsonDocument document(text);
  if (!document.root().is_object()) {
    error = document.is_valid() ? "it is no JSON object" : document.error();
    return std::nullopt;
  }
  ServerMessage message;
  const Unknown unknown(message.unknown);
  document.root().each_member([&](std::string_view name, const JsonValue &value) {
    const auto known = [&](std::initializer_list<std::string_view> fields) {
      name_unknown(value, name, fields, unknown);
    };
    if (name == "serverContent")
      read_content(value, message, unknown);
    else if (name == "setupComplete") {
      known({"sessionId", "voiceConsentSignature"});
      message.setup_complete = true;
    } else if (name == "toolCall")
      read_calls(value, message.calls, unknown);
    else if (name == "toolCallCancellation") {
      known({"ids"});
      value["ids"].each_element(
          [&](const JsonValue &id) { message.cancelled.push_back(id_of(id)); });
    } else if (name == "goAway") {
      known({"timeLeft"});
      message.going_away = value["timeLeft"].duration().value_or(0);
    } else if (name == "sessionResumptionUpdate") {
      known({"newHandle", "resumable", "lastConsumedClientMessageIndex"});
      message.resumption =
          ResumptionUpdate{string_of(value["newHandle"]), value["resumable"].truth()};
    } else if (name == "voiceActivity" || name == "voiceActivityDetectionSignal") {
      known({"type", "voiceActivityType", "vadSignalType", "audioOffset"});
      if (const auto activity = read_voice_activity(value))
        message.voice_activity.push_back(*activity);
    } else if (name == "usageMetadata")
      message.usage = read_usage(value);
    else if (name == "interactionStatus")
      message.content.turn_end.interaction_status = string_of(value);
    else if (name == "error")
      message.error = value.dump();
    else
      message.unknown.emplace_back(name);
  });
  return message;
}

} // namespace gemini_live
