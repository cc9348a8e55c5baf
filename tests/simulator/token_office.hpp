// Issues access tokens as Google does: to a service account that signs a statement, to a user who
// sends a refresh token, and to the machine.
//
// Pure but for the key that it makes: no thread, the time is told.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace gemini_live_simulator {

class TokenOffice {
public:
  struct Reply {
    unsigned status = 200;
    std::string body;
    const char *type = "application/json; charset=utf-8";
  };

  static constexpr const char *path = "/token";
  static constexpr const char *metadata_path = "/computeMetadata/v1/";

  // `url` is that of the server; std::runtime_error if no key can be made.
  explicit TokenOffice(std::string url);
  ~TokenOffice();
  TokenOffice(const TokenOffice &) = delete;
  TokenOffice &operator=(const TokenOffice &) = delete;

  // Files of credentials, JSON text.
  std::string service_account() const;
  std::string authorized_user() const;

  // What is POSTed to the token endpoint. `now` in Unix seconds.
  Reply exchange(std::string_view form, std::int64_t now);
  // What is asked below metadata_path.
  Reply tell_machine(std::string_view what);

  bool has_issued(std::string_view authorization) const; // the value of the header
  void revoke_all() { issued_.clear(); }

private:
  struct Key;

  Reply exchange_statement(const std::string &statement, std::int64_t now);
  Reply issue();

  const std::string url_;
  const std::unique_ptr<Key> key_;
  std::set<std::string, std::less<>> issued_;
  unsigned count_ = 0;
};

} // namespace gemini_live_simulator
