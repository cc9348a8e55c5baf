#include "server_message.hpp"

#include "../base/pcm.hpp"
#include "json.hpp"

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

std::string string_of(const JsonValue &value)
{
  return std::string(value.text().value_or(""));
}

// The rate of `audio/pcm;rate=24000`; a type without one means 24 kHz, another type no rate at all.
std::optional<unsigned> pcm_rate(std::string_view mime)
{
  constexpr std::string_view kType = "audio/pcm", kRate = "rate=";
  if (!mime.starts_with(kType))
    return std::nullopt;
  const auto at = mime.find(kRate, kType.size());
  if (at == std::string_view::npos)
    return kOutputRate;
  unsigned rate = 0;
  std::from_chars(mime.data() + at + kRate.size(), mime.data() + mime.size(), rate);
  constexpr unsigned kLowest = 1000, kHighest = 384000;
  if (rate < kLowest || rate > kHighest)
    return std::nullopt;
  return rate;
}

BytesPtr decode_base64(std::string_view text)
{
  auto *data = static_cast<guchar *>(g_malloc(text.size() / 4 * 3 + 3));
  gint state = 0;
  guint save = 0;
  const auto size = g_base64_decode_step(text.data(), text.size(), data, &state, &save);
  return BytesPtr(g_bytes_new_take(data, size));
}

void read_part(const JsonValue &part, ServerContent &content, Unknown unknown)
{
  const bool thought = part["thought"].truth();
  part.each_member([&](std::string_view name, const JsonValue &value) {
    if (name == "text")
      content.parts.push_back(TextPart{string_of(value), thought});
    else if (name == "inlineData") {
      const auto rate = pcm_rate(value["mimeType"].text().value_or(""));
      const auto data = value["data"].text();
      if (rate && data)
        content.parts.push_back(SpeechPart{*rate, decode_base64(*data)});
      else
        unknown.add("serverContent.modelTurn.parts.inlineData", string_of(value["mimeType"]));
    } else if (name == "executableCode" || name == "codeExecutionResult")
      content.parts.push_back(CodePart{value.dump(), name == "codeExecutionResult"});
    else if (name != "thought" && name != "thoughtSignature")
      unknown.add("serverContent.modelTurn.parts", name);
  });
}

Transcription read_transcription(const JsonValue &value)
{
  return {string_of(value["text"]), value["finished"].truth()};
}

void read_content(const JsonValue &value, ServerContent &content, Unknown unknown)
{
  value.each_member([&](std::string_view name, const JsonValue &field) {
    if (name == "modelTurn")
      field["parts"].each_element(
          [&](const JsonValue &part) { read_part(part, content, unknown); });
    else if (name == "generationComplete")
      content.generation_complete = field.truth();
    else if (name == "turnComplete")
      content.turn_complete = field.truth();
    else if (name == "interrupted")
      content.interrupted = field.truth();
    else if (name == "waitingForInput")
      content.waiting_for_input = field.truth();
    else if (name == "turnCompleteReason")
      content.turn_complete_reason = string_of(field);
    else if (name == "interactionStatus")
      content.interaction_status = string_of(field);
    else if (name == "inputTranscription")
      content.input = read_transcription(field);
    else if (name == "interimInputTranscription")
      content.interim_input = read_transcription(field);
    else if (name == "outputTranscription")
      content.output = read_transcription(field);
    else if (name == "groundingMetadata")
      content.grounding = field.dump();
    else if (name == "urlContextMetadata")
      content.url_context = field.dump();
    else
      unknown.add("serverContent", name);
  });
}

void read_calls(const JsonValue &value, std::vector<FunctionCall> &calls)
{
  value["functionCalls"].each_element([&](const JsonValue &call) {
    const auto args = call["args"];
    calls.push_back({string_of(call["id"]), string_of(call["name"]),
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

std::optional<VoiceActivity> read_voice_activity(const JsonValue &value)
{
  // One backend's SDK renames the field, and a second message says the same in other words.
  for (const char *field : {"type", "voiceActivityType", "vadSignalType"}) {
    const auto type = value[field].text().value_or("");
    const bool start = type == "ACTIVITY_START" || type == "VAD_SIGNAL_TYPE_SOS";
    if (start || type == "ACTIVITY_END" || type == "VAD_SIGNAL_TYPE_EOS")
      return VoiceActivity{start, value["audioOffset"].duration()};
  }
  return std::nullopt;
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
    if (name == "serverContent")
      read_content(value, message.content, unknown);
    else if (name == "setupComplete") {
      message.setup_complete = true;
      message.session_id = string_of(value["sessionId"]);
    } else if (name == "toolCall")
      read_calls(value, message.calls);
    else if (name == "toolCallCancellation")
      value["ids"].each_element(
          [&](const JsonValue &id) { message.cancelled.push_back(string_of(id)); });
    else if (name == "goAway")
      message.going_away = value["timeLeft"].duration().value_or(0);
    else if (name == "sessionResumptionUpdate")
      message.resumption =
          ResumptionUpdate{string_of(value["newHandle"]), value["resumable"].truth()};
    else if (name == "voiceActivity" || name == "voiceActivityDetectionSignal") {
      if (const auto activity = read_voice_activity(value))
        message.voice_activity.push_back(*activity);
    } else if (name == "usageMetadata")
      message.usage = read_usage(value);
    else if (name == "interactionStatus")
      message.content.interaction_status = string_of(value);
    else if (name == "error")
      message.error = value.dump();
    else
      message.unknown.emplace_back(name);
  });
  return message;
}

} // namespace gemini_live
