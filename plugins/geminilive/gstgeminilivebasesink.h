/* What our sinks have in common: the port, the states and the end. */
#pragma once

#include <gst/base/gstbasesink.h>
#include <gst/geminilive/geminilive-port.h>

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_BASE_SINK (gst_gemini_live_base_sink_get_type())
G_DECLARE_DERIVABLE_TYPE(GstGeminiLiveBaseSink, gst_gemini_live_base_sink, GST,
                         GEMINI_LIVE_BASE_SINK, GstBaseSink)

struct _GstGeminiLiveBaseSinkClass {
  GstBaseSinkClass parent_class;

  GstGeminiLiveRole role;
  /* READY→PAUSED, when the port has joined its session. */
  void (*begin)(GstGeminiLiveBaseSink *self);
  /* PAUSED→READY, when no streaming thread runs any more. */
  void (*end)(GstGeminiLiveBaseSink *self);
  /* At EOS, before the input ends: sends what is left. */
  void (*finish)(GstGeminiLiveBaseSink *self);
};

/* In class_init, after the element's own properties, whose functions chain up for all others. */
void gst_gemini_live_base_sink_class_set_role(GstGeminiLiveBaseSinkClass *klass,
                                              GstGeminiLiveRole role);

GstGeminiLivePort *gst_gemini_live_base_sink_get_port(GstGeminiLiveBaseSink *self);

/* Render and event function: calls `step`, which may wait, while the element plays, and again after
 * each FLUSHING of it. Returns its last flow, or FLUSHING when the element is flushed. */
GstFlowReturn gst_gemini_live_base_sink_while_playing(GstGeminiLiveBaseSink *self,
                                                      GstFlowReturn (*step)(gpointer),
                                                      gpointer data);

G_END_DECLS
