// What the service says: values in, pretty printed JSON text out, the way the service lays it out.
//
// Pure: no thread, no clock.
#pragma once

#include "json.hpp"
#include "profile.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gemini_live_simulator {

struct Usage {
  unsigned prompt_text = 0;
  unsigned prompt_audio = 0;
  unsigned response_audio = 0;
};

struct FunctionCall {
  std::string id;
  std::string name;
  std::string args; // JSON text of an object
};

// The members of one serverContent; what is empty or false is left out.
struct ServerContent {
  std::span<const std::int16_t> audio; // 24 kHz
  std::string thought;
  std::string text; // of a model that answers in text
  std::string input_text;
  std::string interim_input_text;
  std::string output_text;
  bool transcript_opens = false;
  bool transcript_closes = false;
  bool generation_complete = false;
  bool interrupted = false;
  bool turn_complete = false;
  std::string interaction_status;
  std::optional<Usage> usage; // beside the content
};

std::string print_message(Json message);                         // any, as the service lays it out
std::string print_setup_complete(const std::string &session_id); // empty: none
std::string print_content(const Profile &profile, const ServerContent &content);
std::string print_tool_call(std::span<const FunctionCall> calls);
std::string print_tool_call_cancellation(const std::vector<std::string> &ids);
std::string print_go_away(double seconds);
std::string print_resumption_update(const std::string &handle); // empty: not resumable now
std::string print_voice_activity(bool start, double seconds);
std::string print_vad_signal(bool start);
std::string print_keep_alive();

// The same message with a key that no client knows.
std::string with_unknown_key(std::string text);

// "5s", "1.880s"
std::string print_duration(double seconds);

} // namespace gemini_live_simulator
