// The debug category of sessions, `geminilivesession`. Lines carry the session's name.
#pragma once

#include <gst/gst.h>

namespace gemini_live {

GstDebugCategory *session_log();

} // namespace gemini_live

#define LOG_AT(level, ...)                                                                         \
  GST_CAT_LEVEL_LOG_ID(gemini_live::session_log(), level, config_.name.c_str(), __VA_ARGS__)
#define LOG_ERROR(...) LOG_AT(GST_LEVEL_ERROR, __VA_ARGS__)
#define LOG_WARNING(...) LOG_AT(GST_LEVEL_WARNING, __VA_ARGS__)
#define LOG_INFO(...) LOG_AT(GST_LEVEL_INFO, __VA_ARGS__)
#define LOG_DEBUG(...) LOG_AT(GST_LEVEL_DEBUG, __VA_ARGS__)
