// How a connection ended, or why there was none.
#pragma once

#include "route.hpp"

#include <libsoup/soup.h>

#include <optional>
#include <string>

namespace gemini_live {

struct ConnectionEnd {
  enum class Cause {
    unreachable, // no connection, or no WebSocket came of it
    refused,     // an HTTP status instead of the upgrade
    untrusted,   // the certificate
    proxy,       // is not there, or does not let us through
    proxy_asks,  // for a user and a password, or for better ones
    broken,      // what came is no WebSocket, so we ended it
    closed,      // by a close frame, or lost
  };
  Cause cause = Cause::closed;
  unsigned code = 0;   // of the close frame; 1006 if there was none
  std::string reason;  // of the close frame, or of Google's error in the body of the refusal
  unsigned status = 0; // of HTTP
  std::string detail;  // what the system said
  std::string proxy =
      {}; // which one, as it may be shown; empty if it is the system's and not known
  bool proxy_has_user = false;
  std::optional<CertificateFault> certificate = {};
};

// Why a message of make_message has no reply, or no WebSocket: by its error, if there is one, and by
// what it met on its way.
ConnectionEnd failure_of(SoupMessage *message, const GError *error);

// What Google's APIs say of an error, in the body of an HTTP reply; empty if it is something else.
std::string google_error(std::string_view body);

} // namespace gemini_live
