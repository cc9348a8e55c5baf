// A strict syntax check in front of json-glib, and the views.
#include "json.hpp"

#include <cctype>
#include <cstdlib>

namespace gemini_live_simulator {
namespace {

constexpr int depth_limit = 64;

// Recursive descent over the text; `at_` is where it stands, and where it stopped if a step says
// no.
class SyntaxCheck {
public:
  explicit SyntaxCheck(std::string_view text) : text_(text) {}

  std::optional<std::size_t> run()
  {
    const char *bad = nullptr;
    if (!g_utf8_validate_len(text_.data(), text_.size(), &bad))
      return static_cast<std::size_t>(bad - text_.data());
    space();
    if (!value(0))
      return at_;
    space();
    if (at_ != text_.size())
      return at_;
    return std::nullopt;
  }

private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool eat(char c)
  {
    if (peek() != c)
      return false;
    ++at_;
    return true;
  }
  bool eat(std::string_view word)
  {
    if (text_.substr(at_, word.size()) != word)
      return false;
    at_ += word.size();
    return true;
  }
  void space()
  {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')
      ++at_;
  }
  bool digits()
  {
    const auto from = at_;
    while (g_ascii_isdigit(peek()))
      ++at_;
    return at_ > from;
  }

  bool value(int depth)
  {
    if (depth > depth_limit)
      return false;
    switch (peek()) {
    case '{':
      return object(depth);
    case '[':
      return array(depth);
    case '"':
      return string();
    case 't':
      return eat("true");
    case 'f':
      return eat("false");
    case 'n':
      return eat("null");
    default:
      return number();
    }
  }

  bool object(int depth)
  {
    eat('{');
    space();
    if (eat('}'))
      return true;
    do {
      space();
      if (!string())
        return false;
      space();
      if (!eat(':'))
        return false;
      space();
      if (!value(depth + 1))
        return false;
      space();
    } while (eat(','));
    return eat('}');
  }

  bool array(int depth)
  {
    eat('[');
    space();
    if (eat(']'))
      return true;
    do {
      space();
      if (!value(depth + 1))
        return false;
      space();
    } while (eat(','));
    return eat(']');
  }

  bool string()
  {
    if (!eat('"'))
      return false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"')
        return eat('"');
      if (static_cast<unsigned char>(c) < 0x20)
        return false;
      ++at_;
      if (c == '\\' && !escape())
        return false;
    }
    return false;
  }

  bool escape()
  {
    if (eat('u')) {
      for (int i = 0; i < 4; ++i, ++at_)
        if (!g_ascii_isxdigit(peek()))
          return false;
      return true;
    }
    if (at_ == text_.size() ||
        std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos)
      return false;
    ++at_;
    return true;
  }

  bool number()
  {
    eat('-');
    if (!eat('0') && !digits())
      return false;
    if (eat('.') && !digits())
      return false;
    if (eat('e') || eat('E')) {
      if (!eat('+'))
        eat('-');
      return digits();
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool holds(JsonNode *node, GType type)
{
  return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

} // namespace

std::optional<std::size_t> json_syntax_error(std::string_view text)
{
  return SyntaxCheck(text).run();
}

std::string snake_case(std::string_view camel_case)
{
  std::string name;
  for (const char c : camel_case) {
    if (g_ascii_isupper(c))
      name += '_';
    name += g_ascii_tolower(c);
  }
  return name;
}

bool Json::exists() const
{
  return node_ && !JSON_NODE_HOLDS_NULL(node_);
}

bool Json::is_string() const
{
  return holds(node_, G_TYPE_STRING);
}

bool Json::is_integer() const
{
  return holds(node_, G_TYPE_INT64);
}

bool Json::is_number() const
{
  return is_integer() || holds(node_, G_TYPE_DOUBLE);
}

bool Json::is_bool() const
{
  return holds(node_, G_TYPE_BOOLEAN);
}

Json Json::get(std::string_view name) const
{
  if (!is_object())
    return Json();
  return Json(json_object_get_member(json_node_get_object(node_), std::string(name).c_str()));
}

Json Json::field(std::string_view camel_case) const
{
  const Json value = get(camel_case);
  return value.exists() ? value : get(snake_case(camel_case));
}

std::vector<std::string> Json::names() const
{
  std::vector<std::string> names;
  if (!is_object())
    return names;
  JsonObjectIter iter;
  const char *name = nullptr;
  json_object_iter_init_ordered(&iter, json_node_get_object(node_));
  while (json_object_iter_next_ordered(&iter, &name, nullptr))
    names.emplace_back(name);
  return names;
}

std::vector<Json> Json::elements() const
{
  std::vector<Json> elements;
  if (!is_array())
    return elements;
  JsonArray *array = json_node_get_array(node_);
  for (guint i = 0; i < json_array_get_length(array); ++i)
    elements.emplace_back(json_array_get_element(array, i));
  return elements;
}

std::string Json::string() const
{
  const char *text = is_string() ? json_node_get_string(node_) : nullptr;
  return text ? text : "";
}

double Json::number() const
{
  if (is_number())
    return json_node_get_double(node_);
  if (is_string())
    return g_ascii_strtod(json_node_get_string(node_), nullptr);
  return 0;
}

bool Json::truth() const
{
  return is_bool() && json_node_get_boolean(node_);
}

std::optional<JsonDocument> JsonDocument::parse(std::string_view text)
{
  if (json_syntax_error(text))
    return std::nullopt;
  JsonDocument document;
  document.parser_.reset(json_parser_new_immutable());
  if (!json_parser_load_from_data(document.parser_.get(), text.data(),
                                  static_cast<gssize>(text.size()), nullptr))
    return std::nullopt;
  return document;
}

Json JsonDocument::root() const
{
  return Json(json_parser_get_root(parser_.get()));
}

} // namespace gemini_live_simulator
