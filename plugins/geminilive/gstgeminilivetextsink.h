#pragma once

#include "gstgeminilivebasesink.h"

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_TEXT_SINK (gst_gemini_live_text_sink_get_type())
G_DECLARE_FINAL_TYPE(GstGeminiLiveTextSink, gst_gemini_live_text_sink, GST, GEMINI_LIVE_TEXT_SINK,
                     GstGeminiLiveBaseSink)

GST_ELEMENT_REGISTER_DECLARE(geminilivetextsink)

G_END_DECLS
