#include "token_cache.hpp"

#include "../base/guarded.hpp"

#include <map>
#include <utility>
#include <vector>

namespace gemini_live {

namespace {

constexpr gint64 kLeast = 300; // seconds

struct Cache {
  std::map<std::string, AccessToken> tokens;
  std::map<std::string, std::vector<Fetched>> fetches; // that go on, and who waits for them

  Secret find(const std::string &identity, gint64 now) const
  {
    const auto found = tokens.find(identity);
    return found != tokens.end() && found->second.expires - now >= kLeast ? found->second.text
                                                                          : Secret();
  }
};

Guarded<Cache> &cache()
{
  // Never destroyed: a loop may still run when the program ends.
  static auto &all = *new Guarded<Cache>;
  return all;
}

} // namespace

Claim claim_token(const std::string &identity, gint64 now, Fetched fetched)
{
  auto all = cache().lock();
  auto token = all->find(identity, now);
  if (!token.empty())
    return {.token = std::move(token), .is_turn = false};
  const auto [fetch, is_first] = all->fetches.try_emplace(identity);
  if (!is_first)
    fetch->second.push_back(std::move(fetched));
  return {.token = {}, .is_turn = is_first};
}

void end_fetch(const std::string &identity, const Secret &token)
{
  auto fetch = cache().lock()->fetches.extract(identity);
  for (const auto &fetched : fetch.mapped())
    fetched(token);
}

void cache_token(const std::string &identity, AccessToken token)
{
  cache().lock()->tokens.insert_or_assign(identity, std::move(token));
}

void forget_cached_token(const std::string &identity, const Secret &token)
{
  auto all = cache().lock();
  if (const auto found = all->tokens.find(identity);
      found != all->tokens.end() && found->second.text == token)
    all->tokens.erase(found);
}

} // namespace gemini_live
