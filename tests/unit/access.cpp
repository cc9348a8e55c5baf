// Which service is asked, where it is, and as whom: settings against environment.
#include "check.hpp"

#include "gst/geminilive/base/glib_ptr.hpp"
#include "gst/geminilive/engine/access.hpp"

using namespace gemini_live;

namespace {

using Environment = std::vector<std::pair<const char *, const char *>>;

void set_environment(const Environment &variables)
{
  for (const auto *name : {"GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL"})
    g_unsetenv(name);
  for (const auto &[name, value] : variables)
    g_setenv(name, value, TRUE);
}

using Set = std::vector<std::pair<Setting, SettingValue>>;

Settings settings_of(const Set &set)
{
  Settings settings;
  for (const auto &[key, value] : set)
    settings.set(key, value);
  return settings;
}

Access found(const Set &set, check::Where where = check::Where::current())
{
  GError *error = nullptr;
  auto access = find_access(settings_of(set), &error);
  const ErrorPtr owned(error);
  check::that(access.has_value(), error ? error->message : "no error", where);
  return std::move(*access);
}

// The text of the error.
std::string refused(const Set &set, check::Where where = check::Where::current())
{
  GError *error = nullptr;
  check::that(!find_access(settings_of(set), &error), "was found", where);
  const ErrorPtr owned(error);
  check::that(error && error->domain == GST_RESOURCE_ERROR, "no error", where);
  return error->message;
}

// As "name: value, name: value".
std::string headers_of(const Access &access)
{
  std::string text;
  for (const auto &[name, value] : access.headers)
    text += (text.empty() ? "" : ", ") + name + ": " + value.text();
  return text;
}

Set with_headers(const HeaderList &headers)
{
  return {{Setting::api_key, Secret("k")}, {Setting::extra_headers, headers}};
}

} // namespace

TEST(test_a_key_asks_the_gemini_api)
{
  set_environment({});
  const auto access = found({{Setting::api_key, Secret("k")}});
  check::equal(access.url,
               "wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta."
               "GenerativeService.BidiGenerateContent");
  check::equal(headers_of(access), "x-goog-api-key: k");
  check::that(access.target.backend == Backend::gemini);
  check::equal(access.target.api_version, "v1beta");
}

TEST(test_the_gemini_api_can_be_somewhere_else)
{
  set_environment({{"GOOGLE_GEMINI_BASE_URL", "https://proxy.example/gemini"}});
  check::contains(found({{Setting::api_key, Secret("k")}}).url,
                  "wss://proxy.example/gemini/ws/google.ai.generativelanguage.v1beta.");
  const auto access = found({{Setting::api_key, Secret("k")},
                             {Setting::base_url, std::string("http://127.0.0.1:1")},
                             {Setting::api_version, std::string("v1alpha")}});
  check::contains(access.url, "ws://127.0.0.1:1/ws/google.ai.generativelanguage.v1alpha.");
}

TEST(test_extra_headers_come_after_ours)
{
  set_environment({});
  check::equal(
      headers_of(found(with_headers({{"x-team", Secret("7")}, {"Cookie", Secret("a=b")}}))),
      "x-goog-api-key: k, x-team: 7, Cookie: a=b");
}

TEST(test_headers_that_cannot_be_sent_are_refused_without_their_value)
{
  set_environment({});
  for (const char *name :
       {"x y", "x:y", "", "x\ny", "Host", "upgrade", "Sec-WebSocket-Key", "sec-websocket-protocol"})
    check::lacks(refused(with_headers({{name, Secret("hush")}})), "hush");
  for (const char *value : {"hush\n", "hush\r\nX: 1", "h\xc3\xbcsh", "hush\x7f"})
    check::lacks(refused(with_headers({{"x-team", Secret(value)}})), "sh");
  check::contains(refused(with_headers({{"x-team", Secret("")}})),
                  "Correct extra-headers: 'x-team'");
}

TEST_MAIN("access")
