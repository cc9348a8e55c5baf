// A tree of json-glib's as compact JSON text. json-glib's own generator writes some numbers and
// characters as no parser takes them: 1e+17.0, and U+001F as it is (json-glib 1.6).
#pragma once

#include <json-glib/json-glib.h>

#include <string>

namespace gemini_live {

// A number that JSON cannot say becomes the nearest one that it can.
std::string json_text(JsonNode *node);

} // namespace gemini_live
