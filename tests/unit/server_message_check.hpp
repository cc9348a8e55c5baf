// Messages of the service's, as they are read.
#pragma once

#include "check.hpp"

#include "gst/geminilive/wire/server_message.hpp"

namespace gemini_live {

inline ServerMessage parse(std::string_view json, check::Where where = check::Where::current())
{
  std::string error;
  auto message = parse_server_message(json, error);
  check::that(message.has_value(), std::string(json.substr(0, 200)) + ": " + error, where);
  return std::move(*message);
}

inline bool is_empty(const ServerMessage &message)
{
  const auto &said = message.content;
  return !message.setup_complete && message.calls.empty() && message.cancelled.empty() &&
         !message.going_away && !message.resumption && message.voice_activity.empty() &&
         !message.usage && !message.error && said.parts.empty() && !said.generation_complete &&
         !said.turn_complete && !said.interrupted && !said.turn_end.waiting_for_input &&
         said.turn_end.reason.empty() && said.turn_end.interaction_status.empty() && !said.input &&
         !said.interim_input && !said.output && !said.grounding && !said.url_context;
}

template <class T>
const T &only(const std::vector<Part> &all, check::Where where = check::Where::current())
{
  check::equal(all.size(), 1u, "parts", where);
  check::that(std::holds_alternative<T>(all[0]), "another part", where);
  return std::get<T>(all[0]);
}

inline std::string bytes_of(const SpeechPart &part)
{
  gsize size = 0;
  const auto *data = static_cast<const char *>(g_bytes_get_data(part.samples.get(), &size));
  return size ? std::string(data, size) : std::string();
}

inline const std::string kSamples{"\0\0\1\0\xff\xff\2\0", 8}; // "AAABAP//AgA="

} // namespace gemini_live
