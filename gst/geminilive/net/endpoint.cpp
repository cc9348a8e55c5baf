#include "endpoint.hpp"

#include "../base/glib_ptr.hpp"

#include <gst/gst.h>
#include <libsoup/soup.h>

#include <string_view>

namespace gemini_live {

namespace {

bool is_loopback(const char *host)
{
  if (g_ascii_strcasecmp(host, "localhost") == 0)
    return true;
  ObjectPtr<GInetAddress> address(g_inet_address_new_from_string(host));
  return address && g_inet_address_get_is_loopback(address.get());
}

// GLib ends the userinfo at the first @; if there are more, part of a password looks like the host.
const char *host_of(GUri *uri)
{
  const char *host = uri ? g_uri_get_host(uri) : nullptr;
  return host && std::string_view(host).find('@') == std::string_view::npos ? host : nullptr;
}

bool is_one_of(const char *scheme, std::string_view plain, std::string_view secure, bool &is_secure)
{
  is_secure = scheme == secure;
  return is_secure || scheme == plain;
}

} // namespace

std::string endpoint_url(const std::string &base_url, const std::string &path, bool allow_insecure,
                         GError **error)
{
  UriPtr uri(g_uri_parse(base_url.c_str(), G_URI_FLAGS_ENCODED, nullptr));
  const char *scheme = uri ? g_uri_get_scheme(uri.get()) : "";
  const char *host = host_of(uri.get());
  bool secure = false;
  if (!host || !*host ||
      !(is_one_of(scheme, "http", "https", secure) || is_one_of(scheme, "ws", "wss", secure))) {
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                "Set base-url to an http, https, ws or wss URL: '%s' is none",
                redacted_url(base_url).c_str());
    return {};
  }
  if (!secure && !allow_insecure && !is_loopback(host)) {
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                "Use https in base-url, or set allow-insecure: '%s' would carry the credentials in "
                "the clear",
                redacted_url(base_url).c_str());
    return {};
  }
  std::string prefix = g_uri_get_path(uri.get());
  while (prefix.ends_with('/'))
    prefix.pop_back();
  CharPtr url(g_uri_join(G_URI_FLAGS_ENCODED, secure ? "wss" : "ws", g_uri_get_userinfo(uri.get()),
                         host, g_uri_get_port(uri.get()), (prefix + path).c_str(),
                         g_uri_get_query(uri.get()), nullptr));
  // As libsoup does, which decodes more of it.
  if (!g_uri_is_valid(url.get(), static_cast<GUriFlags>(SOUP_HTTP_URI_FLAGS), nullptr)) {
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                "Check base-url, and set api-version to a plain word such as v1beta: '%s' makes no "
                "URL",
                redacted_url(url.get()).c_str());
    return {};
  }
  return url.get();
}

bool is_loopback_url(const std::string &url)
{
  UriPtr uri(g_uri_parse(url.c_str(), G_URI_FLAGS_ENCODED, nullptr));
  const char *host = host_of(uri.get());
  return host && is_loopback(host);
}

std::string redacted_url(const std::string &url)
{
  UriPtr uri(g_uri_parse(url.c_str(), G_URI_FLAGS_ENCODED, nullptr));
  if (const char *host = host_of(uri.get())) {
    CharPtr text(g_uri_join(G_URI_FLAGS_ENCODED, g_uri_get_scheme(uri.get()), nullptr, host,
                            g_uri_get_port(uri.get()), g_uri_get_path(uri.get()), nullptr,
                            nullptr));
    return text.get();
  }
  // Its parts cannot be told apart, so nothing is shown that may be a secret.
  if (url.find_first_of("@?#") == std::string::npos)
    return url;
  const auto slashes = url.find("//");
  return url.substr(0, slashes == std::string::npos ? 0 : slashes) + "…";
}

} // namespace gemini_live
