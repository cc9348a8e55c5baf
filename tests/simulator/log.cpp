// The log and its waiting.
#include "log.hpp"

#include "glib.hpp"

#include <json-glib/json-glib.h>

#include <utility>

namespace gemini_live_simulator {
namespace {

const char *name_of(Received::Kind kind)
{
  using enum Received::Kind;
  switch (kind) {
  case connect:
    return "connect";
  case setup:
    return "setup";
  case audio:
    return "audio";
  case video:
    return "video";
  case text:
    return "text";
  case audio_stream_end:
    return "audio-stream-end";
  case activity_start:
    return "activity-start";
  case activity_end:
    return "activity-end";
  case client_content:
    return "client-content";
  case tool_response:
    return "tool-response";
  case context_update:
    return "context-update";
  case malformed:
    return "malformed";
  case close:
    return "close";
  }
  return "";
}

} // namespace

std::string print(const Received &received)
{
  JsonObject *line = json_object_new();
  json_object_set_int_member(line, "connection", received.connection);
  json_object_set_string_member(line, "kind", name_of(received.kind));
  if (!received.data.empty())
    json_object_set_int_member(line, "bytes", static_cast<gint64>(received.data.size()));
  if (!received.text.empty())
    json_object_set_string_member(line, "text", received.text.c_str());
  if (received.close_code)
    json_object_set_int_member(line, "code", received.close_code);
  if (!received.json.empty() &&
      g_utf8_validate_len(received.json.data(), received.json.size(), nullptr))
    json_object_set_string_member(line, "json", received.json.c_str());
  JsonNode *node = json_node_init_object(json_node_alloc(), line);
  json_object_unref(line);
  const CharPtr text(json_to_string(node, FALSE));
  json_node_unref(node);
  return text.get();
}

void Log::add(Received received)
{
  std::shared_ptr<const Callback> callback;
  {
    const std::lock_guard lock(mutex_);
    callback = callback_;
    if (!callback)
      received_.push_back(std::move(received));
    else
      received_.push_back(received);
  }
  changed_.notify_all();
  if (callback)
    (*callback)(received);
}

void Log::on_received(Callback callback)
{
  const std::lock_guard lock(mutex_);
  callback_ = callback ? std::make_shared<const Callback>(std::move(callback)) : nullptr;
}

std::vector<Received> Log::all() const
{
  const std::lock_guard lock(mutex_);
  return received_;
}

std::vector<std::uint8_t> Log::audio() const
{
  const std::lock_guard lock(mutex_);
  std::vector<std::uint8_t> bytes;
  for (const auto &received : received_)
    if (received.kind == Received::Kind::audio)
      bytes.insert(bytes.end(), received.data.begin(), received.data.end());
  return bytes;
}

bool Log::wait_for(const std::function<bool(const std::vector<Received> &)> &done,
                   std::chrono::milliseconds timeout) const
{
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return done(received_); });
}

} // namespace gemini_live_simulator
