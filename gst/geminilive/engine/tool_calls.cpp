#include "tool_calls.hpp"

#include <algorithm>

namespace gemini_live {

namespace {

constexpr std::size_t kRemembered = 256;

} // namespace

const char *to_text(ToolOutcome outcome)
{
  constexpr const char *kTexts[] = {"answered", "failed", "cancelled", "timed out", "lost"};
  return kTexts[static_cast<std::size_t>(outcome)];
}

const ToolCall &ToolCalls::add(const FunctionCall &call, std::uint64_t turn, std::int64_t now,
                               bool blocking)
{
  auto id = call.id;
  // The application tells calls apart by their ids, even if the service does not.
  while (id.empty() || pending_.contains(id))
    id = call.id + (call.id.empty() ? "call-" : "-") + std::to_string(++named_);
  auto &added = pending_[id];
  added = {.number = ++added_,
           .id = id,
           .wire_id = call.id,
           .name = call.name,
           .args = call.args,
           .turn = turn,
           .asked_at = now,
           .waits_since = now,
           .blocking = blocking};
  return added;
}

const ToolCall *ToolCalls::find(std::string_view id, std::string &why) const
{
  if (const auto found = pending_.find(id); found != pending_.end())
    return &found->second;
  const auto over =
      std::find_if(over_.rbegin(), over_.rend(), [&](const auto &one) { return one.id == id; });
  why = over == over_.rend() ? "no call has this id"
                             : std::string("the call is over: it was ") + to_text(over->outcome);
  return nullptr;
}

std::optional<ToolCall> ToolCalls::finish(std::string_view id, ToolOutcome outcome,
                                          std::string &why)
{
  if (!find(id, why))
    return std::nullopt;
  return take(pending_.find(id), outcome);
}

ToolCall ToolCalls::take(Pending::iterator call, ToolOutcome outcome)
{
  auto taken = std::move(call->second);
  pending_.erase(call);
  counts_[static_cast<std::size_t>(outcome)]++;
  over_.push_back({taken.number, taken.id, outcome});
  if (over_.size() > kRemembered)
    over_.pop_front();
  return taken;
}

template <class Wanted>
std::vector<ToolCall> ToolCalls::take(ToolOutcome outcome, Wanted wanted)
{
  std::vector<ToolCall> taken;
  for (auto call = pending_.begin(); call != pending_.end();) {
    const auto next = std::next(call);
    if (wanted(call->second))
      taken.push_back(take(call, outcome));
    call = next;
  }
  return taken;
}

std::vector<ToolCall> ToolCalls::cancel(const std::vector<std::string> &wire_ids)
{
  return take(ToolOutcome::cancelled, [&](const ToolCall &call) {
    return std::find(wire_ids.begin(), wire_ids.end(), call.wire_id) != wire_ids.end();
  });
}

std::vector<ToolCall> ToolCalls::finish_all(ToolOutcome outcome)
{
  return take(outcome, [](const ToolCall &) { return true; });
}

void ToolCalls::take_back(std::uint64_t number, ToolOutcome was, ToolOutcome is)
{
  counts_[static_cast<std::size_t>(was)]--;
  counts_[static_cast<std::size_t>(is)]++;
  for (auto &one : over_)
    if (one.number == number)
      one.outcome = is;
}

std::optional<ToolOutcome> ToolCalls::outcome_of(std::uint64_t number) const
{
  for (const auto &one : over_)
    if (one.number == number)
      return one.outcome;
  return std::nullopt;
}

void ToolCalls::renew(std::string_view id, std::int64_t now)
{
  if (const auto found = pending_.find(id); found != pending_.end())
    found->second.waits_since = now;
}

const ToolCall *ToolCalls::oldest() const
{
  const auto first =
      std::min_element(pending_.begin(), pending_.end(), [](const auto &a, const auto &b) {
        return a.second.waits_since < b.second.waits_since;
      });
  return first == pending_.end() ? nullptr : &first->second;
}

bool ToolCalls::has_blocking() const
{
  return std::any_of(pending_.begin(), pending_.end(),
                     [](const auto &call) { return call.second.blocking; });
}

} // namespace gemini_live
