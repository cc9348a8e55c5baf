// Keys and files of credentials, made for a test and gone with it.
#pragma once

#include "check.hpp"

#include "gst/geminilive/auth/credentials.hpp"
#include "gst/geminilive/base/json.hpp"
#include "support/text_file.hpp"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <filesystem>
#include <string>

namespace test {

class Folder {
public:
  Folder()
  {
    char *path = g_dir_make_tmp("credentials-XXXXXX", nullptr);
    path_ = path;
    g_free(path);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;
  const std::string &path() const { return path_; }
  void write(const std::string &name, const std::string &contents) const
  {
    const auto path = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(path.parent_path());
    check::that(g_file_set_contents(path.c_str(), contents.c_str(), -1, nullptr));
  }

private:
  std::string path_;
};

// PKCS #8; encrypted if there is a password.
inline std::string make_pem(gnutls_pk_algorithm_t algorithm, unsigned bits,
                            const char *password = nullptr)
{
  gnutls_x509_privkey_t key = nullptr;
  gnutls_datum_t pem{};
  check::that(gnutls_x509_privkey_init(&key) >= 0);
  check::that(gnutls_x509_privkey_generate(key, algorithm, bits, 0) >= 0);
  check::that(gnutls_x509_privkey_export2_pkcs8(
                  key, GNUTLS_X509_FMT_PEM, password,
                  password ? GNUTLS_PKCS_PBES2_AES_256 : GNUTLS_PKCS_PLAIN, &pem) >= 0);
  std::string text(reinterpret_cast<char *>(pem.data), pem.size);
  gnutls_free(pem.data);
  gnutls_x509_privkey_deinit(key);
  return text;
}

inline const std::string &rsa_pem()
{
  static const auto pem = make_pem(GNUTLS_PK_RSA, 2048);
  return pem;
}

inline std::string encrypted_pem()
{
  return make_pem(GNUTLS_PK_RSA, 2048, "hush");
}

inline std::string ec_pem()
{
  return make_pem(GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1));
}

inline std::string account_json(const std::string &pem,
                                const char *token_uri = "https://oauth2.googleapis.com/token")
{
  return gemini_live::JsonWriter()
      .begin_object()
      .member("type", "service_account")
      .member("project_id", "acme")
      .member("private_key_id", "key-1")
      .member("private_key", pem)
      .member("client_email", "robot@acme.example")
      .member("token_uri", token_uri)
      .end_object()
      .text();
}

} // namespace test
