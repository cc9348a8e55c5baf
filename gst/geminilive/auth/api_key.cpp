#include "api_key.hpp"

#include "../base/glib_ptr.hpp"

#include <gst/gst.h>

namespace gemini_live {

namespace {

std::string stripped(const char *text)
{
  CharPtr copy(g_strdup(text));
  return g_strstrip(copy.get());
}

std::string read_key_file(const std::string &path, GError **error)
{
  char *contents = nullptr;
  GError *failure = nullptr;
  if (!g_file_get_contents(path.c_str(), &contents, nullptr, &failure)) {
    ErrorPtr owned(failure);
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
                "Make the API key file readable: %s", failure->message);
    return {};
  }
  CharPtr owned(contents);
  auto key = stripped(contents);
  if (key.empty())
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                "Put the API key into the file '%s': it is empty", path.c_str());
  return key;
}

// A header takes nothing else. The key itself is not shown.
std::string checked(std::string key, GError **error)
{
  for (const char c : key)
    if (c <= ' ' || c > '~') {
      g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                          "Check the API key: it holds a space or a character that no key has");
      return {};
    }
  return key;
}

} // namespace

std::string find_api_key(const std::string &key, const std::string &key_file, GError **error)
{
  if (!key.empty())
    return checked(stripped(key.c_str()), error);
  if (!key_file.empty())
    return checked(read_key_file(key_file, error), error);
  for (const char *name : {"GOOGLE_API_KEY", "GEMINI_API_KEY"})
    if (const char *value = g_getenv(name); value && *value)
      return checked(stripped(value), error);
  g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                      "Set an API key: the environment variable GOOGLE_API_KEY, or the property "
                      "api-key or api-key-file");
  return {};
}

} // namespace gemini_live
