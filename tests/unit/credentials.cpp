// Google's credentials: what files of them are taken, and what is said of the others.
#include "check.hpp"
#include "credentials_for_test.hpp"

#include "gst/geminilive/base/glib_ptr.hpp"

using namespace gemini_live;
using test::TextFile;

namespace {

std::optional<Credentials> read(const std::string &text, std::string &why)
{
  const TextFile file(text);
  std::vector<std::string> warnings;
  GError *error = nullptr;
  auto credentials = read_credentials(file.path(), warnings, &error);
  const ErrorPtr owned(error);
  check::equal(credentials.has_value(), error == nullptr);
  why = error ? error->message : "";
  if (error)
    check::lacks(why, "hush");
  return credentials;
}

void expect_refusal(const std::string &text, const char *part,
                    check::Where where = check::Where::current())
{
  std::string why;
  check::that(!read(text, why), "was taken", where);
  check::contains(why, part, where);
}

} // namespace

TEST(test_a_service_account_is_read)
{
  std::string why;
  const auto credentials = read(test::account_json(test::rsa_pem()), why);
  check::that(credentials.has_value(), why.c_str());
  const auto &account = std::get<ServiceAccount>(credentials->who);
  check::equal(account.email, "robot@acme.example");
  check::equal(account.key_id, "key-1");
  check::equal(account.token_uri, "https://oauth2.googleapis.com/token");
  check::equal(credentials->project, "acme");
}

TEST(test_a_user_is_read)
{
  std::string why;
  const auto credentials = read(R"({"type":"authorized_user","client_id":"c",
      "client_secret":"hush","refresh_token":"hush-1","quota_project_id":"payer"})",
                                why);
  check::that(credentials.has_value(), why.c_str());
  const auto &user = std::get<AuthorizedUser>(credentials->who);
  check::equal(user.refresh_token.text(), "hush-1");
  check::equal(user.token_uri, "https://oauth2.googleapis.com/token");
  check::equal(credentials->quota_project, "payer");
}

TEST(test_a_file_that_is_no_json_is_refused)
{
  for (const auto *text : {"", "hush", "{\"type\":", "[1]", "\"hush\"", "\xff\xfe"})
    expect_refusal(text, "is no JSON object");
}

TEST(test_a_file_without_a_type_is_refused)
{
  expect_refusal(R"({"api_key":"hush"})", "has no type");
  expect_refusal(R"({"type":7})", "has no type");
}

TEST(test_a_type_that_is_not_supported_is_named)
{
  for (const std::string type : {"external_account", "impersonated_service_account",
                                 "external_account_authorized_user", "gdch_service_account"})
    expect_refusal(R"({"type":")" + type + R"(","private_key":"hush"})",
                   ("of the type " + type).c_str());
  expect_refusal(R"({"type":"service_account","universe_domain":"cloud.example"})",
                 "cloud.example");
}

TEST(test_a_missing_field_is_named)
{
  expect_refusal(R"({"type":"service_account","private_key":"hush"})", "it has no client_email");
  expect_refusal(R"({"type":"service_account","client_email":"e"})", "it has no private_key");
  for (const std::string missing : {"client_id", "client_secret", "refresh_token"}) {
    std::string text = R"({"type":"authorized_user")";
    for (const std::string name : {"client_id", "client_secret", "refresh_token"})
      text += name == missing ? "" : ",\"" + name + "\":\"hush\"";
    expect_refusal(text + "}", ("it has no " + missing).c_str());
  }
}

TEST(test_an_encrypted_key_is_refused)
{
  expect_refusal(test::account_json(test::encrypted_pem()), "is encrypted");
}

TEST(test_a_truncated_key_is_refused)
{
  const auto pem = test::rsa_pem();
  expect_refusal(test::account_json(pem.substr(0, pem.size() / 2)), "not a whole one");
  expect_refusal(test::account_json("hush"), "no private key in PEM");
}

TEST(test_an_ec_key_is_refused)
{
  expect_refusal(test::account_json(test::ec_pem()), "is no RSA key");
}

TEST(test_tokens_are_not_asked_for_in_the_clear)
{
  for (const auto *uri : {"http://example.org/token", "ftp://example.org", "token", "https://",
                          "http://127.0.0.1.example.org/"})
    expect_refusal(test::account_json(test::rsa_pem(), uri), "Set token_uri");
  std::string why;
  for (const auto *uri : {"http://127.0.0.1:1/token", "http://localhost/token",
                          "http://[::1]:1/token", "https://example.org/token"})
    check::that(read(test::account_json(test::rsa_pem(), uri), why).has_value(), uri);
}

TEST(test_a_file_that_is_not_there_is_an_error)
{
  std::vector<std::string> warnings;
  GError *error = nullptr;
  check::that(!read_credentials("/nonexistent/file", warnings, &error));
  check::that(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ));
  check::contains(error->message, "/nonexistent/file");
  g_error_free(error);
}

TEST(test_default_credentials_are_found_in_googles_order)
{
  const auto user = [](const char *id) {
    return std::string(R"({"type":"authorized_user","client_secret":"s","refresh_token":"r",)") +
           R"("client_id":")" + id + "\"}";
  };
  const auto found = [] {
    std::vector<std::string> warnings;
    GError *error = nullptr;
    const auto credentials = find_default_credentials(warnings, &error);
    check::that(credentials.has_value(), error ? error->message : "");
    const auto *who = std::get_if<AuthorizedUser>(&credentials->who);
    return who ? who->client_id : "machine " + std::get<MetadataServer>(credentials->who).host;
  };
  const TextFile named(user("named"));
  const test::Folder home, sdk;
  g_unsetenv("GOOGLE_APPLICATION_CREDENTIALS");
  g_unsetenv("CLOUDSDK_CONFIG");
  g_unsetenv("GCE_METADATA_HOST");
  g_setenv("HOME", home.path().c_str(), TRUE);
  check::equal(found(), "machine metadata.google.internal");
  g_setenv("GCE_METADATA_HOST", "127.0.0.1:1", TRUE);
  check::equal(found(), "machine 127.0.0.1:1");
  home.write(".config/gcloud/application_default_credentials.json", user("home"));
  check::equal(found(), "home");
  g_setenv("CLOUDSDK_CONFIG", sdk.path().c_str(), TRUE);
  check::equal(found(), "machine 127.0.0.1:1");
  sdk.write("application_default_credentials.json", user("sdk"));
  check::equal(found(), "sdk");
  g_setenv("GOOGLE_APPLICATION_CREDENTIALS", named.path().c_str(), TRUE);
  check::equal(found(), "named");
}

TEST_MAIN("credentials")
