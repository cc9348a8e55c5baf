// Which session an element belongs to.
//
// Its own `session`, else the process's session of its `session-name`, else the one session of its
// top-level pipeline, which travels as GstContext "gst.geminilive.session" (field "session"), so that
// the application can give one. The pipeline remembers its session too: there two elements that start
// on two threads meet, under a process-wide lock that is never held while anybody is told.
//
// GStreamer forgets contexts at PAUSED→READY, so every element announces its session again at
// READY→PAUSED.
#pragma once

#include <gst/geminilive/geminilive-session.h>

#include <string>

namespace gemini_live {

// Transfers a reference. `own` may be null, `name` empty.
GstGeminiLiveSession *find_session(GstElement *element, GstGeminiLiveSession *own,
                                   const std::string &name);
void announce_session(GstElement *element, GstGeminiLiveSession *session);

} // namespace gemini_live
