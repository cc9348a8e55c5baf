#include "token.hpp"

#include "../base/json.hpp"
#include "jwt.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace gemini_live {

namespace {

constexpr const char *kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr const char *kMetadataPath = "/computeMetadata/v1/";
constexpr const char *kTokenPath = "instance/service-accounts/default/token";
constexpr gint64 kMaxSkew = 300;

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

// application/x-www-form-urlencoded
Secret form_of(std::initializer_list<std::pair<const char *, const std::string *>> fields)
{
  std::string text;
  text.reserve(8192); // so that no copy is left behind
  for (const auto &[name, value] : fields) {
    char *escaped = g_uri_escape_string(value->c_str(), nullptr, FALSE);
    text.append(text.empty() ? "" : "&").append(name).append("=").append(escaped);
    Secret::wipe(escaped, strlen(escaped));
    g_free(escaped);
  }
  Secret form(text);
  Secret::wipe(text.data(), text.size());
  return form;
}

TokenRequest metadata_request(const MetadataServer &server, const char *what)
{
  return {.url = "http://" + server.host + kMetadataPath + what,
          .headers = {{"Metadata-Flavor", Secret("Google")}}};
}

// What a server wrote may be of any length.
std::string shown(std::string_view text)
{
  constexpr std::size_t kMost = 200;
  const CharPtr valid(
      g_utf8_make_valid(text.data(), static_cast<gssize>(std::min(text.size(), kMost))));
  return valid.get();
}

// token_uri comes from a file and may have a query.
std::string shown_url(const std::string &url)
{
  return url.substr(0, url.find_first_of("?#"));
}

std::string duration_of(gint64 seconds)
{
  const auto minutes = (std::abs(seconds) + 30) / 60;
  return minutes < 120 ? std::to_string(minutes) + " minutes"
                       : std::to_string((minutes + 30) / 60) + " hours";
}

// RFC 6749, 5.2
struct Refusal {
  std::string code, description;

  explicit Refusal(const JsonDocument &body)
  {
    if (!body.is_valid())
      return;
    code = shown(body.root()["error"].text().value_or(""));
    description = shown(body.root()["error_description"].text().value_or(""));
  }
  std::string text() const { return description.empty() ? code : code + ": " + description; }
};

bool blames_the_clock(const Refusal &refusal)
{
  for (const auto *word : {"iat", "exp ", "short-lived", "timeframe"})
    if (refusal.description.find(word) != std::string::npos)
      return true;
  return false;
}

// Begins with what to do.
std::string advice_for_grant(const Credentials &credentials, const Refusal &refusal,
                             const TokenReply &reply, gint64 now)
{
  const auto *account = std::get_if<ServiceAccount>(&credentials.who);
  if (!account)
    return "Log in again with 'gcloud auth application-default login': the refresh token is no "
           "longer accepted";
  const auto skew = reply.date ? now - *reply.date : 0;
  if (std::abs(skew) > kMaxSkew)
    return "Set the clock of this machine: it is " + duration_of(skew) +
           (skew > 0 ? " ahead" : " behind");
  if (blames_the_clock(refusal))
    return "Check the clock of this machine: the token endpoint takes it for wrong";
  return "Make a new key for the service account " + account->email + ": this one is not accepted";
}

template <class T>
TokenResult<T> failure(GstResourceError code, bool retryable, const std::string &text)
{
  return {.error = ErrorPtr(g_error_new_literal(GST_RESOURCE_ERROR, code, text.c_str())),
          .retryable = retryable};
}

// For what any server may answer instead of what was asked for; nothing for a success.
template <class T>
std::optional<TokenResult<T>> look_at_status(const TokenReply &reply, const std::string &url)
{
  const auto http = " (HTTP " + std::to_string(reply.status) + ")";
  if (reply.status == 408 || reply.status == 429 || reply.status >= 500)
    return failure<T>(GST_RESOURCE_ERROR_BUSY, true,
                      "Wait and start again: " + url + " has no token for us now" + http);
  if (reply.status != 200)
    return failure<T>(GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
                      "Check the credentials: " + url + " gives no token" + http);
  return std::nullopt;
}

template <class T>
std::optional<TokenResult<T>> look_at_flavor(const MetadataServer &server, const TokenReply &reply)
{
  if (reply.metadata_flavor == "Google")
    return std::nullopt;
  return failure<T>(GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
                    "Set credentials-path: there are no Application Default Credentials, and what "
                    "answers as " +
                        server.host + " is no metadata server of Google's");
}

bool can_be_a_header(std::string_view text)
{
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

std::string token_url(const Credentials &credentials)
{
  return std::visit(Overloaded{[](const MetadataServer &server) {
                                 return metadata_request(server, kTokenPath).url;
                               },
                               [](const auto &who) { return who.token_uri; }},
                    credentials.who);
}

TokenRequest make_token_request(const Credentials &credentials, gint64 now)
{
  return std::visit(
      Overloaded{[&](const ServiceAccount &account) {
                   const std::string grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
                   const auto assertion = make_assertion(account, kScope, now);
                   return TokenRequest{
                       .url = account.token_uri,
                       .form = form_of({{"grant_type", &grant}, {"assertion", &assertion.text()}})};
                 },
                 [](const AuthorizedUser &user) {
                   const std::string grant = "refresh_token";
                   return TokenRequest{
                       .url = user.token_uri,
                       .form = form_of({{"grant_type", &grant},
                                        {"client_id", &user.client_id},
                                        {"client_secret", &user.client_secret.text()},
                                        {"refresh_token", &user.refresh_token.text()}})};
                 },
                 [](const MetadataServer &server) { return metadata_request(server, kTokenPath); }},
      credentials.who);
}

TokenResult<AccessToken> read_token(const Credentials &credentials, const TokenReply &reply,
                                    gint64 now)
{
  using T = AccessToken;
  if (const auto *server = std::get_if<MetadataServer>(&credentials.who))
    if (auto failed = look_at_flavor<T>(*server, reply))
      return std::move(*failed);
  const JsonDocument body(reply.body.text());
  const Refusal refusal(body);
  if (refusal.code == "invalid_grant")
    return failure<T>(GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
                      advice_for_grant(credentials, refusal, reply, now) + " (" + refusal.text() +
                          ")");
  const auto url = shown_url(token_url(credentials));
  if (!refusal.code.empty() && reply.status >= 400 && reply.status < 500)
    return failure<T>(GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
                      "Check the credentials: " + url + " refuses them (" + refusal.text() + ")");
  if (auto failed = look_at_status<T>(reply, url))
    return std::move(*failed);
  const auto token =
      body.is_valid() ? body.root()["access_token"].text().value_or("") : std::string_view();
  if (!can_be_a_header(token))
    return failure<T>(GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
                      "Check where the credentials come from: what " + url +
                          " answers is no token");
  const auto lifetime = body.root()["expires_in"].integer().value_or(0);
  return {.value = AccessToken{Secret(token), now + std::clamp<std::int64_t>(lifetime, 0, 86400)}};
}

TokenRequest make_project_request(const MetadataServer &server)
{
  return metadata_request(server, "project/project-id");
}

TokenResult<std::string> read_project(const MetadataServer &server, const TokenReply &reply)
{
  using T = std::string;
  if (auto failed = look_at_flavor<T>(server, reply))
    return std::move(*failed);
  const auto &name = reply.body.text();
  if (reply.status == 200 && is_project_name(name))
    return {.value = name};
  return failure<T>(GST_RESOURCE_ERROR_SETTINGS, false,
                    "Set project-id: the metadata server " + server.host + " knows no project");
}

std::string identity_of(const Credentials &credentials)
{
  std::string all =
      std::visit(Overloaded{[](const ServiceAccount &account) {
                              return "account\n" + account.email + "\n" + account.token_uri + "\n" +
                                     account.private_key.text();
                            },
                            [](const AuthorizedUser &user) {
                              return "user\n" + user.client_id + "\n" + user.token_uri + "\n" +
                                     user.client_secret.text() + "\n" + user.refresh_token.text();
                            },
                            [](const MetadataServer &server) { return "machine\n" + server.host; }},
                 credentials.who);
  const CharPtr digest(g_compute_checksum_for_string(G_CHECKSUM_SHA256, all.data(),
                                                     static_cast<gssize>(all.size())));
  Secret::wipe(all.data(), all.size());
  return digest.get();
}

bool is_project_name(std::string_view name)
{
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return g_ascii_isalnum(c) || c == '-' || c == ':' || c == '.';
  });
}

} // namespace gemini_live
