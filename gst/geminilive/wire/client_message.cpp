#include "client_message.hpp"

#include "../base/json.hpp"

#include <glib.h>

namespace gemini_live {

namespace {

// A message that is `head`, the bytes in base64, and the end of three objects.
void write_blob_message(std::string_view head, std::span<const std::uint8_t> bytes,
                        std::string &out)
{
  constexpr std::string_view kTail = R"("}}})";
  const auto most = (bytes.size() + 2) / 3 * 4 + 4; // as g_base64_encode_close() may need
  out.resize(head.size() + most + kTail.size());
  auto *at = head.copy(out.data(), head.size()) + out.data();
  gint state = 0, save = 0;
  at += g_base64_encode_step(bytes.data(), bytes.size(), FALSE, at, &state, &save);
  at += g_base64_encode_close(FALSE, at, &state, &save);
  at += kTail.copy(at, kTail.size());
  out.resize(static_cast<std::size_t>(at - out.data()));
}

} // namespace

void write_audio_message(std::span<const std::uint8_t> samples, std::string &out)
{
  write_blob_message(R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":")",
                     samples, out);
}

std::string video_message(std::string_view mime_type, std::span<const std::uint8_t> image)
{
  std::string out;
  const auto head =
      R"({"realtimeInput":{"video":{"mimeType":")" + std::string(mime_type) + R"(","data":")";
  write_blob_message(head, image, out);
  return out;
}

std::string text_message(std::string_view text)
{
  return JsonWriter()
      .begin_object()
      .begin_object("realtimeInput")
      .member("text", text)
      .end_object()
      .end_object()
      .text();
}

std::string audio_stream_end_message()
{
  return R"({"realtimeInput":{"audioStreamEnd":true}})";
}

std::string activity_start_message()
{
  return R"({"realtimeInput":{"activityStart":{}}})";
}

std::string activity_end_message()
{
  return R"({"realtimeInput":{"activityEnd":{}}})";
}

std::string content_message(const Content &content)
{
  JsonWriter json;
  json.begin_object().begin_object("clientContent");
  if (!content.turns.empty())
    json.member_json("turns", content.turns);
  return json.member("turnComplete", content.turn_complete).end_object().end_object().text();
}

std::string context_update_message(const ContextUpdate &update)
{
  JsonWriter json;
  json.begin_object().begin_object("contextUpdate");
  if (update.system_instruction)
    json.begin_object("systemInstruction")
        .begin_array("parts")
        .begin_object()
        .member("text", *update.system_instruction)
        .end_object()
        .end_array()
        .end_object();
  // The object around the list shows that there is one, so that an empty list removes all.
  if (update.tools)
    json.begin_object("tools").member_json("tools", *update.tools).end_object();
  return json.end_object().end_object().text();
}

} // namespace gemini_live
