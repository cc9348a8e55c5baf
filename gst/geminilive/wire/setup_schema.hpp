// What a setup may hold: the service's field names and their types, as data.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace gemini_live {

struct SetupMessage;

// Whether what the schema does not know is passed on all the same.
enum class Force {
  no,
  yes,
  never // nobody can ask for it here
};

// What a text must look like.
struct TextRule {
  const char *pattern; // of a GRegex
  const char *words;   // behind "it must be"
};

struct SetupField {
  enum class Kind {
    text,
    bytes,   // a text in base64
    integer, // also as a string, as proto3 JSON has it
    number,
    truth,
    word,    // one of `words`
    message, // an object with the fields of `message`
    schema,  // what a function takes or returns: a message that the SDKs write as JSON Schema
    any
  };
  enum class Shape { single, list, map };

  const char *name;
  Kind kind;
  Shape shape = Shape::single;
  const SetupMessage *message = nullptr;
  std::span<const char *const> words = {};
  // Of a number.
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  // Of a text and of the keys of a map; null if any will do.
  const TextRule *rule = nullptr, *key_rule = nullptr;
};

struct SetupMessage {
  std::span<const SetupField> fields;
  const char *required = nullptr; // a field, if one is

  // Null if there is no such field; `name` may be in snake_case.
  const SetupField *find(std::string_view name) const;
};

// The service's `setup`.
extern const SetupMessage setup_schema;
// Parts of it that the SDKs have users write in ways of their own.
extern const SetupMessage generation_config_schema;
extern const SetupMessage content_schema;
extern const SetupMessage answer_part_schema; // of a toolResponse
extern const SetupMessage tool_schema;
extern const SetupMessage function_schema;
extern const SetupMessage parameters_schema;

// Whether the SDKs have this member of `generationConfig` beside it.
bool is_flat(std::string_view name);

// "topP" for "top_p".
std::string camel_case(std::string_view name);

} // namespace gemini_live
