// Who may come in, and by which door: paths, credentials, models.
//
// Nobody is turned away at the door itself: the verdict is told after setup, as the service does.
// Pure: no thread, no clock.
#pragma once

#include "client_message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gemini_live_simulator {

struct Access {
  bool vertex = false;
  bool constrained = false; // the path of ephemeral tokens
  std::string version;      // "v1beta"
  bool has_key = false;
  bool has_token = false;
  bool ephemeral = false; // the token came in the query, as the one kind that may
  std::string key;
};

// The service's paths, with a prefix and with one or two leading slashes; nothing: 404.
std::optional<Access> find_route(std::string_view path);

// `key_header`, `authorization` and `query` may be null.
void read_credentials(Access &access, const char *key_header, const char *authorization,
                      const char *query);

// Why whoever sent this setup is not let in; nothing if he is. An empty `api_key` lets every key in
// that is not empty.
std::optional<Refusal> refuse_entry(const Access &access, const Setup &setup,
                                    const std::string &api_key);

// A close reason has 123 bytes at most; never ends inside a character.
std::string cut_reason(std::string reason);

} // namespace gemini_live_simulator
