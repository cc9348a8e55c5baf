#pragma once

#include <gst/geminilive/geminilive-enums.h>

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_SESSION (gst_gemini_live_session_get_type())
GST_GEMINI_LIVE_API
G_DECLARE_FINAL_TYPE(GstGeminiLiveSession, gst_gemini_live_session, GST, GEMINI_LIVE_SESSION,
                     GstObject)

GST_GEMINI_LIVE_API
GstGeminiLiveSession *gst_gemini_live_session_new(void);

GST_GEMINI_LIVE_API
gboolean gst_gemini_live_session_open(GstGeminiLiveSession *session, GError **error);

GST_GEMINI_LIVE_API
void gst_gemini_live_session_close(GstGeminiLiveSession *session);

GST_GEMINI_LIVE_API
gboolean gst_gemini_live_session_send_text(GstGeminiLiveSession *session, const gchar *text,
                                           GError **error);

GST_GEMINI_LIVE_API
gboolean gst_gemini_live_session_send_content(GstGeminiLiveSession *session,
                                              const gchar *turns_json, gboolean turn_complete,
                                              GError **error);

GST_GEMINI_LIVE_API
gboolean gst_gemini_live_session_update_context(GstGeminiLiveSession *session,
                                                const gchar *system_instruction,
                                                const gchar *tools_json, GError **error);

GST_GEMINI_LIVE_API
gchar *gst_gemini_live_session_dup_resumption_handle(GstGeminiLiveSession *session);

/**
 * GstGeminiLiveToolFunc:
 * @session: the session
 * @id: the id of the call
 * @args_json: the arguments, JSON text of an object
 * @user_data: what was given with the function
 * @error: return location for what went wrong, which the model is told
 *
 * Answers a call of the model, on a worker thread. It may block as long as it likes; the model waits
 * for `tool-timeout`. An exception of a language that has them is a failure, too.
 *
 * Returns: (transfer full): the answer, as for gst_gemini_live_session_send_tool_response(); %NULL if
 *     the call failed, which the model is told even where @error is not set
 *
 * Since: 0.1
 */
typedef gchar *(*GstGeminiLiveToolFunc)(GstGeminiLiveSession *session, const gchar *id,
                                        const gchar *args_json, gpointer user_data, GError **error);

GST_GEMINI_LIVE_API
gboolean gst_gemini_live_session_add_tool(GstGeminiLiveSession *session,
                                          const gchar *declaration_json,
                                          GstGeminiLiveToolFunc callback, gpointer user_data,
                                          GDestroyNotify notify, GError **error);

GST_GEMINI_LIVE_API
gboolean gst_gemini_live_session_send_tool_response(GstGeminiLiveSession *session, const gchar *id,
                                                    const gchar *response_json, GError **error);

GST_GEMINI_LIVE_API
gboolean gst_gemini_live_session_send_tool_response_full(GstGeminiLiveSession *session,
                                                         const gchar *id,
                                                         const gchar *response_json,
                                                         GstGeminiLiveScheduling scheduling,
                                                         gboolean will_continue, GError **error);

GST_GEMINI_LIVE_API
gboolean gst_gemini_live_session_fail_tool_call(GstGeminiLiveSession *session, const gchar *id,
                                                const gchar *message, GError **error);

GST_GEMINI_LIVE_API
void gst_gemini_live_session_activity_start(GstGeminiLiveSession *session);

GST_GEMINI_LIVE_API
void gst_gemini_live_session_activity_end(GstGeminiLiveSession *session);

GST_GEMINI_LIVE_API
void gst_gemini_live_session_interrupt(GstGeminiLiveSession *session);

GST_GEMINI_LIVE_API
void gst_gemini_live_session_end_audio(GstGeminiLiveSession *session);

G_END_DECLS
