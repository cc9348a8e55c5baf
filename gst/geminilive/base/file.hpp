// The contents of a file that a setting names. It may be a pipe, or a device without an end.
#pragma once

#include "glib_ptr.hpp"

#include <string>

namespace gemini_live {

struct FileContents {
  CharPtr bytes; // in one piece of memory from the first byte on, so that they can be wiped
  std::size_t size;
};

// Null with `why` if it cannot be read, or holds more than `most` bytes.
FileContents read_file(const std::string &path, std::size_t most, std::string &why);

} // namespace gemini_live
