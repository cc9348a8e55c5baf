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
void gst_gemini_live_session_activity_start(GstGeminiLiveSession *session);

GST_GEMINI_LIVE_API
void gst_gemini_live_session_activity_end(GstGeminiLiveSession *session);

GST_GEMINI_LIVE_API
void gst_gemini_live_session_interrupt(GstGeminiLiveSession *session);

GST_GEMINI_LIVE_API
void gst_gemini_live_session_end_audio(GstGeminiLiveSession *session);

G_END_DECLS
