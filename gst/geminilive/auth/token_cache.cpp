#include "token_cache.hpp"

#include "../base/guarded.hpp"

#include <map>

namespace gemini_live {

namespace {

constexpr gint64 kLeast = 300; // seconds

Guarded<std::map<std::string, AccessToken>> &tokens()
{
  // Never destroyed: a loop may still run when the program ends.
  static auto &all = *new Guarded<std::map<std::string, AccessToken>>;
  return all;
}

} // namespace

Secret find_cached_token(const std::string &identity, gint64 now)
{
  auto all = tokens().lock();
  const auto found = all->find(identity);
  return found != all->end() && found->second.expires - now >= kLeast ? found->second.text
                                                                      : Secret();
}

void cache_token(const std::string &identity, AccessToken token)
{
  tokens().lock()->insert_or_assign(identity, std::move(token));
}

void forget_cached_token(const std::string &identity)
{
  tokens().lock()->erase(identity);
}

} // namespace gemini_live
