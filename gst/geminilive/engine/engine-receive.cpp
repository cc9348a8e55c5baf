// What an engine makes of the service's messages. Everything here runs on the loop thread.

#include "engine.hpp"

#include "log.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live {

void Engine::receive(std::string_view text)
{
  if (line_ == Line::done)
    return;
  // Messages without a pause would keep the loop from closing.
  if (phase_ == Phase::closed) {
    begin_close();
    return;
  }
  WIRE_LOG(GST_LEVEL_DEBUG, "from", text);
  counts_.lock()->messages++;
  interrupt_if_asked();
  std::string why;
  auto message = parse_server_message(text, why);
  if (!message) {
    warn_of_peer(GST_STREAM_ERROR_DECODE, "a message of " + std::to_string(text.size()) +
                                              " bytes is not understood: " + why);
    return;
  }
  // Some models send a handle every 1.2 s, whether they have anything to say or not.
  if (!message->resumption)
    spoken_at_ = g_get_monotonic_time();
  for (const auto &path : message->unknown)
    LOG_DEBUG("ignoring %s", path.c_str());
  handle(*message);
  if (line_ == Line::done)
    return;
  consider_end();
}

// Every part of a message is looked at, the interruption first: what comes with it is stale.
void Engine::handle(ServerMessage &message)
{
  auto &content = message.content;
  if (message.setup_complete)
    became_ready();
  if (content.interrupted)
    interrupted();
  if (content.input)
    add_input_transcript(*content.input);
  if (content.interim_input && config_.input_transcripts)
    emit(Event("transcript")
             .add("direction", "input")
             .add("text", content.interim_input->text)
             .add("final", false)
             .add("interim", true)
             .add("turn", turns_.of_input(g_get_monotonic_time())));
  if (content.output)
    add_output_transcript(*content.output);
  add_parts(content.parts);
  if (line_ == Line::done)
    return;
  if (content.unplayable)
    warn_of_peer(GST_STREAM_ERROR_FORMAT, "speech cannot be played: " + *content.unplayable);
  take_calls(message.calls);
  cancel_calls(message.cancelled);
  if (content.generation_complete) {
    playout_.finish(turns_.last());
    emit(Event("generation-complete").add("turn", turns_.of_output()));
  }
  add_turn_end(content.turn_end);
  if (content.turn_complete)
    complete_turn(content.turn_end);
  emit_rest(message);
}

// The number of the open turn, which this opens if need be. Nothing if the content is stale.
std::optional<std::uint64_t> Engine::open_turn()
{
  const auto content = turns_.content(g_get_monotonic_time());
  if (content.abandoned) {
    playout_.finish(*content.abandoned);
    end_utterance(*content.abandoned);
    emit_complete(*content.abandoned, std::exchange(turn_end_, {}));
  }
  if (content.stale)
    return std::nullopt;
  if (content.opened) {
    finish_input_transcript();
    owed_.turn_opened();
    turn_end_ = {};
    counts_.lock()->turns++;
    emit(Event("turn-started").add("turn", content.turn));
  }
  return content.turn;
}

void Engine::interrupted()
{
  owed_.interrupted();
  silence(turns_.interrupt(g_get_monotonic_time(), Turns::Interruption::by_service));
}

// The service goes on and will complete its turn, but nobody hears the rest of it. This is done before the
// next message is looked at, for that may have come later than the application asked.
void Engine::interrupt_if_asked()
{
  if (!interrupt_asked_.exchange(false))
    return;
  if (turns_.is_open() || !playout_.is_empty())
    silence(turns_.interrupt(g_get_monotonic_time(), Turns::Interruption::local));
}

void Engine::silence(std::uint64_t turn)
{
  const auto heard = playout_.heard(turn, latency_);
  const auto cleared = playout_.interrupt();
  counts_.lock()->interruptions++;
  finish_output_transcript();
  // Words that were not heard are not shown, but their utterance is over.
  offer(TextFeed::Kind::output_end, "");
  emit(Event("interrupted")
           .add("turn", turn)
           .add("heard", heard)
           .add("discarded", cleared.discarded));
}

void Engine::add_parts(std::vector<Part> &parts)
{
  for (auto &part : parts) {
    const auto turn = open_turn();
    if (!turn) {
      LOG_DEBUG("discarding content of the interrupted turn");
      return;
    }
    owed_.content(*turn);
    if (auto *speech = std::get_if<SpeechPart>(&part)) {
      const auto duration = time_of(g_bytes_get_size(speech->samples.get()), speech->rate);
      counts_.lock()->audio_received += duration;
      if (has_source_ && !playout_.add_speech(*turn, speech->rate, std::move(speech->samples))) {
        fail(ErrorPtr(g_error_new_literal(
                 GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
                 "Play the model's speech faster than it comes: 30 minutes of it wait")),
             Event("error").add("retryable", false));
        return;
      }
    } else if (const auto *text = std::get_if<TextPart>(&part)) {
      emit(Event("text").add("text", text->text).add("thought", text->thought).add("turn", *turn));
      offer(text->thought ? TextFeed::Kind::thought : TextFeed::Kind::answer, text->text);
    } else {
      const auto &code = std::get<CodePart>(part);
      emit(Event(code.result ? "code-result" : "code").add("json", JsonText{code.json}));
    }
  }
}

// Some models send the transcript of the user's speech without being asked.
void Engine::add_input_transcript(const Transcription &piece)
{
  if (!config_.input_transcripts)
    return;
  const auto now = g_get_monotonic_time();
  const auto turn = turns_.of_input(now);
  emit_whole(true, input_.begin(turn));
  if (!piece.text.empty()) {
    if (turn > turns_.last()) {
      owed_.asked();
      emit_whole(false, output_.so_far());
    }
    emit(Event("transcript")
             .add("direction", "input")
             .add("text", piece.text)
             .add("final", false)
             .add("interim", false)
             .add("turn", turn));
    offer(TextFeed::Kind::input, piece.text);
    emit_whole(true, input_.add(piece.text, turn));
    warn_of_length(input_);
    user_quiet_->ring_in(Transcript::kQuiet);
  }
  if (piece.finished)
    finish_input_transcript();
}

void Engine::add_output_transcript(const Transcription &piece)
{
  if (!config_.output_transcripts)
    return;
  const auto turn = turns_.of_output();
  emit_whole(false, output_.begin(turn));
  if (!piece.text.empty()) {
    finish_input_transcript();
    Event event("transcript");
    event.add("direction", "output")
        .add("text", piece.text)
        .add("final", false)
        .add("interim", false)
        .add("turn", turn);
    if (has_source_)
      event.add("start", playout_.next_start());
    emit(std::move(event));
    // The audio of these words is dropped, so nobody hears them.
    if (!has_source_ || !turns_.is_stale(g_get_monotonic_time()))
      caption(TextFeed::Kind::output, turn, piece.text);
    emit_whole(false, output_.add(piece.text, turn));
    warn_of_length(output_);
    model_quiet_->ring_in(Transcript::kQuiet);
  }
  if (piece.finished)
    finish_output_transcript();
}

void Engine::warn_of_length(const Transcript &transcript)
{
  if (transcript.is_cut())
    warn_of_peer(GST_STREAM_ERROR_FAILED, "an utterance is longer than 1 MiB, so the rest of it is "
                                          "only in the pieces of its transcript");
}

// Some of it may come before the turn is complete.
void Engine::add_turn_end(const TurnEnd &end)
{
  if (!end.reason.empty())
    turn_end_.reason = end.reason;
  if (!end.interaction_status.empty()) {
    turn_end_.interaction_status = end.interaction_status;
    owed_.set_in_progress(end.interaction_status == "IN_PROGRESS");
  }
  turn_end_.waiting_for_input |= end.waiting_for_input;
}

void Engine::complete_turn(const TurnEnd &said_now)
{
  const auto end = std::exchange(turn_end_, {});
  if (!turns_.is_open())
    owed_.empty_turn(!end.reason.empty());
  const auto turn = turns_.complete();
  owed_.turn_completed(turn);
  playout_.finish(turn);
  if (said_now.interaction_status.empty())
    owed_.set_in_progress(false);
  end_utterance(turn);
  emit_complete(turn, end);
  wake(); // for what waited for the end of the turn
}

void Engine::emit_complete(std::uint64_t turn, const TurnEnd &end)
{
  emit(Event("turn-complete")
           .add("turn", turn)
           .add("reason", end.reason)
           .add("interaction-status", end.interaction_status)
           .add("waiting-for-input", end.waiting_for_input));
}

void Engine::emit_rest(const ServerMessage &message)
{
  for (const auto &activity : message.voice_activity) {
    if (activity.start)
      owed_.asked();
    if (gate_)
      continue; // it repeats what this side has found and told
    emit(Event("voice-activity")
             .add("type", activity.start ? "start" : "end")
             .add("offset", activity.offset));
  }
  if (message.usage)
    emit(Event("usage")
             .add("prompt", message.usage->prompt)
             .add("response", message.usage->response)
             .add("total", message.usage->total)
             .add("cached", message.usage->cached)
             .add("tool-use", message.usage->tool_use)
             .add("thoughts", message.usage->thoughts)
             .add("details", JsonText{message.usage->details}));
  if (message.content.grounding)
    emit(Event("grounding").add("json", JsonText{*message.content.grounding}));
  if (message.content.url_context)
    emit(Event("url-context").add("json", JsonText{*message.content.url_context}));
  if (message.resumption) {
    // One that is good for nothing does not take the place of an older one.
    if (config_.keeps_handle && message.resumption->resumable &&
        !message.resumption->handle.empty())
      *config_.handle->lock() = Secret(message.resumption->handle);
    emit(Event("resumption")
             .add("resumable", message.resumption->resumable)
             .add_secret("handle", message.resumption->handle));
  }
  if (message.going_away)
    emit(Event("going-away").add("time-left", *message.going_away));
  if (message.error)
    LOG_WARNING("the service reports %s", message.error->c_str());
}

void Engine::finish_input_transcript()
{
  emit_whole(true, input_.finish());
}

void Engine::finish_output_transcript()
{
  emit_whole(false, output_.finish());
}

// The model says no more of this turn.
void Engine::end_utterance(std::uint64_t turn)
{
  finish_output_transcript();
  caption(TextFeed::Kind::output_end, turn, "");
}

void Engine::finish_transcripts()
{
  finish_input_transcript();
  end_utterance(turns_.last());
}

void Engine::emit_whole(bool input, const std::optional<Transcript::Whole> &whole)
{
  if (!whole)
    return;
  emit(Event("transcript")
           .add("direction", input ? "input" : "output")
           .add("text", whole->text)
           .add("final", true)
           .add("interim", false)
           .add("turn", whole->turn));
  if (input) // to read on: what has been shown is not shown again
    offer(TextFeed::Kind::utterance, std::string_view(whole->text).substr(whole->told));
}

} // namespace gemini_live
