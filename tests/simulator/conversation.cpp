// From a message to what follows from it.
#include "conversation.hpp"

#include "json.hpp"
#include "reply_plan.hpp"
#include "server_message.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live_simulator {
namespace {

constexpr unsigned unknown_key_every = 7; // messages
constexpr unsigned tokens_per_second = 25;
constexpr std::string_view go_away_ignored =
    "Connection aborted because the client failed to close the connection after receiving a GoAway "
    "signal once the session duration limit was reached.";

unsigned text_tokens(std::size_t bytes)
{
  return static_cast<unsigned>(bytes / 4 + 1);
}

} // namespace

Conversation::Conversation(Stage &stage, Wire &wire, Access access, Hooks hooks)
    : stage_(stage), wire_(wire), access_(std::move(access)), hooks_(std::move(hooks))
{
}

void Conversation::receive(const std::string &text, std::int64_t at)
{
  const auto read = read_client_message(text);
  if (const auto *refusal = std::get_if<Refusal>(&read)) {
    if (!over_)
      refuse(*refusal);
    return;
  }
  const auto &message = std::get<ClientMessage>(read);
  record(message, text, at);
  if (over_)
    return;
  const bool is_setup = std::holds_alternative<Setup>(message);
  if (is_setup == set_up_) {
    refuse({1007, std::string(invalid_argument)});
    return;
  }
  std::visit([this](const auto &what) { act(what); }, message);
}

void Conversation::record(const ClientMessage &message, const std::string &text, std::int64_t at)
{
  using Kind = Received::Kind;
  const auto note = [&](Kind kind, const std::vector<std::uint8_t> &data = {},
                        const std::string &words = {}) {
    hooks_.record(
        {.kind = kind, .at = at, .connection = 0, .json = text, .data = data, .text = words});
  };
  if (std::holds_alternative<Setup>(message))
    note(Kind::setup);
  else if (const auto *content = std::get_if<ClientContent>(&message))
    note(Kind::client_content, {}, content->text);
  else if (std::holds_alternative<ToolResponse>(message))
    note(Kind::tool_response);
  else if (std::holds_alternative<ContextUpdate>(message))
    note(Kind::context_update);
  const auto *input = std::get_if<RealtimeInput>(&message);
  if (!input)
    return;
  if (input->activity_start)
    note(Kind::activity_start);
  if (input->audio)
    note(Kind::audio, input->audio->data);
  if (input->video)
    note(Kind::video, input->video->data);
  if (input->text)
    note(Kind::text, {}, *input->text);
  if (input->audio_stream_end)
    note(Kind::audio_stream_end);
  if (input->activity_end)
    note(Kind::activity_end);
}

void Conversation::refuse(const Refusal &refusal)
{
  end();
  wire_.close(refusal.code, refusal.reason);
}

void Conversation::end()
{
  over_ = true;
  if (speaker_)
    speaker_->stop();
  fault_timers_.clear();
  go_away_.stop();
}

void Conversation::act(const Setup &setup)
{
  set_up_ = true;
  setup_ = setup;
  if (const auto refusal = refuse_setup(access_, setup, stage_.api_key, stage_.profile)) {
    refuse(*refusal);
    return;
  }
  if (const auto faults = stage_.script.faults(Fault::When::setup); !faults.empty()) {
    happen(faults.front());
    return;
  }
  session_ = setup.handle.empty() ? stage_.script.open() : stage_.script.resume(setup.handle);
  if (!session_) {
    refuse({1008, "Requested entity was not found."});
    return;
  }
  welcome(setup);
}

void Conversation::welcome(const Setup &setup)
{
  const Profile &profile = stage_.profile;
  session_->text_tokens += text_tokens(setup.text_size);
  seeding_ = setup.history_first;
  std::optional<SpeechDetector::Settings> detection;
  if (!setup.manual_activity) {
    detection.emplace();
    detection->silence_ms = setup.silence_duration_ms.value_or(profile.silence_ms);
    detection->onset_ms = setup.prefix_padding_ms.value_or(detection->onset_ms);
  }
  listener_.emplace(detection);
  wire_.send(print_setup_complete(profile.session_id ? CharPtr(g_uuid_string_random()).get() : ""));
  speaker_ = std::make_unique<Speaker>(
      profile, stage_.voice, *session_,
      Speaker::Hooks{[this](std::string text) { send(std::move(text)); },
                     [this](unsigned turn) { turn_began(turn); },
                     [this] { send_resumption_update(); }},
      Speaker::Manner{setup.output_transcription, !setup.no_interruption});
  send_resumption_update();
  arm_timed_faults();
  hooks_.ready();
  answer(Turn::On::start, "");
}

void Conversation::act(const ClientContent &content)
{
  session_->text_tokens += text_tokens(content.text.size());
  if (seeding_) {
    seeding_ = !content.turn_complete;
    return;
  }
  if (stage_.profile.client_content_first_only && content_came_) {
    refuse({1007, std::string(invalid_argument)});
    return;
  }
  content_came_ = true;
  speaker_->interrupt();
  if (content.turn_complete)
    answer(Turn::On::text, content.text);
}

void Conversation::act(const RealtimeInput &input)
{
  if ((input.activity_start || input.activity_end) && !setup_.manual_activity) {
    refuse({1007, std::string(invalid_argument)});
    return;
  }
  content_came_ = true;
  if (input.activity_start)
    take({listener_->begin()});
  if (input.audio)
    take_audio(*input.audio);
  if (over_)
    return;
  if (input.text)
    take_text(*input.text);
  if (input.audio_stream_end)
    take(listener_->flush());
  if (input.activity_end)
    take({listener_->finish()});
}

void Conversation::act(const ToolResponse &response)
{
  speaker_->take(response);
}

void Conversation::take_audio(const Blob &audio)
{
  const auto rate = audio_rate(audio.mime_type);
  if (!rate) {
    refuse({1007, std::string(invalid_argument)});
    return;
  }
  if (listener_->rate() != 0 && listener_->rate() != *rate) {
    refuse({1007, "Sample rate changed from previously " + std::to_string(listener_->rate()) +
                      " to " + std::to_string(*rate) + ", which is not supported."});
    return;
  }
  take(listener_->feed(samples_from_bytes(audio.data), *rate));
}

void Conversation::take(const std::vector<Listener::Heard> &news)
{
  for (const auto &heard : news) {
    if (over_)
      return;
    if (heard.start)
      user_starts(heard.seconds);
    else
      user_ends(heard);
  }
}

void Conversation::user_starts(double seconds)
{
  report_activity(true, seconds);
  speaker_->interrupt();
}

void Conversation::user_ends(const Listener::Heard &heard)
{
  report_activity(false, heard.seconds);
  session_->audio_tokens +=
      static_cast<unsigned>(heard.utterance.size() * tokens_per_second / SpeechDetector::rate);
  answer(Turn::On::speech, "", heard.utterance);
}

void Conversation::take_text(const std::string &text)
{
  session_->text_tokens += text_tokens(text.size());
  speaker_->interrupt();
  answer(Turn::On::text, text);
}

void Conversation::report_activity(bool start, double seconds)
{
  if (setup_.explicit_vad_signal)
    send(print_vad_signal(start));
  if (stage_.profile.voice_activity_unasked || setup_.explicit_vad_signal)
    send(print_voice_activity(start, seconds));
}

void Conversation::transcribe(const std::string &heard)
{
  const Profile &profile = stage_.profile;
  if (heard.empty() || !(setup_.input_transcription || profile.input_transcription_unasked))
    return;
  if (!profile.input_transcription_fragments) {
    send(print_content(profile, {.input_text = heard}));
    return;
  }
  for (const auto &piece : cut_text(" " + heard, 1))
    send(print_content(profile, {.input_text = piece}));
}

void Conversation::answer(Turn::On on, const std::string &text, Samples utterance)
{
  auto turn = stage_.script.next(*session_, on, text);
  if (!turn)
    return;
  if (on == Turn::On::speech)
    transcribe(turn->heard);
  speaker_->answer(std::move(*turn), std::move(utterance));
}

void Conversation::send(std::string text)
{
  if (over_)
    return;
  if (text != print_keep_alive() && ++sent_ % unknown_key_every == 0)
    text = with_unknown_key(std::move(text));
  wire_.send(text);
}

void Conversation::send_resumption_update()
{
  // None is issued while a call is open.
  if (over_ || !(setup_.resumption || stage_.profile.resumption_unasked) ||
      speaker_->waits_for_tool())
    return;
  send(print_resumption_update(stage_.script.make_handle(session_)));
}

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
    send(print_go_away(fault.time_left));
    const double seconds = std::max(fault.time_left, 1.0); // "now" still leaves time to read it
    go_away_.start_in(static_cast<std::int64_t>(seconds * 1e6), [this] {
      refuse({1008, std::string(go_away_ignored)});
    });
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

} // namespace gemini_live_simulator
