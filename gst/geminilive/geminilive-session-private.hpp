// What ports may do with a session.
//
// A session collects the settings of its members from NULL→READY on. The first user (an element in
// PAUSED, or the application's open()) freezes them and starts an engine; the last one closes it.
// The next user gets a fresh engine, and with it a fresh conversation.
#pragma once

#include "base/strand.hpp"
#include "engine/engine.hpp"

#include <gst/geminilive/geminilive-port.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gemini_live {

// An element that belongs to a session.
struct Member {
  GstElement *element;
  GstGeminiLiveRole role;
  std::function<Settings()> settings;
  std::function<bool()> posts_messages;
  std::function<bool()> has_ended; // its input has
  // For a source of text or events that is not active yet, else nothing.
  std::function<std::shared_ptr<TextFeed>()> feed;
  // By the running engine: the element was there when it started, and is not active yet.
  bool awaited = false;
  const Engine *engine = nullptr; // while it is active; only to be told from others
};

// GST_RESOURCE_ERROR_BUSY if the session has its one audio sink or source already.
bool session_join(GstGeminiLiveSession *session, const Member &member, GError **error);
void session_leave(GstGeminiLiveSession *session, GstElement *element);

// An element that is kept, and all its parents with it: the bus of a bin's children holds no reference
// to the bin, so without them nobody could post a message while the application drops its pipeline.
class KeptElement {
public:
  explicit KeptElement(GstElement *element);

  GstElement *get() const { return lineage_.front().get(); }
  GstElement *top() const { return lineage_.back().get(); } // the pipeline

private:
  std::vector<std::unique_ptr<GstElement, Release<gst_object_unref>>> lineage_; // upwards
};

// The members at this moment, the speaker first: the audio source, else the audio sink, else the
// oldest element. Elements leave the list before they go.
using PresentMember = std::pair<KeptElement, Member>;
std::vector<PresentMember> present_members(GstGeminiLiveSession *session);
// Whether there may be one of it, which then repeats the session's signals.
bool is_audio(GstGeminiLiveRole role);

// What the session and all its members have set; nothing with `error` set if they do not agree.
std::optional<Settings> collect_settings(GstGeminiLiveSession *session, GError **error);

// Null with `error` set if the session is not open.
std::shared_ptr<Engine> engine_to_send_with(GstGeminiLiveSession *session, GError **error);
bool is_utf8(const gchar *text, GError **error);

// A function that the application declared together with its answer.
struct AddedTool {
  std::string declaration; // JSON text
  GstGeminiLiveToolFunc callback;
  std::shared_ptr<void> data;
};

// A session that may be gone.
class WeakSession {
public:
  explicit WeakSession(GstGeminiLiveSession *session) { g_weak_ref_init(&ref_, session); }
  ~WeakSession() { g_weak_ref_clear(&ref_); }
  WeakSession(const WeakSession &) = delete;
  WeakSession &operator=(const WeakSession &) = delete;

  ObjectPtr<GstGeminiLiveSession> ref()
  {
    return ObjectPtr<GstGeminiLiveSession>(
        static_cast<GstGeminiLiveSession *>(g_weak_ref_get(&ref_)));
  }

private:
  GWeakRef ref_;
};

// Offers a call of the model, which the event tells, to whoever may answer it.
void dispatch_call(const std::shared_ptr<WeakSession> &weak, std::shared_ptr<Engine> engine,
                   const Event &event);
// The declarations of the application, JSON text of an array, or empty.
std::string added_tools(GstGeminiLiveSession *session);

// The way of an engine's events to the application.
Engine::Emit make_emit(GstGeminiLiveSession *session);

// The engine to use until session_deactivate(); null with `error` set if the settings do not do.
// `element` is the member that asks; null is the application.
std::shared_ptr<Engine> session_activate(GstGeminiLiveSession *session, GstElement *element,
                                         GError **error);
void session_deactivate(GstGeminiLiveSession *session, GstElement *element,
                        std::shared_ptr<Engine> engine);
// Ends the conversation at once, whoever else uses the engine.
void session_close(GstGeminiLiveSession *session, const std::shared_ptr<Engine> &engine);

// Only what is the same for the session and for elements that repeat it. An element that is in no
// session has no counts.
GstStructure *session_stats(GstGeminiLiveSession *session);
// `ref_session` returns the session of an instance, or null.
void install_action_signals(GType type, GstGeminiLiveSession *(*ref_session)(GObject *));

// What several threads look at.
struct Shared {
  Settings own;
  std::vector<Member> members; // the oldest first
  Settings frozen;             // while there is an engine
  std::shared_ptr<Engine> engine;
  // Of the conversation, also when it has ended, until another has begun.
  std::shared_ptr<Guarded<Secret>> handle = std::make_shared<Guarded<Secret>>();
  unsigned users = 0;     // of the engine
  bool held_open = false; // by the application, which is one of the users
  std::map<std::string, std::shared_ptr<AddedTool>> tools; // by name
  GstGeminiLiveState state = GST_GEMINI_LIVE_STATE_CLOSED;
  GstGeminiLiveState notified =
      GST_GEMINI_LIVE_STATE_CLOSED; // state, as the application was told last
};

} // namespace gemini_live

struct _GstGeminiLiveSession {
  GstObject parent;

  gemini_live::Guarded<gemini_live::Shared> *shared;
  std::shared_ptr<gemini_live::Strand> *strand;
};
