// Files that hold credentials.
#pragma once

#include "../base/secret.hpp"

#include <glib.h>

#include <optional>
#include <string>
#include <vector>

namespace gemini_live {

// What a file holds. Nothing with `error` set (GST_RESOURCE_ERROR_OPEN_READ) if it cannot be read;
// `what` names it there. One that other users of the machine may read is worth a warning.
std::optional<Secret> read_secret_file(const std::string &path, const char *what,
                                       std::vector<std::string> &warnings, GError **error);

} // namespace gemini_live
