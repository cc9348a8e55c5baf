#include "route.hpp"

#include "proxy.hpp"

namespace gemini_live {

namespace {

constexpr const char *kWay = "gemini-live-way";

Way &own_way_of(SoupMessage *message)
{
  return *static_cast<Way *>(g_object_get_data(G_OBJECT(message), kWay));
}

// Of the anchors alone.
GTlsCertificateFlags verify(const std::string &ca_file, SoupMessage *message,
                            GTlsCertificate *certificate)
{
  const ObjectPtr<GTlsDatabase> anchors(
      G_TLS_DATABASE(g_tls_file_database_new(ca_file.c_str(), nullptr)));
  if (!anchors)
    return G_TLS_CERTIFICATE_UNKNOWN_CA;
  const ObjectPtr<GSocketConnectable> identity(
      g_network_address_new(g_uri_get_host(soup_message_get_uri(message)), 0));
  const auto flags = g_tls_database_verify_chain(
      anchors.get(), certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity.get(),
      nullptr, G_TLS_DATABASE_VERIFY_NONE, nullptr, nullptr);
  // So a signature is told that is not of the anchor of this name, such as that of an older key.
  return flags & G_TLS_CERTIFICATE_GENERIC_ERROR ? G_TLS_CERTIFICATE_UNKNOWN_CA : flags;
}

// Called only for a certificate that the system does not trust.
gboolean accept_certificate(SoupMessage *message, GTlsCertificate *certificate,
                            GTlsCertificateFlags flags, const std::string *ca_file)
{
  // Whose signer the system knows has another fault, which no further anchor mends.
  if (!ca_file->empty() && (flags & G_TLS_CERTIFICATE_UNKNOWN_CA))
    flags = verify(*ca_file, message, certificate);
  if (flags == 0)
    return TRUE;
  own_way_of(message).certificate = fault_of(certificate, flags);
  return FALSE;
}

void look_at_proxy(Way &way, GSocketConnection *connection)
{
  const ObjectPtr<GSocketAddress> address(
      g_socket_connection_get_remote_address(connection, nullptr));
  way.at_proxy = address && G_IS_PROXY_ADDRESS(address.get());
  if (!way.at_proxy)
    return;
  auto *proxy = G_PROXY_ADDRESS(address.get());
  way.proxy = shown_proxy(g_proxy_address_get_uri(proxy));
  way.proxy_has_user = g_proxy_address_get_username(proxy) != nullptr;
}

void note_event(SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer)
{
  auto &way = own_way_of(message);
  if (event == G_SOCKET_CLIENT_CONNECTING && G_IS_SOCKET_CONNECTION(stream))
    look_at_proxy(way, G_SOCKET_CONNECTION(stream));
  else if (event == G_SOCKET_CLIENT_PROXY_NEGOTIATED)
    way.at_proxy = false;
}

} // namespace

ObjectPtr<SoupSession> make_session(const std::string &url, const Route &route)
{
  ObjectPtr<SoupSession> session(soup_session_new_with_options("timeout", 0u, nullptr));
  ObjectPtr<GProxyResolver> resolver;
  if (!route.direct || !route.proxy.empty())
    resolver =
        make_proxy_resolver(route.proxy, url.starts_with("wss:") || url.starts_with("https:"));
  soup_session_set_proxy_resolver(session.get(), resolver.get());
  return session;
}

ObjectPtr<SoupMessage> make_message(const char *method, const std::string &url,
                                    const HeaderList &headers, const Route &route)
{
  ObjectPtr<SoupMessage> message(soup_message_new(method, url.c_str()));
  if (!message)
    return message;
  soup_message_add_flags(message.get(), SOUP_MESSAGE_NO_REDIRECT);
  for (const auto &[name, value] : headers)
    soup_message_headers_replace(soup_message_get_request_headers(message.get()), name.c_str(),
                                 value.text().c_str());
  g_object_set_data_full(
      G_OBJECT(message.get()), kWay,
      new Way{.proxy = route.proxy.empty() ? "" : shown_proxy(route.proxy.text())},
      [](gpointer way) { delete static_cast<Way *>(way); });
  g_signal_connect(message.get(), "network-event", G_CALLBACK(note_event), nullptr);
  g_signal_connect_data(
      message.get(), "accept-certificate", G_CALLBACK(accept_certificate),
      new std::string(route.ca_file),
      [](gpointer data, GClosure *) { delete static_cast<std::string *>(data); },
      static_cast<GConnectFlags>(0));
  return message;
}

const Way &way_of(SoupMessage *message)
{
  return own_way_of(message);
}

} // namespace gemini_live
