// Which proxy to take: that of a setting, or the system's.
//
// GLib and libsoup are particular about what a resolver of proxies says: a URI that is none becomes a
// warning with everything in it, and libsoup asks an HTTP proxy to forward what is not encrypted, in
// which an upgrade to a WebSocket gets lost. So what is no URI of a proxy is an error here, and the way
// through an HTTP proxy is always a tunnel (CONNECT, RFC 9110, 9.3.6).
#pragma once

#include "../base/glib_ptr.hpp"
#include "../base/secret.hpp"

#include <string>

namespace gemini_live {

// False with `error` set (GST_RESOURCE_ERROR_SETTINGS) if it is no URI of a proxy.
bool is_proxy_uri(const std::string &uri, GError **error);

// `proxy` is a URI; if it is empty, the system decides. `encrypted` is whether what goes through is.
ObjectPtr<GProxyResolver> make_proxy_resolver(const Secret &proxy, bool encrypted);

// For the user to read, without user and password.
std::string shown_proxy(const std::string &uri);

} // namespace gemini_live
