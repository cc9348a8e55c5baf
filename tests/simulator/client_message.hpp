// What a client said: one JSON object read into one of five messages, or the reason to refuse it.
//
// Both spellings of names and both base64 alphabets are taken. Pure: no thread, no clock.
#pragma once

#include "profile.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gemini_live_simulator {

// The close frame that answers a message which is no good.
struct Refusal {
  unsigned code;
  std::string reason;
};

inline constexpr std::string_view invalid_argument = "Request contains an invalid argument.";

struct Blob {
  std::string mime_type;
  std::vector<std::uint8_t> data;
};

struct Function {
  std::string name;
  std::string behavior; // empty: not said
};

struct ToolSet {
  std::vector<std::string> kinds; // "googleSearch"
  std::vector<Function> functions;
};

struct Setup {
  std::string model;
  std::vector<std::string> modalities;
  bool manual_activity = false;
  std::optional<unsigned> prefix_padding_ms;
  std::optional<unsigned> silence_duration_ms;
  bool no_interruption = false;
  bool resumption = false;
  bool handle_without_value = false;
  std::string handle; // empty: a new session
  bool input_transcription = false;
  bool output_transcription = false;
  bool explicit_vad_signal = false;
  std::string thinking_level; // empty: not said
  bool thinking_budget = false;
  bool affective_dialog = false;
  std::optional<bool> proactive_audio;
  bool proactivity = false; // the field is there
  std::string language_code;
  std::string instruction;
  ToolSet tools;
  std::map<std::string, std::string> labels;
  bool history_first = false; // what comes up to turnComplete is history, not a question
  std::string json;           // the message as it came
};

struct ClientContent {
  struct Turn {
    std::string role;
    std::string text;
    bool function_parts = false;
    std::vector<std::string> audio; // MIME types
  };
  std::vector<Turn> turns;
  bool turn_complete = false;
};

struct RealtimeInput {
  std::optional<Blob> audio;
  std::optional<Blob> video;
  std::optional<std::string> text;
  bool audio_stream_end = false;
  bool activity_start = false;
  bool activity_end = false;
};

struct FunctionResponse {
  std::string id;
  std::string name;
  std::string scheduling;
  bool will_continue = false;
  std::string answer;             // its "output" or "error", else all of it as JSON text
  std::vector<std::string> media; // MIME types
};

struct ToolResponse {
  std::vector<FunctionResponse> responses;
};

struct ContextUpdate {
  std::optional<std::string> instruction;
  std::optional<ToolSet> tools;
};

using ClientMessage =
    std::variant<Setup, ClientContent, RealtimeInput, ToolResponse, ContextUpdate>;

// What only the other backend has is unknown to this one.
std::variant<ClientMessage, Refusal> read_client_message(std::string_view json, Backend backend);

// The ";rate=" of an audio mime type; 16000 if there is none, nothing if this is no audio.
std::optional<unsigned> audio_rate(std::string_view mime_type);

} // namespace gemini_live_simulator
