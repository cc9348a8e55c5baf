#include "api_key.hpp"

#include "secret_file.hpp"

#include <gst/gst.h>

namespace gemini_live {

namespace {

std::string_view stripped(std::string_view text)
{
  while (!text.empty() && g_ascii_isspace(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && g_ascii_isspace(text.back()))
    text.remove_suffix(1);
  return text;
}

void refuse_absence(GError **error)
{
  g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                      "Set an API key: the environment variable GOOGLE_API_KEY, or the property "
                      "api-key or api-key-file");
}

// A header takes nothing else. The key itself is not shown.
Secret checked(std::string_view text, const std::string &where, GError **error)
{
  Secret key(stripped(text));
  if (key.empty())
    refuse_absence(error);
  for (const char c : key.text())
    if (c <= ' ' || c > '~') {
      g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                  "Check the API key in %s: it holds a space or a character that no key has",
                  where.c_str());
      return {};
    }
  return key;
}

Secret read_key_file(const std::string &path, std::vector<std::string> &warnings, GError **error)
{
  const auto contents = read_secret_file(path, "the API key file", warnings, error);
  if (!contents)
    return {};
  if (stripped(contents->text()).empty()) {
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                "Put the API key into the file '%s': it is empty", path.c_str());
    return {};
  }
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  std::string_view text = contents->text();
  if (text.starts_with(kByteOrderMark))
    text.remove_prefix(kByteOrderMark.size());
  return checked(text, "the file '" + path + "'", error);
}

const char *environment(const char *name)
{
  const char *value = g_getenv(name);
  return value && *value ? value : nullptr;
}

} // namespace

bool has_environment_key()
{
  return environment("GOOGLE_API_KEY") || environment("GEMINI_API_KEY");
}

Secret find_api_key(const Secret &key, const std::string &key_file,
                    std::vector<std::string> &warnings, GError **error)
{
  if (!key.empty())
    return checked(key.text(), "api-key", error);
  if (!key_file.empty())
    return read_key_file(key_file, warnings, error);
  const char *google = environment("GOOGLE_API_KEY"), *gemini = environment("GEMINI_API_KEY");
  if (google && gemini)
    warnings.push_back(
        "Unset GEMINI_API_KEY or GOOGLE_API_KEY: both are set, and GOOGLE_API_KEY is used");
  if (google)
    return checked(google, "GOOGLE_API_KEY", error);
  if (gemini)
    return checked(gemini, "GEMINI_API_KEY", error);
  refuse_absence(error);
  return {};
}

} // namespace gemini_live
