// What a script tells us: one JSON object a line, with the command as its one key. docs/commands.md
// lists them.
//
// Pure data, and not trusted.
#pragma once

#include "content.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gemini_live {

struct TextCommand {
  std::string text;
};
struct ToolResponseCommand {
  std::string id;
  std::string response; // JSON text of any value
};
struct ToolErrorCommand {
  std::string id;
  std::string message;
};
struct ActivityCommand {
  bool start;
};
struct InterruptCommand {};
struct CloseCommand {};

using Command = std::variant<TextCommand, Content, ContextUpdate, ToolResponseCommand,
                             ToolErrorCommand, ActivityCommand, InterruptCommand, CloseCommand>;

// Nothing, and `why` the line is no command, in words that hold nothing of the line.
std::optional<Command> parse_command(std::string_view line, std::string &why);

// The beginning of a line, at most 80 bytes of it, for somebody to read: no character is cut, and
// what cannot be shown is written as \xNN.
std::string quoted(std::string_view line);

} // namespace gemini_live
