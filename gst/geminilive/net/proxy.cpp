#include "proxy.hpp"

#include "endpoint.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

// Says what another resolver says, in words that nobody trips over.
typedef struct _GstGeminiLiveProxyResolver GstGeminiLiveProxyResolver;
typedef struct _GstGeminiLiveProxyResolverClass GstGeminiLiveProxyResolverClass;
struct _GstGeminiLiveProxyResolver {
  GObject parent;
  GProxyResolver *inner;
  gboolean encrypted;
};
struct _GstGeminiLiveProxyResolverClass {
  GObjectClass parent;
};

namespace gemini_live {

namespace {

// GLib's own client of HTTP proxies, under a name that libsoup leaves to GLib.
constexpr std::string_view kTunnel = "connect";
constexpr std::string_view kHttp = "http";
constexpr std::string_view kHttpPort = ":80";

bool has_scheme(std::string_view uri, std::string_view scheme)
{
  return uri.starts_with(scheme) && uri.substr(scheme.size()).starts_with("://");
}

bool is_proxy(const char *uri)
{
  constexpr std::string_view kSchemes[] = {"http", "https", "socks", "socks4", "socks4a", "socks5"};
  const UriPtr parsed(g_uri_parse(uri, G_URI_FLAGS_HAS_PASSWORD, nullptr));
  const char *host = parsed ? g_uri_get_host(parsed.get()) : nullptr;
  return host && *host &&
         std::find(std::begin(kSchemes), std::end(kSchemes), g_uri_get_scheme(parsed.get())) !=
             std::end(kSchemes);
}

// False if there is no tunnel in this GLib. A type can be registered once, so it gets a child.
bool has_tunnel()
{
  static const bool has = [] {
    const ObjectPtr<GProxy> http(g_proxy_get_default_for_protocol(kHttp.data()));
    if (!http)
      return false;
    GTypeQuery parent;
    g_type_query(G_OBJECT_TYPE(http.get()), &parent);
    const auto type =
        g_type_register_static_simple(parent.type, "GstGeminiLiveTunnel", parent.class_size,
                                      nullptr, parent.instance_size, nullptr, G_TYPE_FLAG_NONE);
    return g_io_extension_point_implement(G_PROXY_EXTENSION_POINT_NAME, type, kTunnel.data(), 0) !=
           nullptr;
  }();
  return has;
}

std::string tunnel_of(std::string_view uri)
{
  std::string tunnel(kTunnel);
  tunnel += uri.substr(kHttp.size());
  const UriPtr parsed(g_uri_parse(tunnel.c_str(), G_URI_FLAGS_HAS_PASSWORD, nullptr));
  if (parsed && g_uri_get_port(parsed.get()) < 0)
    tunnel.insert(std::min(tunnel.find_first_of("/?#", kTunnel.size() + 3), tunnel.size()),
                  kHttpPort);
  return tunnel;
}

// Takes the list; null with `error` set if one of them is no proxy.
char **made_plain(char **proxies, bool encrypted, GError **error)
{
  for (char **proxy = proxies; proxy && *proxy; proxy++) {
    if (!g_str_equal(*proxy, "direct://") && !is_proxy(*proxy)) {
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED, "'%s' is no URI of a proxy",
                  redacted_url(*proxy).c_str());
      g_strfreev(proxies);
      return nullptr;
    }
    if (!encrypted && has_scheme(*proxy, kHttp) && has_tunnel()) {
      char *tunnel = g_strdup(tunnel_of(*proxy).c_str());
      Secret::wipe(*proxy, strlen(*proxy));
      g_free(std::exchange(*proxy, tunnel));
    }
  }
  return proxies;
}

} // namespace

} // namespace gemini_live

static void gst_gemini_live_proxy_resolver_init_interface(GProxyResolverInterface *interface);

G_DEFINE_TYPE_WITH_CODE(GstGeminiLiveProxyResolver, gst_gemini_live_proxy_resolver, G_TYPE_OBJECT,
                        G_IMPLEMENT_INTERFACE(G_TYPE_PROXY_RESOLVER,
                                              gst_gemini_live_proxy_resolver_init_interface))

static GstGeminiLiveProxyResolver *self_of(gpointer object)
{
  return static_cast<GstGeminiLiveProxyResolver *>(object);
}

static void gst_gemini_live_proxy_resolver_init(GstGeminiLiveProxyResolver *) {}

static void gst_gemini_live_proxy_resolver_finalize(GObject *object)
{
  g_object_unref(self_of(object)->inner);
  G_OBJECT_CLASS(gst_gemini_live_proxy_resolver_parent_class)->finalize(object);
}

static void gst_gemini_live_proxy_resolver_class_init(GstGeminiLiveProxyResolverClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = gst_gemini_live_proxy_resolver_finalize;
}

static gboolean is_supported(GProxyResolver *)
{
  return TRUE;
}

static char **lookup(GProxyResolver *resolver, const char *uri, GCancellable *cancellable,
                     GError **error)
{
  auto *self = self_of(resolver);
  return gemini_live::made_plain(g_proxy_resolver_lookup(self->inner, uri, cancellable, error),
                                 self->encrypted != FALSE, error);
}

static void looked_up(GObject *inner, GAsyncResult *result, gpointer data)
{
  const gemini_live::ObjectPtr<GTask> task(G_TASK(data));
  auto *self = self_of(g_task_get_source_object(task.get()));
  GError *error = nullptr;
  char **proxies = gemini_live::made_plain(
      g_proxy_resolver_lookup_finish(G_PROXY_RESOLVER(inner), result, &error),
      self->encrypted != FALSE, error ? nullptr : &error);
  if (proxies)
    g_task_return_pointer(task.get(), proxies,
                          [](gpointer list) { g_strfreev(static_cast<char **>(list)); });
  else
    g_task_return_error(task.get(), error);
}

static void lookup_async(GProxyResolver *resolver, const char *uri, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  g_proxy_resolver_lookup_async(self_of(resolver)->inner, uri, cancellable, looked_up,
                                g_task_new(resolver, cancellable, callback, data));
}

static char **lookup_finish(GProxyResolver *, GAsyncResult *result, GError **error)
{
  return static_cast<char **>(g_task_propagate_pointer(G_TASK(result), error));
}

static void gst_gemini_live_proxy_resolver_init_interface(GProxyResolverInterface *interface)
{
  interface->is_supported = is_supported;
  interface->lookup = lookup;
  interface->lookup_async = lookup_async;
  interface->lookup_finish = lookup_finish;
}

namespace gemini_live {

bool is_proxy_uri(const std::string &uri, GError **error)
{
  if (is_proxy(uri.c_str()))
    return true;
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Set proxy to a URI such as http://HOST:PORT or socks5://HOST:PORT: '%s' is none",
              redacted_url(uri).c_str());
  return false;
}

ObjectPtr<GProxyResolver> make_proxy_resolver(const Secret &proxy, bool encrypted)
{
  auto *self = self_of(g_object_new(gst_gemini_live_proxy_resolver_get_type(), nullptr));
  self->inner = proxy.empty() ? G_PROXY_RESOLVER(g_object_ref(g_proxy_resolver_get_default()))
                              : g_simple_proxy_resolver_new(proxy.text().c_str(), nullptr);
  self->encrypted = encrypted;
  return ObjectPtr<GProxyResolver>(G_PROXY_RESOLVER(self));
}

std::string shown_proxy(const std::string &uri)
{
  const auto shown = redacted_url(uri);
  return has_scheme(shown, kTunnel) ? std::string(kHttp) + shown.substr(kTunnel.size()) : shown;
}

} // namespace gemini_live
