#include "json_tree.hpp"

#include <utility>

namespace gemini_live {

namespace {

// The first name of a path and the rest of it.
std::pair<std::string, std::string_view> split(std::string_view path)
{
  const auto dot = path.find('.');
  if (dot == std::string_view::npos)
    return {std::string(path), {}};
  return {std::string(path.substr(0, dot)), path.substr(dot + 1)};
}

JsonObject *object_in(JsonObject *object, const std::string &name)
{
  JsonNode *node = json_object_get_member(object, name.c_str());
  return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : nullptr;
}

} // namespace

JsonNodePtr node_of(JsonObjectPtr object)
{
  JsonNodePtr node(json_node_alloc());
  json_node_init_object(node.get(), object.get());
  return node;
}

JsonNodePtr node_of(JsonArrayPtr array)
{
  JsonNodePtr node(json_node_alloc());
  json_node_init_array(node.get(), array.get());
  return node;
}

JsonNodePtr node_of(std::string_view text)
{
  JsonNodePtr node(json_node_alloc());
  json_node_init_string(node.get(), std::string(text).c_str());
  return node;
}

JsonNodePtr node_of(bool truth)
{
  JsonNodePtr node(json_node_alloc());
  json_node_init_boolean(node.get(), truth);
  return node;
}

JsonNodePtr node_of(std::int64_t number)
{
  JsonNodePtr node(json_node_alloc());
  json_node_init_int(node.get(), number);
  return node;
}

JsonNodePtr node_of(double number)
{
  JsonNodePtr node(json_node_alloc());
  json_node_init_double(node.get(), number);
  return node;
}

JsonNodePtr copied(JsonNode *node)
{
  return JsonNodePtr(json_node_copy(node));
}

JsonObject *make_object_in(JsonObject *object, const std::string &name)
{
  JsonObject *child = object_in(object, name);
  if (!child) {
    child = json_object_new();
    json_object_set_object_member(object, name.c_str(), child);
  }
  return child;
}

void put(JsonObject *root, std::string_view path, JsonNodePtr value)
{
  const auto [name, rest] = split(path);
  if (rest.empty())
    json_object_set_member(root, name.c_str(), value.release());
  else
    put(make_object_in(root, name), rest, std::move(value));
}

bool any_at(JsonNode *root, std::string_view path, const std::function<bool(JsonNode *)> &visit)
{
  if (path.empty())
    return visit(root);
  if (!JSON_NODE_HOLDS_OBJECT(root))
    return false;
  auto [name, rest] = split(path);
  const bool all = name.ends_with("[]");
  if (all)
    name.resize(name.size() - 2);
  JsonNode *child = json_object_get_member(json_node_get_object(root), name.c_str());
  if (!child)
    return false;
  if (!all)
    return any_at(child, rest, visit);
  if (!JSON_NODE_HOLDS_ARRAY(child))
    return false;
  JsonArray *array = json_node_get_array(child);
  for (guint i = 0; i < json_array_get_length(array); i++)
    if (any_at(json_array_get_element(array, i), rest, visit))
      return true;
  return false;
}

void remove_at(JsonObject *root, std::string_view path)
{
  const auto [name, rest] = split(path);
  if (rest.empty())
    json_object_remove_member(root, name.c_str());
  else if (JsonObject *child = object_in(root, name))
    remove_at(child, rest);
}

void merge_patch(JsonObject *target, JsonObject *patch)
{
  each_member(patch, [&](const char *name, JsonNode *node) {
    if (JSON_NODE_HOLDS_NULL(node))
      json_object_remove_member(target, name);
    else if (JSON_NODE_HOLDS_OBJECT(node))
      merge_patch(make_object_in(target, name), json_node_get_object(node));
    else
      json_object_set_member(target, name, json_node_copy(node));
  });
}

} // namespace gemini_live
