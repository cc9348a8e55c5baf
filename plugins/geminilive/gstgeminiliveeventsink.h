#pragma once

#include "gstgeminilivebasesink.h"

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_EVENT_SINK (gst_gemini_live_event_sink_get_type())
G_DECLARE_FINAL_TYPE(GstGeminiLiveEventSink, gst_gemini_live_event_sink, GST,
                     GEMINI_LIVE_EVENT_SINK, GstGeminiLiveBaseSink)

GST_ELEMENT_REGISTER_DECLARE(geminiliveeventsink)

G_END_DECLS
