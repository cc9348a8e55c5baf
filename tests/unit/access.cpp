// Which service is asked, where it is, and as whom: settings against environment.
#include "check.hpp"
#include "credentials_for_test.hpp"

#include "gst/geminilive/base/glib_ptr.hpp"
#include "gst/geminilive/engine/access.hpp"
#include "gst/geminilive/geminilive-enums.h"

using namespace gemini_live;

namespace {

using Environment = std::vector<std::pair<const char *, const char *>>;

void set_environment(const Environment &variables)
{
  for (const auto *name :
       {"GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL",
        "GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CLOUD_LOCATION", "GOOGLE_CLOUD_QUOTA_PROJECT", "GOOGLE_APPLICATION_CREDENTIALS",
        "GCE_METADATA_HOST"})
    g_unsetenv(name);
  g_setenv("CLOUDSDK_CONFIG", "/nonexistent", TRUE);
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

TEST(test_a_token_goes_into_the_query_of_the_constrained_method)
{
  set_environment({{"GOOGLE_API_KEY", "k"}, {"GOOGLE_GENAI_USE_VERTEXAI", "true"}});
  const auto access = found({{Setting::auth_token, Secret("auth_tokens/ab-1_c")}});
  check::that(access.url.ends_with("GenerativeService.BidiGenerateContentConstrained"),
              access.url.c_str());
  check::lacks(access.url, "auth_tokens");
  check::equal(access.query.text(), "access_token=auth_tokens/ab-1_c");
  check::equal(headers_of(access), "");
}

TEST(test_what_is_no_token_is_refused_and_not_shown)
{
  set_environment({});
  for (const auto *token : {"hush", "auth_tokens/", "auth_tokens/hush&key=hush",
                            "auth_tokens/hu sh", "auth_tokens/hush\n"}) {
    const auto why = refused({{Setting::auth_token, Secret(token)}});
    check::contains(why, "Set auth-token");
    check::lacks(why, "hush");
  }
}

TEST(test_settings_that_contradict_each_other_are_refused)
{
  set_environment({});
  const std::pair<Setting, SettingValue> key{Setting::api_key, Secret("k")},
      key_file{Setting::api_key_file, std::string("/f")},
      token{Setting::auth_token, Secret("auth_tokens/t")},
      credentials{Setting::credentials_path, std::string("/f")},
      project{Setting::project_id, std::string("p")},
      location{Setting::location, std::string("eu")},
      gemini{Setting::backend, GST_GEMINI_LIVE_BACKEND_GEMINI},
      vertex{Setting::backend, GST_GEMINI_LIVE_BACKEND_VERTEX};
  check::contains(refused({key, token}), "Set either auth-token or an API key");
  check::contains(refused({key_file, token}), "Set either auth-token or an API key");
  check::contains(refused({key, credentials}), "Set either credentials-path or an API key");
  check::contains(refused({key_file, credentials}), "Set either credentials-path or an API key");
  check::contains(refused({key, project}), "Unset project-id or the API key");
  check::contains(refused({token, vertex}), "Unset auth-token");
  check::contains(refused({token, project}), "Unset auth-token");
  check::contains(refused({gemini, credentials}), "Unset credentials-path");
  check::contains(refused({gemini, project}), "Unset project-id and location");
  check::contains(refused({key, location}), "Unset project-id and location");
}

namespace {

constexpr const char *kUser = R"({"type":"authorized_user","client_id":"c","client_secret":"s",
    "refresh_token":"r"})";

// "key", "token" or "credentials": what goes to which backend.
std::string choice_of(const Set &set, check::Where where = check::Where::current())
{
  const auto access = found(set, where);
  const std::string backend = access.target.backend == Backend::vertex ? "vertex " : "gemini ";
  return backend + (access.credentials       ? "credentials"
                    : !access.query.empty()  ? "token"
                    : access.headers.empty() ? "nothing"
                                             : access.headers[0].second.text());
}

} // namespace

TEST(test_the_backend_is_chosen_by_what_is_set_before_what_the_environment_says)
{
  const test::TextFile file(kUser);
  const std::pair<Setting, SettingValue> key{Setting::api_key, Secret("set")},
      credentials{Setting::credentials_path, file.path()},
      project{Setting::project_id, std::string("p")},
      vertex{Setting::backend, GST_GEMINI_LIVE_BACKEND_VERTEX},
      gemini{Setting::backend, GST_GEMINI_LIVE_BACKEND_GEMINI};
  const std::pair<const char *, const char *> env_key{"GOOGLE_API_KEY", "env"},
      use{"GOOGLE_GENAI_USE_VERTEXAI", "true"}, env_project{"GOOGLE_CLOUD_PROJECT", "e"},
      adc{"GOOGLE_APPLICATION_CREDENTIALS", file.path().c_str()};

  // Ambient credentials alone select nothing.
  set_environment({env_key, env_project, adc});
  check::equal(choice_of({}), "gemini env");
  check::equal(choice_of({key}), "gemini set");
  check::equal(choice_of({project}), "vertex credentials");
  check::equal(choice_of({credentials}), "vertex credentials");
  check::equal(choice_of({vertex}), "vertex credentials");
  check::equal(choice_of({vertex, key}), "vertex set");
  // The environment selects, unless a key is set.
  set_environment({env_key, use});
  check::equal(choice_of({}), "vertex env");
  check::equal(choice_of({gemini}), "gemini env");
  check::equal(choice_of({key}), "gemini set");
  check::equal(choice_of({credentials, project}), "vertex credentials");
  set_environment({env_key, use, env_project, adc});
  check::equal(choice_of({}), "vertex credentials");
  set_environment({use, env_project});
  check::equal(choice_of({}), "vertex credentials"); // of the machine
}

TEST(test_the_newer_of_two_names_decides)
{
  const std::pair<const char *, const char *> key{"GEMINI_API_KEY", "k"};
  const auto chosen = [&](const char *enterprise, const char *vertex) {
    set_environment(
        {key, {"GOOGLE_GENAI_USE_ENTERPRISE", enterprise}, {"GOOGLE_GENAI_USE_VERTEXAI", vertex}});
    return choice_of({});
  };
  for (const auto *yes : {"true", "TRUE", "1"})
    check::equal(chosen("", yes), "vertex k");
  for (const auto *no : {"false", "0", "yes", ""})
    check::equal(chosen("", no), "gemini k");
  check::equal(chosen("false", "true"), "gemini k");
  check::equal(chosen("true", "false"), "vertex k");
}

TEST(test_each_location_has_its_host)
{
  const test::TextFile file(kUser);
  set_environment({{"GOOGLE_CLOUD_PROJECT", "p"}});
  const struct {
    const char *location, *host;
  } rows[] = {
      {"", "us-central1-aiplatform.googleapis.com"},
      {"europe-west4", "europe-west4-aiplatform.googleapis.com"},
      {"global", "aiplatform.googleapis.com"},
      {"us", "aiplatform.us.rep.googleapis.com"},
      {"eu", "aiplatform.eu.rep.googleapis.com"},
  };
  for (const auto &[location, host] : rows)
    check::equal(found({{Setting::credentials_path, file.path()},
                        {Setting::location, std::string(location)}})
                     .url,
                 std::string("wss://") + host +
                     "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent");
  g_setenv("GOOGLE_CLOUD_LOCATION", "asia-east1", TRUE);
  const auto access = found({{Setting::credentials_path, file.path()}});
  check::contains(access.url, "wss://asia-east1-aiplatform.");
  check::equal(access.target.location, "asia-east1");
  g_setenv("GOOGLE_VERTEX_BASE_URL", "http://127.0.0.1:1/x", TRUE);
  check::equal(found({{Setting::credentials_path, file.path()}}).url,
               "ws://127.0.0.1:1/x/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/"
               "BidiGenerateContent");
}

TEST(test_express_mode_has_no_place)
{
  set_environment({{"GOOGLE_GENAI_USE_VERTEXAI", "1"}, {"GOOGLE_API_KEY", "k"}});
  const auto access = found({});
  check::contains(access.url, "wss://aiplatform.googleapis.com/");
  check::equal(access.target.project + access.target.location, "");
  check::equal(headers_of(access), "x-goog-api-key: k");
}

TEST(test_the_project_is_that_of_the_setting_the_file_or_the_environment)
{
  const test::TextFile without(kUser), with(test::account_json(test::rsa_pem()));
  const auto project = [](const std::string &path, const char *set) {
    return found({{Setting::credentials_path, path}, {Setting::project_id, std::string(set)}})
        .target.project;
  };
  set_environment({{"GOOGLE_CLOUD_PROJECT", "env"}});
  check::equal(project(with.path(), "set"), "set");
  check::equal(project(with.path(), ""), "acme");
  check::equal(project(without.path(), ""), "env");
  set_environment({});
  check::contains(refused({{Setting::credentials_path, without.path()}}), "Set project-id");
  check::equal(found({{Setting::backend, GST_GEMINI_LIVE_BACKEND_VERTEX}}).target.project, "");
}

TEST(test_what_cannot_be_part_of_a_path_is_refused)
{
  const test::TextFile file(kUser);
  set_environment({});
  const auto with = [&](const char *project, const char *location) {
    return refused({{Setting::credentials_path, file.path()},
                    {Setting::project_id, std::string(project)},
                    {Setting::location, std::string(location)}});
  };
  check::contains(with("a/b", "eu"), "Set project-id");
  check::contains(with("p", "evil.example/"), "Set location");
  check::contains(with("p", "EU"), "Set location");
}

TEST(test_who_pays_is_said)
{
  set_environment({{"GOOGLE_CLOUD_PROJECT", "p"}});
  const test::TextFile file(R"({"type":"authorized_user","client_id":"c","client_secret":"s",
    "refresh_token":"r","quota_project_id":"payer"})");
  check::equal(headers_of(found({{Setting::credentials_path, file.path()}})),
               "x-goog-user-project: payer");
  g_setenv("GOOGLE_CLOUD_QUOTA_PROJECT", "other", TRUE);
  check::equal(headers_of(found({{Setting::credentials_path, file.path()}})),
               "x-goog-user-project: other");
}

TEST_MAIN("access")
