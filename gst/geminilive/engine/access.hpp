// Which service to ask, where it is, and as whom: decided from the settings and the environment
// before anything is connected.
#pragma once

#include "../auth/credentials.hpp"
#include "../base/header_list.hpp"
#include "../wire/refusals.hpp"
#include "../wire/settings.hpp"

#include <glib.h>

#include <optional>
#include <string>
#include <vector>

namespace gemini_live {

struct Access {
  SetupTarget target;
  std::string url;                        // of the WebSocket
  Secret query;                           // goes into it and is never shown; or empty
  HeaderList headers;                     // of the handshake
  std::optional<Credentials> credentials; // to get a token with
  std::vector<std::string> warnings;
};

// Nothing with `error` set (GST_RESOURCE_ERROR) if the settings contradict each other or nobody is
// named. Reads the files that the settings name.
std::optional<Access> find_access(const Settings &settings, GError **error);

} // namespace gemini_live
