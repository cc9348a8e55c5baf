#pragma once

#include "gstgeminilivesparsesrc.h"

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_TEXT_SRC (gst_gemini_live_text_src_get_type())
G_DECLARE_FINAL_TYPE(GstGeminiLiveTextSrc, gst_gemini_live_text_src, GST, GEMINI_LIVE_TEXT_SRC,
                     GstGeminiLiveSparseSrc)

GST_ELEMENT_REGISTER_DECLARE(geminilivetextsrc)

G_END_DECLS
