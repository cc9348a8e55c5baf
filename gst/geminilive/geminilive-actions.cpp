// Action signals: a session's functions for callers that do not link the library, the same on the
// session and on the elements that repeat its signals. The class closures carry the function that
// finds the session of an instance.

#include "geminilive-session-private.hpp"

namespace gemini_live {

namespace {

using RefSession = GstGeminiLiveSession *(*)(GObject *);

ObjectPtr<GstGeminiLiveSession> session_of(GObject *object, gpointer ref_session)
{
  return ObjectPtr<GstGeminiLiveSession>(reinterpret_cast<RefSession>(ref_session)(object));
}

gboolean send_text(GObject *object, const gchar *text, gpointer data)
{
  const auto session = session_of(object, data);
  return text && session && gst_gemini_live_session_send_text(session.get(), text, nullptr);
}

gboolean send_tool_response(GObject *object, const gchar *id, const gchar *response, gpointer data)
{
  const auto session = session_of(object, data);
  return id && session &&
         gst_gemini_live_session_send_tool_response(session.get(), id, response, nullptr);
}

gboolean fail_tool_call(GObject *object, const gchar *id, const gchar *message, gpointer data)
{
  const auto session = session_of(object, data);
  return id && message && session &&
         gst_gemini_live_session_fail_tool_call(session.get(), id, message, nullptr);
}

template <void (*action)(GstGeminiLiveSession *)>
void act(GObject *object, gpointer data)
{
  if (const auto session = session_of(object, data))
    action(session.get());
}

void install(const char *name, GType type, GCallback callback, RefSession ref_session, GType result,
             std::initializer_list<GType> parameters)
{
  auto *closure = g_cclosure_new(callback, reinterpret_cast<gpointer>(ref_session), nullptr);
  std::vector<GType> types(parameters);
  g_signal_newv(name, type, static_cast<GSignalFlags>(G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION), closure,
                nullptr, nullptr, nullptr, result, static_cast<guint>(types.size()), types.data());
}

} // namespace

void install_action_signals(GType type, RefSession ref_session)
{
  /**
   * GstGeminiLiveSession::send-text:
   * @session: the session
   * @text: what the user says
   *
   * See gst_gemini_live_session_send_text().
   *
   * Returns: whether it will be sent
   *
   * Since: 0.1
   */
  install("send-text", type, G_CALLBACK(send_text), ref_session, G_TYPE_BOOLEAN, {G_TYPE_STRING});
  /**
   * GstGeminiLiveSession::send-tool-response:
   * @session: the session
   * @id: the id of a call
   * @response_json: the answer
   *
   * See gst_gemini_live_session_send_tool_response().
   *
   * Returns: whether it will be sent
   *
   * Since: 0.1
   */
  install("send-tool-response", type, G_CALLBACK(send_tool_response), ref_session, G_TYPE_BOOLEAN,
          {G_TYPE_STRING, G_TYPE_STRING});
  /**
   * GstGeminiLiveSession::fail-tool-call:
   * @session: the session
   * @id: the id of a call
   * @message: what went wrong
   *
   * See gst_gemini_live_session_fail_tool_call().
   *
   * Returns: whether it will be sent
   *
   * Since: 0.1
   */
  install("fail-tool-call", type, G_CALLBACK(fail_tool_call), ref_session, G_TYPE_BOOLEAN,
          {G_TYPE_STRING, G_TYPE_STRING});
  /**
   * GstGeminiLiveSession::activity-start:
   * @session: the session
   *
   * See gst_gemini_live_session_activity_start().
   *
   * Since: 0.1
   */
  install("activity-start", type, G_CALLBACK(act<gst_gemini_live_session_activity_start>),
          ref_session, G_TYPE_NONE, {});
  /**
   * GstGeminiLiveSession::activity-end:
   * @session: the session
   *
   * See gst_gemini_live_session_activity_end().
   *
   * Since: 0.1
   */
  install("activity-end", type, G_CALLBACK(act<gst_gemini_live_session_activity_end>), ref_session,
          G_TYPE_NONE, {});
  /**
   * GstGeminiLiveSession::interrupt:
   * @session: the session
   *
   * See gst_gemini_live_session_interrupt().
   *
   * Since: 0.1
   */
  install("interrupt", type, G_CALLBACK(act<gst_gemini_live_session_interrupt>), ref_session,
          G_TYPE_NONE, {});
}

} // namespace gemini_live
