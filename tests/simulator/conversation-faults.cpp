// What breaks in a conversation, and when.
#include "conversation.hpp"

#include "server_message.hpp"

#include <algorithm>

namespace gemini_live_simulator {
namespace {

constexpr std::string_view go_away_ignored =
    "Connection aborted because the client failed to close the connection after receiving a GoAway "
    "signal once the session duration limit was reached.";

} // namespace

void Conversation::turn_began(unsigned turn)
{
  for (const auto fault : stage_.script.faults(Fault::When::turn, turn))
    if (!over_)
      happen(fault);
}

void Conversation::arm_timed_faults()
{
  for (const auto fault : stage_.script.faults(Fault::When::time)) {
    auto &timer = fault_timers_.emplace_back(std::make_unique<Timer>());
    timer->start_in(static_cast<std::int64_t>(stage_.script.fault(fault).seconds * 1e6),
                    [this, fault] {
                      if (stage_.script.open_fault(fault))
                        happen(fault);
                    });
  }
}

void Conversation::happen(std::size_t which)
{
  const Fault fault = stage_.script.take(which);
  if (fault.what == Fault::What::go_away) {
    go_away(fault.time_left.value_or(profile_->go_away_lead));
    return;
  }
  if (fault.what == Fault::What::late_pongs) {
    wire_.delay_pongs(fault.delay);
    return;
  }
  end();
  switch (fault.what) {
  case Fault::What::close:
    wire_.close(fault.code, fault.reason);
    break;
  case Fault::What::rst:
    wire_.reset();
    break;
  case Fault::What::fin:
    wire_.hang_up();
    break;
  case Fault::What::stall:
    wire_.stall();
    break;
  default:
    wire_.mute();
    break;
  }
}

void Conversation::go_away(double seconds)
{
  send(print_go_away(seconds));
  constexpr double shortest = 1; // "now" still leaves time to read it
  go_away_.start_in(static_cast<std::int64_t>(std::max(seconds, shortest) * 1e6), [this] {
    refuse({1008, std::string(go_away_ignored)});
  });
}

} // namespace gemini_live_simulator
