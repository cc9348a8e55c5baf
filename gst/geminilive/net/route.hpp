// How to get to a server: by which proxy, and which certificates to believe. The same for a
// WebSocket and for a plain call.
#pragma once

#include "../base/glib_ptr.hpp"
#include "../base/secret.hpp"

#include <libsoup/soup.h>

#include <string>
#include <utility>
#include <vector>

namespace gemini_live {

struct Route {
  std::string ca_file = {}; // extra trust anchors, may be empty
  Secret proxy = {};        // URI; empty: the system's
  bool direct = false;      // past the system's proxy
};

using RequestHeaders = std::vector<std::pair<std::string, Secret>>;

// False with `error` set (GST_RESOURCE_ERROR_SETTINGS) if it is no URI of a proxy.
bool is_proxy_uri(const std::string &uri, GError **error);

// For one request; belongs to the calling thread's default context. It has no timeout.
ObjectPtr<SoupSession> make_session(const Route &route);
// One that follows no redirects, so that credentials go to no other host. Null if the URL is none.
ObjectPtr<SoupMessage> make_message(const char *method, const std::string &url,
                                    const RequestHeaders &headers, const Route &route);

} // namespace gemini_live
