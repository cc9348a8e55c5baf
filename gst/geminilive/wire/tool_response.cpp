#include "tool_response.hpp"

#include "../base/json.hpp"
#include "setup_input.hpp"

#include <algorithm>

namespace gemini_live {

namespace {

// Of a JSON value, or of text that is none.
std::string wrapped(std::string_view json)
{
  return JsonWriter().begin_object().member_json("output", json).end_object().text();
}

const char *wire_name(Scheduling scheduling)
{
  constexpr const char *kNames[] = {"", "WHEN_IDLE", "INTERRUPT", "SILENT"};
  return kNames[static_cast<std::size_t>(scheduling)];
}

bool is_only(const JsonValue &object, std::initializer_list<std::string_view> names)
{
  std::size_t others = 0;
  object.each_member([&](std::string_view name, const JsonValue &) {
    others += std::find(names.begin(), names.end(), name) == names.end() ? 1 : 0;
  });
  return others == 0;
}

std::string object_text(const JsonValue &value)
{
  if (!value || value.is_null() || value.is_empty_object())
    return R"({"output":"done"})";
  return value.is_object() ? value.dump() : wrapped(value.dump());
}

// An array of objects; an answer may well call something else its parts.
bool are_parts(const JsonValue &value)
{
  bool all = value.is_array();
  value.each_element([&](const JsonValue &part) { all = all && part.is_object(); });
  return all;
}

bool is_blank(std::string_view text)
{
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

ToolResponse tool_response(std::string_view json)
{
  if (is_blank(json))
    return {.response = object_text({})};
  const JsonDocument document(json);
  const auto root = document.root();
  if (!root)
    return {.response = wrapped(json)};
  if (are_parts(root["parts"]) && is_only(root, {"response", "parts"})) {
    ToolResponse response{.response = object_text(root["response"]), .parts = root["parts"].dump()};
    if (auto parts = read_answer_parts(root["parts"], response.wrong))
      response.parts = JsonValue(node_of(std::move(parts)).get()).dump();
    return response;
  }
  return {.response = object_text(root)};
}

ToolResponse tool_error(std::string_view message)
{
  return {.response = JsonWriter().begin_object().member("error", message).end_object().text(),
          .error = std::string(message)};
}

std::string tool_response_message(std::string_view id, std::string_view name,
                                  const ToolResponse &response)
{
  JsonWriter json;
  json.begin_object().begin_object("toolResponse").begin_array("functionResponses").begin_object();
  if (!id.empty())
    json.member("id", id);
  json.member("name", name).member_json("response", response.response);
  if (!response.parts.empty())
    json.member_json("parts", response.parts);
  if (response.scheduling != Scheduling::none)
    json.member("scheduling", wire_name(response.scheduling));
  if (response.will_continue)
    json.member("willContinue", true);
  return json.end_object().end_array().end_object().end_object().text();
}

} // namespace gemini_live
