// What a client said: one JSON object read into one of five messages, or the reason to refuse it.
//
// Both spellings of names and both base64 alphabets are taken. Pure: no thread, no clock.
#pragma once

#include <cstdint>
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

struct Setup {
  std::string model;
  std::vector<std::string> modalities;
  bool manual_activity = false;
  std::optional<unsigned> prefix_padding_ms;
  std::optional<unsigned> silence_duration_ms;
  bool no_interruption = false;
  bool resumption = false;
  std::string handle; // empty: a new session
  bool input_transcription = false;
  bool output_transcription = false;
  bool explicit_vad_signal = false;
  bool thinking_level = false; // one is given
  bool proactivity = false;    // the field is there
  bool history_first = false;  // what comes up to turnComplete is history, not a question
  std::size_t text_size = 0;   // bytes of the message, for the count of tokens
};

struct ClientContent {
  std::string text; // of the last turn of the user
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
};

struct ToolResponse {
  std::vector<FunctionResponse> responses;
};

struct ContextUpdate {};

using ClientMessage =
    std::variant<Setup, ClientContent, RealtimeInput, ToolResponse, ContextUpdate>;

std::variant<ClientMessage, Refusal> read_client_message(std::string_view json);

// The ";rate=" of an audio mime type; 16000 if there is none, nothing if this is no audio.
std::optional<unsigned> audio_rate(std::string_view mime_type);

} // namespace gemini_live_simulator
