// The writer.
#include "json_text.hpp"

namespace gemini_live_simulator {

void JsonText::open(char bracket)
{
  text_ += bracket;
  closing_ += bracket == '{' ? '}' : ']';
  empty_ = true;
}

void JsonText::begin(std::string_view key)
{
  text_ += empty_ ? "\n" : ",\n";
  text_.append(closing_.size() * 2, ' ');
  if (closing_.back() == '}') {
    quote(key);
    text_ += ": ";
  }
  empty_ = false;
}

void JsonText::quote(std::string_view text)
{
  text_.reserve(text_.size() + text.size() + 2);
  text_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (c == '\n') {
      text_ += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      g_snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      text_ += escape;
    } else {
      text_ += c;
    }
  }
  text_ += '"';
}

JsonText &JsonText::object(std::string_view key)
{
  begin(key);
  open('{');
  return *this;
}

JsonText &JsonText::array(std::string_view key)
{
  begin(key);
  open('[');
  return *this;
}

JsonText &JsonText::end()
{
  const char bracket = closing_.back();
  closing_.pop_back();
  if (!empty_) {
    text_ += '\n';
    text_.append(closing_.size() * 2, ' ');
  }
  text_ += bracket;
  empty_ = false;
  return *this;
}

JsonText &JsonText::string(std::string_view key, std::string_view value)
{
  begin(key);
  quote(value);
  return *this;
}

JsonText &JsonText::number(std::string_view key, std::int64_t value)
{
  begin(key);
  text_ += std::to_string(value);
  return *this;
}

JsonText &JsonText::truth(std::string_view key, bool value)
{
  begin(key);
  text_ += value ? "true" : "false";
  return *this;
}

JsonText &JsonText::value(std::string_view key, Json json)
{
  if (json.is_object()) {
    object(key);
    for (const auto &name : json.names())
      value(name, json.get(name));
    return end();
  }
  if (json.is_array()) {
    array(key);
    for (const Json &element : json.elements())
      value({}, element);
    return end();
  }
  if (json.is_string())
    return string(key, json.string());
  begin(key);
  char *plain = json.exists() ? json_to_string(json.node(), FALSE) : g_strdup("null");
  text_ += plain;
  g_free(plain);
  return *this;
}

std::string JsonText::finish()
{
  while (!closing_.empty())
    end();
  text_ += '\n';
  return std::move(text_);
}

} // namespace gemini_live_simulator
