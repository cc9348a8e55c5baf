// Messages as a log may show them.
#pragma once

#include <string>
#include <string_view>

namespace gemini_live {

// On one line, media shortened, and without what opens a door: resumption handles, and the headers,
// credentials, queries and passwords of tool servers. Takes any text, JSON or not.
std::string shown_message(std::string_view json);

} // namespace gemini_live
