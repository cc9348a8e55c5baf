#include "json.hpp"

#include "json_text.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace gemini_live {

namespace {

std::string at(std::string_view line, std::string_view column, const std::string &what)
{
  return "line " + std::string(line) + ", column " + std::string(column) + ": " + what;
}

std::string at(std::string_view text, std::size_t index, const char *what)
{
  const auto before = text.substr(0, index);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n') + 1; // npos + 1 is 0
  return at(std::to_string(line), std::to_string(index - start + 1), what);
}

// From "<data>:LINE:COLUMN: Parse error: WHAT", as json-glib has it.
std::string explained(std::string_view message)
{
  constexpr std::string_view kData = "<data>:", kError = "Parse error: ";
  const auto column = message.find(':', kData.size()), end = message.find(": ", kData.size());
  if (!message.starts_with(kData) || column >= end || end == std::string_view::npos)
    return std::string(message);
  auto what = message.substr(end + 2);
  if (what.starts_with(kError))
    what.remove_prefix(kError.size());
  return at(message.substr(kData.size(), column - kData.size()),
            message.substr(column + 1, end - column - 1), std::string(what));
}

// The code unit of an escape \uXXXX that begins there.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t index)
{
  constexpr std::size_t kSize = 6;
  if (index + kSize > text.size() || !text.substr(index).starts_with("\\u"))
    return std::nullopt;
  unsigned unit = 0;
  const auto *last = text.data() + index + kSize;
  const auto [end, failure] = std::from_chars(last - 4, last, unit, 16);
  return failure == std::errc() && end == last ? std::optional(unit) : std::nullopt;
}

// What json-glib reads as something else, and how to write it so that it does not.
struct Mend {
  std::size_t at, size;
  const char *instead;
};

// An integer that int64 cannot hold is a number all the same.
std::optional<Mend> mend_of_number(std::string_view token, std::size_t at)
{
  std::int64_t value = 0;
  const auto *last = token.data() + token.size();
  const auto [end, failure] = std::from_chars(token.data(), last, value);
  if (failure == std::errc::result_out_of_range && end == last)
    return Mend{at + token.size(), 0, ".0"};
  return std::nullopt;
}

std::string mended(std::string_view text, const std::vector<Mend> &mends)
{
  std::string out;
  std::size_t from = 0;
  for (const auto &mend : mends) {
    out.append(text.substr(from, mend.at - from)).append(mend.instead);
    from = mend.at + mend.size;
  }
  return out.append(text.substr(from));
}

// Why json-glib must not see the text; empty if it may, with the mends. It takes more than JSON,
// comments and single quotes, and in those a quotation mark would hide what follows; of half a
// surrogate pair and of octal escapes it makes what is no UTF-8, and at U+0000 it ends a text.
std::string refusal(std::string_view text, std::vector<Mend> &mends)
{
  constexpr std::string_view kEscapes = "\"\\/bfnrt"; // and u
  unsigned depth = 0;
  bool quoted = false;
  bool closed = false; // the value, of which there must be one
  for (std::size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (quoted) {
      // Base64 makes most of a message one long string: find its end at once.
      const auto end = text.find_first_of("\"\\", i);
      if (end == std::string_view::npos)
        return {};
      i = end;
      quoted = text[end] == '\\';
      if (!quoted)
        continue;
      i++;
      const auto unit = escaped_unit(text, end);
      if (i < text.size() && !unit && kEscapes.find(text[i]) == std::string_view::npos)
        return at(text, end, "no such escape");
      if (unit == 0u)
        mends.push_back({end, 6, "\\ufffd"});
      if (unit && (*unit & 0xf800) == 0xd800) {
        const auto low = escaped_unit(text, end + 6);
        if ((*unit & 0xfc00) != 0xd800 || !low || (*low & 0xfc00) != 0xdc00)
          return at(text, end, "half a surrogate pair");
        i += 10;
      }
    } else if (c == '"')
      quoted = true;
    else if (c == '-' || g_ascii_isdigit(c)) {
      const auto end = std::min(text.find_first_not_of("+-.0123456789eE", i), text.size());
      if (const auto mend = mend_of_number(text.substr(i, end - i), i))
        mends.push_back(*mend);
      i = end - 1;
    } else if (c == '\'' || c == '/')
      return at(text, i, "unexpected character");
    else if (c == '{' || c == '[') {
      if (closed)
        return "it is more than one value";
      if (++depth > JsonDocument::kMaxDepth)
        return at(text, i, "it is nested too deeply");
    } else if ((c == '}' || c == ']') && depth > 0)
      closed = --depth == 0;
  }
  return text.empty() ? "it is empty" : "";
}

using NodePtr = std::unique_ptr<JsonNode, Release<json_node_unref>>;

} // namespace

JsonValue JsonValue::operator[](const char *name) const
{
  return is_object() ? JsonValue(json_object_get_member(json_node_get_object(node_), name))
                     : JsonValue();
}

bool JsonValue::truth() const
{
  if (!node_ || !JSON_NODE_HOLDS_VALUE(node_))
    return false;
  if (json_node_get_value_type(node_) == G_TYPE_STRING)
    return g_str_equal(json_node_get_string(node_), "true");
  return json_node_get_boolean(node_);
}

std::optional<std::string_view> JsonValue::text() const
{
  if (!node_ || !JSON_NODE_HOLDS_VALUE(node_) || json_node_get_value_type(node_) != G_TYPE_STRING)
    return std::nullopt;
  return json_node_get_string(node_);
}

std::optional<std::int64_t> JsonValue::integer() const
{
  if (const auto string = text()) {
    std::int64_t value = 0;
    const auto *last = string->data() + string->size();
    const auto [end, failure] = std::from_chars(string->data(), last, value);
    if (failure != std::errc() || end != last)
      return std::nullopt;
    return value;
  }
  if (!node_ || !JSON_NODE_HOLDS_VALUE(node_) || json_node_get_value_type(node_) == G_TYPE_BOOLEAN)
    return std::nullopt;
  if (json_node_get_value_type(node_) == G_TYPE_DOUBLE) {
    const double value = json_node_get_double(node_);
    if (!(value > -9e18 && value < 9e18))
      return std::nullopt;
    return static_cast<std::int64_t>(value);
  }
  return json_node_get_int(node_);
}

std::optional<std::uint64_t> JsonValue::duration() const
{
  const auto string = text();
  if (!string || string->empty() || string->back() != 's')
    return std::nullopt;
  double seconds = 0;
  const auto *last = string->data() + string->size() - 1;
  const auto [end, failure] = std::from_chars(string->data(), last, seconds);
  if (failure != std::errc() || end != last || !(seconds >= 0 && seconds < 1e9))
    return std::nullopt;
  return static_cast<std::uint64_t>(seconds * 1e9 + 0.5);
}

std::string JsonValue::dump() const
{
  return node_ ? json_text(node_) : std::string();
}

JsonNode *JsonValue::copy() const
{
  return json_node_copy(node_);
}

JsonDocument::JsonDocument(std::string_view text) : parser_(json_parser_new_immutable())
{
  std::vector<Mend> mends;
  error_ = refusal(text, mends);
  if (!is_valid())
    return;
  std::string own;
  if (!mends.empty())
    text = own = mended(text, mends);
  GError *error = nullptr;
  if (!json_parser_load_from_data(parser_.get(), text.data(), static_cast<gssize>(text.size()),
                                  &error)) {
    ErrorPtr owned(error);
    error_ = explained(owned->message);
  } else if (!json_parser_get_root(parser_.get()))
    error_ = "it is empty";
}

JsonValue JsonDocument::root() const
{
  return is_valid() ? JsonValue(json_parser_get_root(parser_.get())) : JsonValue();
}

JsonWriter &JsonWriter::begin_object()
{
  json_builder_begin_object(builder_.get());
  return *this;
}

JsonWriter &JsonWriter::begin_object(const char *name)
{
  json_builder_set_member_name(builder_.get(), name);
  return begin_object();
}

JsonWriter &JsonWriter::end_object()
{
  json_builder_end_object(builder_.get());
  return *this;
}

JsonWriter &JsonWriter::begin_array(const char *name)
{
  json_builder_set_member_name(builder_.get(), name);
  json_builder_begin_array(builder_.get());
  return *this;
}

JsonWriter &JsonWriter::end_array()
{
  json_builder_end_array(builder_.get());
  return *this;
}

JsonWriter &JsonWriter::member(const char *name, std::string_view text)
{
  json_builder_set_member_name(builder_.get(), name);
  return element(text);
}

JsonWriter &JsonWriter::member(const char *name, const char *text)
{
  return member(name, std::string_view(text));
}

JsonWriter &JsonWriter::member(const char *name, bool value)
{
  json_builder_set_member_name(builder_.get(), name);
  json_builder_add_boolean_value(builder_.get(), value);
  return *this;
}

JsonWriter &JsonWriter::member(const char *name, std::int64_t value)
{
  json_builder_set_member_name(builder_.get(), name);
  json_builder_add_int_value(builder_.get(), value);
  return *this;
}

JsonWriter &JsonWriter::element(std::string_view text)
{
  json_builder_add_string_value(builder_.get(), std::string(text).c_str());
  return *this;
}

JsonWriter &JsonWriter::member_json(const char *name, std::string_view json)
{
  const JsonDocument document(json);
  if (!document.is_valid())
    return member(name, json);
  json_builder_set_member_name(builder_.get(), name);
  json_builder_add_value(builder_.get(), document.root().copy());
  return *this;
}

std::string JsonWriter::text() const
{
  NodePtr root(json_builder_get_root(builder_.get()));
  return json_text(root.get());
}

} // namespace gemini_live
