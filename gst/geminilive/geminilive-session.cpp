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
 * of this session and nothing else. The property `state` itself does not wait for them: it is
 * `connecting` when gst_gemini_live_session_open() returns, and `closed` when
 * gst_gemini_live_session_close() does.
 *
 * Since: 0.1
 */

#include "geminilive-session-private.hpp"

#include "engine/log.hpp"
#include "geminilive-enumtypes.h"
#include "geminilive-events.hpp"
#include "geminilive-properties.hpp"
#include "wire/content.hpp"

#include <utility>

using namespace gemini_live;

G_DEFINE_FINAL_TYPE(GstGeminiLiveSession, gst_gemini_live_session, GST_TYPE_OBJECT)

enum { PROP_STATE = 1, PROP_STATS, PROP_FIRST_SETTING };

namespace gemini_live {

std::shared_ptr<Engine> engine_to_send_with(GstGeminiLiveSession *session, GError **error)
{
  auto engine = session->shared->lock()->engine;
  if (!engine)
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                        "Open the session before sending");
  return engine;
}

bool is_utf8(const gchar *text, GError **error)
{
  if (g_utf8_validate(text, -1, nullptr))
    return true;
  g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
                      "Send text in UTF-8: this is none");
  return false;
}

} // namespace gemini_live

static std::optional<std::string_view> optional_text(const gchar *text)
{
  return text ? std::optional<std::string_view>(text) : std::nullopt;
}

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
  if (const auto setting = setting_of(id, PROP_FIRST_SETTING)) {
    bool is_open = false;
    {
      auto shared = session->shared->lock();
      set_setting(shared->own, *setting, value);
      is_open = shared->engine != nullptr;
    }
    if (is_open)
      GST_CAT_WARNING_OBJECT(session_log(), session,
                             "%s counts from the next session on: this one is open",
                             setting_row(*setting).name);
  } else
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
      G_TYPE_FROM_CLASS(klass),
      +[](GObject *object) { return GST_GEMINI_LIVE_SESSION(g_object_ref(object)); });
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
    session_close(session, engine);
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
 * Returns: %FALSE if the session is not open, @text is empty or no UTF-8, the model is known to take
 *     none, or 16 MiB of text wait already (#GST_RESOURCE_ERROR)
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_send_text(GstGeminiLiveSession *session, const gchar *text,
                                           GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  g_return_val_if_fail(text != nullptr, FALSE);
  const auto engine = engine_to_send_with(session, error);
  return engine && is_utf8(text, error) && engine->send_text(text, error);
}

/**
 * gst_gemini_live_session_send_content:
 * @session: an open session
 * @turns_json: (nullable): JSON text of an array of turns, or of one turn, each
 *     `{"role":"user"|"model","parts":[{"text":…}, …]}`; %NULL or an empty array for none
 * @turn_complete: whether the model shall answer now; else the turns are only added
 * @error: return location for an error, or %NULL
 *
 * Adds role-tagged turns to the conversation: history, background, or a question with pictures.
 * Interrupts the model even if @turn_complete is %FALSE. Where `config` sets
 * `historyConfig.initialHistoryInClientContent`, everything up to the first @turn_complete is history
 * that the model does not answer, and the user's text and voice wait for it. `gemini-3.1` models take
 * turns only so (protocol: BidiGenerateContentClientContent).
 *
 * Returns: %FALSE if the session is not open, @turns_json says nothing or cannot be sent, the model is
 *     known to refuse it, or 16 MiB wait already (#GST_RESOURCE_ERROR)
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_send_content(GstGeminiLiveSession *session,
                                              const gchar *turns_json, gboolean turn_complete,
                                              GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  const auto engine = engine_to_send_with(session, error);
  if (!engine)
    return FALSE;
  std::string why;
  const auto content = parse_content(turns_json ? turns_json : "[]", turn_complete, why);
  if (content)
    return engine->send_content(*content, error);
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
              "Send turns as [{\"role\":\"user\",\"parts\":[{\"text\":…}]}]: %s", why.c_str());
  return FALSE;
}

/**
 * gst_gemini_live_session_update_context:
 * @session: an open session
 * @system_instruction: (nullable): the new system instruction, or %NULL to keep it
 * @tools_json: (nullable): JSON text of an array of tools that replace all others, as in the setting
 *     `tools`, or %NULL to keep them
 * @error: return location for an error, or %NULL
 *
 * Changes what the model was told at the beginning, in order with what else is sent and without
 * interrupting it. Not every model takes it; `gemini-3.8-live` does.
 *
 * Returns: %FALSE if the session is not open, both are %NULL, @tools_json cannot be sent, the model is
 *     known to refuse it, or 16 MiB wait already (#GST_RESOURCE_ERROR)
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_update_context(GstGeminiLiveSession *session,
                                                const gchar *system_instruction,
                                                const gchar *tools_json, GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  const auto engine = engine_to_send_with(session, error);
  if (!engine || (system_instruction && !is_utf8(system_instruction, error)))
    return FALSE;
  std::string why;
  const auto update =
      parse_context_update(optional_text(system_instruction), optional_text(tools_json), why);
  if (update)
    return engine->update_context(*update, error);
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
              "Give a system instruction or an array of tools: %s", why.c_str());
  return FALSE;
}

/**
 * gst_gemini_live_session_dup_resumption_handle:
 * @session: a session
 *
 * Gets the newest handle with which the conversation can be carried on in another session, also in
 * another process, once this one has been closed: for two hours on the Gemini API
 * (ai.google.dev live-api/session-management), a day on Vertex AI (cloud.google.com
 * live-api/start-manage-session). It goes into the setting `resumption-handle`. What was said after it
 * was given may be missing; the event `resumption` tells of each.
 *
 * Whoever has it can carry the conversation on, so treat it like a password.
 *
 * Returns: (transfer full) (nullable): the handle of the conversation that was the last to begin, open or
 *     not; %NULL if the service has given none, or was asked for none
 *
 * Since: 0.1
 */
gchar *gst_gemini_live_session_dup_resumption_handle(GstGeminiLiveSession *session)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), nullptr);
  const auto handle = session->shared->lock()->handle;
  auto kept = handle->lock();
  return kept->empty() ? nullptr : g_strdup(kept->text().c_str());
}

/**
 * gst_gemini_live_session_activity_start:
 * @session: a session
 *
 * Says that the user begins to speak, which interrupts the model. Only audio that is pushed from now
 * on is heard. For sessions with `turn-detection` `manual`; in others it does nothing but a warning on
 * the bus, since the service would end the session.
 *
 * Since: 0.1
 */
void gst_gemini_live_session_activity_start(GstGeminiLiveSession *session)
{
  g_return_if_fail(GST_IS_GEMINI_LIVE_SESSION(session));
  if (const auto engine = session->shared->lock()->engine)
    engine->mark_activity(true);
}

/**
 * gst_gemini_live_session_activity_end:
 * @session: a session
 *
 * Says that the user has spoken, behind the audio that was pushed so far; the model answers. See
 * gst_gemini_live_session_activity_start().
 *
 * Since: 0.1
 */
void gst_gemini_live_session_activity_end(GstGeminiLiveSession *session)
{
  g_return_if_fail(GST_IS_GEMINI_LIVE_SESSION(session));
  if (const auto engine = session->shared->lock()->engine)
    engine->mark_activity(false);
}

/**
 * gst_gemini_live_session_interrupt:
 * @session: a session
 *
 * Silences the model at once: what it has said and nobody heard yet is dropped, and so is the rest of
 * its turn. The service does not learn of it, so the model believes that it was heard; to make the
 * model itself stop, let the user speak or send text.
 *
 * Since: 0.1
 */
void gst_gemini_live_session_interrupt(GstGeminiLiveSession *session)
{
  g_return_if_fail(GST_IS_GEMINI_LIVE_SESSION(session));
  if (const auto engine = session->shared->lock()->engine)
    engine->interrupt();
}

/**
 * gst_gemini_live_session_end_audio:
 * @session: a session
 *
 * Says that no audio comes for now, so that the service need not wait for silence to find the end
 * of an utterance. The audio sink says it by itself at the end of its stream and when no buffer came
 * for a second. Audio may go on at any time. With `turn-detection` `manual` it ends the activity.
 *
 * Since: 0.1
 */
void gst_gemini_live_session_end_audio(GstGeminiLiveSession *session)
{
  g_return_if_fail(GST_IS_GEMINI_LIVE_SESSION(session));
  if (const auto engine = session->shared->lock()->engine)
    engine->end_audio();
}
