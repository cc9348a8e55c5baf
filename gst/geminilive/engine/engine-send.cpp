// What an engine sends: words in order, the user's voice behind them, the newest picture, each as fast as
// the socket has room. Anything may be said on any thread; it is sent on the loop thread.

#include "engine.hpp"

#include "../base/json.hpp"
#include "log.hpp"

namespace gemini_live {

namespace {

constexpr gint64 kRetrySending = 20'000; // microseconds
// Of the user's voice; the service waits for silence that is really sent.
constexpr gint64 kPause = 1'000'000; // microseconds

// What would end the session is refused here.
bool is_refused(const std::string &why, GError **error)
{
  if (!why.empty())
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, why.c_str());
  return !why.empty();
}

} // namespace

bool Engine::enqueue(Outbox::Message message, GError **error)
{
  if (!is_alive()) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Open the session again: it has ended");
    return false;
  }
  if (message.text.size() > Outbox::kMost) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Send less at once: a message has at most 16 MiB");
    return false;
  }
  message.order = ++order_;
  if (!outbox_.lock()->add(std::move(message))) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
                        "Wait before sending more: 16 MiB of text are still unsent");
    return false;
  }
  wake();
  return true;
}

bool Engine::send_text(std::string_view text, GError **error)
{
  if (is_refused(config_.no_text, error))
    return false;
  if (text.empty()) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Send a text with at least one character: it is empty");
    return false;
  }
  return enqueue({.text = text_message(text), .asks = true, .typed = std::string(text)}, error);
}

bool Engine::send_content(const Content &content, GError **error)
{
  if (!history_open_ && is_refused(config_.no_content, error))
    return false;
  if (content.instructs && is_refused(config_.no_system, error))
    return false;
  if (content.turn_complete)
    history_open_ = false;
  return enqueue({.text = content_message(content), .asks = content.turn_complete, .content = true},
                 error);
}

bool Engine::update_context(const ContextUpdate &update, GError **error)
{
  if (!config_.forced && is_refused(find_refusal(update, config_.model, config_.target), error))
    return false;
  if (!enqueue({.text = context_update_message(update)}, error))
    return false;
  if (update.tools)
    *functions_.lock() = functions_of(JsonDocument(*update.tools).root(), update.scheduling);
  return true;
}

Uplink::Push Engine::push_audio(std::span<const std::uint8_t> bytes, Uplink::Overflow overflow)
{
  pushed_until_ = g_get_monotonic_time() + microseconds(time_of(bytes.size(), kInputRate));
  const auto push = uplink_.push(bytes, overflow);
  if (push.wake)
    wake();
  return push;
}

bool Engine::push_frame(FrameSlot::Frame frame)
{
  const bool first_replaced = frames_.put(std::move(frame));
  wake();
  return first_replaced;
}

void Engine::end_audio()
{
  uplink_.mark(is_manual() ? Uplink::Mark::activity_end : Uplink::Mark::audio_end, ++order_);
  wake();
}

void Engine::mark_activity(bool start)
{
  if (is_manual()) {
    uplink_.mark(start ? Uplink::Mark::activity_start : Uplink::Mark::activity_end, ++order_);
    wake();
    return;
  }
  loop_->post([self = shared_from_this()] {
    self->warn(ErrorPtr(g_error_new_literal(
        GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "Set turn-detection to manual before saying when the user speaks: now it is found out from "
        "the audio, and the service would end the session")));
  });
}

void Engine::interrupt()
{
  interrupt_asked_ = true;
  wake();
}

void Engine::pump()
{
  interrupt_if_asked();
  if (line_ != Line::ready || !socket_->is_open())
    return;
  // First, so that an answer which comes meanwhile is not overtaken by the voice that it sets free.
  update_uplink();
  if (send_waiting_messages()) {
    send_waiting_audio();
    send_waiting_frame();
  }
  consider_end();
}

void Engine::say(const std::string &message)
{
  WIRE_LOG(GST_LEVEL_DEBUG, "to", message);
  socket_->send(message);
}

std::optional<Outbox::Message> Engine::next_message()
{
  if (outbox_.lock()->is_empty())
    return std::nullopt; // as mostly
  const auto mark = uplink_.next_mark();
  auto outbox = outbox_.lock();
  auto next = outbox->take({.seeding = seeding_,
                            .complete_turn = turns_.last() - (turns_.is_open() ? 1 : 0),
                            .mark = mark,
                            .now = g_get_monotonic_time()});
  if (const auto until = outbox->answers_until(); !next && !seeding_ && until)
    held_->ring_at(*until);
  return next;
}

// False if the line takes no more for now.
bool Engine::send_waiting_messages()
{
  while (socket_->is_open()) {
    if (!socket_->has_room()) {
      retry_->ring_in(kRetrySending);
      return false;
    }
    const auto next = next_message();
    if (!next)
      return true;
    say(next->text);
    offer(TextFeed::Kind::utterance, next->typed);
    if (next->answer)
      wake(); // the voice may have waited for it
    spoken_at_ = g_get_monotonic_time();
    if (next->answer && next->answer->reacts)
      owed_.answered_call(turns_.last(), next->answer->blocking);
    if (!next->asks)
      continue;
    if (std::exchange(seeding_, false)) {
      history_->cancel();
      update_uplink();
      send_waiting_frame();
      continue;
    }
    owed_.typed();
  }
  return false;
}

void Engine::send_waiting_audio()
{
  while (socket_->is_open()) {
    if (!socket_->has_room()) {
      retry_->ring_in(kRetrySending);
      return;
    }
    const bool taken = uplink_.take([&](std::span<const std::uint8_t> bytes) {
      if (gate_)
        chunk_.assign(bytes.begin(), bytes.end());
      else
        write_audio(bytes);
    });
    if (taken) {
      if (gate_)
        send_what_is_said();
      else
        send_audio();
      if (!std::exchange(audio_came_, true) && config_.greets_first_audio) {
        greet();
        send_waiting_messages();
      }
      if (!std::exchange(audio_flows_, true))
        pause_->ring_in(kPause);
    } else if (const auto mark = uplink_.take_mark()) {
      send_mark(*mark);
      send_waiting_messages(); // that were asked for behind it
    } else
      return;
  }
}

void Engine::write_audio(std::span<const std::uint8_t> bytes)
{
  const auto *samples = reinterpret_cast<const std::int16_t *>(bytes.data());
  const bool counts = in_activity_ || !config_.manual_activity;
  if (counts && is_audible({samples, bytes.size() / kSampleBytes}))
    owed_.may_speak();
  write_audio_message(bytes, audio_message_);
}

void Engine::send_audio()
{
  WIRE_LOG(GST_LEVEL_LOG, "to", audio_message_);
  socket_->send(audio_message_);
  spoken_at_ = g_get_monotonic_time();
}

// Of what was heard. The service counts no sound outside of an activity.
void Engine::send_what_is_said()
{
  for (std::span<const std::uint8_t> rest(chunk_); !rest.empty();) {
    const auto [change, said] = gate_->hear(rest);
    if (change == VoiceGate::Step::Change::begins)
      send_activity(true);
    if (!said.empty()) {
      write_audio(said);
      send_audio();
    }
    if (change == VoiceGate::Step::Change::ends)
      send_activity(false);
  }
}

// Behind the audio: on a slow line it is the picture that waits, and a newer one takes its place.
void Engine::send_waiting_frame()
{
  if (seeding_ || frames_.is_empty() || !socket_->is_open())
    return;
  if (!socket_->has_room()) {
    retry_->ring_in(kRetrySending);
    return;
  }
  if (const auto frame = frames_.take()) {
    gsize size = 0;
    const auto *bytes =
        static_cast<const std::uint8_t *>(g_bytes_get_data(frame->bytes.get(), &size));
    say(video_message(frame->mime_type, {bytes, size}));
  }
}

void Engine::send_mark(Uplink::Mark mark)
{
  audio_flows_ = false;
  if (mark != Uplink::Mark::audio_end)
    send_activity(mark == Uplink::Mark::activity_start);
  else if (!gate_) {
    if (audio_came_)
      say(audio_stream_end_message());
  } else if (gate_->end())
    send_activity(false);
}

void Engine::send_activity(bool start)
{
  in_activity_ = start;
  say(start ? activity_start_message() : activity_end_message());
  if (!start)
    owed_.asked();
  if (gate_) // the application does not know it yet
    emit(Event("voice-activity").add("type", start ? "start" : "end"));
}

// The service takes nothing for silence that is not sent, so it is told when no audio comes.
void Engine::look_for_pause()
{
  if (!audio_flows_ || is_manual())
    return;
  const bool waits = !online_ || uplink_.has_chunk();
  const auto due = (waits ? g_get_monotonic_time() : pushed_until_.load()) + kPause;
  if (due <= g_get_monotonic_time())
    end_audio();
  else
    pause_->ring_at(due);
}

} // namespace gemini_live
