#include "setup_reader.hpp"

#include "../base/json.hpp"
#include "base64.hpp"
#include "nearest.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

namespace gemini_live {

namespace {

using Kind = SetupField::Kind;
using Shape = SetupField::Shape;

// What users write into the configuration because it stands there elsewhere.
constexpr struct {
  std::string_view name;
  const char *advice;
} kMisplaced[] = {
    {"setup", "write what is in it without it"},
    // of LiveConnectConfig: @google/genai 3.1.0
    {"httpOptions", "set base-url, api-version, extra-headers and connect-timeout instead"},
    {"abortSignal", "close the session instead"},
};

bool is_value_of(JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

bool is_number(JsonNode *node)
{
  if (is_value_of(node, G_TYPE_STRING)) {
    const std::string_view text = json_node_get_string(node);
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc() && end == text.data() + text.size();
  }
  return is_value_of(node, G_TYPE_INT64) || is_value_of(node, G_TYPE_DOUBLE);
}

bool is_integer(JsonNode *node)
{
  if (!is_number(node))
    return false;
  if (!is_value_of(node, G_TYPE_DOUBLE))
    return JsonValue(node).integer().has_value();
  const double value = json_node_get_double(node);
  return value == std::trunc(value);
}

const char *kind_of(JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT(node))
    return "an object";
  if (JSON_NODE_HOLDS_ARRAY(node))
    return "a list";
  if (JSON_NODE_HOLDS_NULL(node))
    return "null";
  if (is_value_of(node, G_TYPE_STRING))
    return "a text";
  return is_value_of(node, G_TYPE_BOOLEAN) ? "true or false" : "a number";
}

} // namespace

void SetupReader::fail(const std::string &what)
{
  if (!error_.empty())
    return;
  error_ = "Correct " + (path_.empty() ? "" : path_ + " in ") + source_ + ": " + what;
}

void SetupReader::unknown(std::string_view name, const SetupMessage &message)
{
  const Step step(*this, name);
  if (&message == &setup_schema)
    for (const auto &[misplaced, advice] : kMisplaced)
      if (name == misplaced)
        return fail(advice);
  const auto camel = camel_case(name);
  Nearest nearest(camel);
  for (const auto &field : message.fields)
    nearest.offer(field.name);
  if (&message == &setup_schema) {
    nearest.offer(kForceName);
    for (const auto &field : generation_config_schema.fields)
      nearest.offer(field.name, is_flat(field.name) ? "" : "generationConfig.");
  }
  if (&message == &tool_schema)
    for (const auto &field : function_schema.fields) // which may stand in the place of a tool
      nearest.offer(field.name);
  const auto question = nearest.question();
  fail("there is no such field" + (question.empty() ? "." : question) +
       (&message == &parameters_schema ? " All of JSON Schema is allowed in parametersJsonSchema."
        : force_ != Force::never       ? " \"x-force\":true in config sends it nevertheless."
                                       : ""));
}

void SetupReader::fail_type(const char *wanted, JsonNode *node)
{
  fail(std::string("it must be ") + wanted + ", not " + kind_of(node));
}

// Passed on if the user insists.
JsonNodePtr SetupReader::wrong_type(const char *wanted, JsonNode *node)
{
  if (forces())
    return copied(node);
  fail_type(wanted, node);
  return nullptr;
}

JsonArrayPtr SetupReader::list(JsonNode *node, const std::function<JsonNodePtr(JsonNode *)> &read)
{
  JsonArrayPtr out(json_array_new());
  JsonArray *array = json_node_get_array(node);
  lists_++;
  for (guint i = 0; i < json_array_get_length(array); i++) {
    const Step step(*this, i);
    if (auto element = read(json_array_get_element(array, i)))
      json_array_add_element(out.get(), element.release());
  }
  lists_--;
  return out;
}

JsonNodePtr SetupReader::value(const SetupField &field, JsonNode *node)
{
  if (field.shape == Shape::single)
    return single(field, node);
  if (field.shape == Shape::list) {
    if (!JSON_NODE_HOLDS_ARRAY(node))
      return wrong_type("a list", node);
    return node_of(list(node, [&](JsonNode *element) { return single(field, element); }));
  }
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return wrong_type("an object", node);
  JsonObjectPtr out(json_object_new());
  each_member(json_node_get_object(node), [&](const char *name, JsonNode *member) {
    const Step step(*this, name);
    obey(field.key_rule, name);
    if (auto read = JSON_NODE_HOLDS_NULL(member) ? copied(member) : single(field, member))
      json_object_set_member(out.get(), name, read.release());
  });
  return node_of(std::move(out));
}

JsonNodePtr SetupReader::single(const SetupField &field, JsonNode *node)
{
  switch (field.kind) {
  case Kind::text:
    return text(field, node);
  case Kind::bytes:
    return bytes(field, node);
  case Kind::truth:
    return is_value_of(node, G_TYPE_BOOLEAN) ? copied(node) : wrong_type("true or false", node);
  case Kind::integer:
    return is_integer(node) ? number(field, node) : wrong_type("a whole number", node);
  case Kind::number:
    return is_number(node) ? number(field, node) : wrong_type("a number", node);
  case Kind::word:
    return word(field, node);
  case Kind::schema:
    return schema(node);
  case Kind::message:
    if (field.message == &content_schema)
      return content(node);
    return JSON_NODE_HOLDS_OBJECT(node)
               ? node_of(object(*field.message, json_node_get_object(node)))
               : wrong_type("an object", node);
  case Kind::any:
    break;
  }
  return copied(node);
}

JsonNodePtr SetupReader::text(const SetupField &field, JsonNode *node)
{
  if (!is_value_of(node, G_TYPE_STRING))
    return wrong_type("a text", node);
  obey(field.rule, json_node_get_string(node));
  return copied(node);
}

JsonNodePtr SetupReader::bytes(const SetupField &field, JsonNode *node)
{
  if (is_value_of(node, G_TYPE_STRING) && !forces() && !decode_base64(json_node_get_string(node)))
    fail("it must be base64");
  return text(field, node);
}

void SetupReader::obey(const TextRule *rule, const char *text)
{
  if (!forces() && rule &&
      !g_regex_match_simple(rule->pattern, text, G_REGEX_DOLLAR_ENDONLY, GRegexMatchFlags{}))
    fail(std::string("it must be ") + rule->words + ", not \"" + text + '"');
}

JsonNodePtr SetupReader::number(const SetupField &field, JsonNode *node)
{
  const double value = is_value_of(node, G_TYPE_STRING)
                           ? g_ascii_strtod(json_node_get_string(node), nullptr)
                           : json_node_get_double(node);
  if (!forces() && (value < field.least || value > field.most)) {
    std::ostringstream what;
    what.precision(12);
    what << "it must be from " << field.least << " to " << field.most << ", not " << value;
    fail(what.str());
  }
  return copied(node);
}

JsonNodePtr SetupReader::word(const SetupField &field, JsonNode *node)
{
  if (!is_value_of(node, G_TYPE_STRING))
    return wrong_type("a text", node);
  const std::string_view text = json_node_get_string(node);
  if (forces() || std::find(field.words.begin(), field.words.end(), text) != field.words.end())
    return copied(node);
  Nearest nearest(text);
  for (const auto *known : field.words)
    nearest.offer(known);
  fail("\"" + std::string(text) + "\" is no value of it" + nearest.question());
  return nullptr;
}

JsonObjectPtr SetupReader::object(const SetupMessage &message, JsonObject *object)
{
  JsonObjectPtr out(json_object_new());
  each_member(object,
              [&](const char *name, JsonNode *node) { member(message, name, node, out.get()); });
  if (message.required && !forces() && !json_object_has_member(out.get(), message.required))
    fail(std::string("it needs a ") + message.required);
  return out;
}

void SetupReader::member(const SetupMessage &message, const char *name, JsonNode *node,
                         JsonObject *out)
{
  const auto *field = message.find(name);
  if (!field && !forces())
    return unknown(name, message);
  auto key = field ? std::string(field->name) : name;
  const Step step(*this, name);
  // To the service null is absent. In a patch it removes, but elements of lists are not patched.
  if (JSON_NODE_HOLDS_NULL(node) && lists_ > 0)
    return;
  if (json_object_has_member(out, key.c_str()))
    return fail("it is there twice");
  JsonNodePtr read;
  if (!field || JSON_NODE_HOLDS_NULL(node))
    read = copied(node);
  else if (field->kind == Kind::schema && JsonValue(node)["$schema"]) {
    // A whole JSON Schema has a field of its own.
    key += "JsonSchema";
    read = copied(node);
  } else
    read = value(*field, node);
  if (read)
    json_object_set_member(out, key.c_str(), read.release());
}

} // namespace gemini_live
