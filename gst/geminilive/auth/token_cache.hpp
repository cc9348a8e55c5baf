// The access tokens of this process, one for each identity. Any thread.
#pragma once

#include "token.hpp"

#include <functional>
#include <string>

namespace gemini_live {

// The token that a fetch has brought, empty if it has failed: then look again.
using Fetched = std::function<void(const Secret &)>;
struct Claim {
  Secret token; // that is good for five minutes yet; else empty
  bool is_turn; // there is none, and it is the caller's turn to fetch one
};
// Only one fetches the token of an identity at a time: whose turn it is owes end_fetch(), whatever
// comes of it. For who has neither token nor turn `fetched` is called then, on the thread of that call.
Claim claim_token(const std::string &identity, gint64 now, Fetched fetched);
void end_fetch(const std::string &identity, const Secret &token);

void cache_token(const std::string &identity, AccessToken token);
// The service did not take that token. A newer one, which somebody else has fetched, stays.
void forget_cached_token(const std::string &identity, const Secret &token);

} // namespace gemini_live
