// When a conversation is over, and who waits for that. Inputs come and end on any thread; whether anybody
// still owes anything is seen on the loop thread.

#include "engine.hpp"

#include "log.hpp"

namespace gemini_live {

namespace {

// How long to wait for an answer of which only a sound gives hope. The service needs 0.4 to 2.4 s.
constexpr gint64 kHope = 5'000'000; // microseconds
// For the application to be told of what came before the end.
constexpr gint64 kTelling = 1'000'000; // microseconds

} // namespace

void Engine::set_phase(Phase phase)
{
  {
    std::lock_guard lock(waiters_mutex_);
    const auto now = phase_.load();
    if (now == Phase::closed || (now == Phase::failed && phase != Phase::closed) || now == phase)
      return;
    // Input that goes on counts itself first and looks at the phase then, under the same lock.
    if (phase == Phase::over && !input_has_ended())
      return;
    phase_ = phase;
  }
  LOG_DEBUG("phase %d", static_cast<int>(phase));
  if (phase == Phase::failed || phase == Phase::closed)
    uplink_.close();
  waiters_.notify_all();
  wake_feeds();
}

Engine::Phase Engine::wait_over(const std::atomic<bool> &stop)
{
  std::unique_lock lock(waiters_mutex_);
  waiters_.wait(lock, [&] { return stop || phase_ != Phase::running; });
  return phase_;
}

void Engine::wake_waiters()
{
  // The lock makes sure that a waiter has either seen the flag or already waits.
  {
    std::lock_guard lock(waiters_mutex_);
  }
  waiters_.notify_all();
}

void Engine::add_input()
{
  inputs_.lock()->attached++;
  go_on();
}

void Engine::remove_input(bool had_ended)
{
  {
    auto inputs = inputs_.lock();
    inputs->attached--;
    inputs->ended -= had_ended ? 1 : 0;
  }
  wake();
}

void Engine::end_input()
{
  inputs_.lock()->ended++;
  wake();
}

void Engine::resume_input()
{
  inputs_.lock()->ended--;
  go_on();
}

// The conversation was over, but there is new input.
void Engine::go_on()
{
  std::lock_guard lock(waiters_mutex_);
  if (!gone_ && phase_ == Phase::over)
    phase_ = Phase::running;
}

bool Engine::input_has_ended() const
{
  auto inputs = inputs_.lock();
  return inputs->attached > 0 && inputs->ended == inputs->attached;
}

// Something is under way, whatever the service owes.
bool Engine::is_busy() const
{
  return turns_.is_open() || !calls_.lock()->is_empty() || !uplink_.is_empty() ||
         !outbox_.lock()->is_empty();
}

bool Engine::is_quiet() const
{
  return !is_busy() && owed_.answer() == Owed::Answer::none;
}

// The conversation is over when nobody owes anybody anything. The source plays to its end by itself.
void Engine::consider_end()
{
  if (line_ != Line::ready)
    return; // what waits is not known to the service yet
  if (!input_has_ended()) {
    draining_ = gave_up_ = false;
    return;
  }
  if (!std::exchange(draining_, true))
    spoken_at_ = g_get_monotonic_time();
  if (is_quiet()) {
    announce_end();
    return;
  }
  // A service that has answered before is known to be quick, where only a sound gives hope.
  const bool hopes = !is_busy() && owed_.answer() == Owed::Answer::hoped_for && turns_.last() > 0;
  const auto patience = microseconds(config_.drain_timeout);
  drain_->ring_at(spoken_at_ + (hopes ? std::min(patience, kHope) : patience));
}

void Engine::drain_timed_out()
{
  if (!input_has_ended())
    return;
  LOG_INFO("no message for the drain timeout: the conversation is over");
  gave_up_ = true;
  announce_end();
}

// Whoever stops at the end shall have seen everything before it, but a handler that blocks does not
// keep it back.
void Engine::announce_end()
{
  if (phase_ != Phase::running || std::exchange(ending_, true))
    return;
  emit_(shared_from_this(), Event(kEnd));
  telling_->ring_in(kTelling);
}

void Engine::show_end()
{
  loop_->post([self = shared_from_this()] { self->end(); });
}

// Unless something new came meanwhile.
void Engine::end()
{
  telling_->cancel();
  if (!std::exchange(ending_, false) || !(gave_up_ || is_quiet()))
    return;
  finish_transcripts();
  playout_.finish(turns_.of_output());
  set_phase(Phase::over);
}

void Engine::show_failure()
{
  // What was said before is still played.
  playout_.finish(G_MAXUINT64);
  set_phase(Phase::failed);
}

// What has left the playout may still be on its way to a source of text.
bool Engine::has_played_all() const
{
  return phase_ != Phase::running && (!has_source_ || playout_.is_empty()) && delivering_ == 0;
}

} // namespace gemini_live
