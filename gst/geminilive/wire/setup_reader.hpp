// Brings what users write about a setup into the form of the service, and checks every name and type
// on the way.
//
// They write it as the service's `setup` or as the SDKs' flat LiveConnectConfig, in camelCase or
// snake_case, with functions in JSON Schema. What comes out is made anew; it shares nothing that may
// change with what goes in.
#pragma once

#include "json_tree.hpp"
#include "setup_schema.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace gemini_live {

// For one text, which `source` names in errors.
class SetupReader {
public:
  static constexpr const char *kForceName = "x-force";

  SetupReader(const char *source, Force force) : source_(source), force_(force) {}

  // Null, or with gaps, if there is an error.
  JsonObjectPtr config(JsonNode *node);
  JsonArrayPtr tools(JsonNode *node);
  // A list of contents, each with a role.
  JsonArrayPtr turns(JsonNode *node);
  // A list of what a function shows the model.
  JsonArrayPtr answer_parts(JsonNode *node);
  // The first thing that is wrong, beginning with what to do; empty if nothing is.
  const std::string &error() const { return error_; }

private:
  // Where we are, while it lives.
  class Step {
  public:
    Step(SetupReader &reader, std::string_view name) : path_(reader.path_), length_(path_.size())
    {
      if (!path_.empty() && !name.starts_with('['))
        path_ += '.';
      path_ += name;
    }
    Step(SetupReader &reader, guint index) : Step(reader, '[' + std::to_string(index) + ']') {}
    ~Step() { path_.resize(length_); }

  private:
    std::string &path_;
    std::size_t length_;
  };

  bool forces() const { return force_ == Force::yes; }
  void fail(const std::string &what);
  void fail_type(const char *wanted, JsonNode *node);
  JsonNodePtr wrong_type(const char *wanted, JsonNode *node);
  void unknown(std::string_view name, const SetupMessage &message);

  // After the schema.
  JsonNodePtr value(const SetupField &field, JsonNode *node);
  JsonNodePtr single(const SetupField &field, JsonNode *node);
  JsonArrayPtr list_of(const SetupMessage &message, JsonNode *node);
  JsonArrayPtr list(JsonNode *node, const std::function<JsonNodePtr(JsonNode *)> &read);
  JsonNodePtr word(const SetupField &field, JsonNode *node);
  JsonNodePtr text(const SetupField &field, JsonNode *node);
  JsonNodePtr bytes(const SetupField &field, JsonNode *node);
  void obey(const TextRule *rule, const char *text);
  JsonNodePtr number(const SetupField &field, JsonNode *node);
  JsonObjectPtr object(const SetupMessage &message, JsonObject *object);
  void member(const SetupMessage &message, const char *name, JsonNode *node, JsonObject *out);

  // As the SDKs have it.
  JsonNodePtr content(JsonNode *node);
  JsonNodePtr part(JsonNode *node);
  JsonNodePtr schema(JsonNode *node);
  void schema_type(JsonNode *node, JsonObject *out);
  void alternatives(JsonNode *node, JsonObject *out);
  void flat_member(const char *name, JsonNode *node, JsonObject *out);

  const char *const source_;
  const Force force_;
  unsigned lists_ = 0; // around us
  std::string path_;
  std::string error_;
};

} // namespace gemini_live
