// Where to connect.
#pragma once

#include <glib.h>

#include <string>

namespace gemini_live {

// `base_url` (http, https, ws or wss, may have a path prefix) with `path` appended, as ws or wss.
// Empty with `error` set (GST_RESOURCE_ERROR_SETTINGS) if it cannot be used, or if it would carry
// credentials in the clear to another host and `allow_insecure` is false.
std::string endpoint_url(const std::string &base_url, const std::string &path, bool allow_insecure,
                         GError **error);

// Whether the URL's host is this machine.
bool is_loopback_url(const std::string &url);

// The same URL without userinfo, query and fragment, for logs and for reading back.
std::string redacted_url(const std::string &url);

} // namespace gemini_live
