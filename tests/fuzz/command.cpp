// Lines that a script sends, however wrong they are.
#include "target.hpp"

#include "gst/geminilive/base/json.hpp"
#include "gst/geminilive/wire/command.hpp"

#include <glib.h>

#include <string>

namespace {

using namespace gemini_live;

bool is_utf8(const std::string &text)
{
  return g_utf8_validate_len(text.data(), text.size(), nullptr);
}

bool is_array(const std::string &json)
{
  const JsonDocument document(json);
  return document.root().is_array();
}

// What the engine relies on.
void look_at(const Command &command)
{
  if (const auto *text = std::get_if<TextCommand>(&command))
    fuzz::claim(!text->text.empty() && is_utf8(text->text));
  else if (const auto *content = std::get_if<Content>(&command))
    fuzz::claim(content->turns.empty() ? content->turn_complete : is_array(content->turns));
  else if (const auto *answer = std::get_if<ToolResponseCommand>(&command))
    fuzz::claim(!answer->id.empty() && is_utf8(answer->id) && is_utf8(answer->response));
  else if (const auto *failure = std::get_if<ToolErrorCommand>(&command))
    fuzz::claim(!failure->id.empty() && is_utf8(failure->id) && is_utf8(failure->message));
  else if (const auto *update = std::get_if<ContextUpdate>(&command)) {
    fuzz::claim(update->system_instruction || update->tools);
    fuzz::claim(!update->system_instruction || is_utf8(*update->system_instruction));
    fuzz::claim(!update->tools || is_array(*update->tools));
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
  for (const auto line : fuzz::lines_of(fuzz::text_of(data, size))) {
    std::string why;
    const auto command = parse_command(line, why);
    fuzz::claim(command.has_value() == why.empty());
    if (command)
      look_at(*command);
    const auto shown = quoted(line);
    fuzz::claim(is_utf8(shown));
    fuzz::claim(shown.size() <= 4 * 80 + std::string_view("…").size());
    fuzz::claim(shown.find('\n') == std::string::npos);
  }
  return 0;
}
