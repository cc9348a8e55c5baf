#include "access.hpp"

#include "../auth/api_key.hpp"
#include "../net/endpoint.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <string_view>

namespace gemini_live {

namespace {

constexpr const char *kGeminiUrl = "https://generativelanguage.googleapis.com";
constexpr const char *kGeminiVersion = "v1beta";

const char *environment(const char *name)
{
  const char *value = g_getenv(name);
  return value && *value ? value : nullptr;
}

// RFC 9110, 5.6.2
bool is_token(std::string_view name)
{
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return g_ascii_isalnum(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view value)
{
  return !value.empty() && std::all_of(value.begin(), value.end(),
                                       [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); });
}

// Without them there is no handshake.
bool belongs_to_handshake(const std::string &name)
{
  for (const auto *ours : {"Host", "Connection", "Upgrade", "Content-Length", "Transfer-Encoding"})
    if (g_ascii_strcasecmp(name.c_str(), ours) == 0)
      return true;
  constexpr std::string_view kPrefix = "Sec-WebSocket-";
  return g_ascii_strncasecmp(name.c_str(), kPrefix.data(), kPrefix.size()) == 0;
}

bool are_usable(const HeaderList &headers, GError **error)
{
  for (const auto &[name, value] : headers) {
    const char *fault = !is_token(name)                 ? "is no name of a header"
                        : belongs_to_handshake(name)    ? "is ours to send"
                        : !is_field_value(value.text()) ? "has a value that no header can carry"
                                                        : nullptr;
    if (!fault)
      continue;
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                "Correct extra-headers: '%s' %s", name.c_str(), fault);
    return false;
  }
  return true;
}

std::string base_url_of(const Settings &settings, const char *variable, const std::string &usual)
{
  if (settings.is_set(Setting::base_url))
    return settings.text(Setting::base_url);
  const char *value = environment(variable);
  return value ? value : usual;
}

std::string version_of(const Settings &settings, const char *usual)
{
  return settings.is_set(Setting::api_version) ? settings.text(Setting::api_version) : usual;
}

bool name_gemini_service(const Settings &settings, const char *method, Access &access,
                         GError **error)
{
  access.target = {.backend = Backend::gemini, .api_version = version_of(settings, kGeminiVersion)};
  access.url = endpoint_url(base_url_of(settings, "GOOGLE_GEMINI_BASE_URL", kGeminiUrl),
                            "/ws/google.ai.generativelanguage." + access.target.api_version +
                                ".GenerativeService." + method,
                            settings.truth(Setting::allow_insecure), error);
  return !access.url.empty();
}

bool add_api_key(const Settings &settings, Access &access, GError **error)
{
  auto key = find_api_key(settings.secret(Setting::api_key), settings.text(Setting::api_key_file),
                          access.warnings, error);
  if (key.empty())
    return false;
  access.headers.emplace_back("x-goog-api-key", std::move(key));
  return true;
}

bool find_gemini_access(const Settings &settings, Access &access, GError **error)
{
  return add_api_key(settings, access, error) &&
         name_gemini_service(settings, "BidiGenerateContent", access, error);
}

} // namespace

std::optional<Access> find_access(const Settings &settings, GError **error)
{
  const auto &extra = settings.headers(Setting::extra_headers);
  Access access;
  if (!are_usable(extra, error) || !find_gemini_access(settings, access, error))
    return std::nullopt;
  access.headers.insert(access.headers.end(), extra.begin(), extra.end());
  return access;
}

} // namespace gemini_live
