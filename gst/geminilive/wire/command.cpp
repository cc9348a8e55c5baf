#include "command.hpp"

#include "../base/json.hpp"

#include <glib.h>

#include <algorithm>
#include <initializer_list>

namespace gemini_live {

namespace {

using Parsed = std::optional<Command>;

Parsed refuse(std::string &why, const char *because)
{
  why = because;
  return std::nullopt;
}

// Whether an object has no other keys than these.
bool has_only(const JsonValue &object, std::initializer_list<std::string_view> names)
{
  bool only = true;
  object.each_member([&](std::string_view name, const JsonValue &) {
    only = only && std::find(names.begin(), names.end(), name) != names.end();
  });
  return only;
}

Parsed parse_text(const JsonValue &value, std::string &why)
{
  const auto text = value.text();
  if (!text)
    return refuse(why, "text is no string");
  if (text->empty())
    return refuse(why, "text is empty");
  return TextCommand{std::string(*text)};
}

Parsed parse_content_command(const JsonValue &value, std::string &why)
{
  const auto turns = value["turns"];
  const auto turn_complete = value["turnComplete"];
  if (!value.is_object() || !has_only(value, {"turns", "turnComplete"}))
    return refuse(why, "content holds turns and turnComplete, nothing else");
  if (!turns && !turn_complete.truth())
    return refuse(why, "content says nothing");
  return parse_content(turns ? turns.dump() : "[]", turn_complete.truth(), why);
}

Parsed parse_context_command(const JsonValue &value, std::string &why)
{
  const auto instruction = value["system-instruction"];
  const auto tools = value["tools"];
  if (!value.is_object() || !has_only(value, {"system-instruction", "tools"}))
    return refuse(why, "context holds system-instruction and tools, nothing else");
  if (instruction && !instruction.text())
    return refuse(why, "system-instruction is no string");
  const auto tools_text = tools ? std::optional(tools.dump()) : std::nullopt;
  return parse_context_update(instruction.text(), tools_text, why);
}

Parsed parse_tool_response(const JsonValue &value, std::string &why)
{
  const auto id = value["id"].text();
  const auto response = value["response"];
  if (!value.is_object() || !has_only(value, {"id", "response"}))
    return refuse(why, "tool-response holds id and response, nothing else");
  if (!id || id->empty() || !response)
    return refuse(why, "tool-response wants the id of a call and a response");
  return ToolResponseCommand{std::string(*id), response.dump()};
}

Parsed parse_tool_error(const JsonValue &value, std::string &why)
{
  const auto id = value["id"].text();
  const auto message = value["message"].text();
  if (!value.is_object() || !has_only(value, {"id", "message"}))
    return refuse(why, "tool-error holds id and message, nothing else");
  if (!id || id->empty() || !message)
    return refuse(why, "tool-error wants the id of a call and a message");
  return ToolErrorCommand{std::string(*id), std::string(*message)};
}

Parsed parse_activity(const JsonValue &value, std::string &why)
{
  const auto edge = value.text();
  if (edge != "start" && edge != "end")
    return refuse(why, "activity is neither start nor end");
  return ActivityCommand{edge == "start"};
}

Parsed parse_interrupt(const JsonValue &value, std::string &why)
{
  return value.truth() ? Parsed(InterruptCommand{}) : refuse(why, "interrupt is not true");
}

Parsed parse_close(const JsonValue &value, std::string &why)
{
  return value.truth() ? Parsed(CloseCommand{}) : refuse(why, "close is not true");
}

constexpr struct {
  const char *name;
  Parsed (*parse)(const JsonValue &, std::string &);
} kCommands[] = {
    {"text", parse_text},
    {"content", parse_content_command},
    {"activity", parse_activity},
    {"interrupt", parse_interrupt},
    {"close", parse_close},
    {"context", parse_context_command},
    {"tool-response", parse_tool_response},
    {"tool-error", parse_tool_error},
};

} // namespace

std::optional<Command> parse_command(std::string_view line, std::string &why)
{
  const JsonDocument document(line);
  if (!document.is_valid())
    return refuse(why, "it is no JSON"); // the parser's own words would quote it
  if (!document.root().is_object())
    return refuse(why, "it is no object");
  unsigned keys = 0;
  std::string_view key;
  JsonValue value;
  document.root().each_member([&](std::string_view name, const JsonValue &member) {
    keys++;
    key = name;
    value = member;
  });
  if (keys != 1)
    return refuse(why, "a command is an object with one key, whose value is not null");
  for (const auto &command : kCommands)
    if (key == command.name)
      return command.parse(value, why);
  return refuse(why, "its key is the name of no command");
}

std::string quoted(std::string_view line)
{
  constexpr std::size_t kMost = 80;
  std::string shown;
  for (std::size_t at = 0; at < line.size();) {
    const auto character =
        g_utf8_get_char_validated(line.data() + at, static_cast<gssize>(line.size() - at));
    const bool valid = g_unichar_validate(character);
    const auto size = valid ? static_cast<std::size_t>(g_unichar_to_utf8(character, nullptr)) : 1;
    if (at + size > kMost)
      return shown + "…";
    if (valid && !g_unichar_iscntrl(character))
      shown += line.substr(at, size);
    else
      for (const char byte : line.substr(at, size)) {
        constexpr char kDigits[] = "0123456789ABCDEF";
        const auto bits = static_cast<unsigned char>(byte);
        shown += {'\\', 'x', kDigits[bits >> 4], kDigits[bits & 15]};
      }
    at += size;
  }
  return shown;
}

} // namespace gemini_live
