#pragma once

#include <gst/gst.h>

#ifndef GST_GEMINI_LIVE_API
#ifdef BUILDING_GST_GEMINI_LIVE
#define GST_GEMINI_LIVE_API extern __attribute__((visibility("default")))
#else
#define GST_GEMINI_LIVE_API extern
#endif
#endif
