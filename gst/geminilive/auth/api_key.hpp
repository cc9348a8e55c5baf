// Where the API key comes from.
#pragma once

#include <glib.h>

#include <string>

namespace gemini_live {

// The key from `key`, else from the file `key_file`, else from the environment's GOOGLE_API_KEY,
// else from GEMINI_API_KEY. Empty with `error` set (GST_RESOURCE_ERROR) if there is none.
std::string find_api_key(const std::string &key, const std::string &key_file, GError **error);

} // namespace gemini_live
