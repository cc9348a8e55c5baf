// The first message of a connection: what the user has set, as the service's `setup`.
//
//   defaults  ◀──  settings  ◀──  config      each merged over the one before
//
// What the settings and config say is gated (refusals.hpp); a default that would be refused is
// left out.
#pragma once

#include "refusals.hpp"
#include "settings.hpp"
#include "setup_input.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gemini_live {

struct Setup {
  std::string message; // JSON text
  FunctionScheduling scheduling;
  bool forced; // "x-force":true: nothing that is sent later is refused either
};

// Nothing with `error` set (GST_RESOURCE_ERROR_SETTINGS) if the settings do not do. Their texts are
// taken as they are: what a setting names as a file must have been read. `added_tools` are those that
// the application declared one by one, as JSON text of an array, or empty.
std::optional<Setup> make_setup(const Settings &settings, const SetupTarget &target,
                                std::string_view added_tools, GError **error);

// Whether make_setup() will take `added_tools`, as far as they alone are to blame; else false with
// `error` set.
bool can_add_tools(const Settings &settings, std::string_view added_tools, GError **error);

// The same message when the project is known that `target` did not have.
std::string setup_of_project(std::string_view message, const SetupTarget &target,
                             const std::string &project);

// The resource name of a model, which may be one already.
std::string model_resource(std::string_view model, const SetupTarget &target);

} // namespace gemini_live
