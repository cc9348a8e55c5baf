// The first message of a connection: what the user has set, as the service's `setup`.
#pragma once

#include "settings.hpp"

#include <string>
#include <string_view>

namespace gemini_live {

// The message as JSON text. `system_instruction` is what the settings or their file say.
std::string setup_message(const Settings &settings, std::string_view system_instruction);

// `models/M` for a short name; a full resource name stays as it is.
std::string model_resource(std::string_view model);

} // namespace gemini_live
