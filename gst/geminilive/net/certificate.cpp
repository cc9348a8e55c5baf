#include "certificate.hpp"

namespace gemini_live {

namespace {

using Kind = CertificateFault::Kind;
using DatePtr = std::unique_ptr<GDateTime, Release<g_date_time_unref>>;
using ArrayPtr = std::unique_ptr<GPtrArray, Release<g_ptr_array_unref>>;

std::string text_of(const DatePtr &date)
{
  const CharPtr text(date ? g_date_time_format(date.get(), "%Y-%m-%d %H:%M UTC") : nullptr);
  return text ? text.get() : "a date that cannot be read";
}

std::string signer_of(GTlsCertificate *certificate)
{
  const CharPtr subject(g_tls_certificate_get_subject_name(certificate));
  const CharPtr issuer(g_tls_certificate_get_issuer_name(certificate));
  if (!issuer)
    return "signed by nobody";
  return (g_strcmp0(subject.get(), issuer.get()) == 0 ? "self-signed by " : "signed by ") +
         std::string(issuer.get());
}

void append(std::string &list, const std::string &name)
{
  list.append(list.empty() ? "" : ", ").append(name);
}

std::string hosts_of(GTlsCertificate *certificate)
{
  std::string list;
  if (const ArrayPtr names(g_tls_certificate_get_dns_names(certificate)); names)
    for (guint i = 0; i < names->len; i++) {
      gsize size = 0;
      const auto *bytes = static_cast<const char *>(
          g_bytes_get_data(static_cast<GBytes *>(names->pdata[i]), &size));
      const CharPtr valid(g_utf8_make_valid(bytes, static_cast<gssize>(size)));
      append(list, valid.get());
    }
  if (const ArrayPtr addresses(g_tls_certificate_get_ip_addresses(certificate)); addresses)
    for (guint i = 0; i < addresses->len; i++) {
      const CharPtr text(
          g_inet_address_to_string(static_cast<GInetAddress *>(addresses->pdata[i])));
      append(list, text.get());
    }
  return list.empty() ? "no host" : list;
}

// Its own dates or those of the one in its chain that is no good any more, or not yet.
std::string date_of(GTlsCertificate *certificate, Kind kind)
{
  const DatePtr now(g_date_time_new_now_utc());
  const auto read = kind == Kind::expired ? g_tls_certificate_get_not_valid_after
                                          : g_tls_certificate_get_not_valid_before;
  const int wrong = kind == Kind::expired ? -1 : 1;
  for (auto *one = certificate; one; one = g_tls_certificate_get_issuer(one))
    if (const DatePtr date(read(one)); date && g_date_time_compare(date.get(), now.get()) == wrong)
      return text_of(date);
  return text_of(DatePtr(read(certificate)));
}

} // namespace

CertificateFault fault_of(GTlsCertificate *certificate, GTlsCertificateFlags flags)
{
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return {Kind::authority, signer_of(certificate)};
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return {Kind::host, hosts_of(certificate)};
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return {Kind::expired, date_of(certificate, Kind::expired)};
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return {Kind::early, date_of(certificate, Kind::early)};
  return {Kind::other, flags & G_TLS_CERTIFICATE_REVOKED    ? "it is revoked"
                       : flags & G_TLS_CERTIFICATE_INSECURE ? "its algorithm is not secure"
                                                            : "it is malformed"};
}

} // namespace gemini_live
