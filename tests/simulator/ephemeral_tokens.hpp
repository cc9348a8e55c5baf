// Ephemeral tokens: minted for an API key, good for some conversations and some time, and with a setup
// that holds whatever the client says.
//
// What the service says of such a token is known; where the wording is not, it is that of the nearest
// case. Times are Unix microseconds. Pure: no thread, the time is told.
#pragma once

#include "access.hpp"
#include "client_message.hpp"
#include "http_reply.hpp"
#include "json.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gemini_live_simulator {

class EphemeralToken {
public:
  // What was asked for, checked.
  EphemeralToken(Json request, std::int64_t now);

  std::int64_t expires() const { return expires_; }
  // Of the times alone: why no token like this can be minted.
  std::optional<std::string> fault(std::int64_t now) const;

  // For a connection that begins a conversation, or goes on with one.
  std::optional<Refusal> refuse(bool resumes, std::int64_t now) const;
  void count_conversation() { ++conversations_; }

  // The message as if the client had said what holds.
  std::string constrain(const std::string &setup_message) const;

private:
  std::int64_t expires_;
  std::int64_t last_start_; // of a new conversation
  std::uint64_t most_;      // conversations; 0: any number
  std::uint64_t conversations_ = 0;
  std::string setup_;                              // JSON text; empty: none
  std::optional<std::vector<std::string>> fields_; // that are frozen; nothing: all of them
};

class EphemeralTokens {
public:
  static constexpr std::array<const char *, 2> paths{"/v1beta/auth_tokens", "/v1alpha/auth_tokens"};

  explicit EphemeralTokens(std::string api_key) : api_key_(std::move(api_key)) {}

  // Answers what is POSTed to one of the paths.
  HttpReply mint(const Access &caller, std::string_view body, std::int64_t now);
  EphemeralToken *find(const std::string &name); // nullptr: unknown

private:
  const std::string api_key_;
  std::map<std::string, EphemeralToken> tokens_;
};

} // namespace gemini_live_simulator
