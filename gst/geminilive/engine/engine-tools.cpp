// The model's calls: taken on the loop thread, answered on any.

#include "engine.hpp"

#include "log.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live {

namespace {

// An answer before the end of the turn that called can get lost on some models, so it waits for that
// end, but not for ever.
constexpr gint64 kMaxHeld = 2'000'000;     // microseconds
constexpr gint64 kRetryAnswer = 1'000'000; // microseconds

} // namespace

void Engine::take_calls(const std::vector<FunctionCall> &calls)
{
  if (calls.empty())
    return;
  const auto now = g_get_monotonic_time();
  std::vector<ToolCall> added;
  for (const auto &call : calls) {
    open_turn();
    added.push_back(calls_.lock()->add(
        call, turns_.last(), now, function(call.name).behavior == ToolPolicy::Behavior::blocking));
  }
  watch_calls();
  update_uplink(); // before anybody can answer
  for (const auto &call : added) {
    LOG_INFO("the model calls %s (%s)", call.name.c_str(), call.id.c_str());
    emit(Event("tool-call")
             .add("id", call.id)
             .add("name", call.name)
             .add("args", JsonText{call.args}));
  }
}

void Engine::cancel_calls(const std::vector<std::string> &wire_ids)
{
  if (wire_ids.empty())
    return;
  const auto cancelled = calls_.lock()->cancel(wire_ids);
  // Nor is an answer wanted that waits for its turn.
  const auto withdrawn = outbox_.lock()->withdraw([&](const Outbox::Answer &answer) {
    return !answer.wire_id.empty() &&
           std::find(wire_ids.begin(), wire_ids.end(), answer.wire_id) != wire_ids.end();
  });
  for (const auto &call : cancelled)
    emit_cancelled(call.id, call.name);
  take_back(withdrawn, ToolOutcome::cancelled);
  wake(); // for the voice that was held
}

// Nobody is left to answer to.
void Engine::abandon_calls()
{
  const auto lost = calls_.lock()->finish_all(ToolOutcome::lost);
  for (const auto &call : lost)
    emit_cancelled(call.id, call.name);
  take_back(outbox_.lock()->withdraw([](const Outbox::Answer &) { return true; }),
            ToolOutcome::lost);
  // Those of calls that somebody else has answered are left.
  for (const auto &[id, program] : std::exchange(programs_, {}))
    program->stop();
}

// The application gave an answer, but it will not be sent.
void Engine::take_back(const std::vector<Outbox::Answer> &withdrawn, ToolOutcome outcome)
{
  for (const auto &answer : withdrawn) {
    calls_.lock()->take_back(answer.number, answer.outcome, outcome);
    emit_cancelled(answer.id, answer.name);
  }
}

void Engine::emit_cancelled(const std::string &id, const std::string &name)
{
  stop_program(id);
  emit(Event("tool-cancelled").add("id", id).add("name", name));
}

void Engine::emit_result(const ToolCall &call, Event event)
{
  if (line_ == Line::done)
    return;
  // Whoever was told that an answer is not wanted any more is not told of the answer afterwards.
  const auto outcome = calls_.lock()->outcome_of(call.number);
  if (outcome == ToolOutcome::cancelled || outcome == ToolOutcome::lost)
    return;
  if (!is_pending(call.id))
    stop_program(call.id);
  emit(std::move(event));
}

void Engine::watch_calls()
{
  auto calls = calls_.lock();
  if (const auto *oldest = calls->oldest(); oldest && config_.tools.timeout > 0)
    expiry_->ring_at(oldest->waits_since + static_cast<gint64>(config_.tools.timeout / 1000));
}

void Engine::expire_calls()
{
  const auto limit = g_get_monotonic_time() - static_cast<gint64>(config_.tools.timeout / 1000);
  const CharPtr message(
      g_strdup_printf("no answer within %g s", static_cast<double>(config_.tools.timeout) / 1e9));
  for (;;) {
    std::string id;
    if (auto calls = calls_.lock(); const auto *oldest = calls->oldest())
      id = oldest->waits_since <= limit ? oldest->id : "";
    if (id.empty())
      break;
    LOG_WARNING("call %s: %s", id.c_str(), message.get());
    if (!answer(id, tool_error(message.get()), ToolOutcome::timed_out, nullptr)) {
      expiry_->ring_in(kRetryAnswer);
      return;
    }
  }
  watch_calls();
}

bool Engine::is_pending(std::string_view id) const
{
  std::string why;
  return calls_.lock()->find(id, why) != nullptr;
}

bool Engine::answer_call(std::string_view id, ToolResponse response, GError **error)
{
  const auto &refused = response.scheduling != Scheduling::none ? config_.tools.no_scheduling
                        : response.will_continue                ? config_.tools.no_will_continue
                                                                : std::string();
  if (!refused.empty()) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, refused.c_str());
    return false;
  }
  if (!response.wrong.empty() && !config_.forced) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        response.wrong.c_str());
    return false;
  }
  return answer(id, std::move(response), ToolOutcome::answered, error);
}

void Engine::settle_call(std::string_view id, ToolResponse response)
{
  GError *error = nullptr;
  if (!answer_call(id, std::move(response), &error))
    fail_call(id, error->message, nullptr);
  g_clear_error(&error);
}

bool Engine::fail_call(std::string_view id, std::string_view message, GError **error)
{
  return answer(id, tool_error(message), ToolOutcome::failed, error);
}

// What is declared of it, or what the model does without.
ToolPolicy::Function Engine::function(std::string_view name) const
{
  auto functions = functions_.lock();
  const auto found = functions->find(name);
  auto declared = found == functions->end() ? ToolPolicy::Function{} : found->second;
  if (!declared.behavior)
    declared.behavior = config_.tools.behavior;
  return declared;
}

Outbox::Message Engine::answer_to(const ToolCall &call, ToolResponse response,
                                  ToolOutcome outcome) const
{
  if (response.scheduling == Scheduling::none && config_.tools.no_scheduling.empty())
    response.scheduling = function(call.name).scheduling;
  const bool waits = config_.tools.loses_early_answers && !call.blocking;
  const bool last = !response.will_continue;
  return {.text = tool_response_message(call.wire_id, call.name, response),
          .answer = Outbox::Answer{.number = call.number,
                                   .id = call.id,
                                   .wire_id = call.wire_id,
                                   .name = call.name,
                                   .outcome = outcome,
                                   .after_turn = waits ? call.turn : 0,
                                   .until = g_get_monotonic_time() + kMaxHeld,
                                   .blocking = call.blocking,
                                   .reacts = last && response.scheduling != Scheduling::silent,
                                   .last = last}};
}

// Who finds the call pending finishes it in the same breath, so nobody else can answer it too.
bool Engine::answer(std::string_view id, ToolResponse response, ToolOutcome outcome, GError **error)
{
  ToolCall call;
  {
    auto calls = calls_.lock();
    std::string why;
    const auto *found = calls->find(id, why);
    if (!found) {
      g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
                  "Answer a call once, by the id that it came with: %s", why.c_str());
      return false;
    }
    call = *found;
    if (!enqueue(answer_to(call, response, outcome), error))
      return false;
    if (response.will_continue)
      calls->renew(id, g_get_monotonic_time());
    else
      calls->finish(id, outcome, why);
  }
  Event event("tool-result");
  event.add("id", call.id).add("name", call.name);
  if (outcome == ToolOutcome::answered)
    event.add("response", JsonText{response.response});
  else
    event.add("error", response.error);
  event.add("duration", static_cast<std::uint64_t>(g_get_monotonic_time() - call.asked_at) * 1000)
      .add("final", !response.will_continue);
  loop_->post([self = shared_from_this(), call, event = std::move(event)] {
    self->emit_result(call, event);
  });
  return true;
}

void Engine::run_program(const std::string &id)
{
  loop_->post([self = shared_from_this(), id] { self->start_program(id); });
}

void Engine::start_program(const std::string &id)
{
  ToolCall call;
  {
    auto calls = calls_.lock();
    std::string why;
    const auto *found = calls->find(id, why);
    if (!found)
      return;
    call = *found;
  }
  stop_program(id); // of an earlier call of that id
  const auto ended = [weak = weak_from_this(), id](const Program::Result &result) {
    const auto self = weak.lock();
    if (!self)
      return;
    self->programs_.erase(id);
    if (!result.ran)
      self->warn_of_program(result.failure);
    if (result.failure.empty())
      self->settle_call(id, tool_response(result.output));
    else
      self->fail_call(id, result.failure, nullptr);
  };
  programs_[id] = Program::start({config_.tools.program, call.name}, call.args, loop_, ended);
}

// Once: the model is told at every call, but the user can mend it.
void Engine::warn_of_program(const std::string &what)
{
  LOG_WARNING("%s", what.c_str());
  if (!std::exchange(warned_of_program_, true))
    warn(ErrorPtr(g_error_new(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                              "Set tool-command to the path of a program, without arguments: %s",
                              what.c_str())));
}

void Engine::stop_program(const std::string &id)
{
  const auto found = programs_.find(id);
  if (found == programs_.end())
    return;
  const auto program = std::move(found->second);
  programs_.erase(found);
  program->stop();
}

// The user's voice waits while the service would not have it.
void Engine::update_uplink()
{
  using Hold = ToolPolicy::Hold;
  bool held = seeding_;
  if (config_.tools.hold == Hold::while_blocking)
    held = held || calls_.lock()->has_blocking();
  else if (config_.tools.hold == Hold::while_calling)
    held = held || !calls_.lock()->is_empty() || outbox_.lock()->has_answers();
  const bool online = line_ == Line::ready && !held;
  if (std::exchange(online_, online) != online) {
    uplink_.set_online(online);
    wake(); // what waited is sent although nobody speaks
  }
  frames_.set_online(line_ == Line::ready && !seeding_);
}

} // namespace gemini_live
