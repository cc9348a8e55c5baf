// From a message to what follows from it.
#include "conversation.hpp"

#include "json.hpp"
#include "reply_plan.hpp"
#include "rules.hpp"
#include "server_message.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live_simulator {
namespace {

constexpr unsigned unknown_key_every = 7; // messages
constexpr unsigned tokens_per_second = 25;
constexpr std::int64_t update_period = 1'200'000;
constexpr std::string_view usual_profile = "gemini-3.8";
constexpr std::string_view usual_vertex_profile = "vertex";

std::string last_user_text(const ClientContent &content)
{
  std::string text;
  for (const auto &turn : content.turns)
    if (turn.role == "user" && !turn.text.empty())
      text = turn.text;
  return text;
}

bool breaks(Fault::What what)
{
  return what != Fault::What::go_away && what != Fault::What::late_pongs;
}

unsigned text_tokens(std::size_t bytes)
{
  return static_cast<unsigned>(bytes / 4 + 1);
}

} // namespace

Conversation::Conversation(Stage &stage, Wire &wire, Access access, Hooks hooks)
    : stage_(stage), wire_(wire), access_(std::move(access)), hooks_(std::move(hooks)),
      profile_(stage.profile ? stage.profile
                             : find_profile(access_.vertex ? usual_vertex_profile : usual_profile))
{
}

void Conversation::receive(const std::string &text, std::int64_t at)
{
  const auto read = read_client_message(text, profile_->backend);
  if (const auto *refusal = std::get_if<Refusal>(&read)) {
    hooks_.record({.kind = Received::Kind::malformed,
                   .at = at,
                   .connection = 0,
                   .json = text,
                   .text = refusal->reason});
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
    note(Kind::client_content, {}, last_user_text(*content));
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
  if (session_ && !over_)
    session_->connected = false;
  over_ = true;
  if (speaker_)
    speaker_->stop();
  periodic_update_.stop();
  fault_timers_.clear();
  go_away_.stop();
  expiry_.stop();
}

void Conversation::act(const Setup &said)
{
  set_up_ = true;
  Setup setup = said;
  const auto refusal = enter(setup);
  setup_ = setup;
  if (refusal) {
    refuse(*refusal);
    return;
  }
  const auto faults = stage_.script.faults(Fault::When::setup);
  const auto breaking = std::ranges::find_if(
      faults, [this](auto fault) { return breaks(stage_.script.fault(fault).what); });
  if (breaking != faults.end()) {
    happen(*breaking);
    return;
  }
  // Before the first frame, as it wants.
  for (const auto fault : faults)
    if (stage_.script.fault(fault).what == Fault::What::late_pongs)
      happen(fault);
  if (auto session = open_session(setup)) {
    session_ = std::move(session);
    session_->connected = true;
    welcome(setup);
  }
}

std::shared_ptr<Session> Conversation::open_session(const Setup &setup)
{
  if (setup.handle.empty()) {
    auto session = stage_.script.open();
    session->model = setup.model;
    if (token_)
      token_->count_conversation();
    configure(*session, setup);
    return session;
  }
  auto session = stage_.script.resume(setup.handle);
  if (!session)
    refuse({1008, "Requested entity was not found."});
  else if (session->connected)
    refuse({1011, "Internal error encountered."});
  else if (session->model != setup.model)
    refuse(foreign_handle());
  if (over_)
    return nullptr;
  configure(*session, setup);
  return session;
}

// What contextUpdate changed outlives a connection; anything else is as its setup says.
void Conversation::configure(Session &session, const Setup &setup)
{
  if (session.context_updated)
    return;
  session.instruction = setup.instruction;
  session.functions = setup.tools.functions;
}

void Conversation::welcome(const Setup &setup)
{
  session_->text_tokens += text_tokens(setup.json.size());
  seeding_ = setup.history_first;
  std::optional<SpeechDetector::Settings> detection;
  if (!setup.manual_activity) {
    detection.emplace();
    detection->silence_ms = setup.silence_duration_ms.value_or(profile_->silence_ms);
    detection->onset_ms = setup.prefix_padding_ms.value_or(detection->onset_ms);
  }
  listener_.emplace(detection);
  wire_.send(
      print_setup_complete(profile_->session_id ? CharPtr(g_uuid_string_random()).get() : ""));
  speaker_ = std::make_unique<Speaker>(
      *profile_, stage_.voice, *session_,
      Speaker::Hooks{[this](std::string text) { send(std::move(text)); },
                     [this](const std::string &text) {
                       if (!over_)
                         wire_.send(text);
                     },
                     [this](unsigned turn) { turn_began(turn); },
                     [this] {
                       if (profile_->updates != Updates::periodic)
                         send_resumption_update();
                     }},
      Speaker::Manner{setup.output_transcription, !setup.no_interruption,
                      setup.modalities == std::vector<std::string>{"TEXT"}});
  send_resumption_update();
  if (profile_->updates == Updates::periodic)
    periodic_update_.start_in(update_period, [this] { send_periodic_update(); });
  for (const auto fault : stage_.script.faults(Fault::When::setup))
    happen(fault);
  arm_timed_faults();
  watch_token();
  hooks_.ready();
  answer(Turn::On::start, "");
}

void Conversation::act(const ClientContent &content)
{
  auto refusal = gemini_live_simulator::refuse(content, seeding_, content_came_, *profile_);
  if (!refusal)
    refusal = refuse_first_content();
  if (refusal) {
    refuse(*refusal);
    return;
  }
  for (const auto &turn : content.turns) {
    session_->text_tokens += text_tokens(turn.text.size());
    if (turn.role == "system")
      session_->instruction = turn.text;
  }
  if (seeding_ || !content.turn_complete)
    for (const auto &turn : content.turns)
      session_->history += (session_->history.empty() ? "" : " ") + turn.text;
  content_came_ = true;
  if (seeding_) {
    seeding_ = !content.turn_complete;
    return;
  }
  speaker_->interrupt();
  if (content.turn_complete)
    answer(Turn::On::text, last_user_text(content));
}

// Some settings are taken and then break the conversation.
std::optional<Refusal> Conversation::refuse_first_content() const
{
  if (setup_.affective_dialog &&
      profile_->affective_dialog == AffectiveDialog::breaks_first_content)
    return Refusal{1007, std::string(invalid_argument)};
  return std::nullopt;
}

void Conversation::act(const RealtimeInput &input)
{
  auto refusal = gemini_live_simulator::refuse(input, setup_, *profile_);
  if (!refusal)
    refusal = refuse_first_content();
  if (refusal) {
    refuse(*refusal);
    return;
  }
  if (seeding_) // the history comes first
    return;
  content_came_ = true;
  if (input.activity_start)
    take({listener_->begin()});
  if (input.audio)
    take_audio(*input.audio);
  if (over_)
    return;
  if (input.text)
    take_text(*input.text);
  if (input.video)
    answer(Turn::On::video, "");
  if (input.audio_stream_end)
    take(listener_->flush());
  if (input.activity_end)
    take({listener_->finish()});
}

void Conversation::act(const ToolResponse &response)
{
  if (const auto refusal = gemini_live_simulator::refuse(response, *profile_))
    refuse(*refusal);
  else
    speaker_->take(response);
}

void Conversation::act(const ContextUpdate &update)
{
  if (const auto refusal = gemini_live_simulator::refuse(update, *profile_)) {
    refuse(*refusal);
    return;
  }
  session_->context_updated = true;
  if (update.instruction)
    session_->instruction = *update.instruction;
  if (update.tools)
    session_->functions = update.tools->functions;
}

void Conversation::take_audio(const Blob &audio)
{
  const auto rate = audio_rate(audio.mime_type);
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
  if (profile_->voice_activity_unasked || setup_.explicit_vad_signal)
    send(print_voice_activity(start, seconds));
}

void Conversation::transcribe(const std::string &heard)
{
  if (heard.empty() || !(setup_.input_transcription || profile_->input_transcription_unasked))
    return;
  if (profile_->interim_transcription) {
    std::string guess;
    for (const auto &piece : cut_text(heard, 2)) {
      guess += piece;
      send(print_content(*profile_, {.interim_input_text = guess}));
    }
  }
  if (!profile_->input_transcription_fragments) {
    send(print_content(*profile_, {.input_text = heard}));
    return;
  }
  for (const auto &piece : cut_text(" " + heard, 1))
    send(print_content(*profile_, {.input_text = piece}));
}

void Conversation::answer(Turn::On on, const std::string &text, Samples utterance)
{
  if (on == Turn::On::text) {
    session_->text = text;
    if (profile_->updates == Updates::per_typed_turn_withheld && setup_.resumption)
      send(print_resumption_update(""));
  }
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
  if (over_ || !(setup_.resumption || profile_->resumption_unasked))
    return;
  // No handle is issued while a call is open.
  const bool resumable = !speaker_->waits_for_tool();
  send(print_resumption_update(resumable ? stage_.script.make_handle(session_) : ""));
}

void Conversation::send_periodic_update()
{
  if (!speaker_->waits_for_tool())
    send_resumption_update();
  periodic_update_.start_in(update_period, [this] { send_periodic_update(); });
}

} // namespace gemini_live_simulator
