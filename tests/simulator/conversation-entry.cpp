// Who is let in, as what, and for how long.
#include "conversation.hpp"

#include "rules.hpp"

namespace gemini_live_simulator {

// Nobody is turned away before the setup.
std::optional<Refusal> Conversation::enter(Setup &setup)
{
  auto refusal = refuse_caller(access_, stage_.api_key);
  if (!refusal && access_.constrained)
    refusal = present_token(setup);
  if (!refusal)
    refusal = refuse_model(access_, setup.model);
  profile_ = &profile_for_model(*profile_, setup.model);
  if (!refusal)
    refusal = gemini_live_simulator::refuse(setup, access_, *profile_);
  return refusal;
}

// What the token freezes holds, without a word to the client.
std::optional<Refusal> Conversation::present_token(Setup &setup)
{
  token_ = stage_.tokens.find(access_.token);
  if (!token_)
    return unknown_token();
  if (auto refusal = token_->refuse(!setup.handle.empty(), stage_.clock.now()))
    return refusal;
  const auto holds = read_client_message(token_->constrain(setup.json), profile_->backend);
  if (const auto *refusal = std::get_if<Refusal>(&holds))
    return *refusal;
  setup = std::get<Setup>(std::get<ClientMessage>(holds));
  return std::nullopt;
}

void Conversation::watch_token()
{
  if (token_ && session_ && !over_)
    expiry_.start_in(token_->expires() - stage_.clock.now(), [this] {
      refuse({1011, "auth token has expired"});
    });
}

} // namespace gemini_live_simulator
