// Prints the setup that our library makes, for comparison: one JSON object a line on stdin, one on
// stdout.
//
//   {"settings":{"model":"m","thinking-level":"low"},"config":{…},"vertex":true}
//   {"setup":{…}} or {"error":"…"}

#include "gst/geminilive/base/json.hpp"
#include "gst/geminilive/wire/setup.hpp"

#include <gst/gst.h>

#include <iostream>
#include <stdexcept>
#include <string>

namespace {

using namespace gemini_live;

const SettingRow &row_of(std::string_view name)
{
  for (const auto &row : setting_rows())
    if (row.name == name)
      return row;
  throw std::runtime_error("there is no setting " + std::string(name));
}

int word_of(const SettingRow &row, const char *nick)
{
  auto *type = static_cast<GEnumClass *>(g_type_class_ref(row.enum_type()));
  const auto *value = g_enum_get_value_by_nick(type, nick);
  if (!value)
    throw std::runtime_error(std::string(row.name) + " is never " + nick);
  return value->value;
}

SettingValue value_of(const SettingRow &row, JsonNode *node)
{
  if (std::holds_alternative<std::string>(row.initial))
    return std::string(json_node_get_string(node));
  if (std::holds_alternative<bool>(row.initial))
    return json_node_get_boolean(node) != FALSE;
  if (std::holds_alternative<double>(row.initial))
    return json_node_get_double(node);
  if (row.enum_type)
    return word_of(row, json_node_get_string(node));
  const auto number = json_node_get_int(node);
  if (std::holds_alternative<int>(row.initial))
    return static_cast<int>(number);
  if (std::holds_alternative<std::int64_t>(row.initial))
    return std::int64_t{number};
  return static_cast<std::uint64_t>(number);
}

std::string answer_to(const JsonValue &question)
{
  Settings settings;
  question["settings"].each_member([&](std::string_view name, const JsonValue &value) {
    const auto &row = row_of(name);
    settings.set(row.key, value_of(row, value.node()));
  });
  if (const auto config = question["config"])
    settings.set(Setting::config, config.dump());
  const bool vertex = question["vertex"].truth();
  const SetupTarget target{.backend = vertex ? Backend::vertex : Backend::gemini,
                           .project = "my-proj",
                           .location = "us-central1",
                           .api_version = vertex ? "v1beta1" : "v1beta"};
  GError *error = nullptr;
  if (const auto setup = make_setup(settings, target, {}, &error))
    return setup->message;
  ErrorPtr owned(error);
  return JsonWriter().begin_object().member("error", error->message).end_object().text();
}

} // namespace

int main()
{
  for (std::string line; std::getline(std::cin, line);) {
    const JsonDocument document(line);
    std::cout << answer_to(document.root()) << std::endl;
  }
}
