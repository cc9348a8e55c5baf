// What an engine sends: words in order, the user's voice behind them, the newest picture, each as fast as
// the socket has room. Anything may be said on any thread; it is sent on the loop thread.

#include "engine.hpp"

#include "../base/json.hpp"
#include "log.hpp"

#include <algorithm>

namespace gemini_live {

namespace {

constexpr std::size_t kMaxOutbox = 16 * 1024 * 1024;
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

bool Engine::enqueue(Waiting waiting, GError **error)
{
  if (!is_alive()) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Open the session again: it has ended");
    return false;
  }
  if (waiting.message.size() > kMaxOutbox) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Send less at once: a message has at most 16 MiB");
    return false;
  }
  {
    auto outbox = outbox_.lock();
    if (outbox->bytes + waiting.message.size() > kMaxOutbox) {
      g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
                          "Wait before sending more: 16 MiB of text are still unsent");
      return false;
    }
    outbox->bytes += waiting.message.size();
    outbox->messages.push_back(std::move(waiting));
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
  if (!enqueue({.message = text_message(text), .asks = true}, error))
    return false;
  offer(TextFeed::Kind::utterance, text);
  return true;
}

bool Engine::send_content(const Content &content, GError **error)
{
  if (!history_open_ && is_refused(config_.no_content, error))
    return false;
  if (content.turn_complete)
    history_open_ = false;
  return enqueue(
      {.message = content_message(content), .asks = content.turn_complete, .content = true}, error);
}

bool Engine::update_context(const ContextUpdate &update, GError **error)
{
  if (!config_.forced && is_refused(find_refusal(update, config_.model, config_.target), error))
    return false;
  if (!enqueue({.message = context_update_message(update)}, error))
    return false;
  if (update.tools)
    *functions_.lock() = functions_of(JsonDocument(*update.tools).root(), update.scheduling);
  return true;
}

Uplink::Push Engine::push_audio(std::span<const std::uint8_t> bytes, Uplink::Overflow overflow)
{
  pushed_at_ = g_get_monotonic_time();
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
  uplink_.mark(config_.manual_activity ? Uplink::Mark::activity_end : Uplink::Mark::audio_end);
  wake();
}

void Engine::mark_activity(bool start)
{
  if (config_.manual_activity) {
    uplink_.mark(start ? Uplink::Mark::activity_start : Uplink::Mark::activity_end);
    wake();
    return;
  }
  loop_->post([self = shared_from_this()] {
    self->warn(ErrorPtr(g_error_new_literal(
        GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
        "Set turn-detection to manual before saying when the user speaks: the service finds it out "
        "by itself now, and would end the session")));
  });
}

void Engine::interrupt()
{
  loop_->post([self = shared_from_this()] {
    if (self->line_ != Line::done)
      self->interrupt_locally();
  });
}

void Engine::pump()
{
  if (line_ != Line::ready || !socket_->is_open())
    return;
  send_waiting_messages();
  update_uplink();
  send_waiting_audio();
  send_waiting_frame();
  consider_end();
}

void Engine::say(const std::string &message)
{
  WIRE_LOG(GST_LEVEL_DEBUG, "to", message);
  socket_->send(message);
}

// While the service waits for history it is told nothing else.
bool Engine::is_due(const Waiting &waiting) const
{
  if (seeding_)
    return waiting.content;
  if (!waiting.answer)
    return true;
  const auto turn = waiting.answer->after_turn;
  return turn < turns_.last() || (turn == turns_.last() && !turns_.is_open()) ||
         waiting.answer->until <= g_get_monotonic_time();
}

std::optional<Engine::Waiting> Engine::next_message()
{
  auto outbox = outbox_.lock();
  auto &messages = outbox->messages;
  const auto next = std::find_if(messages.begin(), messages.end(),
                                 [&](const auto &waiting) { return is_due(waiting); });
  if (next == messages.end()) {
    if (!seeding_ && !messages.empty())
      held_->ring_at(messages.front().answer->until); // the oldest, so nothing is due before it
    return std::nullopt;
  }
  auto taken = std::move(*next);
  messages.erase(next);
  outbox->bytes -= taken.message.size();
  return taken;
}

void Engine::send_waiting_messages()
{
  while (socket_->is_open()) {
    if (!socket_->has_room()) {
      retry_->ring_in(kRetrySending);
      return;
    }
    const auto next = next_message();
    if (!next)
      return;
    say(next->message);
    spoken_at_ = g_get_monotonic_time();
    if (next->answer && next->answer->reacts)
      reaction_due_ = {turns_.last(), next->answer->blocking};
    if (!next->asks)
      continue;
    if (std::exchange(seeding_, false)) {
      history_->cancel();
      update_uplink();
      send_waiting_frame();
      continue;
    }
    asked_ = true;
    unanswered_texts_++;
  }
}

void Engine::send_waiting_audio()
{
  while (socket_->is_open()) {
    if (!socket_->has_room()) {
      retry_->ring_in(kRetrySending);
      return;
    }
    bool audible = false;
    const bool taken = uplink_.take([&](std::span<const std::uint8_t> bytes) {
      audible = is_audible(
          {reinterpret_cast<const std::int16_t *>(bytes.data()), bytes.size() / kSampleBytes});
      write_audio_message(bytes, audio_message_);
    });
    if (taken) {
      WIRE_LOG(GST_LEVEL_LOG, "to", audio_message_);
      socket_->send(audio_message_);
      spoken_at_ = g_get_monotonic_time();
      audible_ = audible_ || (audible && (in_activity_ || !config_.manual_activity));
      if (!std::exchange(audio_sent_, true) && config_.greets_first_audio) {
        greet();
        send_waiting_messages();
      }
      if (!std::exchange(audio_flows_, true))
        pause_->ring_in(kPause);
    } else if (const auto mark = uplink_.take_mark())
      send_mark(*mark);
    else
      return;
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
  if (mark == Uplink::Mark::audio_end) {
    if (audio_sent_)
      say(audio_stream_end_message());
    return;
  }
  const bool start = mark == Uplink::Mark::activity_start;
  in_activity_ = start;
  say(start ? activity_start_message() : activity_end_message());
  asked_ = asked_ || !start;
}

// The service takes nothing for silence that is not sent, so it is told when no audio comes.
void Engine::look_for_pause()
{
  if (!audio_flows_ || config_.manual_activity)
    return;
  const auto due = uplink_.has_chunk() ? g_get_monotonic_time() + kPause : pushed_at_ + kPause;
  if (due <= g_get_monotonic_time())
    end_audio();
  else
    pause_->ring_at(due);
}

} // namespace gemini_live
