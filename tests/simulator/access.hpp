// Who may come in, and by which door: paths, credentials, models.
//
// Nobody is turned away at the door itself: the verdict is told after setup, as the service does.
// Pure: no thread, no clock.
#pragma once

#include "client_message.hpp"
#include "profile.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gemini_live_simulator {

struct Access {
  bool vertex = false;
  std::string version; // "v1beta"
  bool has_key = false;
  bool has_token = false;
  std::string key;
};

// The service's paths, with a prefix and with one or two leading slashes; nothing: 404.
std::optional<Access> find_route(std::string_view path);

// `key_header`, `authorization` and `query` may be null.
void read_credentials(Access &access, const char *key_header, const char *authorization,
                      const char *query);

// Why this setup is not let in; nothing if it is. An empty `api_key` lets every key in that is not
// empty.
std::optional<Refusal> refuse_setup(const Access &access, const Setup &setup,
                                    const std::string &api_key, const Profile &profile);

// A close reason has 123 bytes at most; never ends inside a character.
std::string cut_reason(std::string reason);

} // namespace gemini_live_simulator
