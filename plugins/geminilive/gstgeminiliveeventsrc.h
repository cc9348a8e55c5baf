#pragma once

#include "gstgeminilivesparsesrc.h"

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_EVENT_SRC (gst_gemini_live_event_src_get_type())
G_DECLARE_FINAL_TYPE(GstGeminiLiveEventSrc, gst_gemini_live_event_src, GST, GEMINI_LIVE_EVENT_SRC,
                     GstGeminiLiveSparseSrc)

GST_ELEMENT_REGISTER_DECLARE(geminiliveeventsrc)

G_END_DECLS
