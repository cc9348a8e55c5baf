// What a model or a backend is known to refuse in a setup.
#pragma once

#include "json_tree.hpp"

#include <string>
#include <string_view>

namespace gemini_live {

enum class Backend { gemini, vertex };

// Whom a setup is for.
struct SetupTarget {
  Backend backend = Backend::gemini;
  std::string project = {}, location = {}; // of Vertex AI; may be unknown
  std::string api_version = {};
};

// What is wrong with what the user asks for, beginning with what to do; empty if nothing is known to
// be. `model` may be a short name or a resource name.
std::string find_refusal(JsonObject *wanted, std::string_view model, const SetupTarget &target);

// The same of one field, or of this one value of it, which may be of a later message such as
// `toolResponse.scheduling`.
std::string find_refusal(std::string_view field, std::string_view model, const SetupTarget &target,
                         std::string_view value = {});

// The same of what replaces a part of a setup: what the rest may have is not missed.
std::string find_refusal_of_update(JsonObject *wanted, std::string_view model,
                                   const SetupTarget &target);

// Removes what would be refused, or is of no use to the model, from what the user did not ask for.
void leave_out_refused(JsonObject *defaults, std::string_view model, const SetupTarget &target);

// Whether this one value is known to be refused.
bool is_refused(std::string_view path, std::string_view value, std::string_view model,
                const SetupTarget &target);

} // namespace gemini_live
