// The access tokens of this process, one for each identity. Any thread.
#pragma once

#include "token.hpp"

namespace gemini_live {

// A token that is good for five minutes yet; else empty.
Secret find_cached_token(const std::string &identity, gint64 now);
void cache_token(const std::string &identity, AccessToken token);
// The service did not take it.
void forget_cached_token(const std::string &identity);

} // namespace gemini_live
