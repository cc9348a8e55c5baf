// Where the API key comes from, and what is said if it comes from nowhere.
#include "check.hpp"

#include "gst/geminilive/auth/api_key.hpp"
#include "gst/geminilive/base/glib_ptr.hpp"
#include "support/text_file.hpp"

using namespace gemini_live;
using test::TextFile;

namespace {

void set_environment(const char *google, const char *gemini)
{
  const auto set = [](const char *name, const char *value) {
    if (value)
      g_setenv(name, value, TRUE);
    else
      g_unsetenv(name);
  };
  set("GOOGLE_API_KEY", google);
  set("GEMINI_API_KEY", gemini);
}

std::string find(const std::string &key, const std::string &file,
                 check::Where where = check::Where::current())
{
  GError *error = nullptr;
  std::vector<std::string> warnings;
  const auto found = find_api_key(Secret(key), file, warnings, &error);
  check::that(!error, error ? error->message : "", where);
  return found.text();
}

// What is said of a key that is found.
std::vector<std::string> warnings_of(const std::string &file)
{
  std::vector<std::string> warnings;
  check::that(!find_api_key({}, file, warnings, nullptr).empty());
  return warnings;
}

std::string refused(const std::string &file, GstResourceError code,
                    check::Where where = check::Where::current())
{
  GError *error = nullptr;
  std::vector<std::string> warnings;
  check::equal(find_api_key({}, file, warnings, &error).text(), "", "key", where);
  check::that(error != nullptr, "no error", where);
  ErrorPtr owned(error);
  check::that(g_error_matches(error, GST_RESOURCE_ERROR, code), error->message, where);
  return error->message;
}

} // namespace

TEST(test_an_explicit_key_comes_before_everything)
{
  const TextFile file("from-file");
  set_environment("google", "gemini");
  check::equal(find("explicit", file.path()), "explicit");
  check::equal(find("explicit", "/does/not/exist"), "explicit");
}

TEST(test_a_file_comes_before_the_environment)
{
  const TextFile file("from-file");
  set_environment("google", "gemini");
  check::equal(find("", file.path()), "from-file");
}

TEST(test_the_environment_comes_last)
{
  set_environment("google", "gemini");
  check::equal(find("", ""), "google");
  set_environment(nullptr, "gemini");
  check::equal(find("", ""), "gemini");
  set_environment("", "gemini");
  check::equal(find("", ""), "gemini");
}

TEST(test_space_around_the_key_in_a_file_is_none_of_it)
{
  for (const auto *contents : {"key", "key\n", "key\r\n", " \n key \n\n", "\xef\xbb\xbfkey"}) {
    const TextFile file(contents);
    check::equal(find("", file.path()), "key");
  }
}

TEST(test_a_file_that_cannot_be_read_is_an_error_whatever_the_environment_has)
{
  set_environment("google", "gemini");
  check::contains(refused("/does/not/exist", GST_RESOURCE_ERROR_OPEN_READ), "/does/not/exist");
}

TEST(test_a_file_without_an_end_is_refused)
{
  check::contains(refused("/dev/zero", GST_RESOURCE_ERROR_OPEN_READ), "holds more than 1 MiB");
  check::contains(refused("/tmp", GST_RESOURCE_ERROR_OPEN_READ), "'/tmp': Is a directory");
}

TEST(test_a_key_that_is_none_is_looked_for_where_it_is)
{
  const TextFile file("a key");
  check::contains(refused(file.path(), GST_RESOURCE_ERROR_SETTINGS), file.path());
  set_environment("grün", "gemini");
  check::contains(refused("", GST_RESOURCE_ERROR_SETTINGS), "in GOOGLE_API_KEY");
  set_environment(nullptr, "a\nb");
  check::contains(refused("", GST_RESOURCE_ERROR_SETTINGS), "in GEMINI_API_KEY");
}

TEST(test_an_empty_file_is_an_error)
{
  set_environment("google", nullptr);
  for (const auto *contents : {"", " \n"}) {
    const TextFile file(contents);
    check::contains(refused(file.path(), GST_RESOURCE_ERROR_SETTINGS), file.path());
  }
}

TEST(test_no_key_at_all_is_an_error_that_says_where_to_put_one)
{
  for (const char *value : {static_cast<const char *>(nullptr), ""}) {
    set_environment(value, value);
    const auto text = refused("", GST_RESOURCE_ERROR_NOT_AUTHORIZED);
    for (const auto *where : {"GOOGLE_API_KEY", "api-key", "api-key-file"})
      check::contains(text, where);
  }
}

TEST(test_nobody_needs_to_want_the_error)
{
  set_environment(nullptr, nullptr);
  std::vector<std::string> warnings;
  check::that(find_api_key({}, "", warnings, nullptr).empty());
  check::that(find_api_key({}, "/does/not/exist", warnings, nullptr).empty());
}

TEST(test_a_key_of_nothing_but_space_is_none)
{
  GError *error = nullptr;
  std::vector<std::string> warnings;
  check::that(find_api_key(Secret(" \n"), "", warnings, &error).empty());
  check::that(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED));
  g_error_free(error);
}

TEST(test_of_two_keys_in_the_environment_a_warning_names_the_one_that_is_used)
{
  set_environment("google", "gemini");
  const auto warnings = warnings_of("");
  check::equal(warnings.size(), 1u);
  check::contains(warnings[0], "GOOGLE_API_KEY is used");
  set_environment("google", nullptr);
  check::that(warnings_of("").empty());
  set_environment("google", "gemini");
  const TextFile file("from-file");
  check::that(warnings_of(file.path()).empty());
}

TEST(test_a_file_that_everybody_can_read_is_worth_a_warning)
{
  const TextFile file("key");
  g_chmod(file.path().c_str(), 0644);
  const auto warnings = warnings_of(file.path());
  check::equal(warnings.size(), 1u);
  check::contains(warnings[0], file.path());
  for (const int mode : {0600, 0640, 0400}) {
    g_chmod(file.path().c_str(), static_cast<mode_t>(mode));
    check::that(warnings_of(file.path()).empty());
  }
}

TEST_MAIN("api_key")
