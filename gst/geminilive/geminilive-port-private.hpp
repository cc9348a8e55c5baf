// An element's side of a session; see geminilive-port.h.
//
// The engine of a port changes only in state changes, when no streaming thread of its element runs, so
// streaming threads use it without a lock. A flush comes on any thread and at any time, so it has a place
// of its own to look at, behind a lock.
#pragma once

#include "geminilive-session-private.hpp"

#include "geminilive-events.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace gemini_live {

struct OwnProperties {
  Settings settings;
  ObjectPtr<GstGeminiLiveSession> session;
  std::string session_name;
  bool post_messages = true;
};

// What a source of text or events will take from when it is active; the session may need it before.
struct NextFeed {
  TextFeed::Which which = TextFeed::Which::answer;
  std::shared_ptr<TextFeed> feed;
  bool active = false; // it takes from another one now
};

// Whether it is the end of the input when all of these have ended.
inline bool is_input(GstGeminiLiveRole role)
{
  return role == GST_GEMINI_LIVE_ROLE_AUDIO_SINK || role == GST_GEMINI_LIVE_ROLE_TEXT_SINK ||
         role == GST_GEMINI_LIVE_ROLE_EVENT_SINK;
}

} // namespace gemini_live

struct _GstGeminiLivePort {
  GstElement *element;
  GstGeminiLiveRole role;
  gemini_live::Guarded<gemini_live::OwnProperties> own;

  gemini_live::Guarded<gemini_live::ObjectPtr<GstGeminiLiveSession>> session; // from READY on
  std::shared_ptr<gemini_live::Engine> engine;                                // from PAUSED on
  gemini_live::Guarded<std::shared_ptr<gemini_live::Engine>> flushed_engine;  // the same
  std::function<void()> wake;
  gemini_live::Guarded<gemini_live::NextFeed> next_feed;
  std::shared_ptr<gemini_live::TextFeed> feed; // from PAUSED on
  std::atomic<bool> flushing = false;
  std::atomic<bool> ended = false; // written by the streaming thread

  gemini_live::ObjectPtr<GstGeminiLiveSession> ref_session() const
  {
    auto held = session.lock();
    return gemini_live::ObjectPtr<GstGeminiLiveSession>(
        *held ? GST_GEMINI_LIVE_SESSION(gst_object_ref(held->get())) : nullptr);
  }

  // Posts what went wrong.
  bool refuse(GError *error)
  {
    const gemini_live::ErrorPtr owned(error);
    gemini_live::post_error(element, error);
    return false;
  }

  bool join();
  void leave();
  std::shared_ptr<gemini_live::TextFeed> prepare_feed();
  bool activate();
  void deactivate();
};
