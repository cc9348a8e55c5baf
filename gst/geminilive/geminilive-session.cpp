/**
 * GstGeminiLiveSession:
 *
 * One conversation with a model of the Gemini Live API.
 *
 * Elements find or make their session by themselves; an application needs the object only to set
 * one conversation up for elements of several pipelines (their property `session`), to keep it over
 * a restart, or to talk without a pipeline.
 *
 * All functions may be called from any thread. Signals and `notify::state` are emitted one at a
 * time and in order on a worker thread; a handler may block, which delays the later notifications
 * of this session and nothing else.
 *
 * Since: 0.1
 */

#include "geminilive-session-private.hpp"

#include "geminilive-enumtypes.h"
#include "geminilive-events.hpp"
#include "geminilive-properties.hpp"

#include <utility>

using namespace gemini_live;

G_DEFINE_FINAL_TYPE(GstGeminiLiveSession, gst_gemini_live_session, GST_TYPE_OBJECT)

enum { PROP_STATE = 1, PROP_STATS, PROP_FIRST_SETTING };

namespace gemini_live {

void install_action_signals(GType type, gboolean (*send_text)(GObject *, const gchar *))
{
  /**
   * GstGeminiLiveSession::send-text:
   * @session: the session
   * @text: what the user says
   *
   * Sends a user message that asks for an answer. For callers that do not link the library.
   *
   * Returns: whether it will be sent
   *
   * Since: 0.1
   */
  g_signal_new_class_handler(
      "send-text", type, static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION),
      G_CALLBACK(send_text), nullptr, nullptr, nullptr, G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
}

} // namespace gemini_live

static void gst_gemini_live_session_init(GstGeminiLiveSession *session)
{
  session->shared = new Guarded<Shared>;
  session->strand = new std::shared_ptr<Strand>(std::make_shared<Strand>());
}

static void gst_gemini_live_session_dispose(GObject *object)
{
  gst_gemini_live_session_close(GST_GEMINI_LIVE_SESSION(object));
  G_OBJECT_CLASS(gst_gemini_live_session_parent_class)->dispose(object);
}

static void gst_gemini_live_session_finalize(GObject *object)
{
  auto *session = GST_GEMINI_LIVE_SESSION(object);
  delete session->shared;
  delete session->strand;
  G_OBJECT_CLASS(gst_gemini_live_session_parent_class)->finalize(object);
}

static void gst_gemini_live_session_set_property(GObject *object, guint id, const GValue *value,
                                                 GParamSpec *pspec)
{
  auto *session = GST_GEMINI_LIVE_SESSION(object);
  if (const auto setting = setting_of(id, PROP_FIRST_SETTING))
    set_setting(session->shared->lock()->own, *setting, value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void gst_gemini_live_session_get_property(GObject *object, guint id, GValue *value,
                                                 GParamSpec *pspec)
{
  auto *session = GST_GEMINI_LIVE_SESSION(object);
  if (id == PROP_STATE)
    g_value_set_enum(value, session->shared->lock()->state);
  else if (id == PROP_STATS)
    g_value_take_boxed(value, session_stats(session));
  else if (const auto setting = setting_of(id, PROP_FIRST_SETTING))
    get_setting(session->shared->lock()->own, *setting, value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void gst_gemini_live_session_class_init(GstGeminiLiveSessionClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  object_class->dispose = gst_gemini_live_session_dispose;
  object_class->finalize = gst_gemini_live_session_finalize;
  object_class->set_property = gst_gemini_live_session_set_property;
  object_class->get_property = gst_gemini_live_session_get_property;

  const auto flags = static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property(object_class, PROP_STATE,
                                  g_param_spec_enum("state", "State", "Where the session is",
                                                    GST_TYPE_GEMINI_LIVE_STATE,
                                                    GST_GEMINI_LIVE_STATE_CLOSED, flags));
  g_object_class_install_property(object_class, PROP_STATS,
                                  g_param_spec_boxed("stats", "Statistics",
                                                     "Counts of the conversation",
                                                     GST_TYPE_STRUCTURE, flags));
  install_setting_properties(object_class, PROP_FIRST_SETTING);
  install_conversation_signals(G_TYPE_FROM_CLASS(klass));
  install_action_signals(
      G_TYPE_FROM_CLASS(klass), +[](GObject *object, const gchar *text) -> gboolean {
        return text &&
               gst_gemini_live_session_send_text(GST_GEMINI_LIVE_SESSION(object), text, nullptr);
      });
}

/**
 * gst_gemini_live_session_new:
 *
 * Makes a session with default settings. It opens when an element that uses it goes to PAUSED, or
 * with gst_gemini_live_session_open().
 *
 * Returns: (transfer full): a session
 *
 * Since: 0.1
 */
GstGeminiLiveSession *gst_gemini_live_session_new(void)
{
  auto *session =
      static_cast<GstGeminiLiveSession *>(g_object_new(GST_TYPE_GEMINI_LIVE_SESSION, nullptr));
  gst_object_ref_sink(session);
  return session;
}

/**
 * gst_gemini_live_session_open:
 * @session: a session
 * @error: return location for an error in the settings, or %NULL
 *
 * Starts connecting and returns. Settings are frozen until the session is closed. Elements do this
 * by themselves; an application that did it closes the session with
 * gst_gemini_live_session_close(). Errors of the connection come by the signal `error`.
 *
 * Returns: %FALSE if the settings cannot be used (#GST_RESOURCE_ERROR)
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_open(GstGeminiLiveSession *session, GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  const auto engine = session_activate(session, nullptr, error);
  if (!engine)
    return FALSE;
  auto shared = session->shared->lock();
  // One reference of the application's is enough, however often it opens the same conversation.
  if (shared->engine == engine && std::exchange(shared->held_open, true))
    shared->users--;
  return TRUE;
}

/**
 * gst_gemini_live_session_close:
 * @session: a session
 *
 * Ends the conversation at once: every source that uses the session returns EOS, and so does the
 * render function of every sink. The closing handshake goes on in the background for at most
 * 500 ms. Does nothing if the session is not open.
 *
 * Since: 0.1
 */
void gst_gemini_live_session_close(GstGeminiLiveSession *session)
{
  g_return_if_fail(GST_IS_GEMINI_LIVE_SESSION(session));
  std::shared_ptr<Engine> engine;
  {
    auto shared = session->shared->lock();
    engine = shared->engine;
    if (engine && std::exchange(shared->held_open, false) && --shared->users == 0)
      shared->engine.reset();
  }
  if (engine)
    engine->close();
}

/**
 * gst_gemini_live_session_send_text:
 * @session: an open session
 * @text: what the user says, UTF-8
 * @error: return location for an error, or %NULL
 *
 * Sends a user message that asks for an answer. Before the service has accepted the session the
 * message waits. It counts as activity of the user, so it interrupts the model.
 *
 * Returns: %FALSE if the session is not open, @text is no UTF-8, or 16 MiB of text wait already
 *     (#GST_RESOURCE_ERROR)
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_send_text(GstGeminiLiveSession *session, const gchar *text,
                                           GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  g_return_val_if_fail(text != nullptr, FALSE);
  const auto engine = session->shared->lock()->engine;
  if (!engine) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Open the session before sending text");
    return FALSE;
  }
  if (!g_utf8_validate(text, -1, nullptr)) {
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Send text in UTF-8: this is none");
    return FALSE;
  }
  return engine->send_text(text, error);
}

/**
 * gst_gemini_live_session_end_audio:
 * @session: a session
 *
 * Says that no audio comes for now, so that the service need not wait for silence to find the end
 * of an utterance. Audio may go on at any time.
 *
 * Since: 0.1
 */
void gst_gemini_live_session_end_audio(GstGeminiLiveSession *session)
{
  g_return_if_fail(GST_IS_GEMINI_LIVE_SESSION(session));
  if (const auto engine = session->shared->lock()->engine)
    engine->end_audio();
}
