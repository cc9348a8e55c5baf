// Where the API key comes from.
#pragma once

#include "../base/secret.hpp"

#include <glib.h>

#include <string>
#include <vector>

namespace gemini_live {

// The key from `key`, else from the file `key_file`, else from the environment's GOOGLE_API_KEY,
// else from GEMINI_API_KEY. Empty with `error` set (GST_RESOURCE_ERROR) if there is none. What the
// user should know all the same is added to `warnings`.
Secret find_api_key(const Secret &key, const std::string &key_file,
                    std::vector<std::string> &warnings, GError **error);

// Whether the environment has one.
bool has_environment_key();

} // namespace gemini_live
