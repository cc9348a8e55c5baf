// What we say to the service, as JSON text. Names are those of the service's v1beta protocol.
#pragma once

#include "content.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gemini_live {

// Writes one message of 16 kHz samples into `out`, reusing its memory.
void write_audio_message(std::span<const std::uint8_t> samples, std::string &out);

std::string video_message(std::string_view mime_type, std::span<const std::uint8_t> image);
std::string text_message(std::string_view text);
std::string audio_stream_end_message();
std::string activity_start_message();
std::string activity_end_message();
std::string content_message(const Content &content);
std::string context_update_message(const ContextUpdate &update);

} // namespace gemini_live
