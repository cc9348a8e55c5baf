#include "access.hpp"

#include "../auth/api_key.hpp"
#include "../auth/token.hpp"
#include "../geminilive-enums.h"
#include "../net/endpoint.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <string_view>

namespace gemini_live {

namespace {

constexpr const char *kGeminiUrl = "https://generativelanguage.googleapis.com";
constexpr const char *kGeminiVersion = "v1beta";
constexpr const char *kVertexVersion = "v1beta1";
constexpr const char *kLocation = "us-central1";

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

// It goes into the query of a URL.
bool add_auth_token(const Settings &settings, Access &access, GError **error)
{
  const auto &token = settings.secret(Setting::auth_token).text();
  constexpr std::string_view kPrefix = "auth_tokens/";
  const auto name = std::string_view(token).substr(std::min(kPrefix.size(), token.size()));
  const bool fits =
      token.starts_with(kPrefix) && !name.empty() &&
      std::all_of(name.begin(), name.end(), [](char c) {
        return g_ascii_isalnum(c) || std::string_view("-._~").find(c) != std::string_view::npos;
      });
  if (fits)
    access.query = Secret("access_token=" + token);
  else
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                        "Set auth-token to the whole name of an ephemeral token, auth_tokens/…");
  return fits;
}

bool find_gemini_access(const Settings &settings, Access &access, GError **error)
{
  if (settings.is_set(Setting::auth_token))
    return add_auth_token(settings, access, error) &&
           name_gemini_service(settings, "BidiGenerateContentConstrained", access, error);
  return add_api_key(settings, access, error) &&
         name_gemini_service(settings, "BidiGenerateContent", access, error);
}

// Places that are no region have a host of their own form.
std::string vertex_url(const std::string &location)
{
  if (location.empty() || location == "global")
    return "https://aiplatform.googleapis.com";
  if (location == "us" || location == "eu")
    return "https://aiplatform." + location + ".rep.googleapis.com";
  return "https://" + location + "-aiplatform.googleapis.com";
}

bool is_location(std::string_view name)
{
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return g_ascii_islower(c) || g_ascii_isdigit(c) || c == '-'; });
}

bool name_vertex_service(const Settings &settings, Access &access, GError **error)
{
  auto &target = access.target;
  target.api_version = version_of(settings, kVertexVersion);
  const char *fault = !target.project.empty() && !is_project_name(target.project) ? "project-id"
                      : !is_location(target.location)                             ? "location"
                                                                                  : nullptr;
  if (fault) {
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                "Set %s to the name of one: '%s' is none", fault,
                (g_str_equal(fault, "location") ? target.location : target.project).c_str());
    return false;
  }
  access.url = endpoint_url(
      base_url_of(settings, "GOOGLE_VERTEX_BASE_URL", vertex_url(target.location)),
      "/ws/google.cloud.aiplatform." + target.api_version + ".LlmBidiService/BidiGenerateContent",
      settings.truth(Setting::allow_insecure), error);
  return !access.url.empty();
}

std::string first_of(const std::string &set, const std::string &own, const char *variable)
{
  const char *value = environment(variable);
  return !set.empty() ? set : !own.empty() ? own : value ? value : "";
}

bool has_explicit_key(const Settings &settings)
{
  return settings.is_set(Setting::api_key) || settings.is_set(Setting::api_key_file);
}

// A key of the environment has no say where the environment or the user names a project or a place.
bool takes_vertex_key(const Settings &settings)
{
  if (has_explicit_key(settings))
    return true;
  const bool has_place =
      settings.is_set(Setting::credentials_path) || settings.is_set(Setting::project_id) ||
      settings.is_set(Setting::location) || environment("GOOGLE_CLOUD_PROJECT") ||
      environment("GOOGLE_CLOUD_LOCATION");
  return !has_place && has_environment_key();
}

bool find_vertex_access(const Settings &settings, Access &access, GError **error)
{
  access.target.backend = Backend::vertex;
  if (takes_vertex_key(settings)) // express mode: the key knows the project
    return add_api_key(settings, access, error) && name_vertex_service(settings, access, error);
  const auto &path = settings.text(Setting::credentials_path);
  access.credentials = path.empty() ? find_default_credentials(access.warnings, error)
                                    : read_credentials(path, access.warnings, error);
  if (!access.credentials)
    return false;
  auto &target = access.target;
  target.project = first_of(settings.text(Setting::project_id), access.credentials->project,
                            "GOOGLE_CLOUD_PROJECT");
  target.location = first_of(settings.text(Setting::location), {}, "GOOGLE_CLOUD_LOCATION");
  if (target.location.empty())
    target.location = kLocation;
  if (target.project.empty() && !access.credentials->of_machine()) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                        "Set project-id, or the environment variable GOOGLE_CLOUD_PROJECT: the "
                        "credentials name no project");
    return false;
  }
  const char *payer = environment("GOOGLE_CLOUD_QUOTA_PROJECT");
  const std::string quota = payer ? payer : access.credentials->quota_project;
  if (is_project_name(quota))
    access.headers.emplace_back("x-goog-user-project", Secret(quota));
  return name_vertex_service(settings, access, error);
}

bool environment_wants_vertex()
{
  for (const auto *name : {"GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI"})
    if (const char *value = environment(name)) // the first one decides
      return g_ascii_strcasecmp(value, "true") == 0 || g_str_equal(value, "1");
  return false;
}

bool wants_vertex(const Settings &settings)
{
  switch (settings.choice(Setting::backend)) {
  case GST_GEMINI_LIVE_BACKEND_GEMINI:
    return false;
  case GST_GEMINI_LIVE_BACKEND_VERTEX:
    return true;
  default:
    break;
  }
  if (settings.is_set(Setting::credentials_path) || settings.is_set(Setting::project_id))
    return true;
  return !has_explicit_key(settings) && !settings.is_set(Setting::auth_token) &&
         environment_wants_vertex();
}

// What contradicts itself; null if nothing does.
const char *find_contradiction(const Settings &settings, bool vertex)
{
  const bool key = has_explicit_key(settings), token = settings.is_set(Setting::auth_token);
  if (key && token)
    return "Set either auth-token or an API key: both are set";
  if (key && settings.is_set(Setting::credentials_path))
    return "Set either credentials-path or an API key: both are set";
  if (key && settings.is_set(Setting::project_id))
    return "Unset project-id or the API key: a key belongs to a project of its own";
  if (vertex && token)
    return "Unset auth-token, or what selects Vertex AI: ephemeral tokens are of the Gemini API";
  if (!vertex && settings.is_set(Setting::credentials_path))
    return "Unset credentials-path, or set backend to vertex: the Gemini API takes an API key";
  if (!vertex && (settings.is_set(Setting::project_id) || settings.is_set(Setting::location)))
    return "Unset project-id and location, or set backend to vertex: the Gemini API has neither";
  return nullptr;
}

} // namespace

std::optional<Access> find_access(const Settings &settings, GError **error)
{
  const bool vertex = wants_vertex(settings);
  if (const char *why = find_contradiction(settings, vertex)) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, why);
    return std::nullopt;
  }
  const auto &extra = settings.headers(Setting::extra_headers);
  const auto find = vertex ? find_vertex_access : find_gemini_access;
  Access access;
  if (!are_usable(extra, error) || !find(settings, access, error))
    return std::nullopt;
  access.headers.insert(access.headers.end(), extra.begin(), extra.end());
  return access;
}

} // namespace gemini_live
