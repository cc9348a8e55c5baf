// What flows through a port: the user's voice, pictures, text and commands in; speech, text and events
// out. Streaming threads.

#include "geminilive-port-private.hpp"

#include "wire/command.hpp"

#include <utility>

using namespace gemini_live;

void gst_gemini_live_port_set_bounds(GstGeminiLivePort *port, GstClockTime chunk_duration,
                                     GstClockTime max_buffered)
{
  port->engine->set_bounds(chunk_duration, max_buffered);
}

// The flow that the phase of the conversation asks of a sink; OK while it takes data.
static GstFlowReturn sink_flow(const Engine &engine)
{
  return engine.phase() == Engine::Phase::closed ? GST_FLOW_EOS : GST_FLOW_OK;
}

static void begin_input(GstGeminiLivePort *port)
{
  if (port->ended.exchange(false))
    port->engine->resume_input();
}

GstFlowReturn gst_gemini_live_port_push_audio(GstGeminiLivePort *port, const guint8 *data,
                                              gsize size, GstGeminiLiveLeakyType leaky,
                                              GstGeminiLivePushReport *report)
{
  auto &uplink = port->engine->uplink();
  const auto overflow = leaky == GST_GEMINI_LIVE_LEAKY_TYPE_NONE ? Uplink::Overflow::wait
                        : leaky == GST_GEMINI_LIVE_LEAKY_TYPE_UPSTREAM
                            ? Uplink::Overflow::drop_newest
                            : Uplink::Overflow::drop_oldest;
  begin_input(port);
  const auto push = port->engine->push_audio({data, size}, overflow);
  *report = {};
  if (push.dropped > 0)
    *report = {.dropped = time_of(push.dropped, kInputRate),
               .waiting = time_of(uplink.level(), kInputRate),
               .first = push.episode_started};
  return push.outcome == Uplink::Outcome::flushing ? GST_FLOW_FLUSHING : sink_flow(*port->engine);
}

gboolean gst_gemini_live_port_is_model_heard(GstGeminiLivePort *port, GstClockTime tail)
{
  return port->engine->is_heard(tail);
}

GstFlowReturn gst_gemini_live_port_skip_audio(GstGeminiLivePort *port)
{
  begin_input(port);
  return sink_flow(*port->engine);
}

GstFlowReturn gst_gemini_live_port_push_video(GstGeminiLivePort *port, const gchar *mime_type,
                                              GBytes *image, gboolean *slow)
{
  *slow = port->engine->push_frame({mime_type, BytesPtr(image)});
  return sink_flow(*port->engine);
}

void gst_gemini_live_port_skip_video(GstGeminiLivePort *port)
{
  port->engine->frames().skip();
}

GstFlowReturn gst_gemini_live_port_push_text(GstGeminiLivePort *port, const gchar *text,
                                             GError **error)
{
  begin_input(port);
  // After an error everything is let go.
  if (!port->engine->is_alive())
    return sink_flow(*port->engine);
  port->engine->send_text(text, error);
  return sink_flow(*port->engine);
}

static void run_command(GstGeminiLivePort *port, const Command &command, GError **error)
{
  auto &engine = *port->engine;
  if (const auto *text = std::get_if<TextCommand>(&command))
    engine.send_text(text->text, error);
  else if (const auto *content = std::get_if<Content>(&command))
    engine.send_content(*content, error);
  else if (const auto *update = std::get_if<ContextUpdate>(&command))
    engine.update_context(*update, error);
  else if (const auto *answer = std::get_if<ToolResponseCommand>(&command))
    engine.answer_call(answer->id, tool_response(answer->response), error);
  else if (const auto *failure = std::get_if<ToolErrorCommand>(&command))
    engine.fail_call(failure->id, failure->message, error);
  else if (const auto *activity = std::get_if<ActivityCommand>(&command))
    engine.mark_activity(activity->start);
  else if (std::holds_alternative<InterruptCommand>(command))
    engine.interrupt();
  else
    gst_gemini_live_port_close_session(port);
}

GstFlowReturn gst_gemini_live_port_push_command(GstGeminiLivePort *port, const gchar *line,
                                                gsize size, GError **error)
{
  begin_input(port);
  // After an error everything is let go.
  if (!port->engine->is_alive())
    return sink_flow(*port->engine);
  std::string why;
  if (const auto command = parse_command({line, size}, why))
    run_command(port, *command, error);
  else
    g_set_error(error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
                "Send one command a line, such as {\"text\":\"Hello\"}: '%s' is none (%s)",
                quoted({line, size}).c_str(), why.c_str());
  return sink_flow(*port->engine);
}

GstFlowReturn gst_gemini_live_port_end_input(GstGeminiLivePort *port)
{
  if (!is_input(port->role))
    return GST_FLOW_OK;
  if (!port->ended.exchange(true)) {
    if (port->role == GST_GEMINI_LIVE_ROLE_AUDIO_SINK)
      port->engine->end_audio();
    port->engine->end_input();
  }
  if (port->engine->has_listener())
    return GST_FLOW_OK;
  const auto phase = port->engine->wait_over(port->flushing);
  return phase == Engine::Phase::running ? GST_FLOW_FLUSHING : GST_FLOW_OK;
}

void gst_gemini_live_port_set_cushion(GstGeminiLivePort *port, GstClockTime cushion)
{
  port->engine->playout().set_cushion(cushion);
}

void gst_gemini_live_port_set_fades(GstGeminiLivePort *port, gboolean fades)
{
  port->engine->playout().set_fades(fades);
}

// What a source does at the end; OK while there is more to come.
static GstFlowReturn source_flow(GstGeminiLivePort *port, bool follow_input_eos)
{
  switch (port->engine->phase()) {
  case Engine::Phase::closed:
    return GST_FLOW_EOS;
  case Engine::Phase::over:
    return follow_input_eos && port->engine->has_played_all() ? GST_FLOW_EOS : GST_FLOW_OK;
  case Engine::Phase::failed:
    return port->engine->has_played_all() ? GST_FLOW_ERROR : GST_FLOW_OK;
  case Engine::Phase::running:
    break;
  }
  return GST_FLOW_OK;
}

GstFlowReturn gst_gemini_live_port_pull_audio(GstGeminiLivePort *port, GstClockTime running_time,
                                              GstClockTime latency, gboolean follow_input_eos,
                                              GstGeminiLiveSlice *slice)
{
  const auto flow = source_flow(port, follow_input_eos);
  if (flow != GST_FLOW_OK)
    return flow;
  std::optional<std::uint64_t> start;
  if (GST_CLOCK_TIME_IS_VALID(running_time))
    start = running_time;
  auto pulled = port->engine->pull(start, latency);
  *slice = {.buffer = pulled.bytes ? gst_buffer_new_wrapped_bytes(pulled.bytes.get()) : nullptr,
            .rate = pulled.rate,
            .samples = static_cast<guint>(pulled.samples),
            .cut = pulled.cut};
  return GST_FLOW_OK;
}

void gst_gemini_live_port_end_audio(GstGeminiLivePort *port)
{
  port->engine->set_has_source(false);
}

void gst_gemini_live_port_set_wake(GstGeminiLivePort *port, void (*wake)(gpointer data),
                                   gpointer data, GDestroyNotify destroy)
{
  const std::shared_ptr<void> held(data, destroy);
  port->wake = [wake, held] { wake(held.get()); };
}

void gst_gemini_live_port_select_text(GstGeminiLivePort *port, GstGeminiLiveText which)
{
  constexpr TextFeed::Which kWhich[] = {TextFeed::Which::answer, TextFeed::Which::input_transcript,
                                        TextFeed::Which::thought, TextFeed::Which::conversation};
  auto next = port->next_feed.lock();
  next->which = kWhich[which];
  next->feed.reset();
}

GstFlowReturn gst_gemini_live_port_pull_text(GstGeminiLivePort *port, GstBuffer **buffer)
{
  *buffer = nullptr;
  const bool events = port->feed->wants_events();
  // Asked before the text is taken: what comes between the two is not the last.
  const bool told_all = port->engine->has_told_all();
  const auto flow = source_flow(port, true);
  const auto phase = port->engine->phase();
  if (flow == GST_FLOW_EOS && phase == Engine::Phase::closed && !events)
    return flow;
  if (auto text = port->feed->take()) {
    const auto size = text->size();
    auto *copy = static_cast<char *>(g_malloc(size));
    text->copy(copy, size);
    *buffer = gst_buffer_new_wrapped(copy, size);
    return GST_FLOW_OK;
  }
  // The last event tells that the connection is gone, which takes a moment after the end.
  if (events && !told_all && phase != Engine::Phase::over)
    return GST_FLOW_OK;
  return flow;
}

void gst_gemini_live_port_close_session(GstGeminiLivePort *port)
{
  if (const auto session = port->ref_session())
    gst_gemini_live_session_close(session.get());
}
