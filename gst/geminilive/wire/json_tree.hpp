// JSON that is being put together: objects that can be changed, addressed by paths such as
// "generationConfig.speechConfig.languageCode".
//
// An object belongs to one tree, and to nobody else while it may still change.
#pragma once

#include "../base/glib_ptr.hpp"

#include <json-glib/json-glib.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace gemini_live {

using JsonObjectPtr = std::unique_ptr<JsonObject, Release<json_object_unref>>;
using JsonArrayPtr = std::unique_ptr<JsonArray, Release<json_array_unref>>;
using JsonNodePtr = std::unique_ptr<JsonNode, Release<json_node_unref>>;

JsonNodePtr node_of(JsonObjectPtr object);
JsonNodePtr node_of(JsonArrayPtr array);
JsonNodePtr node_of(std::string_view text);
JsonNodePtr node_of(bool truth);
JsonNodePtr node_of(std::int64_t number);
JsonNodePtr node_of(double number);

// A copy; lists and objects in it are shared, so it may not change.
JsonNodePtr copied(JsonNode *node);

// The object of that name, made if there is none.
JsonObject *make_object_in(JsonObject *object, const std::string &name);

// visit (const char *name, JsonNode *node) for each member in order, nulls too.
template <class Visit>
void each_member(JsonObject *object, Visit visit)
{
  JsonObjectIter iter;
  const char *name = nullptr;
  JsonNode *node = nullptr;
  json_object_iter_init_ordered(&iter, object);
  while (json_object_iter_next_ordered(&iter, &name, &node))
    visit(name, node);
}

// Takes the value; objects that are missing on the way are made.
void put(JsonObject *root, std::string_view path, JsonNodePtr value);

// Visits every value at `path`, in which `[]` stands for all elements of a list, until `visit` is
// true for one. Whether it was.
bool any_at(JsonNode *root, std::string_view path, const std::function<bool(JsonNode *)> &visit);

void remove_at(JsonObject *root, std::string_view path);

// As RFC 7396 has it. The target shares nothing that may change with the patch.
void merge_patch(JsonObject *target, JsonObject *patch);

} // namespace gemini_live
