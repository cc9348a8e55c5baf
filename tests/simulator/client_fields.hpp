// The fields of what a client may say, as data.
#pragma once

#include "profile.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace gemini_live_simulator {

struct Field {
  enum class Type {
    string,
    boolean,
    integer, // also as a string, as proto3 JSON has it
    number,  // the same
    bytes,   // base64
    time,    // RFC 3339
    amount,  // an integer that is not negative
    mask,    // names of the setup's fields, "a,b.c"
    one_of,  // an enum, by name
    message, // of the fields in `fields`
    schema,  // the service's subset of OpenAPI, nested
    schemas, // an object of schemas
    strings, // an object of strings
    free,    // an object of any members
    any      // whatever there is
  };

  std::string_view name;
  Type type;
  bool repeated = false;
  std::span<const Field> fields{};
  std::span<const std::string_view> words{}; // one_of
  std::optional<Backend> only{};             // the other one does not know it
};

using Fields = std::span<const Field>;

extern const Fields client_message_fields;
extern const Fields setup_fields;
extern const Fields parameter_schema_fields; // of Field::Type::schema
extern const Fields auth_token_fields;       // what is POSTed for an ephemeral token

} // namespace gemini_live_simulator
