// Messages and settings as they may be shown.
#pragma once

#include <string>
#include <string_view>

namespace gemini_live {

// On one line, media shortened, and without what opens a door: resumption handles, and the headers,
// credentials, queries and passwords of tool servers. Takes any text, JSON or not.
std::string shown_message(std::string_view json);

// As it is, without the same.
std::string without_secrets(std::string_view json);

} // namespace gemini_live
