// The parts of a setup that users write as JSON text: the settings `config` and `tools`.
//
// Errors are GST_RESOURCE_ERROR_SETTINGS and say what is wrong where; `source` names the text in them.
#pragma once

#include "../base/json.hpp"
#include "json_tree.hpp"
#include "setup_schema.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gemini_live {

struct SetupPatch {
  JsonObjectPtr object; // of the service's names; a null removes
  Force force;          // "x-force":true: nothing is checked
};

std::optional<SetupPatch> read_setup_patch(std::string_view json, const char *source,
                                           GError **error);

// A list of Tool objects from a list of them and of function declarations, each function once.
JsonArrayPtr read_tools(std::string_view json, const char *source, Force force, GError **error);

// The turns of `clientContent` from a list of them. Null with `why` if they are none.
JsonArrayPtr read_turns(const JsonValue &turns, std::string &why);
// The parts of a `functionResponse` likewise.
JsonArrayPtr read_answer_parts(const JsonValue &parts, std::string &why);

// By the name of a function: how the model is to use its answers. It is for us alone, so it is removed
// from the declarations.
using FunctionScheduling = std::map<std::string, std::string, std::less<>>;
FunctionScheduling take_scheduling(const JsonValue &tools);

// Appends to `tools`; the functions of both are declared by one Tool. False with `error` set if one
// function is there twice.
bool join_tools(JsonArray *tools, JsonArray *more, GError **error);

} // namespace gemini_live
