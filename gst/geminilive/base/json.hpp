// Reading JSON from a peer that is not trusted, and writing it.
//
// Nesting is bounded before json-glib sees the text, since it recurses without a limit (json-glib
// 1.6). Reading is lenient as proto3 JSON asks: numbers may be strings, what is absent or of
// another type is simply not there.
#pragma once

#include "glib_ptr.hpp"

#include <json-glib/json-glib.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gemini_live {

// A view of a value inside a JsonDocument that outlives it. Empty where there is no such value.
class JsonValue {
public:
  JsonValue() = default;
  explicit JsonValue(JsonNode *node) : node_(node) {}

  explicit operator bool() const { return node_ != nullptr; }
  bool is_object() const { return node_ && JSON_NODE_HOLDS_OBJECT(node_); }
  bool is_null() const { return node_ && JSON_NODE_HOLDS_NULL(node_); }
  bool is_empty_object() const
  {
    return is_object() && json_object_get_size(json_node_get_object(node_)) == 0;
  }
  bool is_array() const { return node_ && JSON_NODE_HOLDS_ARRAY(node_); }
  JsonNode *node() const { return node_; }

  JsonValue operator[](const char *name) const;
  bool truth() const;
  std::optional<std::string_view> text() const;
  std::optional<std::int64_t> integer() const;
  // A protobuf Duration such as "0.200s", in nanoseconds.
  std::optional<std::uint64_t> duration() const;
  // The value as compact JSON text.
  std::string dump() const;
  // Transfers a full copy; the value must not be empty.
  JsonNode *copy() const;

  // visit (std::string_view name, JsonValue value) for each member, in order.
  template <class Visit>
  void each_member(Visit visit) const
  {
    if (!is_object())
      return;
    JsonObjectIter iter;
    const char *name = nullptr;
    JsonNode *node = nullptr;
    json_object_iter_init_ordered(&iter, json_node_get_object(node_));
    while (json_object_iter_next_ordered(&iter, &name, &node))
      if (!JSON_NODE_HOLDS_NULL(node)) // as proto3 JSON has it, null is absent
        visit(std::string_view(name), JsonValue(node));
  }
  template <class Visit>
  void each_element(Visit visit) const
  {
    if (!is_array())
      return;
    JsonArray *array = json_node_get_array(node_);
    for (guint i = 0; i < json_array_get_length(array); i++)
      visit(JsonValue(json_array_get_element(array, i)));
  }

private:
  JsonNode *node_ = nullptr;
};

class JsonDocument {
public:
  static constexpr unsigned kMaxDepth = 64;

  // Parses `text`; on failure is_valid() is false and error() says why.
  explicit JsonDocument(std::string_view text);

  bool is_valid() const { return error_.empty(); }
  const std::string &error() const { return error_; }
  JsonValue root() const;

private:
  ObjectPtr<JsonParser> parser_;
  std::string error_;
};

// Writes one document; begin/end calls must match.
class JsonWriter {
public:
  JsonWriter() : builder_(json_builder_new()) {}

  JsonWriter &begin_object();
  JsonWriter &begin_object(const char *name);
  JsonWriter &end_object();
  JsonWriter &begin_array(const char *name);
  JsonWriter &end_array();
  JsonWriter &member(const char *name, std::string_view text);
  JsonWriter &member(const char *name, const char *text);
  JsonWriter &member(const char *name, bool value);
  JsonWriter &member(const char *name, std::int64_t value);
  JsonWriter &element(std::string_view text);
  // `json` is the text of a value; what does not parse becomes a string.
  JsonWriter &member_json(const char *name, std::string_view json);
  std::string text() const;

private:
  ObjectPtr<JsonBuilder> builder_;
};

} // namespace gemini_live
