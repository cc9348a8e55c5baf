#include "content.hpp"

#include "../base/json.hpp"
#include "setup_input.hpp"

namespace gemini_live {

namespace {

std::string what_is_wrong(const JsonValue &turn)
{
  const auto role = turn["role"].text();
  if (!turn.is_object())
    return "a turn is no object";
  if (role != "user" && role != "model")
    return "a turn's role is neither user nor model";
  std::size_t parts = 0;
  bool are_objects = true;
  turn["parts"].each_element([&](const JsonValue &part) {
    parts++;
    are_objects = are_objects && part.is_object();
  });
  return parts > 0 && are_objects ? "" : "a turn's parts are no array of objects";
}

std::optional<JsonDocument> parse(std::string_view json, const char *name, std::string &why)
{
  std::optional<JsonDocument> document(std::in_place, json);
  if (document->is_valid())
    return document;
  why = std::string(name) + " are no JSON: " + document->error();
  return std::nullopt;
}

} // namespace

std::optional<Content> parse_content(std::string_view turns, bool turn_complete, std::string &why)
{
  const auto document = parse(turns, "the turns", why);
  if (!document)
    return std::nullopt;
  const auto root = document->root();
  if (root.is_object()) {
    why = what_is_wrong(root);
    if (!why.empty())
      return std::nullopt;
    return Content{"[" + root.dump() + "]", turn_complete};
  }
  if (!root.is_array()) {
    why = "the turns are no array";
    return std::nullopt;
  }
  std::size_t count = 0;
  root.each_element([&](const JsonValue &turn) {
    count++;
    if (why.empty())
      why = what_is_wrong(turn);
  });
  if (!why.empty())
    return std::nullopt;
  return Content{count > 0 ? root.dump() : std::string(), turn_complete};
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
  auto list = read_tools(*tools, "tools", false, &error);
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

} // namespace gemini_live
