#include "file.hpp"

#include <glib/gstdio.h>

#include <cerrno>
#include <cstdio>
#include <memory>

namespace gemini_live {

FileContents read_file(const std::string &path, std::size_t most, std::string &why)
{
  const CharPtr shown(g_filename_display_name(path.c_str())); // which may be no UTF-8
  const auto quoted = "'" + std::string(shown.get()) + "'";
  const std::unique_ptr<std::FILE, Release<std::fclose>> file(g_fopen(path.c_str(), "rbe"));
  if (!file) {
    why = quoted + ": " + g_strerror(errno);
    return {};
  }
  std::setvbuf(file.get(), nullptr, _IONBF, 0);
  CharPtr bytes(static_cast<char *>(g_malloc(most + 1)));
  const auto size = std::fread(bytes.get(), 1, most + 1, file.get());
  if (std::ferror(file.get()))
    why = quoted + ": " + g_strerror(errno);
  else if (size > most)
    why = quoted + " holds more than " + std::to_string(most >> 20) + " MiB";
  else
    return {std::move(bytes), size};
  return {};
}

} // namespace gemini_live
