// The phases of a turn, in the order in which they happen.
#include "speaker.hpp"

#include "speech_detector.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace gemini_live_simulator {
namespace {

constexpr std::int64_t interruption_gap = 70'000; // between the two messages of an interruption
constexpr std::int64_t late_interruption = 400'000;
constexpr unsigned tokens_per_second = 25;

unsigned audio_tokens(std::size_t samples)
{
  return static_cast<unsigned>((samples * tokens_per_second + Voice::rate - 1) / Voice::rate);
}

} // namespace

Speaker::Speaker(const Profile &profile, Voice &voice, Session &session, Hooks hooks, Manner manner)
    : profile_(profile), voice_(voice), session_(session), hooks_(std::move(hooks)), manner_(manner)
{
}

void Speaker::answer(Turn turn, Samples utterance)
{
  if (!turn.tools.empty() && profile_.async_call == CallTurn::follows_filler) {
    Turn filler;
    filler.say = "One moment, please.";
    filler.speed = turn.speed;
    filler.interaction_status = "IN_PROGRESS";
    queue_.push_back({std::move(filler), nullptr, ""});
  }
  Job job{std::move(turn), nullptr, ""};
  if (job.turn.parrot)
    job.samples =
        std::make_shared<const Samples>(resample(utterance, SpeechDetector::rate, Voice::rate));
  queue_.push_back(std::move(job));
  next();
}

void Speaker::next()
{
  if (phase_ != Phase::idle || queue_.empty() || stopped_)
    return;
  job_ = std::move(queue_.front());
  queue_.pop_front();
  begin();
}

void Speaker::begin()
{
  ++session_.turns_taken;
  began_ = false;
  samples_ = nullptr;
  next_part_ = 0;
  phase_ = Phase::thinking;
  turn_token_ = std::make_shared<int>(0);
  if (!send_messages())
    return;
  if (profile_.empty_content_before_answer)
    send({});
  if (!job_.turn.tools.empty())
    call_tools();
  else
    speak();
}

bool Speaker::send_messages()
{
  const auto messages = std::exchange(job_.turn.send, {});
  for (const auto &message : messages) {
    if (stopped_)
      return false;
    hooks_.send_exactly(message);
    began();
  }
  const bool more = !job_.turn.say.empty() || job_.turn.parrot || !job_.turn.tools.empty();
  if (!stopped_ && (messages.empty() || more))
    return true;
  over();
  return false;
}

bool Speaker::is_blocking(const ToolCall &tool) const
{
  const auto function = std::ranges::find(session_.functions, tool.name, &Function::name);
  const std::string behavior =
      function == session_.functions.end() ? std::string() : function->behavior;
  return behavior == "BLOCKING" || (behavior != "NON_BLOCKING" && !profile_.async_by_default);
}

void Speaker::call_tools()
{
  const auto tools = std::exchange(job_.turn.tools, {});
  const bool blocking = std::ranges::any_of(tools, [&](const auto &t) { return is_blocking(t); });
  const auto form = blocking ? profile_.blocking_call : profile_.async_call;
  const auto group = std::make_shared<CallGroup>(CallGroup{job_, form, blocking, tools.size(), ""});
  std::vector<FunctionCall> calls;
  for (const auto &tool : tools) {
    calls.push_back({make_id(), tool.name, tool.args});
    calls_[calls.back().id] = {tool.name, group};
  }
  const bool brackets = manner_.transcription && profile_.transcript_brackets;
  if (brackets && form == CallTurn::completes_when_answered)
    send({.transcript_opens = true});
  hooks_.send(print_tool_call(calls));
  phase_ = Phase::calling;
  began();
  if (stopped_ || form == CallTurn::waits || form == CallTurn::completes_when_answered)
    return;
  if (form == CallTurn::completes_generation)
    send({.generation_complete = true});
  if (form == CallTurn::follows_filler)
    over();
  else
    complete();
}

void Speaker::speak()
{
  job_.turn.say = fill_in(job_.turn.say, session_, job_.answer);
  if (manner_.text) {
    say_as_text();
  } else if (job_.turn.parrot) {
    say(job_.samples);
  } else if (job_.turn.say.empty()) {
    say(std::make_shared<const Samples>());
  } else {
    voice_.speak(job_.turn.say, [this, token = std::weak_ptr(turn_token_)](Voice::Spoken samples) {
      if (!token.expired())
        say(std::move(samples));
    });
  }
}

void Speaker::say_as_text()
{
  constexpr unsigned words = 3;
  for (const auto &piece : cut_text(job_.turn.say, words)) {
    send({.text = piece});
    began();
  }
  send({.generation_complete = true});
  complete();
}

void Speaker::say(Voice::Spoken samples)
{
  samples_ = std::move(samples);
  parts_ = plan_reply(samples_->size(), job_.turn.say,
                      {speed(), profile_.first_chunk_ms, profile_.chunk_ms});
  next_part_ = 0;
  if (parts_.empty()) {
    complete();
    return;
  }
  phase_ = Phase::speaking;
  const bool apart = !job_.turn.bundle;
  if (apart && profile_.thought_before_answer)
    send({.thought = "Considering an answer."});
  if (apart && manner_.transcription && profile_.transcript_brackets)
    send({.transcript_opens = true});
  first_audio_ = g_get_monotonic_time();
  say_part();
}

void Speaker::say_part()
{
  const ReplyPart &part = parts_[next_part_++];
  const bool last = next_part_ == parts_.size();
  const bool in_one = job_.turn.bundle;
  const std::string text = manner_.transcription ? part.text : "";
  const bool together = profile_.transcript_with_audio || in_one;
  if (!together && !text.empty())
    send({.output_text = text});
  if (!in_one && manner_.transcription && profile_.transcript_brackets && last)
    send({.transcript_closes = true});
  if (!in_one && profile_.keep_alive_before_audio)
    hooks_.send(print_keep_alive());
  // In one burst the end of the generation rides along, as some services do.
  const bool burst = last && speed() == 0;
  ServerContent content = last && in_one ? turn_end() : ServerContent{};
  content.audio = std::span(*samples_).subspan(part.from, part.to - part.from);
  content.output_text = together ? text : "";
  content.generation_complete = burst;
  send(content);
  began();
  if (stopped_)
    return;
  if (!last) {
    timer_.start_at(first_audio_ + parts_[next_part_].delay, [this] { say_part(); });
  } else if (in_one) {
    over();
  } else {
    if (!burst)
      send({.generation_complete = true});
    finish();
  }
}

void Speaker::finish()
{
  phase_ = Phase::finishing;
  const auto playback = static_cast<std::int64_t>(samples_->size()) * 1'000'000 / Voice::rate;
  timer_.start_at(first_audio_ + playback, [this] { complete(); });
}

void Speaker::complete()
{
  send(turn_end());
  began();
  over();
}

ServerContent Speaker::turn_end() const
{
  ServerContent end{.turn_complete = true, .usage = usage()};
  end.interaction_status = job_.turn.interaction_status;
  if (end.interaction_status.empty() && profile_.interaction_status)
    end.interaction_status = "IDLE";
  return end;
}

void Speaker::interrupt()
{
  if (phase_ == Phase::idle || phase_ == Phase::ending || !job_.turn.interruptible ||
      !manner_.interruptible)
    return;
  if (job_.turn.interrupt_style == InterruptStyle::late)
    interruption_.start_in(late_interruption, [this] { break_off(); });
  else
    break_off();
}

void Speaker::break_off()
{
  cancel_blocking_calls();
  phase_ = Phase::ending;
  timer_.stop();
  turn_token_ = nullptr;
  ServerContent ends = turn_end();
  if (job_.turn.interrupt_style == InterruptStyle::merged) {
    ends.interrupted = true;
    send(ends);
    over();
    return;
  }
  const bool reversed = job_.turn.interrupt_style == InterruptStyle::turn_complete_first;
  const ServerContent breaks{.interrupted = true};
  send(reversed ? ends : breaks);
  interruption_.start_in(interruption_gap, [this, last = reversed ? breaks : ends] {
    send(last);
    over();
  });
}

void Speaker::cancel_blocking_calls()
{
  std::vector<std::string> ids;
  for (const auto &[id, call] : calls_)
    if (call.group->blocking)
      ids.push_back(id);
  for (const auto &id : ids)
    calls_.erase(id);
  if (!ids.empty())
    hooks_.send(print_tool_call_cancellation(ids));
}

void Speaker::over()
{
  if (samples_)
    session_.audio_tokens += usage().response_audio;
  timer_.stop();
  interruption_.stop();
  turn_token_ = nullptr;
  samples_ = nullptr;
  phase_ = Phase::idle;
  if (stopped_)
    return;
  hooks_.turn_over();
  next();
}

void Speaker::take(const ToolResponse &response)
{
  for (const auto &answer : response.responses) {
    const auto call = find_call(answer);
    if (call == calls_.end() || answer.will_continue)
      continue;
    const auto group = call->second.group;
    calls_.erase(call);
    group->answer += (group->answer.empty() ? "" : ", ") + answer.answer;
    if (--group->open == 0)
      go_on(*group, answer.scheduling);
  }
}

// An answer without an id is one to the function's name.
std::map<std::string, Speaker::OpenCall>::iterator
Speaker::find_call(const FunctionResponse &answer)
{
  if (!answer.id.empty())
    return calls_.find(answer.id);
  return std::ranges::find_if(calls_,
                              [&](const auto &call) { return call.second.name == answer.name; });
}

// Every call of the group was answered.
void Speaker::go_on(CallGroup &group, const std::string &scheduling)
{
  group.job.answer = group.answer;
  if (group.form == CallTurn::waits) {
    if (phase_ != Phase::calling)
      return;
    job_ = group.job;
    phase_ = Phase::thinking;
    speak();
    return;
  }
  if (group.form == CallTurn::completes_when_answered) {
    if (phase_ != Phase::calling)
      return;
    if (manner_.transcription && profile_.transcript_brackets)
      send({.transcript_closes = true});
    send({.generation_complete = true});
    queue_.push_front(group.job);
    complete();
    return;
  }
  if (scheduling == "SILENT")
    return;
  queue_.push_back(group.job);
  if (scheduling == "INTERRUPT")
    interrupt();
  next();
}

void Speaker::stop()
{
  stopped_ = true;
  turn_token_ = nullptr;
  timer_.stop();
  interruption_.stop();
}

void Speaker::send(const ServerContent &content)
{
  if (!stopped_)
    hooks_.send(print_content(profile_, content));
}

void Speaker::began()
{
  if (!std::exchange(began_, true))
    hooks_.turn_began(session_.turns_taken);
}

double Speaker::speed() const
{
  return job_.turn.bundle ? 0 : job_.turn.speed.value_or(profile_.speed);
}

// History counts what was sent.
Usage Speaker::usage() const
{
  const std::size_t sent = samples_ && next_part_ > 0 ? parts_[next_part_ - 1].to : 0;
  return {session_.text_tokens, session_.audio_tokens, audio_tokens(sent)};
}

std::string Speaker::make_id()
{
  if (profile_.tool_id_forms.empty())
    return CharPtr(g_uuid_string_random()).get();
  std::string_view form = profile_.tool_id_forms;
  if (const auto bar = form.find('|'); bar != std::string_view::npos)
    form = next_call_ % 2 ? form.substr(0, bar) : form.substr(bar + 1);
  // Digits without a meaning that are still the same in every run.
  std::uint64_t digits = 7'919'229'188'573'301'259U * next_call_++;
  std::string id;
  for (const char c : form) {
    id += c == '#' ? static_cast<char>('0' + digits % 10) : c;
    if (c == '#')
      digits = digits / 10 ? digits / 10 : 580'330'523'599'938U + next_call_;
  }
  return id;
}

} // namespace gemini_live_simulator
