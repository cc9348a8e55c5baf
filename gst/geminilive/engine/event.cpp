#include "event.hpp"

#include "../base/json.hpp"

namespace gemini_live {

namespace {

void add_member(JsonWriter &json, const Event::Field &field)
{
  if (const auto *truth = std::get_if<bool>(&field.value))
    json.member(field.name, *truth);
  else if (const auto *integer = std::get_if<std::int64_t>(&field.value))
    json.member(field.name, *integer);
  else if (const auto *number = std::get_if<std::uint64_t>(&field.value))
    json.member(field.name, static_cast<std::int64_t>(*number));
  else if (const auto *value = std::get_if<JsonText>(&field.value))
    json.member_json(field.name, value->text);
  else
    json.member(field.name, std::get<std::string>(field.value));
}

} // namespace

std::size_t size_of(const Event &event)
{
  auto size = sizeof(Event);
  for (const auto &field : event.fields()) {
    size += sizeof(Event::Field);
    if (const auto *text = std::get_if<std::string>(&field.value))
      size += text->capacity();
    else if (const auto *json = std::get_if<JsonText>(&field.value))
      size += json->text.capacity();
  }
  return size;
}

std::string event_to_json(const Event &event)
{
  JsonWriter json;
  json.begin_object().member("event", event.name());
  for (const auto &field : event.fields())
    add_member(json, field);
  return json.end_object().text();
}

} // namespace gemini_live
