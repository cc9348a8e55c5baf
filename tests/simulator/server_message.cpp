// Builds each kind of server message.
#include "server_message.hpp"

#include "json_text.hpp"
#include "pcm.hpp"

#include <cmath>

namespace gemini_live_simulator {
namespace {

void add_model_turn(JsonText &out, const Profile &profile, const ServerContent &content)
{
  out.object("modelTurn").array("parts").object();
  if (!content.text.empty()) {
    out.string("text", content.text);
  } else if (content.audio.empty()) {
    out.string("text", content.thought).truth("thought");
  } else {
    out.object("inlineData")
        .string("mimeType", profile.audio_mime_type)
        .string("data", base64_of(content.audio))
        .end();
  }
  out.end().end();
  if (profile.model_role)
    out.string("role", "model");
  out.end();
}

void add_output_transcription(JsonText &out, const ServerContent &content)
{
  out.object("outputTranscription");
  if (!content.output_text.empty())
    out.string("text", content.output_text);
  if (content.transcript_closes)
    out.truth("finished");
  out.end();
}

void add_modality(JsonText &out, std::string_view modality, unsigned count)
{
  out.object().string("modality", modality);
  if (count > 0)
    out.number("tokenCount", count);
  out.end();
}

void add_usage(JsonText &out, const Profile &profile, const Usage &usage)
{
  const unsigned prompt = usage.prompt_text + usage.prompt_audio;
  out.object("usageMetadata")
      .number("promptTokenCount", prompt)
      .number(profile.candidates_names ? "candidatesTokenCount" : "responseTokenCount",
              usage.response_audio)
      .number("totalTokenCount", prompt + usage.response_audio);
  out.array("promptTokensDetails");
  add_modality(out, "TEXT", usage.prompt_text);
  if (usage.prompt_audio > 0)
    add_modality(out, "AUDIO", usage.prompt_audio);
  out.end();
  out.array(profile.candidates_names ? "candidatesTokensDetails" : "responseTokensDetails");
  add_modality(out, "AUDIO", usage.response_audio);
  out.end();
  if (profile.candidates_names)
    out.string("trafficType", "ON_DEMAND");
  out.end();
}

} // namespace

std::string print_message(Json message)
{
  JsonText out;
  for (const auto &name : message.names())
    out.value(name, message.get(name));
  return out.finish();
}

std::string print_setup_complete(const std::string &session_id)
{
  JsonText out;
  out.object("setupComplete");
  if (!session_id.empty())
    out.string("sessionId", session_id);
  return out.finish();
}

std::string print_content(const Profile &profile, const ServerContent &content)
{
  JsonText out;
  out.object("serverContent");
  if (content.interrupted)
    out.truth("interrupted");
  if (!content.audio.empty() || !content.thought.empty() || !content.text.empty())
    add_model_turn(out, profile, content);
  if (!content.input_text.empty())
    out.object("inputTranscription").string("text", content.input_text).end();
  if (!content.interim_input_text.empty())
    out.object("interimInputTranscription").string("text", content.interim_input_text).end();
  if (!content.output_text.empty() || content.transcript_opens || content.transcript_closes)
    add_output_transcription(out, content);
  if (content.generation_complete)
    out.truth("generationComplete");
  if (content.turn_complete) {
    out.truth("turnComplete");
    if (profile.grounding_with_turn_complete)
      out.object("groundingMetadata").end();
  }
  if (!content.interaction_status.empty())
    out.string("interactionStatus", content.interaction_status);
  out.end();
  if (content.usage)
    add_usage(out, profile, *content.usage);
  return out.finish();
}

std::string print_tool_call(std::span<const FunctionCall> calls)
{
  JsonText out;
  out.object("toolCall").array("functionCalls");
  for (const auto &call : calls) {
    const auto args = JsonDocument::parse(call.args);
    out.object().string("name", call.name);
    if (args)
      out.value("args", args->root());
    out.string("id", call.id).end();
  }
  return out.finish();
}

std::string print_tool_call_cancellation(const std::vector<std::string> &ids)
{
  JsonText out;
  out.object("toolCallCancellation").array("ids");
  for (const auto &id : ids)
    out.string({}, id);
  return out.finish();
}

std::string print_go_away(double seconds)
{
  JsonText out;
  out.object("goAway");
  if (seconds > 0)
    out.string("timeLeft", print_duration(seconds));
  return out.finish();
}

std::string print_resumption_update(const std::string &handle)
{
  JsonText out;
  out.object("sessionResumptionUpdate");
  if (!handle.empty())
    out.string("newHandle", handle).truth("resumable");
  return out.finish();
}

std::string print_voice_activity(bool start, double seconds)
{
  JsonText out;
  out.object("voiceActivity")
      .string("type", start ? "ACTIVITY_START" : "ACTIVITY_END")
      .string("audioOffset", print_duration(seconds));
  return out.finish();
}

std::string print_vad_signal(bool start)
{
  JsonText out;
  out.object("voiceActivityDetectionSignal")
      .string("vadSignalType", start ? "VAD_SIGNAL_TYPE_SOS" : "VAD_SIGNAL_TYPE_EOS");
  return out.finish();
}

std::string print_keep_alive()
{
  return JsonText().finish();
}

std::string with_unknown_key(std::string text)
{
  constexpr std::string_view head = "{\n";
  if (text.starts_with(head))
    text.insert(head.size(), "  \"notYetKnown\": {\n    \"level\": 1\n  },\n");
  return text;
}

std::string print_duration(double seconds)
{
  const auto milliseconds = std::llround(seconds * 1000);
  std::string text = std::to_string(milliseconds / 1000);
  if (milliseconds % 1000)
    text += "." + std::to_string(1000 + milliseconds % 1000).substr(1);
  return text + "s";
}

} // namespace gemini_live_simulator
