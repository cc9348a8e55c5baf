// What the end of a connection means and what a user can do about it.
#pragma once

#include "../base/glib_ptr.hpp"
#include "websocket.hpp"

namespace gemini_live {

struct Verdict {
  ErrorPtr error; // GST_RESOURCE_ERROR; its text begins with what to do
  bool retryable; // a new connection with the same settings may succeed
};

// `url` is named where the connection itself failed; it must be redacted.
Verdict judge(const ConnectionEnd &end, const std::string &url);

} // namespace gemini_live
