// Where to connect, and what may be shown of it.
#include "check.hpp"

#include "gst/geminilive/base/glib_ptr.hpp"
#include "gst/geminilive/net/endpoint.hpp"

using namespace gemini_live;

namespace {

std::string url(const char *base, bool allow_insecure = false,
                check::Where where = check::Where::current())
{
  GError *error = nullptr;
  auto result = endpoint_url(base, "/ws/service", allow_insecure, &error);
  check::that(!error && !result.empty(), error ? error->message : "empty", where);
  return result;
}

// The text of the error.
std::string refused(const char *base, check::Where where = check::Where::current())
{
  GError *error = nullptr;
  check::equal(endpoint_url(base, "/ws/service", false, &error), "", base, where);
  check::that(error != nullptr, "no error", where);
  ErrorPtr owned(error);
  check::that(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS),
              error->message, where);
  return error->message;
}

} // namespace

TEST(test_every_scheme_becomes_ws_or_wss)
{
  check::equal(url("https://example.org"), "wss://example.org/ws/service");
  check::equal(url("wss://example.org"), "wss://example.org/ws/service");
  check::equal(url("http://localhost"), "ws://localhost/ws/service");
  check::equal(url("ws://localhost"), "ws://localhost/ws/service");
  check::equal(url("HTTPS://example.org"), "wss://example.org/ws/service");
}

TEST(test_the_path_is_appended_to_a_prefix)
{
  check::equal(url("https://example.org/"), "wss://example.org/ws/service");
  check::equal(url("https://example.org/a/b"), "wss://example.org/a/b/ws/service");
  check::equal(url("https://example.org/a/b//"), "wss://example.org/a/b/ws/service");
  check::equal(url("https://example.org/a%20b"), "wss://example.org/a%20b/ws/service");
}

TEST(test_the_port_is_kept)
{
  check::equal(url("http://127.0.0.1:8080"), "ws://127.0.0.1:8080/ws/service");
  check::equal(url("https://example.org:8443/x"), "wss://example.org:8443/x/ws/service");
}

TEST(test_userinfo_and_query_are_kept_and_a_fragment_is_not)
{
  check::equal(url("https://u:p@example.org/x?a=b#c"), "wss://u:p@example.org/x/ws/service?a=b");
}

TEST(test_credentials_in_the_clear_stay_on_this_host)
{
  for (const auto *base : {"http://localhost:1", "http://LOCALHOST", "http://127.0.0.1",
                           "ws://127.8.9.10:1", "http://[::1]:80", "ws://[::1]"})
    check::that(url(base).starts_with("ws://"), base);
  for (const auto *base : {"http://example.org", "ws://192.168.1.2", "http://127.0.0.1.example.org",
                           "http://localhost.example.org", "http://[fe80::1]", "http://0.0.0.0",
                           "ws://[::]:80", "http://127.0.0.1@example.org"})
    check::contains(refused(base), "allow-insecure");
}

TEST(test_other_hosts_only_if_it_is_allowed)
{
  check::equal(url("http://example.org", true), "ws://example.org/ws/service");
  check::equal(url("wss://example.org", true), "wss://example.org/ws/service");
}

TEST(test_what_is_no_such_url_is_refused)
{
  for (const auto *base : {"", "example.org", "/path", "ftp://example.org", "file:///x", "http://",
                           "https:", "http:///x", "https://example.org:99999", "://x", "wss:x"})
    check::contains(refused(base), "base-url");
}

TEST(test_nothing_secret_is_in_an_error)
{
  for (const auto *base :
       {"ftp://user:secret@example.org/?key=secret#secret",
        "http://user:secret@example.org?k=secret",
        "http://user:secret@example.org:99999/?key=secret", "https://user:secret@[x/?key=secret",
        "user:secret@example.org", "https://example.org:x/?secret"})
    check::lacks(refused(base), "secret");
}

TEST(test_what_is_shown_has_no_userinfo_query_or_fragment)
{
  check::equal(redacted_url("wss://u:secret@example.org:1/x/y?key=secret#secret"),
               "wss://example.org:1/x/y");
  check::equal(redacted_url("https://example.org/x"), "https://example.org/x");
  check::equal(redacted_url("http://[::1]:80/"), "http://[::1]:80/");
  check::equal(redacted_url(""), "");
}

TEST(test_what_is_no_url_is_shown_without_its_secrets)
{
  for (const auto *text : {"http://user:secret@example.org:99999/", "user:secret@example.org",
                           "http://user:secret@[x", "http://example.org:x?secret", "x#secret"})
    check::lacks(redacted_url(text), "secret");
}

TEST_MAIN("endpoint")
