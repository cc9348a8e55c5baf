// What the SDKs let their users write otherwise than the service.

#include "setup_reader.hpp"

#include "../base/json.hpp"

#include <utility>

namespace gemini_live {

namespace {

bool is_null_type(JsonNode *schema)
{
  return JSON_NODE_HOLDS_OBJECT(schema) && JsonValue(schema)["type"].text() == "null";
}

} // namespace

JsonNodePtr SetupReader::part(JsonNode *node)
{
  if (const auto text = JsonValue(node).text()) {
    JsonObjectPtr part(json_object_new());
    put(part.get(), "text", node_of(*text));
    return node_of(std::move(part));
  }
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return wrong_type("a text or a part", node);
  const auto *parts = content_schema.find("parts");
  return node_of(object(*parts->message, json_node_get_object(node)));
}

JsonArrayPtr SetupReader::turns(JsonNode *node)
{
  return list_of(content_schema, node);
}

JsonArrayPtr SetupReader::answer_parts(JsonNode *node)
{
  return list_of(answer_part_schema, node);
}

JsonArrayPtr SetupReader::list_of(const SetupMessage &message, JsonNode *node)
{
  return list(node, [&](JsonNode *element) {
    return JSON_NODE_HOLDS_OBJECT(element) ? node_of(object(message, json_node_get_object(element)))
                                           : wrong_type("an object", element);
  });
}

// The SDKs take a text, a part or a list of them for a whole content.
JsonNodePtr SetupReader::content(JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT(node) && (JsonValue(node)["parts"] || JsonValue(node)["role"]))
    return node_of(object(content_schema, json_node_get_object(node)));
  JsonArrayPtr parts;
  if (JSON_NODE_HOLDS_ARRAY(node))
    parts = list(node, [&](JsonNode *element) { return part(element); });
  else if (auto only = part(node)) {
    parts.reset(json_array_new());
    json_array_add_element(parts.get(), only.release());
  } else
    return nullptr;
  JsonObjectPtr content(json_object_new());
  put(content.get(), "role", node_of(std::string_view("user")));
  put(content.get(), "parts", node_of(std::move(parts)));
  return node_of(std::move(content));
}

// JSON Schema names types in lower case, and says with a type "null" what the service says with
// `nullable`.
JsonNodePtr SetupReader::schema(JsonNode *node)
{
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return wrong_type("an object", node);
  JsonObjectPtr out(json_object_new());
  JsonNode *type = nullptr, *any_of = nullptr;
  each_member(json_node_get_object(node), [&](const char *name, JsonNode *value) {
    const auto camel = camel_case(name);
    if (JSON_NODE_HOLDS_NULL(value) || camel == "additionalProperties")
      return; // what is not declared is never asked for
    if (camel == "type")
      type = value;
    else if (camel == "anyOf")
      any_of = value;
    else
      member(parameters_schema, name, value, out.get());
  });
  if (type)
    schema_type(type, out.get());
  if (any_of)
    alternatives(any_of, out.get());
  return node_of(std::move(out));
}

void SetupReader::schema_type(JsonNode *node, JsonObject *out)
{
  const Step step(*this, "type");
  const auto &field = *parameters_schema.find("type");
  const auto read = [&](JsonNode *type) -> JsonNodePtr {
    const auto text = JsonValue(type).text();
    if (!text)
      return wrong_type("a text", type);
    const CharPtr upper(g_ascii_strup(text->data(), static_cast<gssize>(text->size())));
    return word(field, node_of(std::string_view(upper.get())).get());
  };
  if (!JSON_NODE_HOLDS_ARRAY(node)) {
    if (auto type = read(node))
      put(out, "type", std::move(type));
    return;
  }
  JsonArrayPtr types(json_array_new());
  JsonValue(node).each_element([&](JsonValue element) {
    if (element.text() == "null")
      put(out, "nullable", node_of(true));
    else if (auto type = read(element.node())) {
      JsonObjectPtr one(json_object_new());
      put(one.get(), "type", std::move(type));
      json_array_add_element(types.get(), node_of(std::move(one)).release());
    }
  });
  if (json_array_get_length(types.get()) == 1)
    merge_patch(out, json_array_get_object_element(types.get(), 0));
  else
    put(out, "anyOf", node_of(std::move(types)));
}

void SetupReader::alternatives(JsonNode *node, JsonObject *out)
{
  const Step step(*this, "anyOf");
  if (!JSON_NODE_HOLDS_ARRAY(node)) {
    if (auto same = wrong_type("a list", node))
      put(out, "anyOf", std::move(same));
    return;
  }
  if (!forces() && (json_object_has_member(out, "type") || json_object_has_member(out, "anyOf")))
    return fail("it excludes \"type\" beside it");
  const bool pair = json_array_get_length(json_node_get_array(node)) == 2;
  auto others = list(node, [&](JsonNode *element) -> JsonNodePtr {
    if (!is_null_type(element))
      return schema(element);
    put(out, "nullable", node_of(true));
    return nullptr;
  });
  auto *only = pair && json_array_get_length(others.get()) == 1
                   ? json_array_get_element(others.get(), 0)
                   : nullptr;
  if (!only || !JSON_NODE_HOLDS_OBJECT(only)) {
    put(out, "anyOf", node_of(std::move(others)));
    return;
  }
  // It or nothing: what is said beside it holds for it.
  each_member(json_node_get_object(only), [&](const char *name, JsonNode *member) {
    if (!json_object_has_member(out, name))
      json_object_set_member(out, name, json_node_copy(member));
  });
}

JsonArrayPtr SetupReader::tools(JsonNode *node)
{
  if (!JsonValue(node).is_array()) {
    fail_type("a list of function declarations and tools", node);
    return nullptr;
  }
  // Functions without a Tool around them share one.
  JsonArrayPtr functions;
  return list(node, [&](JsonNode *element) -> JsonNodePtr {
    if (!JSON_NODE_HOLDS_OBJECT(element))
      return wrong_type("an object", element);
    auto *tool_or_function = json_node_get_object(element);
    if (!json_object_has_member(tool_or_function, "name"))
      return node_of(object(tool_schema, tool_or_function));
    auto function = node_of(object(function_schema, tool_or_function));
    const bool first = !functions;
    if (first)
      functions.reset(json_array_new());
    json_array_add_element(functions.get(), function.release());
    if (!first)
      return nullptr;
    JsonObjectPtr tool(json_object_new());
    json_object_set_array_member(tool.get(), "functionDeclarations",
                                 json_array_ref(functions.get()));
    return node_of(std::move(tool));
  });
}

// The SDKs have much of generationConfig beside it.
void SetupReader::flat_member(const char *name, JsonNode *node, JsonObject *out)
{
  member(generation_config_schema, name, node, make_object_in(out, "generationConfig"));
}

JsonObjectPtr SetupReader::config(JsonNode *node)
{
  if (!JSON_NODE_HOLDS_OBJECT(node)) {
    fail_type("an object", node);
    return nullptr;
  }
  JsonObjectPtr out(json_object_new());
  each_member(json_node_get_object(node), [&](const char *name, JsonNode *value) {
    if (g_str_equal(name, "tools") && !JSON_NODE_HOLDS_NULL(value)) {
      const Step step(*this, name);
      if (auto list = tools(value))
        put(out.get(), name, node_of(std::move(list)));
    } else if (!is_flat(name) && !g_str_equal(name, kForceName))
      member(setup_schema, name, value, out.get());
  });
  each_member(json_node_get_object(node), [&](const char *name, JsonNode *value) {
    if (is_flat(name))
      flat_member(name, value, out.get());
  });
  return out;
}

} // namespace gemini_live
