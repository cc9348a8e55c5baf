// Reading JSON strictly, and views of what was read.
//
// json-glib takes much that is not JSON (comments, several documents, no nesting limit), so the
// syntax is checked first. Pure: no thread, no clock.
#pragma once

#include <json-glib/json-glib.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gemini_live_simulator {

// Where `text` stops being one JSON document (RFC 8259, UTF-8, at most 64 levels); nothing if it is
// one.
std::optional<std::size_t> json_syntax_error(std::string_view text);

// "audioStreamEnd" -> "audio_stream_end"
std::string snake_case(std::string_view camel_case);

// A view of one value; lives as long as its JsonDocument. An absent value answers every question
// with "no", zero or nothing.
class Json {
public:
  explicit Json(JsonNode *node = nullptr) : node_(node) {}

  bool exists() const; // null counts as absent
  bool is_null() const { return node_ && JSON_NODE_HOLDS_NULL(node_); }
  bool is_object() const { return node_ && JSON_NODE_HOLDS_OBJECT(node_); }
  bool is_array() const { return node_ && JSON_NODE_HOLDS_ARRAY(node_); }
  bool is_string() const;
  bool is_number() const;
  bool is_integer() const;
  bool is_bool() const;

  Json get(std::string_view name) const;         // exactly this member
  Json field(std::string_view camel_case) const; // this member or its snake_case twin
  std::vector<std::string> names() const;
  std::vector<Json> elements() const;

  std::string string() const;
  double number() const; // also of a string that is a number, as proto3 JSON has it
  bool truth() const;
  JsonNode *node() const { return node_; }

private:
  JsonNode *node_;
};

class JsonDocument {
public:
  // Nothing if the text is not JSON.
  static std::optional<JsonDocument> parse(std::string_view text);
  Json root() const;

private:
  struct Unref {
    void operator()(JsonParser *parser) const { g_object_unref(parser); }
  };
  std::unique_ptr<JsonParser, Unref> parser_;
};

} // namespace gemini_live_simulator
