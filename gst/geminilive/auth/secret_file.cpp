#include "secret_file.hpp"

#include "../base/glib_ptr.hpp"

#include <glib/gstdio.h>
#include <gst/gst.h>

namespace gemini_live {

std::optional<Secret> read_secret_file(const std::string &path, const char *what,
                                       std::vector<std::string> &warnings, GError **error)
{
  char *contents = nullptr;
  gsize size = 0;
  GError *failure = nullptr;
  if (!g_file_get_contents(path.c_str(), &contents, &size, &failure)) {
    ErrorPtr owned(failure);
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, "Make %s readable: %s",
                what, failure->message);
    return std::nullopt;
  }
  Secret text(std::string_view(contents, size));
  Secret::wipe(contents, size);
  g_free(contents);
#ifdef G_OS_UNIX
  GStatBuf about;
  if (g_stat(path.c_str(), &about) == 0 && (about.st_mode & S_IROTH) != 0)
    warnings.push_back("Keep '" + path + "' to yourself (chmod 600): every user can read " + what);
#endif
  return text;
}

} // namespace gemini_live
