// The debug categories of sessions: `geminilivesession`, and `geminilivewire` for every message of
// the conversation, audio shortened and secrets cut (audio at LOG, the rest at DEBUG). Lines carry the
// session's name.
#pragma once

#include "../wire/shown.hpp"

#include <gst/gst.h>

namespace gemini_live {

GstDebugCategory *session_log();
GstDebugCategory *wire_log();

} // namespace gemini_live

#define LOG_AT(level, ...)                                                                         \
  GST_CAT_LEVEL_LOG_ID(gemini_live::session_log(), level, config_.name.c_str(), __VA_ARGS__)
#define LOG_ERROR(...) LOG_AT(GST_LEVEL_ERROR, __VA_ARGS__)
#define LOG_WARNING(...) LOG_AT(GST_LEVEL_WARNING, __VA_ARGS__)
#define LOG_INFO(...) LOG_AT(GST_LEVEL_INFO, __VA_ARGS__)
#define LOG_DEBUG(...) LOG_AT(GST_LEVEL_DEBUG, __VA_ARGS__)

// The message is looked at only if it is logged.
#define WIRE_LOG(level, direction, message)                                                        \
  do {                                                                                             \
    if (G_UNLIKELY(gst_debug_category_get_threshold(gemini_live::wire_log()) >= (level)))          \
      GST_CAT_LEVEL_LOG_ID(gemini_live::wire_log(), level, config_.name.c_str(), "%s %s",          \
                           direction, gemini_live::shown_message(message).c_str());                \
  } while (false)
