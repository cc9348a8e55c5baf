// The rules at the door.
#include "access.hpp"

#include <glib.h>

#include <algorithm>
#include <array>

namespace gemini_live_simulator {
namespace {

struct Door {
  std::string_view head;
  std::string_view tail;
  bool vertex;
};

constexpr std::array<Door, 3> doors{{
    {"/ws/google.ai.generativelanguage.", ".GenerativeService.BidiGenerateContent", false},
    {"/ws/google.ai.generativelanguage.", ".GenerativeService.BidiGenerateContentConstrained",
     false},
    {"/ws/google.cloud.aiplatform.", ".LlmBidiService/BidiGenerateContent", true},
}};
constexpr std::array<std::string_view, 3> versions{"v1beta", "v1alpha", "v1"};
constexpr std::array<std::string_view, 2> vertex_versions{"v1beta1", "v1"};

constexpr std::string_view bad_key = "API key not valid. Please pass a valid API key.";
constexpr std::string_view no_key = "Method doesn't allow unregistered callers (callers without "
                                    "established identity). Please use API "
                                    "Key or other form of API consumer identity to call this API.";
constexpr std::string_view no_token = "Request had invalid authentication credentials. Expected "
                                      "OAuth 2 access token, login cookie or "
                                      "other valid authentication credential.";

std::optional<std::string> query_value(const char *query, const char *name)
{
  std::optional<std::string> value;
  GUriParamsIter iter;
  char *key = nullptr;
  char *text = nullptr;
  g_uri_params_iter_init(&iter, query ? query : "", -1, "&", G_URI_PARAMS_NONE);
  while (g_uri_params_iter_next(&iter, &key, &text, nullptr)) {
    if (g_str_equal(key, name))
      value = text;
    g_free(key);
    g_free(text);
  }
  return value;
}

} // namespace

std::optional<Access> find_route(std::string_view path)
{
  for (const auto &door : doors) {
    const auto at = path.find(door.head);
    if (at == std::string_view::npos || !path.ends_with(door.tail))
      continue;
    const auto from = at + door.head.size();
    if (from + door.tail.size() > path.size())
      continue;
    const auto version = path.substr(from, path.size() - door.tail.size() - from);
    const bool known = door.vertex
                           ? std::ranges::find(vertex_versions, version) != vertex_versions.end()
                           : std::ranges::find(versions, version) != versions.end();
    if (known)
      return Access{.vertex = door.vertex,
                    .constrained = door.tail.ends_with("Constrained"),
                    .version = std::string(version)};
  }
  return std::nullopt;
}

void read_credentials(Access &access, const char *key_header, const char *authorization,
                      const char *query)
{
  const auto key = query_value(query, "key");
  access.has_key = key_header || key;
  access.key = key_header ? key_header : key.value_or("");
  access.token = query_value(query, "access_token").value_or("");
  const std::string_view words = authorization ? authorization : "";
  access.has_token = (words.starts_with("Bearer ") && words.size() > 7) ||
                     (words.starts_with("Token ") && words.size() > 6) || !access.token.empty();
}

Refusal unknown_token()
{
  return {1008, std::string(no_token)};
}

std::optional<Refusal> refuse_caller(const Access &access, const std::string &api_key)
{
  if (access.constrained)
    return access.token.empty() ? std::optional(unknown_token()) : std::nullopt;
  const bool wrong_door = !access.token.empty() && !access.vertex;
  if (access.has_token && !wrong_door)
    return std::nullopt;
  if (!access.has_key)
    return Refusal{1008, std::string(access.vertex ? no_token : no_key)};
  const bool good = api_key.empty() ? !access.key.empty() : access.key == api_key;
  return good ? std::nullopt : std::optional(Refusal{1007, std::string(bad_key)});
}

std::optional<Refusal> refuse_model(const Access &access, const std::string &model)
{
  if (access.vertex) {
    if (model.starts_with("projects/") || model.starts_with("publishers/"))
      return std::nullopt;
    return Refusal{1007, "Invalid resource field value in the request."};
  }
  // A plain key opens the newer models on v1beta only.
  const bool old_enough = model.find("-2.") != std::string::npos;
  const bool served = access.version != "v1alpha" || access.has_token || old_enough;
  if (model.starts_with("models/gemini") && served)
    return std::nullopt;
  return Refusal{1008, model + " is not found for API version " + access.version +
                           ", or is not supported for bidiGenerateContent. Call ListModels to see "
                           "the list of available models and their supported methods."};
}

std::string cut_reason(std::string reason)
{
  constexpr std::size_t most = 123;
  if (reason.size() <= most)
    return reason;
  std::size_t size = most;
  while (size > 0 && (static_cast<unsigned char>(reason[size]) & 0xc0) == 0x80)
    --size;
  reason.resize(size);
  return reason;
}

} // namespace gemini_live_simulator
