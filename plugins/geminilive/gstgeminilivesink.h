#pragma once

#include "gstgeminilivebasesink.h"

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_SINK (gst_gemini_live_sink_get_type())
G_DECLARE_FINAL_TYPE(GstGeminiLiveSink, gst_gemini_live_sink, GST, GEMINI_LIVE_SINK,
                     GstGeminiLiveBaseSink)

GST_ELEMENT_REGISTER_DECLARE(geminilivesink)

G_END_DECLS
