// A text is looked at for a part of it.
#pragma once

#include <string>

#include <gst/check/gstcheck.h>

namespace test {

inline void assert_contains(const std::string &text, const char *part)
{
  fail_unless(text.find(part) != std::string::npos, "'%s' is not in: %s", part, text.c_str());
}

} // namespace test
