// How an event reaches the application: signals of the session and of the audio elements, element
// messages, JSON lines. Runs on the session's strand, never on a loop or streaming thread.
#pragma once

#include "engine/event.hpp"

#include <gst/gst.h>

#include <string>

namespace gemini_live {

// The signals that the session and the audio elements share.
void install_conversation_signals(GType type);
void emit_conversation_signals(GObject *object, const Event &event);
// Whether a handler takes the call.
bool emit_tool_call(GObject *object, const std::string &id, const std::string &name,
                    const std::string &args);

// `geminilive/NAME` with the event's fields.
GstStructure *event_to_structure(const Event &event);

// Posts the error of an `error` or `warning` event as the element's own.
void post_error(GstElement *element, const Event &event);
// For other errors of an element.
void post_error(GstElement *element, const GError *error);

} // namespace gemini_live
