// What the end of a connection means and what a user can do about it.
#pragma once

#include "../base/glib_ptr.hpp"
#include "connection_end.hpp"

#include <string>

namespace gemini_live {

struct Verdict {
  ErrorPtr error;              // GST_RESOURCE_ERROR; its text begins with what to do
  bool retryable;              // a new connection with the same settings may succeed
  bool unknown_handle = false; // of the conversation that was to be carried on
};

// Who was asked, and for what.
struct Asked {
  std::string url;                  // redacted
  const char *setting = "base-url"; // what it comes from
  bool resumes = false;             // the setup asks to carry a conversation on, unanswered
};

Verdict judge(const ConnectionEnd &end, const Asked &asked);

// Nothing came for `seconds`; `proxy` is the one that has not let us through, if there is one.
ErrorPtr judge_silence(double seconds, const std::string &proxy, const Asked &asked);

} // namespace gemini_live
