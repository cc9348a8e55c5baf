#include "json_text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

namespace gemini_live {

namespace {

template <class Number>
void write_number(std::string &out, Number number)
{
  char digits[32];
  const auto [end, failure] = std::to_chars(std::begin(digits), std::end(digits), number);
  out.append(digits, end);
}

void write_text(std::string &out, std::string_view text)
{
  constexpr char kDigits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out.append({'\\', c});
    else if (c == '\n')
      out += "\\n";
    else if (byte < 0x20)
      out.append("\\u00").append({kDigits[byte >> 4], kDigits[byte & 15]});
    else
      out += c;
  }
  out += '"';
}

void write_value(std::string &out, JsonNode *node)
{
  switch (json_node_get_value_type(node)) {
  case G_TYPE_INT64:
    return write_number(out, json_node_get_int(node));
  case G_TYPE_DOUBLE: {
    constexpr auto kMost = std::numeric_limits<double>::max();
    return write_number(out, std::clamp(json_node_get_double(node), -kMost, kMost));
  }
  case G_TYPE_BOOLEAN:
    out += json_node_get_boolean(node) ? "true" : "false";
    return;
  default:
    write_text(out, json_node_get_string(node));
  }
}

void write(std::string &out, JsonNode *node);

void write_object(std::string &out, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name = nullptr;
  JsonNode *member = nullptr;
  char before = '{';
  json_object_iter_init_ordered(&iter, object);
  while (json_object_iter_next_ordered(&iter, &name, &member)) {
    out += before;
    write_text(out, name);
    out += ':';
    write(out, member);
    before = ',';
  }
  out += before == '{' ? "{}" : "}";
}

void write_array(std::string &out, JsonArray *array)
{
  out += '[';
  for (guint i = 0; i < json_array_get_length(array); i++) {
    if (i > 0)
      out += ',';
    write(out, json_array_get_element(array, i));
  }
  out += ']';
}

void write(std::string &out, JsonNode *node)
{
  switch (json_node_get_node_type(node)) {
  case JSON_NODE_OBJECT:
    return write_object(out, json_node_get_object(node));
  case JSON_NODE_ARRAY:
    return write_array(out, json_node_get_array(node));
  case JSON_NODE_VALUE:
    return write_value(out, node);
  case JSON_NODE_NULL:
    out += "null";
  }
}

} // namespace

std::string json_text(JsonNode *node)
{
  std::string out;
  write(out, node);
  return out;
}

} // namespace gemini_live
