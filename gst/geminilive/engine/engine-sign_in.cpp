// How an engine gets a token before it connects. Everything here runs on the loop thread.

#include "engine.hpp"

#include "../auth/token_cache.hpp"
#include "log.hpp"

namespace gemini_live {

void Engine::sign_in()
{
  sign_in_ = std::make_shared<SignIn>(*config_.credentials, config_.target.project.empty(),
                                      config_.request.route, loop_);
  LOG_DEBUG("asking %s for a token", sign_in_->whom().c_str());
  const auto kept = sign_in_; // done may let go of it
  sign_in_->start([this](SignIn::Result result) {
    const auto alive = self_;
    sign_in_.reset();
    if (phase_ == Phase::closed) {
      finish();
      return;
    }
    if (result.error) {
      fail(std::move(result.error), Event("error").add("retryable", result.retryable));
      return;
    }
    token_ = result.token;
    used_cached_token_ = result.was_cached;
    project_ = result.project;
    open_line(result);
  });
}

// A token of the cache may have been revoked. A fresh one is worth one more try.
bool Engine::signs_in_again(const ConnectionEnd &how, const GError *error)
{
  using enum ConnectionEnd::Cause;
  if (!config_.credentials || (how.cause != refused && how.cause != closed) ||
      error->code != GST_RESOURCE_ERROR_NOT_AUTHORIZED)
    return false;
  forget_cached_token(identity_of(*config_.credentials), token_);
  if (!std::exchange(used_cached_token_, false) || line_ == Line::ready)
    return false;
  LOG_INFO("the service did not take the token: asking for another");
  line_ = Line::connecting;
  sign_in();
  return true;
}

} // namespace gemini_live
