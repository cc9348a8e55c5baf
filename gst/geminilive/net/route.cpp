#include "route.hpp"

#include "endpoint.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <string_view>

namespace gemini_live {

namespace {

// Called only for a certificate that the system does not trust.
gboolean accept_certificate(SoupMessage *message, GTlsCertificate *certificate,
                            GTlsCertificateFlags, const std::string *ca_file)
{
  ObjectPtr<GTlsDatabase> anchors(
      G_TLS_DATABASE(g_tls_file_database_new(ca_file->c_str(), nullptr)));
  if (!anchors)
    return FALSE;
  ObjectPtr<GSocketConnectable> identity(
      g_network_address_new(g_uri_get_host(soup_message_get_uri(message)), 0));
  return g_tls_database_verify_chain(anchors.get(), certificate,
                                     G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity.get(),
                                     nullptr, G_TLS_DATABASE_VERIFY_NONE, nullptr, nullptr) == 0;
}

} // namespace

bool is_proxy_uri(const std::string &uri, GError **error)
{
  constexpr std::string_view kSchemes[] = {"http", "https", "socks", "socks4", "socks4a", "socks5"};
  UriPtr parsed(g_uri_parse(uri.c_str(), G_URI_FLAGS_HAS_PASSWORD, nullptr));
  const char *host = parsed ? g_uri_get_host(parsed.get()) : nullptr;
  if (host && *host &&
      std::find(std::begin(kSchemes), std::end(kSchemes), g_uri_get_scheme(parsed.get())) !=
          std::end(kSchemes))
    return true;
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Set proxy to a URI such as http://HOST:PORT or socks5://HOST:PORT: '%s' is none",
              redacted_url(uri).c_str());
  return false;
}

ObjectPtr<SoupSession> make_session(const Route &route)
{
  ObjectPtr<SoupSession> session(soup_session_new_with_options("timeout", 0u, nullptr));
  if (!route.proxy.empty()) {
    ObjectPtr<GProxyResolver> resolver(
        g_simple_proxy_resolver_new(route.proxy.text().c_str(), nullptr));
    soup_session_set_proxy_resolver(session.get(), resolver.get());
  } else if (route.direct)
    soup_session_set_proxy_resolver(session.get(), nullptr);
  return session;
}

ObjectPtr<SoupMessage> make_message(const char *method, const std::string &url,
                                    const RequestHeaders &headers, const Route &route)
{
  ObjectPtr<SoupMessage> message(soup_message_new(method, url.c_str()));
  if (!message)
    return message;
  soup_message_add_flags(message.get(), SOUP_MESSAGE_NO_REDIRECT);
  for (const auto &[name, value] : headers)
    soup_message_headers_replace(soup_message_get_request_headers(message.get()), name.c_str(),
                                 value.text().c_str());
  if (!route.ca_file.empty())
    g_signal_connect_data(
        message.get(), "accept-certificate", G_CALLBACK(accept_certificate),
        new std::string(route.ca_file),
        [](gpointer data, GClosure *) { delete static_cast<std::string *>(data); },
        static_cast<GConnectFlags>(0));
  return message;
}

} // namespace gemini_live
