/* How an element joins a session.
 *
 * A port is the element's side of the session: it gives the element class the properties and
 * signals that all elements share, finds the session that the element belongs to, and carries what
 * the element takes in or gives out. An element is left with its pads, its clock and its own
 * properties.
 *
 * The elements of this project are its only users: the header is not installed and may change. */
#pragma once

#include <gst/geminilive/geminilive-enums.h>
#include <gst/geminilive/geminilive-session.h>

G_BEGIN_DECLS

typedef enum {
  GST_GEMINI_LIVE_ROLE_AUDIO_SINK,
  GST_GEMINI_LIVE_ROLE_AUDIO_SRC,
  GST_GEMINI_LIVE_ROLE_VIDEO_SINK,
  GST_GEMINI_LIVE_ROLE_TEXT_SINK,
  GST_GEMINI_LIVE_ROLE_TEXT_SRC,
  GST_GEMINI_LIVE_ROLE_EVENT_SINK,
  GST_GEMINI_LIVE_ROLE_EVENT_SRC,
} GstGeminiLiveRole;

typedef struct _GstGeminiLivePort GstGeminiLivePort;

/* In class_init, after the element's own properties, which have ids below
 * GST_GEMINI_LIVE_PORT_FIRST_ID. */
#define GST_GEMINI_LIVE_PORT_FIRST_ID 0x100
GST_GEMINI_LIVE_API
void gst_gemini_live_port_install(GObjectClass *klass, GstGeminiLiveRole role);

/* In init. The element owns its port and frees it last. */
GST_GEMINI_LIVE_API
GstGeminiLivePort *gst_gemini_live_port_new(GstElement *element, GstGeminiLiveRole role);
GST_GEMINI_LIVE_API
void gst_gemini_live_port_free(GstGeminiLivePort *port);

/* FALSE if the property is none of the port's. */
GST_GEMINI_LIVE_API
gboolean gst_gemini_live_port_set_property(GstGeminiLivePort *port, guint id, const GValue *value);
GST_GEMINI_LIVE_API
gboolean gst_gemini_live_port_get_property(GstGeminiLivePort *port, guint id, GValue *value);

/* In change_state: prepare before chaining up, release after, with what chaining up returned. On
 * FALSE an error has been posted. */
GST_GEMINI_LIVE_API
gboolean gst_gemini_live_port_prepare(GstGeminiLivePort *port, GstStateChange transition);
GST_GEMINI_LIVE_API
void gst_gemini_live_port_release(GstGeminiLivePort *port, GstStateChange transition,
                                  GstStateChangeReturn result);

/* Streaming thread, between READY→PAUSED and PAUSED→READY. Returned flow: OK, also for what is let
 * go after an error; FLUSHING if set_flushing() came meanwhile; EOS when the conversation was
 * closed. */

/* Any thread: makes a waiting call return. */
GST_GEMINI_LIVE_API
void gst_gemini_live_port_set_flushing(GstGeminiLivePort *port, gboolean flushing);

typedef struct {
  GstClockTime dropped; /* by this push */
  GstClockTime waiting; /* in the queue now */
  gboolean first;       /* the first loss after a push without one */
} GstGeminiLivePushReport;

/* Times in ns; from READY→PAUSED on. */
GST_GEMINI_LIVE_API
void gst_gemini_live_port_set_bounds(GstGeminiLivePort *port, GstClockTime chunk_duration,
                                     GstClockTime max_buffered);
/* 16 kHz s16le mono. `leaky` is not AUTO. */
GST_GEMINI_LIVE_API
GstFlowReturn gst_gemini_live_port_push_audio(GstGeminiLivePort *port, const guint8 *data,
                                              gsize size, GstGeminiLiveLeakyType leaky,
                                              GstGeminiLivePushReport *report);
/* Whether the model speaks, or was heard within the last `tail` ns: not without a source in the
 * session. */
GST_GEMINI_LIVE_API
gboolean gst_gemini_live_port_is_model_heard(GstGeminiLivePort *port, GstClockTime tail);
/* Lets audio go. */
GST_GEMINI_LIVE_API
GstFlowReturn gst_gemini_live_port_skip_audio(GstGeminiLivePort *port);
/* An encoded image (transfer full) in the place of one that was not sent yet. `slow`: it is the first
 * that replaces another after one that did not, and the line is open. */
GST_GEMINI_LIVE_API
GstFlowReturn gst_gemini_live_port_push_video(GstGeminiLivePort *port, const gchar *mime_type,
                                              GBytes *image, gboolean *slow);
/* Counts an image that is not sent. */
GST_GEMINI_LIVE_API
void gst_gemini_live_port_skip_video(GstGeminiLivePort *port);
GST_GEMINI_LIVE_API
GstFlowReturn gst_gemini_live_port_push_text(GstGeminiLivePort *port, const gchar *text,
                                             GError **error);
/* One line of JSON. */
GST_GEMINI_LIVE_API
GstFlowReturn gst_gemini_live_port_push_command(GstGeminiLivePort *port, const gchar *line,
                                                gsize size, GError **error);
/* The input of this element is over, which counts for all but video. In a session that no source listens to, waits for the end of
 * the conversation. */
GST_GEMINI_LIVE_API
GstFlowReturn gst_gemini_live_port_end_input(GstGeminiLivePort *port);

typedef struct {
  GstBuffer *buffer; /* (transfer full) one period without timestamps; NULL is silence */
  guint rate;        /* Hz */
  guint samples;     /* of one period, 20 ms */
  gboolean cut;      /* what came before it has been interrupted */
} GstGeminiLiveSlice;

GST_GEMINI_LIVE_API
void gst_gemini_live_port_set_cushion(GstGeminiLivePort *port, GstClockTime cushion);
/* Whether what is interrupted fades out; else it ends with the last slice. */
GST_GEMINI_LIVE_API
void gst_gemini_live_port_set_fades(GstGeminiLivePort *port, gboolean fades);
/* The slice that leaves at `running_time` (or NONE) and is heard `latency` later. EOS at the end of
 * the conversation too, if `follow_input_eos`. */
GST_GEMINI_LIVE_API
GstFlowReturn gst_gemini_live_port_pull_audio(GstGeminiLivePort *port, GstClockTime running_time,
                                              GstClockTime latency, gboolean follow_input_eos,
                                              GstGeminiLiveSlice *slice);

/* Streaming thread of an audio source: it gives out nothing more, so nobody waits for what is left. */
GST_GEMINI_LIVE_API
void gst_gemini_live_port_end_audio(GstGeminiLivePort *port);

/* In init of a source of text or events. `wake` is called on any thread, without a lock, when pull_text() is worth calling again;
 * it may still be called when the element has left the session, so `data` is held until `destroy`. */
GST_GEMINI_LIVE_API
void gst_gemini_live_port_set_wake(GstGeminiLivePort *port, void (*wake)(gpointer data),
                                   gpointer data, GDestroyNotify destroy);
/* Of a source of text, before READY→PAUSED. */
GST_GEMINI_LIVE_API
void gst_gemini_live_port_select_text(GstGeminiLivePort *port, GstGeminiLiveText which);
/* A buffer of text, or of one event as a line of JSON, without timestamps; OK and NULL if there is
 * nothing yet. */
GST_GEMINI_LIVE_API
GstFlowReturn gst_gemini_live_port_pull_text(GstGeminiLivePort *port, GstBuffer **buffer);

/* Any thread: ends the conversation at once. */
GST_GEMINI_LIVE_API
void gst_gemini_live_port_close_session(GstGeminiLivePort *port);

G_END_DECLS
