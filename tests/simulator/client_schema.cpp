// The walk of a message along its fields.
#include "client_schema.hpp"

#include "client_fields.hpp"
#include "pcm.hpp"

#include <algorithm>
#include <string_view>

namespace gemini_live_simulator {
namespace {

using Error = std::optional<std::string>;
using Type = Field::Type;

std::string unknown_name(const std::string &name, const std::string &path)
{
  return "Invalid JSON payload received. Unknown name \"" + name + "\"" +
         (path.empty() ? "" : " at '" + path + "'") + ": Cannot find field.";
}

std::string invalid_value(const std::string &path, std::string_view type, Json value)
{
  std::string text;
  if (value.is_object() || value.is_array()) {
    text = value.is_object() ? "an object" : "a list";
  } else {
    char *plain = json_to_string(value.node(), FALSE);
    text = plain;
    g_free(plain);
  }
  return "Invalid value at '" + path + "' (" + std::string(type) + "), " + text;
}

bool is_integer_text(const std::string &text)
{
  const auto digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
  return !digits.empty() && std::ranges::all_of(digits, [](char c) { return g_ascii_isdigit(c); });
}

bool is_number_text(const std::string &text)
{
  if (text == "NaN" || text == "Infinity" || text == "-Infinity")
    return true;
  return !text.empty() && (text.front() == '-' || g_ascii_isdigit(text.front())) &&
         g_ascii_isdigit(text.back()) && !json_syntax_error(text);
}

bool is_time(const std::string &text)
{
  GDateTime *time = g_date_time_new_from_iso8601(text.c_str(), nullptr);
  if (time)
    g_date_time_unref(time);
  return time;
}

// "generationConfig.temperature"
bool is_field(std::string_view path, Fields fields)
{
  const auto name = path.substr(0, path.find('.'));
  const auto field = std::ranges::find(fields, name, &Field::name);
  return field != fields.end() &&
         (name.size() == path.size() || is_field(path.substr(name.size() + 1), field->fields));
}

bool is_mask(std::string_view mask)
{
  for (;;) {
    const auto path = mask.substr(0, mask.find(','));
    if (!is_field(path, setup_fields))
      return false;
    if (path.size() == mask.size())
      return true;
    mask.remove_prefix(path.size() + 1);
  }
}

// One walk along a message, for one backend.
class Walk {
public:
  explicit Walk(Backend backend) : backend_(backend) {}
  Error check_fields(Json object, Fields fields, const std::string &path) const;

private:
  Error check_field(Json value, const Field &field, const std::string &path) const;
  Error check_value(Json value, const Field &field, const std::string &path) const;
  Error check_schemas(Json object, const std::string &path) const;

  Backend backend_;
};

Error check_strings(Json object, const std::string &path)
{
  for (const auto &name : object.names())
    if (!object.get(name).is_string())
      return invalid_value(path + "[" + name + "]", "TYPE_STRING", object.get(name));
  return {};
}

Error Walk::check_schemas(Json object, const std::string &path) const
{
  for (const auto &name : object.names()) {
    const std::string inner = path + "[" + name + "]";
    if (!object.get(name).is_object())
      return invalid_value(inner, "TYPE_MESSAGE", object.get(name));
    if (auto error = check_fields(object.get(name), parameter_schema_fields, inner))
      return error;
  }
  return {};
}

Error Walk::check_value(Json value, const Field &field, const std::string &path) const
{
  const auto no = [&](std::string_view type) -> Error { return invalid_value(path, type, value); };
  switch (field.type) {
  case Type::string:
    return value.is_string() ? Error() : no("TYPE_STRING");
  case Type::boolean:
    return value.is_bool() ? Error() : no("TYPE_BOOL");
  case Type::integer:
    return value.is_integer() || is_integer_text(value.string()) ? Error() : no("TYPE_INT64");
  case Type::number:
    return value.is_number() || is_number_text(value.string()) ? Error() : no("TYPE_FLOAT");
  case Type::bytes:
    return value.is_string() && bytes_from_base64(value.string()) ? Error() : no("TYPE_BYTES");
  case Type::time:
    return is_time(value.string()) ? Error() : no("type.googleapis.com/google.protobuf.Timestamp");
  case Type::amount:
    return (value.is_integer() || is_integer_text(value.string())) && value.number() >= 0
               ? Error()
               : no("TYPE_INT32");
  case Type::mask:
    return value.is_string() && (value.string().empty() || is_mask(value.string()))
               ? Error()
               : no("type.googleapis.com/google.protobuf.FieldMask");
  case Type::one_of:
    return value.is_string() && std::ranges::find(field.words, value.string()) != field.words.end()
               ? Error()
               : no("TYPE_ENUM");
  case Type::message:
    return value.is_object() ? check_fields(value, field.fields, path) : no("TYPE_MESSAGE");
  case Type::schema:
    return value.is_object() ? check_fields(value, parameter_schema_fields, path)
                             : no("TYPE_MESSAGE");
  case Type::schemas:
    return value.is_object() ? check_schemas(value, path) : no("TYPE_MESSAGE");
  case Type::strings:
    return value.is_object() ? check_strings(value, path) : no("TYPE_MESSAGE");
  case Type::free:
    return value.is_object() ? Error() : no("TYPE_MESSAGE");
  case Type::any:
    break;
  }
  return {};
}

Error Walk::check_field(Json value, const Field &field, const std::string &path) const
{
  if (!value.exists())
    return {}; // null is as good as absent
  if (!field.repeated)
    return check_value(value, field, path);
  if (!value.is_array())
    return invalid_value(path, "TYPE_LIST", value);
  const auto elements = value.elements();
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (auto error = check_value(elements[i], field, path + "[" + std::to_string(i) + "]"))
      return error;
  return {};
}

Error Walk::check_fields(Json object, Fields fields, const std::string &path) const
{
  for (const auto &name : object.names()) {
    const auto field = std::ranges::find_if(fields, [&](const Field &known) {
      return (known.name == name || snake_case(known.name) == name) &&
             known.only.value_or(backend_) == backend_;
    });
    if (field == fields.end())
      return unknown_name(name, path);
    const std::string inner = (path.empty() ? "" : path + ".") + snake_case(field->name);
    if (auto error = check_field(object.get(name), *field, inner))
      return error;
  }
  return {};
}

} // namespace

std::optional<std::string> schema_error(Json json, Backend backend)
{
  std::string payload;
  for (const auto &name : json.names()) {
    if (!json.get(name).exists())
      continue;
    const bool known = std::ranges::any_of(client_message_fields, [&](const Field &f) {
      return f.name == name || snake_case(f.name) == name;
    });
    if (!known)
      return unknown_name(name, "");
    if (!payload.empty())
      return "Invalid value (oneof), oneof field 'message_type' is already set. Cannot set '" +
             name + "'";
    payload = name;
  }
  return Walk(backend).check_fields(json, client_message_fields, "");
}

std::optional<std::string> token_schema_error(Json request)
{
  return Walk(Backend::gemini).check_fields(request, auth_token_fields, "auth_token");
}

} // namespace gemini_live_simulator
