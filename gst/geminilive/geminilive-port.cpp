// See geminilive-port.h. The engine of a port changes only in state changes, when no streaming
// thread of its element runs, so streaming threads use it without a lock.

#include "geminilive-session-private.hpp"

#include "geminilive-context.hpp"
#include "geminilive-enumtypes.h"
#include "geminilive-events.hpp"
#include "geminilive-properties.hpp"
#include "wire/command.hpp"

#include <utility>

using namespace gemini_live;

namespace {

struct OwnProperties {
  Settings settings;
  ObjectPtr<GstGeminiLiveSession> session;
  std::string session_name;
  bool post_messages = true;
};

// What a source of text or events will take from when it is active; the session may need it before.
struct NextFeed {
  TextFeed::Which which = TextFeed::Which::answer;
  std::shared_ptr<TextFeed> feed;
  bool active = false; // it takes from another one now
};

// Whether it is the end of the input when all of these have ended.
bool is_input(GstGeminiLiveRole role)
{
  return role == GST_GEMINI_LIVE_ROLE_AUDIO_SINK || role == GST_GEMINI_LIVE_ROLE_TEXT_SINK ||
         role == GST_GEMINI_LIVE_ROLE_EVENT_SINK;
}

bool is_sink(GstGeminiLiveRole role)
{
  return is_input(role) || role == GST_GEMINI_LIVE_ROLE_VIDEO_SINK;
}

GQuark port_quark()
{
  static const GQuark quark = g_quark_from_static_string("gst-gemini-live-port");
  return quark;
}

} // namespace

struct _GstGeminiLivePort {
  GstElement *element;
  GstGeminiLiveRole role;
  Guarded<OwnProperties> own;

  Guarded<ObjectPtr<GstGeminiLiveSession>> session; // from READY on
  std::shared_ptr<Engine> engine;                   // from PAUSED on
  std::function<void()> wake;
  Guarded<NextFeed> next_feed;
  std::shared_ptr<TextFeed> feed; // from PAUSED on
  std::atomic<bool> flushing = false;
  bool ended = false; // streaming thread

  ObjectPtr<GstGeminiLiveSession> ref_session() const
  {
    auto held = session.lock();
    return ObjectPtr<GstGeminiLiveSession>(
        *held ? GST_GEMINI_LIVE_SESSION(gst_object_ref(held->get())) : nullptr);
  }

  // Posts what went wrong.
  bool refuse(GError *error)
  {
    const ErrorPtr owned(error);
    post_error(element, error);
    return false;
  }

  bool join();
  void leave();
  std::shared_ptr<TextFeed> prepare_feed();
  bool activate();
  void deactivate();
};

enum {
  PROP_SESSION = GST_GEMINI_LIVE_PORT_FIRST_ID,
  PROP_SESSION_NAME,
  PROP_STATS,
  PROP_POST_MESSAGES,
  PROP_FIRST_SETTING
};

static GstGeminiLiveSession *ref_session_of(GObject *element)
{
  auto *port = static_cast<GstGeminiLivePort *>(g_object_get_qdata(element, port_quark()));
  return port->ref_session().release();
}

void gst_gemini_live_port_install(GObjectClass *klass, GstGeminiLiveRole role)
{
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  const auto ready = static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_READY);
  g_object_class_install_property(klass, PROP_SESSION,
                                  g_param_spec_object("session", "Session",
                                                      "The session to use, before any other rule",
                                                      GST_TYPE_GEMINI_LIVE_SESSION, ready));
  g_object_class_install_property(
      klass, PROP_SESSION_NAME,
      g_param_spec_string("session-name", "Session Name",
                          "Name of a session that all elements of the process that name it share "
                          "(default: one session per pipeline)",
                          nullptr, ready));
  g_object_class_install_property(
      klass, PROP_STATS,
      g_param_spec_boxed("stats", "Statistics", "Counts of the conversation", GST_TYPE_STRUCTURE,
                         static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  g_object_class_install_property(
      klass, PROP_POST_MESSAGES,
      g_param_spec_boolean("post-messages", "Post Messages",
                           "Post an element message for each event of the session", TRUE,
                           static_cast<GParamFlags>(flags | GST_PARAM_MUTABLE_PLAYING)));
  install_setting_properties(klass, PROP_FIRST_SETTING);
  if (is_audio(role)) {
    install_conversation_signals(G_TYPE_FROM_CLASS(klass));
    install_action_signals(G_TYPE_FROM_CLASS(klass), ref_session_of);
  }
}

GstGeminiLivePort *gst_gemini_live_port_new(GstElement *element, GstGeminiLiveRole role)
{
  auto *port = new GstGeminiLivePort{};
  port->element = element;
  port->role = role;
  if (role == GST_GEMINI_LIVE_ROLE_EVENT_SRC)
    port->next_feed.lock()->which = TextFeed::Which::events;
  GST_OBJECT_FLAG_SET(element, is_sink(role) ? GST_ELEMENT_FLAG_SINK : GST_ELEMENT_FLAG_SOURCE);
  g_object_set_qdata(G_OBJECT(element), port_quark(), port);
  return port;
}

void gst_gemini_live_port_free(GstGeminiLivePort *port)
{
  port->deactivate();
  port->leave();
  delete port;
}

gboolean gst_gemini_live_port_set_property(GstGeminiLivePort *port, guint id, const GValue *value)
{
  ObjectPtr<GstGeminiLiveSession> before; // goes after the lock: it may call the application
  auto own = port->own.lock();
  if (id == PROP_SESSION) {
    before = std::move(own->session);
    own->session.reset(static_cast<GstGeminiLiveSession *>(g_value_dup_object(value)));
  } else if (id == PROP_SESSION_NAME) {
    const char *name = g_value_get_string(value);
    own->session_name = name ? name : "";
  } else if (id == PROP_POST_MESSAGES)
    own->post_messages = g_value_get_boolean(value);
  else if (const auto setting = setting_of(id, PROP_FIRST_SETTING))
    set_setting(own->settings, *setting, value);
  else
    return FALSE;
  return TRUE;
}

gboolean gst_gemini_live_port_get_property(GstGeminiLivePort *port, guint id, GValue *value)
{
  if (id == PROP_SESSION) {
    // The one in use, else the one that was asked for.
    auto session = port->ref_session();
    auto own = port->own.lock();
    g_value_set_object(value, session ? session.get() : own->session.get());
  } else if (id == PROP_SESSION_NAME) {
    const auto name = port->own.lock()->session_name;
    g_value_set_string(value, name.empty() ? nullptr : name.c_str());
  } else if (id == PROP_STATS) {
    const auto session = port->ref_session();
    g_value_take_boxed(value, session_stats(session.get()));
  } else if (id == PROP_POST_MESSAGES)
    g_value_set_boolean(value, port->own.lock()->post_messages);
  else if (const auto setting = setting_of(id, PROP_FIRST_SETTING))
    get_setting(port->own.lock()->settings, *setting, value);
  else
    return FALSE;
  return TRUE;
}

bool _GstGeminiLivePort::join()
{
  ObjectPtr<GstGeminiLiveSession> wanted;
  std::string name;
  {
    auto props = own.lock();
    if (props->session)
      wanted.reset(GST_GEMINI_LIVE_SESSION(gst_object_ref(props->session.get())));
    name = props->session_name;
  }
  ObjectPtr<GstGeminiLiveSession> found(find_session(element, wanted.get(), name));
  const Member member{.element = element,
                      .role = role,
                      .settings = [this] { return own.lock()->settings; },
                      .posts_messages = [this] { return own.lock()->post_messages; },
                      .feed = [this] { return prepare_feed(); }};
  GError *error = nullptr;
  if (!session_join(found.get(), member, &error))
    return refuse(error);
  *session.lock() = std::move(found);
  return true;
}

void _GstGeminiLivePort::leave()
{
  ObjectPtr<GstGeminiLiveSession> held = std::move(*session.lock());
  if (held)
    session_leave(held.get(), element);
  next_feed.lock()->feed.reset();
}

std::shared_ptr<TextFeed> _GstGeminiLivePort::prepare_feed()
{
  auto next = next_feed.lock();
  if (!wake || next->active)
    return nullptr;
  if (!next->feed)
    next->feed = std::make_shared<TextFeed>(next->which, wake);
  return next->feed;
}

bool _GstGeminiLivePort::activate()
{
  const auto held = ref_session();
  bool by_context = false;
  {
    auto props = own.lock();
    by_context = !props->session && props->session_name.empty();
  }
  if (by_context)
    announce_session(element, held.get());
  GError *error = nullptr;
  engine = session_activate(held.get(), element, &error);
  if (!engine)
    return refuse(error);
  flushing = false;
  ended = false;
  if (is_input(role))
    engine->add_input();
  else if (role == GST_GEMINI_LIVE_ROLE_AUDIO_SRC)
    engine->set_has_source(true);
  else if ((feed = prepare_feed())) {
    *next_feed.lock() = {.which = feed->which(), .feed = nullptr, .active = true};
    engine->add_feed(feed);
  }
  return true;
}

void _GstGeminiLivePort::deactivate()
{
  if (!engine)
    return;
  if (is_input(role))
    engine->remove_input(ended);
  else if (role == GST_GEMINI_LIVE_ROLE_AUDIO_SRC)
    engine->set_has_source(false);
  else if (feed) {
    engine->remove_feed();
    feed.reset();
    next_feed.lock()->active = false;
  }
  const auto held = ref_session();
  session_deactivate(held.get(), std::move(engine));
  engine.reset();
}

gboolean gst_gemini_live_port_prepare(GstGeminiLivePort *port, GstStateChange transition)
{
  switch (transition) {
  case GST_STATE_CHANGE_NULL_TO_READY:
    return port->join();
  case GST_STATE_CHANGE_READY_TO_PAUSED:
    return port->activate();
  default:
    return TRUE;
  }
}

void gst_gemini_live_port_release(GstGeminiLivePort *port, GstStateChange transition,
                                  GstStateChangeReturn result)
{
  // An upward step that failed is undone; a downward one is done whatever it returned.
  const bool failed = result == GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      (transition == GST_STATE_CHANGE_READY_TO_PAUSED && failed))
    port->deactivate();
  else if (transition == GST_STATE_CHANGE_READY_TO_NULL ||
           (transition == GST_STATE_CHANGE_NULL_TO_READY && failed))
    port->leave();
}

void gst_gemini_live_port_set_flushing(GstGeminiLivePort *port, gboolean flushing)
{
  port->flushing = flushing;
  if (!port->engine)
    return;
  if (port->role == GST_GEMINI_LIVE_ROLE_AUDIO_SINK)
    port->engine->uplink().set_flushing(flushing);
  port->engine->wake_waiters();
}

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
  if (std::exchange(port->ended, false))
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
  if (!std::exchange(port->ended, true)) {
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
            .samples = static_cast<guint>(pulled.samples)};
  return GST_FLOW_OK;
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
