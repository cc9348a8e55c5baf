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
  std::string token; // of the query, where only an ephemeral one goes
  std::string key;
};

// The service's paths, with a prefix and with one or two leading slashes; nothing: 404.
std::optional<Access> find_route(std::string_view path);

// `key_header`, `authorization` and `query` may be null.
void read_credentials(Access &access, const char *key_header, const char *authorization,
                      const char *query);

// Why the caller is not let in; nothing if he is. An empty `api_key` lets every key in that is not
// empty. Whether an ephemeral token is good is not looked at.
std::optional<Refusal> refuse_caller(const Access &access, const std::string &api_key);

// For what is no token, or none that is known.
Refusal unknown_token();

std::optional<Refusal> refuse_model(const Access &access, const std::string &model);

// A close reason has 123 bytes at most; never ends inside a character.
std::string cut_reason(std::string reason);

} // namespace gemini_live_simulator
