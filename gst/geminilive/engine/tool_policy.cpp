#include "tool_policy.hpp"

#include "../base/json.hpp"
#include "../geminilive-enums.h"
#include "../tools/program.hpp"
#include "../wire/models.hpp"

namespace gemini_live {

namespace {

using Behavior = ToolPolicy::Behavior;
using Hold = ToolPolicy::Hold;

Hold hold_of(const Settings &settings, unsigned family)
{
  switch (settings.choice(Setting::hold_input_during_tool_calls)) {
  case GST_GEMINI_LIVE_HOLD_INPUT_ON:
    return Hold::while_calling;
  case GST_GEMINI_LIVE_HOLD_INPUT_OFF:
    return Hold::never;
  default:
    // It takes the voice for a new turn and cancels the call after 7 to 12 s.
    return family == k31 ? Hold::while_blocking : Hold::never;
  }
}

// Of functions that do not say.
Behavior default_behavior(unsigned family, const SetupTarget &target)
{
  const bool is_new = family == k38 || family == kThinker;
  // Asynchronous by its documentation: cloud.google.com live-api, asynchronous function calling.
  const bool on_vertex = family == k25 && target.backend == Backend::vertex;
  return is_new || on_vertex ? Behavior::non_blocking : Behavior::blocking;
}

std::optional<Behavior> behavior_of(const JsonValue &declaration)
{
  const auto said = declaration["behavior"].text().value_or("");
  if (said == "BLOCKING")
    return Behavior::blocking;
  return said == "NON_BLOCKING" ? std::optional(Behavior::non_blocking) : std::nullopt;
}

Scheduling scheduling_of(const FunctionScheduling &all, const std::string &name)
{
  const auto found = all.find(name);
  if (found == all.end())
    return Scheduling::none;
  if (found->second == "INTERRUPT")
    return Scheduling::interrupt;
  return found->second == "SILENT" ? Scheduling::silent : Scheduling::when_idle;
}

} // namespace

ToolPolicy::Functions functions_of(const JsonValue &tools, const FunctionScheduling &scheduling)
{
  ToolPolicy::Functions functions;
  tools.each_element([&](const JsonValue &tool) {
    tool["functionDeclarations"].each_element([&](const JsonValue &declaration) {
      const std::string name(declaration["name"].text().value_or(""));
      functions[name] = {behavior_of(declaration), scheduling_of(scheduling, name)};
    });
  });
  return functions;
}

ToolPolicy make_tool_policy(const Settings &settings, const Setup &setup, const SetupTarget &target)
{
  const JsonDocument document(setup.message);
  const auto root = document.root()["setup"];
  const auto model = root["model"].text().value_or("");
  const auto family = family_of(model);
  const auto refusal = [&](const char *field) {
    return setup.forced ? std::string() : find_refusal(field, model, target);
  };
  const auto &program = settings.text(Setting::tool_command);
  return {
      .timeout = settings.time(Setting::tool_timeout),
      .program = program,
      .no_program = program.empty() ? std::string() : Program::fault_of(program),
      .waits_untaken =
          settings.choice(Setting::untaken_tools) == GST_GEMINI_LIVE_UNTAKEN_TOOLS_WAIT,
      .hold = hold_of(settings, family),
      .behavior = default_behavior(family, target),
      // Measured on Vertex AI in October 2026.
      .loses_early_answers = family == k38,
      .no_scheduling = refusal("toolResponse.scheduling"),
      .no_will_continue = refusal("toolResponse.willContinue"),
      .functions = functions_of(root["tools"], setup.scheduling),
  };
}

} // namespace gemini_live
