#pragma once

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_SRC (gst_gemini_live_src_get_type())
G_DECLARE_FINAL_TYPE(GstGeminiLiveSrc, gst_gemini_live_src, GST, GEMINI_LIVE_SRC, GstPushSrc)

GST_ELEMENT_REGISTER_DECLARE(geminilivesrc)

G_END_DECLS
