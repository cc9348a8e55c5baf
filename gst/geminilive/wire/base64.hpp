// Base64 as servers write it: either alphabet, with or without padding, blanks anywhere.
#pragma once

#include "../base/glib_ptr.hpp"

#include <string_view>

namespace gemini_live {

// Nothing if `text` is no base64.
BytesPtr decode_base64(std::string_view text);

} // namespace gemini_live
