// The requests that are answered in plain HTTP: for access tokens, of a machine about itself, and for
// ephemeral tokens. Belongs to the server's thread.
#pragma once

#include "clock.hpp"
#include "ephemeral_tokens.hpp"
#include "token_office.hpp"

#include <libsoup/soup.h>

#include <atomic>
#include <string_view>
#include <vector>

namespace gemini_live_simulator {

class Offices {
public:
  // All outlive it; there may be no `access`.
  Offices(TokenOffice *access, EphemeralTokens &ephemeral, const Clock &clock);

  std::vector<const char *> paths() const; // and what is below them
  bool serves(std::string_view path) const;
  void answer(SoupServerMessage *message);
  // How many requests for access tokens and about the machine came, good or bad. Any thread.
  unsigned requests() const { return requests_; }

private:
  HttpReply answer_access(SoupServerMessage *message);
  HttpReply answer_machine(SoupServerMessage *message, std::string_view path);
  HttpReply answer_ephemeral(SoupServerMessage *message);

  TokenOffice *const access_;
  EphemeralTokens &ephemeral_;
  const Clock &clock_;
  std::atomic<unsigned> requests_ = 0;
};

} // namespace gemini_live_simulator
