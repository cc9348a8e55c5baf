#include "jwt.hpp"

#include "../base/glib_ptr.hpp"
#include "../base/json.hpp"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include <algorithm>

namespace gemini_live {

namespace {

constexpr gint64 kLifetime = 3600;
// For a clock that is a little fast: a token from the future is refused.
constexpr gint64 kLeeway = 30;

using KeyPtr = std::unique_ptr<gnutls_privkey_st, Release<gnutls_privkey_deinit>>;

KeyPtr import_key(const Secret &pem)
{
  gnutls_privkey_t raw = nullptr;
  if (gnutls_privkey_init(&raw) < 0)
    return nullptr;
  KeyPtr key(raw);
  // GnuTLS only reads it.
  const gnutls_datum_t text{
      reinterpret_cast<unsigned char *>(const_cast<char *>(pem.text().data())),
      static_cast<unsigned>(pem.text().size())};
  const int result =
      gnutls_privkey_import_x509_raw(key.get(), &text, GNUTLS_X509_FMT_PEM, nullptr, 0);
  return result < 0 ? nullptr : std::move(key);
}

std::string base64url(const void *bytes, std::size_t size)
{
  const CharPtr text(g_base64_encode(static_cast<const guchar *>(bytes), size));
  std::string url(text.get());
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  url.resize(url.find_last_not_of('=') + 1);
  return url;
}

std::string base64url(const std::string &text)
{
  return base64url(text.data(), text.size());
}

std::string head_of(const ServiceAccount &account)
{
  JsonWriter head;
  head.begin_object().member("alg", "RS256").member("typ", "JWT");
  if (!account.key_id.empty())
    head.member("kid", account.key_id);
  return head.end_object().text();
}

std::string claims_of(const ServiceAccount &account, const char *scope, gint64 now)
{
  const auto issued = std::int64_t{now - kLeeway};
  return JsonWriter()
      .begin_object()
      .member("iss", account.email)
      .member("scope", scope)
      .member("aud", account.token_uri)
      .member("iat", issued)
      .member("exp", issued + kLifetime)
      .end_object()
      .text();
}

} // namespace

bool is_signing_key(const Secret &pem, std::string &why)
{
  if (pem.text().find("ENCRYPTED") != std::string::npos) {
    why = "is encrypted";
    return false;
  }
  const auto key = import_key(pem);
  if (!key)
    why = "is no private key in PEM, or not a whole one";
  else if (gnutls_privkey_get_pk_algorithm(key.get(), nullptr) != GNUTLS_PK_RSA)
    why = "is no RSA key";
  return why.empty();
}

Secret make_assertion(const ServiceAccount &account, const char *scope, gint64 now)
{
  const auto key = import_key(account.private_key);
  auto text = base64url(head_of(account)) + "." + base64url(claims_of(account, scope, now));
  const gnutls_datum_t statement{reinterpret_cast<unsigned char *>(text.data()),
                                 static_cast<unsigned>(text.size())};
  gnutls_datum_t signature{};
  if (!key ||
      gnutls_privkey_sign_data2(key.get(), GNUTLS_SIGN_RSA_SHA256, 0, &statement, &signature) < 0)
    return {};
  text += "." + base64url(signature.data, signature.size);
  gnutls_free(signature.data);
  Secret assertion(text);
  Secret::wipe(text.data(), text.size());
  return assertion;
}

} // namespace gemini_live
