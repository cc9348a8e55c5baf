#include "credentials.hpp"

#include "../base/glib_ptr.hpp"
#include "../base/json.hpp"
#include "jwt.hpp"
#include "secret_file.hpp"

#include <gst/gst.h>

namespace gemini_live {

namespace {

constexpr const char *kTokenUri = "https://oauth2.googleapis.com/token";
constexpr const char *kMetadataHost = "metadata.google.internal";

const char *environment(const char *name)
{
  const char *value = g_getenv(name);
  return value && *value ? value : nullptr;
}

// One file of credentials. What is missing in it is told once.
class Reader {
public:
  Reader(const std::string &path, JsonValue root, GError **error)
      : path_(path), root_(root), error_(error)
  {
  }

  std::string optional(const char *name) const
  {
    return std::string(root_[name].text().value_or(""));
  }

  Secret secret(const char *name) { return Secret(required(name)); }
  std::string text(const char *name) { return std::string(required(name)); }

  // Tokens are asked for where the file says; never in the clear, but on this machine.
  std::string token_uri()
  {
    const auto uri = optional("token_uri");
    if (uri.empty())
      return kTokenUri;
    // As strict as whoever will ask there.
    constexpr auto kFlags =
        static_cast<GUriFlags>(G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH |
                               G_URI_FLAGS_ENCODED_QUERY | G_URI_FLAGS_ENCODED_FRAGMENT);
    UriPtr parsed(g_uri_parse(uri.c_str(), kFlags, nullptr));
    const char *scheme = parsed ? g_uri_get_scheme(parsed.get()) : "";
    const char *host = parsed ? g_uri_get_host(parsed.get()) : nullptr;
    ObjectPtr<GInetAddress> address(host ? g_inet_address_new_from_string(host) : nullptr);
    const bool is_local = host && (g_str_equal(host, "localhost") ||
                                   (address && g_inet_address_get_is_loopback(address.get())));
    if (!host || !*host ||
        !(g_str_equal(scheme, "https") || (g_str_equal(scheme, "http") && is_local)))
      fail("Set token_uri in '" + path_ + "' to an https URL: it is none");
    return uri;
  }

  void fail(const std::string &why)
  {
    if (!failed_)
      g_set_error_literal(error_, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, why.c_str());
    failed_ = true;
  }

  bool failed() const { return failed_; }

private:
  std::string_view required(const char *name)
  {
    const auto text = root_[name].text().value_or("");
    if (text.empty())
      fail("Complete '" + path_ + "': it has no " + name);
    return text;
  }

  const std::string &path_;
  const JsonValue root_;
  GError **error_;
  bool failed_ = false;
};

std::optional<ServiceAccount> read_service_account(Reader &file, const std::string &path,
                                                   GError **error)
{
  ServiceAccount account{.email = file.text("client_email"),
                         .key_id = file.optional("private_key_id"),
                         .token_uri = file.token_uri(),
                         .private_key = file.secret("private_key")};
  if (file.failed())
    return std::nullopt;
  std::string why;
  if (is_signing_key(account.private_key, why))
    return account;
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Download a new key of the service account %s: the private_key of '%s' %s",
              account.email.c_str(), path.c_str(), why.c_str());
  return std::nullopt;
}

std::optional<AuthorizedUser> read_authorized_user(Reader &file)
{
  AuthorizedUser user{.client_id = file.text("client_id"),
                      .token_uri = file.token_uri(),
                      .client_secret = file.secret("client_secret"),
                      .refresh_token = file.secret("refresh_token")};
  return file.failed() ? std::nullopt : std::optional(std::move(user));
}

template <class Who>
std::optional<Credentials> with_projects(std::optional<Who> who, const Reader &file)
{
  if (!who)
    return std::nullopt;
  return Credentials{.who = std::move(*who),
                     .project = file.optional("project_id"),
                     .quota_project = file.optional("quota_project_id")};
}

std::string default_path()
{
  if (const char *path = environment("GOOGLE_APPLICATION_CREDENTIALS"))
    return path;
  const char *folder = environment("CLOUDSDK_CONFIG");
  const CharPtr usual(g_build_filename(g_get_home_dir(), ".config", "gcloud", nullptr));
  const CharPtr path(g_build_filename(folder ? folder : usual.get(),
                                      "application_default_credentials.json", nullptr));
  return g_file_test(path.get(), G_FILE_TEST_EXISTS) ? path.get() : "";
}

} // namespace

std::optional<Credentials> read_credentials(const std::string &path,
                                            std::vector<std::string> &warnings, GError **error)
{
  const auto text = read_secret_file(path, "the credentials file", warnings, error);
  if (!text)
    return std::nullopt;
  // Why it is no JSON is not told: that may quote it.
  const JsonDocument document(text->text());
  Reader file(path, document.is_valid() ? document.root() : JsonValue(), error);
  if (!document.is_valid() || !document.root().is_object()) {
    file.fail("Set credentials-path to a JSON file of Google credentials: '" + path +
              "' is no JSON object");
    return std::nullopt;
  }
  const auto type = file.optional("type");
  if (const auto universe = file.optional("universe_domain");
      !universe.empty() && universe != "googleapis.com")
    file.fail("Use credentials of googleapis.com: those of " + universe + " ('" + path +
              "') are not supported");
  else if (type == "service_account")
    return with_projects(read_service_account(file, path, error), file);
  else if (type == "authorized_user")
    return with_projects(read_authorized_user(file), file);
  else if (type.empty())
    file.fail("Set credentials-path to a JSON file of Google credentials: '" + path +
              "' has no type");
  else
    file.fail("Use the key of a service account, or 'gcloud auth application-default login': "
              "credentials of the type " +
              type + " ('" + path + "') are not supported");
  return std::nullopt;
}

std::optional<Credentials> find_default_credentials(std::vector<std::string> &warnings,
                                                    GError **error)
{
  if (const auto path = default_path(); !path.empty())
    return read_credentials(path, warnings, error);
  const char *host = environment("GCE_METADATA_HOST");
  return Credentials{.who = MetadataServer{host ? host : kMetadataHost}};
}

} // namespace gemini_live
