// What an application says as JSON in the middle of a conversation: turns of either side, and another
// context. Checked here, because the service ends a session that says it wrongly.
#pragma once

#include "refusals.hpp"
#include "setup_input.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gemini_live {

// Role-tagged turns: history, background, or a question.
struct Content {
  std::string turns; // JSON text of an array of Content; empty for none
  bool turn_complete = false;
  bool instructs = false; // a turn has the role system
};

// A new system instruction, new tools, or both; what is absent stays as it was.
struct ContextUpdate {
  std::optional<std::string> system_instruction;
  std::optional<std::string> tools; // JSON text of an array of Tool; `[]` removes all
  FunctionScheduling scheduling;    // of their answers
};

// `turns` is the JSON text of one turn or of an array of them. Nothing, and `why` it will not do.
std::optional<Content> parse_content(std::string_view turns, bool turn_complete, std::string &why);

std::optional<ContextUpdate>
parse_context_update(std::optional<std::string_view> system_instruction,
                     std::optional<std::string_view> tools, std::string &why);

// What the model is known to refuse in it, beginning with what to do; empty if nothing is.
std::string find_refusal(const ContextUpdate &update, std::string_view model,
                         const SetupTarget &target);

} // namespace gemini_live
