// Made with GnuTLS, handed over as files: GIO reads nothing else.
#include "certificate.hpp"

#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <ctime>
#include <stdexcept>

namespace gemini_live_simulator {
namespace {

constexpr std::time_t day = 24 * 60 * 60;

struct KeyDeinit {
  void operator()(gnutls_x509_privkey_t key) const { gnutls_x509_privkey_deinit(key); }
};
struct CrtDeinit {
  void operator()(gnutls_x509_crt_t crt) const { gnutls_x509_crt_deinit(crt); }
};
using Key = std::unique_ptr<gnutls_x509_privkey_int, KeyDeinit>;
using Crt = std::unique_ptr<gnutls_x509_crt_int, CrtDeinit>;

void check(int result)
{
  if (result < 0)
    throw std::runtime_error(std::string("cannot make a certificate: ") + gnutls_strerror(result));
}

Key make_key()
{
  gnutls_x509_privkey_t raw = nullptr;
  check(gnutls_x509_privkey_init(&raw));
  Key key(raw);
  check(gnutls_x509_privkey_generate(raw, GNUTLS_PK_ECDSA,
                                     GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
  return key;
}

Crt make_certificate(const Key &key, const CertificatePlan &plan)
{
  gnutls_x509_crt_t raw = nullptr;
  check(gnutls_x509_crt_init(&raw));
  Crt crt(raw);
  const unsigned char serial[] = {1};
  const unsigned char loopback[] = {127, 0, 0, 1};
  const std::time_t now = std::time(nullptr);
  check(gnutls_x509_crt_set_version(raw, 3));
  check(gnutls_x509_crt_set_serial(raw, serial, sizeof serial));
  check(gnutls_x509_crt_set_activation_time(raw, now + plan.first_day * day));
  check(gnutls_x509_crt_set_expiration_time(raw, now + plan.last_day * day));
  check(gnutls_x509_crt_set_dn(raw, ("CN=" + plan.host).c_str(), nullptr));
  check(gnutls_x509_crt_set_subject_alt_name(raw, GNUTLS_SAN_DNSNAME, plan.host.data(),
                                             static_cast<unsigned>(plan.host.size()),
                                             GNUTLS_FSAN_SET));
  if (plan.host == "localhost")
    check(gnutls_x509_crt_set_subject_alt_name(raw, GNUTLS_SAN_IPADDRESS, loopback, sizeof loopback,
                                               GNUTLS_FSAN_APPEND));
  check(gnutls_x509_crt_set_basic_constraints(raw, 1, -1));
  check(
      gnutls_x509_crt_set_key_usage(raw, GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_CERT_SIGN));
  check(gnutls_x509_crt_set_key(raw, key.get()));
  check(gnutls_x509_crt_sign2(raw, raw, key.get(), GNUTLS_DIG_SHA256, 0));
  return crt;
}

void write_file(const std::string &path, gnutls_datum_t pem)
{
  GError *error = nullptr;
  const bool good =
      g_file_set_contents_full(path.c_str(), reinterpret_cast<const char *>(pem.data), pem.size,
                               G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  gnutls_free(pem.data);
  if (!good)
    throw std::runtime_error(take_message(error));
}

} // namespace

Certificate::Certificate(const CertificatePlan &plan)
{
  GError *error = nullptr;
  const CharPtr folder(g_dir_make_tmp("gemini-live-simulator-XXXXXX", &error));
  if (!folder)
    throw std::runtime_error(take_message(error));
  folder_ = folder.get();
  pem_file_ = folder_ + "/certificate.pem";
  key_file_ = folder_ + "/key.pem";
  try {
    const Key key = make_key();
    const Crt crt = make_certificate(key, plan);
    gnutls_datum_t pem{};
    check(gnutls_x509_crt_export2(crt.get(), GNUTLS_X509_FMT_PEM, &pem));
    write_file(pem_file_, pem);
    check(gnutls_x509_privkey_export2_pkcs8(key.get(), GNUTLS_X509_FMT_PEM, nullptr,
                                            GNUTLS_PKCS_PLAIN, &pem));
    write_file(key_file_, pem);
    tls_.reset(g_tls_certificate_new_from_files(pem_file_.c_str(), key_file_.c_str(), &error));
    if (!tls_)
      throw std::runtime_error(take_message(error));
  } catch (...) {
    remove();
    throw;
  }
}

Certificate::~Certificate()
{
  tls_.reset();
  remove();
}

void Certificate::remove()
{
  g_unlink(pem_file_.c_str());
  g_unlink(key_file_.c_str());
  g_rmdir(folder_.c_str());
}

} // namespace gemini_live_simulator
