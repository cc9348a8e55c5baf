#include "secret_file.hpp"

#include "../base/file.hpp"

#include <glib/gstdio.h>
#include <gst/gst.h>

namespace gemini_live {

std::optional<Secret> read_secret_file(const std::string &path, const char *what,
                                       std::vector<std::string> &warnings, GError **error)
{
  constexpr std::size_t kMost = 1 << 20; // bytes
  std::string why;
  const auto contents = read_file(path, kMost, why);
  if (!contents.bytes) {
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, "Make %s readable: %s",
                what, why.c_str());
    return std::nullopt;
  }
  Secret text(std::string_view(contents.bytes.get(), contents.size));
  Secret::wipe(contents.bytes.get(), contents.size);
#ifdef G_OS_UNIX
  GStatBuf about;
  if (g_stat(path.c_str(), &about) == 0 && (about.st_mode & S_IROTH) != 0)
    warnings.push_back("Keep '" + path + "' to yourself (chmod 600): every user can read " + what);
#endif
  return text;
}

} // namespace gemini_live
