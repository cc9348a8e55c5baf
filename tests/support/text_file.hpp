// A file that goes with the test. Nobody else may read it.
#pragma once

#include <glib/gstdio.h>

#include <string>

namespace test {

class TextFile {
public:
  explicit TextFile(const std::string &text)
  {
    char *path = nullptr;
    GError *error = nullptr;
    const int file = g_file_open_tmp("gemini-live-XXXXXX", &path, &error);
    if (file < 0)
      g_error("%s", error->message);
    g_close(file, nullptr);
    path_ = path;
    g_free(path);
    if (!g_file_set_contents_full(path_.c_str(), text.data(), static_cast<gssize>(text.size()),
                                  G_FILE_SET_CONTENTS_NONE, 0600, &error))
      g_error("%s", error->message);
  }
  ~TextFile() { g_unlink(path_.c_str()); }
  TextFile(const TextFile &) = delete;
  TextFile &operator=(const TextFile &) = delete;
  const std::string &path() const { return path_; }

private:
  std::string path_;
};

} // namespace test
