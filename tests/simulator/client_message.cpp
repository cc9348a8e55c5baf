// Reads client messages. What the schema promises is not checked a second time here.
#include "client_message.hpp"

#include "client_schema.hpp"
#include "glib.hpp"
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

std::string text_of(Json content)
{
  std::string text;
  for (const Json &part : content.field("parts").elements())
    text += part.field("text").string();
  return text;
}

ToolSet read_tools(Json tools)
{
  constexpr std::string_view declarations = "functionDeclarations";
  ToolSet out;
  for (const Json &tool : tools.elements()) {
    for (const auto &kind : tool.names())
      if (kind != declarations && kind != snake_case(declarations))
        out.kinds.push_back(kind);
    for (const Json &function : tool.field(declarations).elements())
      out.functions.push_back(
          {function.field("name").string(), function.field("behavior").string()});
  }
  return out;
}

void read_generation_config(Json config, Setup &out)
{
  for (const Json &modality : config.field("responseModalities").elements())
    out.modalities.push_back(modality.string());
  const Json thinking = config.field("thinkingConfig");
  out.thinking_level = thinking.field("thinkingLevel").string();
  out.thinking_budget = thinking.field("thinkingBudget").exists();
  out.affective_dialog = config.field("enableAffectiveDialog").truth();
  out.language_code = config.field("speechConfig").field("languageCode").string();
}

Setup read_setup(Json setup, std::string_view json)
{
  Setup out;
  out.json = json;
  out.model = setup.field("model").string();
  read_generation_config(setup.field("generationConfig"), out);
  out.instruction = text_of(setup.field("systemInstruction"));
  out.tools = read_tools(setup.field("tools"));
  const Json input = setup.field("realtimeInputConfig");
  const Json detection = input.field("automaticActivityDetection");
  out.manual_activity = detection.field("disabled").truth();
  out.prefix_padding_ms = milliseconds(detection.field("prefixPaddingMs"));
  out.silence_duration_ms = milliseconds(detection.field("silenceDurationMs"));
  out.no_interruption = input.field("activityHandling").string() == "NO_INTERRUPTION";
  const Json resumption = setup.field("sessionResumption");
  out.resumption = resumption.exists();
  out.handle = resumption.field("handle").string();
  out.handle_without_value = resumption.field("handle").node() && out.handle.empty();
  out.input_transcription = setup.field("inputAudioTranscription").exists();
  out.output_transcription = setup.field("outputAudioTranscription").exists();
  const Json proactivity = setup.field("proactivity");
  out.proactivity = proactivity.exists();
  if (const Json audio = proactivity.field("proactiveAudio"); audio.exists())
    out.proactive_audio = audio.truth();
  out.explicit_vad_signal = setup.field("explicitVadSignal").truth();
  out.history_first = setup.field("historyConfig").field("initialHistoryInClientContent").truth();
  const Json labels = setup.field("labels");
  for (const auto &name : labels.names())
    out.labels[name] = labels.get(name).string();
  return out;
}

ClientContent read_client_content(Json content)
{
  ClientContent out;
  out.turn_complete = content.field("turnComplete").truth();
  for (const Json &turn : content.field("turns").elements()) {
    out.turns.push_back({.role = turn.field("role").string(), .text = text_of(turn)});
    auto &next = out.turns.back();
    for (const Json &part : turn.field("parts").elements()) {
      next.function_parts = next.function_parts || part.field("functionCall").exists() ||
                            part.field("functionResponse").exists();
      if (const auto type = part.field("inlineData").field("mimeType").string();
          type.starts_with("audio/"))
        next.audio.push_back(type);
    }
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

std::string print(Json value)
{
  if (value.is_string())
    return value.string();
  const CharPtr text(json_to_string(value.node(), FALSE));
  return text.get();
}

ToolResponse read_tool_response(Json message)
{
  ToolResponse out;
  for (const Json &json : message.field("functionResponses").elements()) {
    const Json response = json.field("response");
    out.responses.push_back({.id = json.field("id").string(), .name = json.field("name").string()});
    auto &next = out.responses.back();
    next.scheduling = json.field("scheduling").string();
    if (next.scheduling.empty()) // where older clients put it
      next.scheduling = response.field("scheduling").string();
    next.will_continue = json.field("willContinue").truth();
    Json answer = response;
    for (const char *name : {"error", "output"})
      if (response.get(name).exists())
        answer = response.get(name);
    if (answer.exists())
      next.answer = print(answer);
    for (const Json &part : json.field("parts").elements())
      next.media.push_back(part.field("inlineData").field("mimeType").string());
  }
  return out;
}

ContextUpdate read_context_update(Json update)
{
  ContextUpdate out;
  if (const Json instruction = update.field("systemInstruction"); instruction.exists())
    out.instruction = text_of(instruction);
  if (const Json tools = update.field("tools"); tools.exists())
    out.tools = read_tools(tools.field("tools"));
  return out;
}

} // namespace

std::variant<ClientMessage, Refusal> read_client_message(std::string_view json, Backend backend)
{
  const auto document = JsonDocument::parse(json);
  if (!document || !document->root().is_object())
    return Refusal{1007, "Invalid JSON payload received. Unexpected token."};
  const Json message = document->root();
  if (const auto reason = schema_error(message, backend))
    return Refusal{1007, *reason};

  if (const Json setup = message.field("setup"); setup.exists())
    return read_setup(setup, json);
  if (const Json content = message.field("clientContent"); content.exists())
    return read_client_content(content);
  if (const Json input = message.field("realtimeInput"); input.exists())
    return read_realtime_input(input);
  if (const Json response = message.field("toolResponse"); response.exists())
    return read_tool_response(response);
  if (const Json update = message.field("contextUpdate"); update.exists())
    return read_context_update(update);
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
