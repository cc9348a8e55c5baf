// What the service can say, as data.
//
// A message may carry several things at once, so every key of every message is read into one
// struct; what is not known is named in `unknown` and otherwise ignored. Field names and types are
// those of the service's v1beta protocol (BidiGenerateContentServerMessage) and of Google's Gen AI
// SDK.
#pragma once

#include "../base/glib_ptr.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gemini_live {

struct SpeechPart {
  unsigned rate;
  BytesPtr samples; // s16le mono, may end inside a sample
};

struct TextPart {
  std::string text;
  bool thought;
};

struct CodePart {
  std::string json; // of an executableCode or a codeExecutionResult
  bool result;
};

using Part = std::variant<SpeechPart, TextPart, CodePart>;

struct Transcription {
  std::string text;
  bool finished = false;
};

struct FunctionCall {
  std::string id; // may be empty
  std::string name;
  std::string args; // JSON text of an object
};

struct ResumptionUpdate {
  std::string handle; // empty: not now
  bool resumable = false;
};

struct VoiceActivity {
  bool start = false;
  std::optional<std::uint64_t> offset; // ns of the audio that was sent
};

// Counts that were not sent are absent.
struct Usage {
  std::optional<std::int64_t> prompt, response, total, cached, tool_use, thoughts;
  std::string details; // JSON text of the whole
};

// What is said of a turn at its end, or before.
struct TurnEnd {
  std::string reason, interaction_status;
  bool waiting_for_input = false;
};

struct ServerContent {
  std::vector<Part> parts;
  std::optional<std::string> unplayable; // why some speech is not among the parts
  bool generation_complete = false;
  bool turn_complete = false;
  bool interrupted = false;
  TurnEnd turn_end;
  std::optional<Transcription> input, interim_input, output;
  std::optional<std::string> grounding, url_context; // JSON text
};

struct ServerMessage {
  bool setup_complete = false;
  ServerContent content;
  std::vector<FunctionCall> calls;
  std::vector<std::string> cancelled;
  std::optional<std::uint64_t> going_away; // ns left; 0 is now
  std::optional<ResumptionUpdate> resumption;
  std::vector<VoiceActivity> voice_activity;
  std::optional<Usage> usage;
  std::optional<std::string> error; // JSON text
  std::vector<std::string> unknown; // paths of what was not understood
};

// Never fails on an unknown or ill-typed field; `error` gets a sentence if `text` is no JSON
// object.
std::optional<ServerMessage> parse_server_message(std::string_view text, std::string &error);

} // namespace gemini_live
