// What a port gives its element: properties, signals, and a session. What flows through it is in
// geminilive-port-flow.cpp.

#include "geminilive-port-private.hpp"

#include "engine/log.hpp"
#include "geminilive-context.hpp"
#include "geminilive-enumtypes.h"
#include "geminilive-events.hpp"
#include "geminilive-properties.hpp"

#include <utility>

using namespace gemini_live;

namespace {

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
  const auto setting = setting_of(id, PROP_FIRST_SETTING);
  // A log may call the application.
  if (setting && GST_STATE(port->element) > GST_STATE_READY)
    GST_CAT_WARNING_OBJECT(session_log(), port->element,
                           "%s counts from the next session on: this one is open",
                           setting_row(*setting).name);
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
  else if (setting)
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
                      .has_ended = [this] { return ended.load(); },
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
  *flushed_engine.lock() = engine;
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
  flushed_engine.lock()->reset();
  const auto held = ref_session();
  session_deactivate(held.get(), element, std::move(engine));
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
  const auto engine = *port->flushed_engine.lock();
  if (!engine)
    return;
  if (port->role == GST_GEMINI_LIVE_ROLE_AUDIO_SINK)
    engine->uplink().set_flushing(flushing);
  engine->wake_waiters();
}
