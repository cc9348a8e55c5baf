#include "content.hpp"

#include "../base/json.hpp"
#include "setup_input.hpp"

namespace gemini_live {

namespace {

constexpr std::string_view kSystem = "system";

std::string what_is_wrong(const JsonValue &turn)
{
  const auto role = turn["role"].text();
  if (role != "user" && role != "model" && role != kSystem)
    return "a turn's role is none of user, model and system";
  std::size_t parts = 0;
  turn["parts"].each_element([&](const JsonValue &) { parts++; });
  return parts > 0 ? "" : "a turn has no parts";
}

} // namespace

std::optional<Content> parse_content(std::string_view turns, bool turn_complete, std::string &why)
{
  const JsonDocument document(turns);
  if (!document.is_valid()) {
    why = "the turns are no JSON: " + document.error();
    return std::nullopt;
  }
  const auto root = document.root();
  if (root.is_object())
    return parse_content("[" + root.dump() + "]", turn_complete, why);
  if (!root.is_array()) {
    why = "the turns are no array";
    return std::nullopt;
  }
  auto list = read_turns(root, why);
  if (!list)
    return std::nullopt;
  const auto node = node_of(std::move(list));
  std::size_t count = 0;
  bool instructs = false;
  JsonValue(node.get()).each_element([&](const JsonValue &turn) {
    count++;
    instructs |= turn["role"].text() == kSystem;
    if (why.empty())
      why = what_is_wrong(turn);
  });
  if (count == 0 && !turn_complete)
    why = "they say nothing";
  if (!why.empty())
    return std::nullopt;
  return Content{count > 0 ? JsonValue(node.get()).dump() : std::string(), turn_complete,
                 instructs};
}

std::optional<ContextUpdate>
parse_context_update(std::optional<std::string_view> system_instruction,
                     std::optional<std::string_view> tools, std::string &why)
{
  ContextUpdate update;
  if (!system_instruction && !tools) {
    why = "neither a system instruction nor tools are given";
    return std::nullopt;
  }
  if (system_instruction)
    update.system_instruction = *system_instruction;
  if (!tools)
    return update;
  GError *error = nullptr;
  auto list = read_tools(*tools, "tools", Force::never, &error);
  if (!list) {
    why = error->message;
    g_error_free(error);
    return std::nullopt;
  }
  const auto node = node_of(std::move(list));
  update.scheduling = take_scheduling(JsonValue(node.get()));
  update.tools = JsonValue(node.get()).dump();
  return update;
}

std::string find_refusal(const ContextUpdate &update, std::string_view model,
                         const SetupTarget &target)
{
  JsonObjectPtr wanted(json_object_new());
  if (update.system_instruction)
    put(wanted.get(), "systemInstruction", node_of(*update.system_instruction));
  // Nobody refuses an empty list, which removes.
  if (update.tools && *update.tools != "[]")
    put(wanted.get(), "tools", copied(JsonDocument(*update.tools).root().node()));
  return find_refusal_of_update(wanted.get(), model, target);
}

} // namespace gemini_live
