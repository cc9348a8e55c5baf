// The phases of a turn, in the order in which they happen.
#include "speaker.hpp"

#include "speech_detector.hpp"

#include <utility>

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
  Job job{std::move(turn), nullptr};
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
  if (profile_.empty_content_before_answer)
    send({});
  if (job_.turn.tool)
    call_tool();
  else
    speak();
}

void Speaker::call_tool()
{
  const std::string id = make_id();
  const ToolCall tool = *std::exchange(job_.turn.tool, std::nullopt);
  calls_[id] = job_;
  hooks_.send(print_tool_call(id, tool.name, tool.args));
  phase_ = Phase::calling;
  began();
  if (stopped_ || profile_.tool_turn == ToolTurn::waits)
    return;
  if (profile_.tool_turn == ToolTurn::ends_its_generation)
    send({.generation_complete = true});
  complete();
}

void Speaker::speak()
{
  if (job_.turn.parrot) {
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

void Speaker::say(Voice::Spoken samples)
{
  samples_ = std::move(samples);
  parts_ = plan_reply(samples_->size(), job_.turn.say, job_.turn.speed);
  next_part_ = 0;
  if (parts_.empty()) {
    complete();
    return;
  }
  phase_ = Phase::speaking;
  if (profile_.thought_before_answer)
    send({.thought = "Considering an answer."});
  if (manner_.transcription && profile_.transcript_brackets)
    send({.transcript_opens = true});
  first_audio_ = g_get_monotonic_time();
  say_part();
}

void Speaker::say_part()
{
  const ReplyPart &part = parts_[next_part_++];
  const bool last = next_part_ == parts_.size();
  const std::string text = manner_.transcription ? part.text : "";
  if (!profile_.transcript_with_audio && !text.empty())
    send({.output_text = text});
  if (manner_.transcription && profile_.transcript_brackets && last)
    send({.transcript_closes = true});
  if (profile_.keep_alive_before_audio)
    hooks_.send(print_keep_alive());
  // In one bundle the end of the generation rides along, as some services do.
  const bool bundled = last && job_.turn.speed == 0;
  send({.audio = std::span(*samples_).subspan(part.from, part.to - part.from),
        .output_text = profile_.transcript_with_audio ? text : "",
        .generation_complete = bundled});
  began();
  if (stopped_)
    return;
  if (!last)
    timer_.start_at(first_audio_ + parts_[next_part_].delay, [this] { say_part(); });
  else if (bundled)
    finish();
  else {
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
  const Usage used = usage();
  send({.turn_complete = true, .usage = used});
  began();
  over();
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
  if (phase_ == Phase::calling) {
    std::vector<std::string> ids;
    for (const auto &[id, job] : calls_)
      ids.push_back(id);
    calls_.clear();
    hooks_.send(print_tool_call_cancellation(ids));
  }
  phase_ = Phase::ending;
  timer_.stop();
  turn_token_ = nullptr;
  const Usage used = usage();
  if (job_.turn.interrupt_style == InterruptStyle::merged) {
    send({.interrupted = true, .turn_complete = true, .usage = used});
    over();
    return;
  }
  const bool reversed = job_.turn.interrupt_style == InterruptStyle::turn_complete_first;
  const ServerContent ends{.turn_complete = true, .usage = used};
  const ServerContent breaks{.interrupted = true};
  send(reversed ? ends : breaks);
  interruption_.start_in(interruption_gap, [this, last = reversed ? breaks : ends] {
    send(last);
    over();
  });
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
    const auto call = calls_.find(answer.id);
    if (call == calls_.end() || answer.will_continue)
      continue;
    const Job job = call->second;
    calls_.erase(call);
    if (profile_.tool_turn == ToolTurn::waits) {
      if (phase_ == Phase::calling) {
        phase_ = Phase::thinking;
        speak();
      }
      continue;
    }
    if (answer.scheduling == "SILENT")
      continue;
    queue_.push_back(job);
    if (answer.scheduling == "INTERRUPT")
      interrupt();
    next();
  }
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

// History counts what was sent.
Usage Speaker::usage() const
{
  const std::size_t sent = samples_ && next_part_ > 0 ? parts_[next_part_ - 1].to : 0;
  return {session_.text_tokens, session_.audio_tokens, audio_tokens(sent)};
}

std::string Speaker::make_id()
{
  if (profile_.tool_id_form.empty())
    return CharPtr(g_uuid_string_random()).get();
  // Digits without a meaning that are still the same in every run.
  std::uint64_t digits = 7'919'229'188'573'301'259U * next_call_++;
  std::string id;
  for (const char c : profile_.tool_id_form) {
    id += c == '#' ? static_cast<char>('0' + digits % 10) : c;
    if (c == '#')
      digits = digits / 10 ? digits / 10 : 580'330'523'599'938U + next_call_;
  }
  return id;
}

} // namespace gemini_live_simulator
