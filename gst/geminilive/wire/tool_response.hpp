// The answer to a call of the model, in the one form that the service takes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gemini_live {

// How the model uses an answer that it does not wait for.
enum class Scheduling { none, when_idle, interrupt, silent };

struct ToolResponse {
  std::string response;   // JSON text of an object
  std::string error = {}; // what it says, if it says that the call failed
  std::string parts = {}; // JSON text of an array of media, or empty
  std::string wrong = {}; // with the parts: the service would end the session
  Scheduling scheduling = Scheduling::none;
  bool will_continue = false; // more answers to the same call follow
};

// What an application, a program or a script answered: a JSON object as it is, anything else as
// `{"output": …}`, and nothing at all as a word that it is done, since models repeat a call whose
// answer is empty. An object of nothing but `response` and `parts` holds media in `parts`, as the
// service's FunctionResponse does.
ToolResponse tool_response(std::string_view json);
ToolResponse tool_error(std::string_view message);

// `id` is the service's and may be empty.
std::string tool_response_message(std::string_view id, std::string_view name,
                                  const ToolResponse &response);

} // namespace gemini_live
