// The refusal of a client's message that has other fields than it may have.
//
// Pure: no thread, no clock.
#pragma once

#include "json.hpp"
#include "profile.hpp"

#include <optional>
#include <string>

namespace gemini_live_simulator {

// The reason of the close frame (1007) that answers this message; nothing if every field is known
// to this backend and of the right kind.
std::optional<std::string> schema_error(Json message, Backend backend);

// The same for what is POSTed for an ephemeral token. Its field mask may name fields of the setup.
std::optional<std::string> token_schema_error(Json request);

} // namespace gemini_live_simulator
