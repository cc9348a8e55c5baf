// How the model of a session calls functions, and what the user wants to be done about it.
#pragma once

#include "../wire/setup.hpp"
#include "../wire/tool_response.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace gemini_live {

struct ToolPolicy {
  enum class Behavior { blocking, non_blocking };
  struct Function {
    std::optional<Behavior> behavior;
    Scheduling scheduling = Scheduling::none; // of answers that do not say
  };
  using Functions = std::map<std::string, Function, std::less<>>;
  enum class Hold { never, while_blocking, while_calling };

  std::uint64_t timeout = 0; // ns, 0 = no limit
  std::string program;       // answers what no handler takes; empty for none
  std::string no_program;    // what is wrong with it, for people; empty if it can be run
  bool waits_untaken = false;
  Hold hold = Hold::never; // the user's voice, meanwhile
  // Of the model.
  Behavior behavior = Behavior::blocking; // where the declaration does not say
  bool loses_early_answers = false;
  std::string no_scheduling;    // why it takes none; empty if it does
  std::string no_will_continue; // likewise
  Functions functions;          // at the beginning
};

// What an array of Tool objects declares.
ToolPolicy::Functions functions_of(const JsonValue &tools, const FunctionScheduling &scheduling);

ToolPolicy make_tool_policy(const Settings &settings, const Setup &setup,
                            const SetupTarget &target);

} // namespace gemini_live
