// What we say to the service, as JSON text. Names are those of the service's v1beta protocol.
#pragma once

#include "settings.hpp"

#include <span>
#include <string>
#include <string_view>

namespace gemini_live {

// The first message of a connection. `system_instruction` is what the settings or their file say.
std::string setup_message(const Settings &settings, std::string_view system_instruction);

// `models/M` for a short name; a full resource name stays as it is.
std::string model_resource(std::string_view model);

// Writes one message of 16 kHz samples into `out`, reusing its memory.
void write_audio_message(std::span<const std::uint8_t> samples, std::string &out);

std::string text_message(std::string_view text);
std::string audio_stream_end_message();
std::string tool_error_message(std::string_view id, std::string_view name, std::string_view text);

} // namespace gemini_live
