#include "setup_input.hpp"

#include "../base/json.hpp"
#include "setup_reader.hpp"

#include <gst/gst.h>

#include <set>
#include <utility>

namespace gemini_live {

namespace {

bool is_json(const JsonDocument &document, const char *source, GError **error)
{
  if (document.is_valid())
    return true;
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Correct %s: it is no JSON (%s)", source, document.error().c_str());
  return false;
}

bool has_error(const SetupReader &reader, GError **error)
{
  if (reader.error().empty())
    return false;
  g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                      reader.error().c_str());
  return true;
}

JsonArray *functions_of(JsonNode *tool)
{
  const auto functions = JsonValue(tool)["functionDeclarations"];
  return functions && JSON_NODE_HOLDS_ARRAY(functions.node())
             ? json_node_get_array(functions.node())
             : nullptr;
}

template <class Visit>
void each_tool(JsonArray *tools, Visit visit)
{
  for (guint i = 0; i < json_array_get_length(tools); i++)
    visit(json_array_get_element(tools, i));
}

bool has_each_once(JsonArray *tools, GError **error)
{
  std::set<std::string_view> names;
  std::optional<std::string_view> twice;
  each_tool(tools, [&](JsonNode *tool) {
    if (auto *functions = functions_of(tool))
      each_tool(functions, [&](JsonNode *function) {
        const auto name = JsonValue(function)["name"].text();
        if (name && !names.insert(*name).second)
          twice = name;
      });
  });
  if (twice)
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                "Give every function a name of its own: \"%.*s\" is declared twice",
                static_cast<int>(twice->size()), twice->data());
  return !twice;
}

} // namespace

std::optional<SetupPatch> read_setup_patch(std::string_view json, const char *source,
                                           GError **error)
{
  const JsonDocument document(json);
  if (!is_json(document, source, error))
    return std::nullopt;
  const auto forced = document.root()[SetupReader::kForceName];
  if (forced && !(JSON_NODE_HOLDS_VALUE(forced.node()) &&
                  json_node_get_value_type(forced.node()) == G_TYPE_BOOLEAN)) {
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                "Correct x-force in %s: it must be true or false", source);
    return std::nullopt;
  }
  const auto force = forced.truth() ? Force::yes : Force::no;
  SetupReader reader(source, force);
  auto object = reader.config(document.root().node());
  if (has_error(reader, error))
    return std::nullopt;
  return SetupPatch{std::move(object), force};
}

JsonArrayPtr read_tools(std::string_view json, const char *source, Force force, GError **error)
{
  const JsonDocument document(json);
  if (!is_json(document, source, error))
    return nullptr;
  SetupReader reader(source, force);
  auto tools = reader.tools(document.root().node());
  if (has_error(reader, error) || !has_each_once(tools.get(), error))
    return nullptr;
  return tools;
}

JsonArrayPtr read_turns(const JsonValue &turns, std::string &why)
{
  SetupReader reader("turns", Force::never);
  auto read = reader.turns(turns.node());
  why = reader.error();
  return why.empty() ? std::move(read) : nullptr;
}

JsonArrayPtr read_answer_parts(const JsonValue &parts, std::string &why)
{
  SetupReader reader("the parts of the answer", Force::never);
  auto read = reader.answer_parts(parts.node());
  why = reader.error();
  return why.empty() ? std::move(read) : nullptr;
}

FunctionScheduling take_scheduling(const JsonValue &tools)
{
  FunctionScheduling all;
  tools.each_element([&](const JsonValue &tool) {
    tool["functionDeclarations"].each_element([&](const JsonValue &function) {
      if (const auto said = function["x-scheduling"].text())
        all.emplace(function["name"].text().value_or(""), *said);
      if (function.is_object())
        json_object_remove_member(json_node_get_object(function.node()), "x-scheduling");
    });
  });
  return all;
}

bool join_tools(JsonArray *tools, JsonArray *more, GError **error)
{
  JsonArray *shared = nullptr;
  each_tool(tools, [&](JsonNode *tool) { shared = shared ? shared : functions_of(tool); });
  each_tool(more, [&](JsonNode *tool) {
    auto *functions = shared ? functions_of(tool) : nullptr;
    if (!functions) {
      json_array_add_element(tools, json_node_copy(tool));
      return;
    }
    each_tool(functions, [&](JsonNode *function) {
      json_array_add_element(shared, json_node_copy(function));
    });
    auto *rest = json_node_get_object(tool);
    json_object_remove_member(rest, "functionDeclarations");
    if (json_object_get_size(rest) > 0)
      json_array_add_element(tools, json_node_copy(tool));
  });
  return has_each_once(tools, error);
}

} // namespace gemini_live
