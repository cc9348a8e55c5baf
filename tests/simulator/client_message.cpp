// Reads client messages. What the schema promises is not checked a second time here.
#include "client_message.hpp"

#include "client_schema.hpp"
#include "json.hpp"
#include "pcm.hpp"

#include <charconv>
#include <utility>

namespace gemini_live_simulator {
namespace {

std::optional<unsigned> milliseconds(Json value)
{
  if (!value.exists())
    return std::nullopt;
  const double ms = value.number();
  return ms < 0 ? 0 : ms > 60'000 ? 60'000 : static_cast<unsigned>(ms);
}

Setup read_setup(Json setup, std::size_t size)
{
  Setup out;
  out.text_size = size;
  out.model = setup.field("model").string();
  for (const Json &modality :
       setup.field("generationConfig").field("responseModalities").elements())
    out.modalities.push_back(modality.string());
  const Json input = setup.field("realtimeInputConfig");
  const Json detection = input.field("automaticActivityDetection");
  out.manual_activity = detection.field("disabled").truth();
  out.prefix_padding_ms = milliseconds(detection.field("prefixPaddingMs"));
  out.silence_duration_ms = milliseconds(detection.field("silenceDurationMs"));
  out.no_interruption = input.field("activityHandling").string() == "NO_INTERRUPTION";
  out.resumption = setup.field("sessionResumption").exists();
  out.handle = setup.field("sessionResumption").field("handle").string();
  out.input_transcription = setup.field("inputAudioTranscription").exists();
  out.output_transcription = setup.field("outputAudioTranscription").exists();
  out.thinking_level =
      setup.field("generationConfig").field("thinkingConfig").field("thinkingLevel").exists();
  out.proactivity = setup.field("proactivity").exists();
  out.explicit_vad_signal = setup.field("explicitVadSignal").truth();
  out.history_first = setup.field("historyConfig").field("initialHistoryInClientContent").truth();
  return out;
}

std::variant<ClientMessage, Refusal> read_client_content(Json content)
{
  ClientContent out;
  out.turn_complete = content.field("turnComplete").truth();
  for (const Json &turn : content.field("turns").elements()) {
    const std::string role = turn.field("role").string();
    if (role != "user" && role != "model")
      return Refusal{1007, std::string(invalid_argument)};
    if (role != "user")
      continue;
    std::string text;
    for (const Json &part : turn.field("parts").elements())
      text += part.field("text").string();
    if (!text.empty())
      out.text = std::move(text);
  }
  return out;
}

Blob read_blob(Json blob)
{
  return {blob.field("mimeType").string(),
          bytes_from_base64(blob.field("data").string()).value_or(std::vector<std::uint8_t>{})};
}

RealtimeInput read_realtime_input(Json input)
{
  RealtimeInput out;
  if (const Json audio = input.field("audio"); audio.exists())
    out.audio = read_blob(audio);
  if (const Json video = input.field("video"); video.exists())
    out.video = read_blob(video);
  if (const auto chunks = input.field("mediaChunks").elements(); !chunks.empty()) {
    Blob blob = read_blob(chunks.front());
    (blob.mime_type.starts_with("audio/") ? out.audio : out.video) = std::move(blob);
  }
  if (const Json text = input.field("text"); text.exists())
    out.text = text.string();
  out.audio_stream_end = input.field("audioStreamEnd").truth();
  out.activity_start = input.field("activityStart").exists();
  out.activity_end = input.field("activityEnd").exists();
  return out;
}

ToolResponse read_tool_response(Json message)
{
  ToolResponse out;
  for (const Json &response : message.field("functionResponses").elements())
    out.responses.push_back({response.field("id").string(), response.field("name").string(),
                             response.field("scheduling").string(),
                             response.field("willContinue").truth()});
  return out;
}

} // namespace

std::variant<ClientMessage, Refusal> read_client_message(std::string_view json)
{
  const auto document = JsonDocument::parse(json);
  if (!document || !document->root().is_object())
    return Refusal{1007, "Invalid JSON payload received. Unexpected token."};
  const Json message = document->root();
  if (const auto reason = schema_error(message))
    return Refusal{1007, *reason};

  if (const Json setup = message.field("setup"); setup.exists())
    return read_setup(setup, json.size());
  if (const Json content = message.field("clientContent"); content.exists())
    return read_client_content(content);
  if (const Json input = message.field("realtimeInput"); input.exists())
    return read_realtime_input(input);
  if (const Json response = message.field("toolResponse"); response.exists())
    return read_tool_response(response);
  if (message.field("contextUpdate").exists())
    return ContextUpdate{};
  return Refusal{1007, std::string(invalid_argument)};
}

std::optional<unsigned> audio_rate(std::string_view mime_type)
{
  if (!mime_type.starts_with("audio/"))
    return std::nullopt;
  constexpr std::string_view key = ";rate=";
  const auto at = mime_type.find(key);
  if (at == std::string_view::npos)
    return 16000;
  unsigned rate = 0;
  const auto *from = mime_type.data() + at + key.size();
  std::from_chars(from, mime_type.data() + mime_type.size(), rate);
  if (rate < 1000 || rate > 384000)
    return std::nullopt;
  return rate;
}

} // namespace gemini_live_simulator
