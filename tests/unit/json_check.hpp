// JSON compared by its meaning.
#pragma once

#include "check.hpp"

#include <json-glib/json-glib.h>

#include <memory>
#include <string>

namespace check {

using JsonPtr = std::unique_ptr<JsonNode, decltype(&json_node_unref)>;

inline JsonPtr parse(const std::string &text, Where where = Where::current())
{
  GError *error = nullptr;
  JsonNode *node = json_from_string(text.c_str(), &error);
  that(node && !error, "no JSON: " + text, where);
  return {node, json_node_unref};
}

inline void means(const std::string &actual, const std::string &expected,
                  Where where = Where::current())
{
  const auto first = parse(actual, where), second = parse(expected, where);
  that(json_node_equal(first.get(), second.get()), actual + " instead of " + expected, where);
}

} // namespace check
