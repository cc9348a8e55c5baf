// How to get to a server: by which proxy, and which certificates to believe. The same for a
// WebSocket and for a plain call.
#pragma once

#include "../base/glib_ptr.hpp"
#include "../base/header_list.hpp"
#include "certificate.hpp"

#include <libsoup/soup.h>

#include <optional>
#include <string>

namespace gemini_live {

struct Route {
  std::string ca_file = {}; // extra trust anchors, may be empty
  Secret proxy = {};        // URI; empty: the system's
  bool direct = false;      // past the system's proxy
};

// What a request met on its way.
struct Way {
  std::string proxy = {};      // its URI as it may be shown; empty if none is known
  bool proxy_has_user = false; // it was told who we are
  bool at_proxy = false;       // it has not let us through yet
  std::optional<CertificateFault> certificate = {}; // that of the server is no good
};

// For one request; belongs to the calling thread's default context. It has no timeout.
ObjectPtr<SoupSession> make_session(const std::string &url, const Route &route);
// One that follows no redirects, so that credentials go to no other host. Null if the URL is none.
ObjectPtr<SoupMessage> make_message(const char *method, const std::string &url,
                                    const HeaderList &headers, const Route &route);
// Of a message that was made so.
const Way &way_of(SoupMessage *message);

} // namespace gemini_live
