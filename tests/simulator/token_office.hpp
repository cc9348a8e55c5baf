// Issues access tokens as Google does: to a service account that signs a statement, to a user who
// sends a refresh token, and to the machine.
//
// Pure but for the key that it makes: no thread, the time is told.
#pragma once

#include "http_reply.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace gemini_live_simulator {

class TokenOffice {
public:
  static constexpr const char *path = "/token";
  static constexpr const char *metadata_path = "/computeMetadata/v1/";

  // `url` is that of the server, `lifetime` in seconds; std::runtime_error if no key can be made.
  TokenOffice(std::string url, std::int64_t lifetime);
  ~TokenOffice();
  TokenOffice(const TokenOffice &) = delete;
  TokenOffice &operator=(const TokenOffice &) = delete;

  // Files of credentials, JSON text.
  std::string service_account() const;
  std::string authorized_user() const;

  // What is POSTed to the token endpoint. `now` in Unix seconds.
  HttpReply exchange(std::string_view form, std::int64_t now);
  // What is asked below metadata_path.
  HttpReply tell_machine(std::string_view what, std::int64_t now);

  // Whether the value of the header is a token that is still good.
  bool accepts(std::string_view authorization, std::int64_t now) const;
  void revoke_all() { issued_.clear(); }

private:
  struct Key;

  HttpReply exchange_statement(const std::string &statement, std::int64_t now);
  HttpReply issue(std::int64_t now);

  const std::string url_;
  const std::int64_t lifetime_;
  const std::unique_ptr<Key> key_;
  std::map<std::string, std::int64_t, std::less<>> issued_; // and until when it is good
  unsigned count_ = 0;
};

} // namespace gemini_live_simulator
