// The statement is checked as RFC 7515 and RFC 7523 have it; the words of refusals are Google's.
#include "token_office.hpp"

#include "glib.hpp"
#include "json.hpp"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <stdexcept>

namespace gemini_live_simulator {
namespace {

constexpr const char *email = "robot@simulator.iam.gserviceaccount.com";
constexpr const char *project = "simulated-project";
constexpr const char *refresh_token = "1//simulated-refresh-token";
constexpr const char *client_id = "simulated.apps.googleusercontent.com";
constexpr const char *client_secret = "simulated-client-secret";
constexpr const char *scope = "https://www.googleapis.com/auth/cloud-platform";
constexpr const char *jwt_grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::int64_t most_skew = 300;
constexpr std::int64_t longest = 3600;

constexpr const char *bad_time =
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in "
    "a reasonable timeframe. Check your iat and exp values in the JWT "
    "claim.";

void check(int result)
{
  if (result < 0)
    throw std::runtime_error(std::string("cannot make a key: ") + gnutls_strerror(result));
}

HttpReply refuse(const char *error, const std::string &description)
{
  return {400, std::string(R"({"error":")") + error + R"(","error_description":")" + description +
                   "\"}"};
}

std::map<std::string, std::string> fields_of(std::string_view form)
{
  std::map<std::string, std::string> fields;
  GUriParamsIter iter;
  char *key = nullptr;
  char *value = nullptr;
  g_uri_params_iter_init(&iter, form.data(), static_cast<gssize>(form.size()), "&",
                         G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next(&iter, &key, &value, nullptr)) {
    fields[key] = value;
    g_free(key);
    g_free(value);
  }
  return fields;
}

// Nothing if it is not base64url without padding.
std::optional<std::string> decode(std::string_view text)
{
  const auto is_digit = [](char c) { return g_ascii_isalnum(c) || c == '-' || c == '_'; };
  if (text.empty() || !std::ranges::all_of(text, is_digit))
    return std::nullopt;
  std::string usual(text);
  std::ranges::replace(usual, '-', '+');
  std::ranges::replace(usual, '_', '/');
  usual.append((4 - usual.size() % 4) % 4, '=');
  gsize size = 0;
  guchar *bytes = g_base64_decode(usual.c_str(), &size);
  std::string decoded(reinterpret_cast<char *>(bytes), size);
  g_free(bytes);
  return decoded;
}

gnutls_datum_t datum(std::string_view text)
{
  return {reinterpret_cast<unsigned char *>(const_cast<char *>(text.data())),
          static_cast<unsigned>(text.size())};
}

std::string quoted(std::string_view pem)
{
  std::string text;
  for (const char c : pem)
    text += c == '\n' ? "\\n" : std::string(1, c);
  return text;
}

} // namespace

struct TokenOffice::Key {
  gnutls_x509_privkey_t secret = nullptr;
  gnutls_pubkey_t open = nullptr;
  std::string pem;

  Key()
  {
    gnutls_privkey_t wrapped = nullptr;
    gnutls_datum_t text{};
    check(gnutls_x509_privkey_init(&secret));
    check(gnutls_x509_privkey_generate(secret, GNUTLS_PK_RSA, 2048, 0));
    check(gnutls_x509_privkey_export2_pkcs8(secret, GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN,
                                            &text));
    pem.assign(reinterpret_cast<char *>(text.data), text.size);
    gnutls_free(text.data);
    check(gnutls_privkey_init(&wrapped));
    check(gnutls_privkey_import_x509(wrapped, secret, 0));
    check(gnutls_pubkey_init(&open));
    check(gnutls_pubkey_import_privkey(open, wrapped, 0, 0));
    gnutls_privkey_deinit(wrapped);
  }
  ~Key()
  {
    gnutls_pubkey_deinit(open);
    gnutls_x509_privkey_deinit(secret);
  }
  Key(const Key &) = delete;
  Key &operator=(const Key &) = delete;

  bool signed_it(std::string_view statement, std::string_view signature) const
  {
    const auto what = datum(statement), proof = datum(signature);
    return gnutls_pubkey_verify_data2(open, GNUTLS_SIGN_RSA_SHA256, 0, &what, &proof) >= 0;
  }
};

TokenOffice::TokenOffice(std::string url, std::int64_t lifetime)
    : url_(std::move(url)), lifetime_(lifetime), key_(std::make_unique<Key>())
{
}

TokenOffice::~TokenOffice() = default;

std::string TokenOffice::service_account() const
{
  return std::string("{\n  \"type\": \"service_account\",\n  \"project_id\": \"") + project +
         "\",\n  \"private_key_id\": \"1\",\n  \"private_key\": \"" + quoted(key_->pem) +
         "\",\n  \"client_email\": \"" + email + "\",\n  \"token_uri\": \"" + url_ + path +
         "\"\n}\n";
}

std::string TokenOffice::authorized_user() const
{
  return std::string("{\n  \"type\": \"authorized_user\",\n  \"client_id\": \"") + client_id +
         "\",\n  \"client_secret\": \"" + client_secret + "\",\n  \"refresh_token\": \"" +
         refresh_token + "\",\n  \"token_uri\": \"" + url_ + path + "\"\n}\n";
}

HttpReply TokenOffice::exchange(std::string_view form, std::int64_t now)
{
  auto fields = fields_of(form);
  if (fields["grant_type"] == jwt_grant)
    return exchange_statement(fields["assertion"], now);
  if (fields["grant_type"] != "refresh_token")
    return refuse("unsupported_grant_type", "Invalid grant_type: " + fields["grant_type"]);
  if (fields["client_id"] != client_id || fields["client_secret"] != client_secret)
    return {401, R"({"error":"invalid_client","error_description":"Unauthorized"})"};
  if (fields["refresh_token"] != refresh_token)
    return refuse("invalid_grant", "Token has been expired or revoked.");
  return issue(now);
}

HttpReply TokenOffice::exchange_statement(const std::string &statement, std::int64_t now)
{
  const std::string_view all = statement;
  const auto first = all.find('.'), last = all.rfind('.');
  if (first == std::string_view::npos || first == last)
    return refuse("invalid_grant", "Invalid JWT: it has not three parts.");
  const auto head = decode(all.substr(0, first));
  const auto claims = decode(all.substr(first + 1, last - first - 1));
  const auto signature = decode(all.substr(last + 1));
  const auto head_json = head ? JsonDocument::parse(*head) : std::nullopt;
  const auto json = claims ? JsonDocument::parse(*claims) : std::nullopt;
  if (!head_json || !json || !signature)
    return refuse("invalid_grant", "Invalid JWT: it cannot be decoded.");
  if (head_json->root().get("alg").string() != "RS256" ||
      !key_->signed_it(all.substr(0, last), *signature))
    return refuse("invalid_grant", "Invalid JWT Signature.");
  const auto said = json->root();
  if (said.get("iss").string() != email)
    return refuse("invalid_grant", "Invalid grant: account not found");
  if (said.get("aud").string() != url_ + path)
    return refuse("invalid_grant", "Invalid JWT: Failed audience check.");
  if (said.get("scope").string() != scope)
    return refuse("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
  const auto issued = said.get("iat"), expires = said.get("exp");
  const auto from = static_cast<std::int64_t>(issued.number()),
             to = static_cast<std::int64_t>(expires.number());
  if (!issued.is_integer() || !expires.is_integer() || from > now + most_skew || to <= now ||
      from < now - longest - most_skew || to - from > longest)
    return refuse("invalid_grant", bad_time);
  return issue(now);
}

HttpReply TokenOffice::issue(std::int64_t now)
{
  const auto token = "ya29.simulated-" + std::to_string(++count_);
  issued_["Bearer " + token] = now + lifetime_;
  return {200, R"({"access_token":")" + token + R"(","expires_in":)" + std::to_string(lifetime_) +
                   R"(,"token_type":"Bearer"})"};
}

HttpReply TokenOffice::tell_machine(std::string_view what, std::int64_t now)
{
  if (what == "instance/service-accounts/default/token")
    return issue(now);
  if (what == "project/project-id")
    return {200, project, "application/text"};
  return {404, "<html>Not Found</html>", "text/html"};
}

bool TokenOffice::accepts(std::string_view authorization, std::int64_t now) const
{
  const auto found = issued_.find(authorization);
  return found != issued_.end() && now < found->second;
}

} // namespace gemini_live_simulator
