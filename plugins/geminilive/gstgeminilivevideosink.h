#pragma once

#include "gstgeminilivebasesink.h"

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_VIDEO_SINK (gst_gemini_live_video_sink_get_type())
G_DECLARE_FINAL_TYPE(GstGeminiLiveVideoSink, gst_gemini_live_video_sink, GST,
                     GEMINI_LIVE_VIDEO_SINK, GstGeminiLiveBaseSink)

GST_ELEMENT_REGISTER_DECLARE(geminilivevideosink)

G_END_DECLS
