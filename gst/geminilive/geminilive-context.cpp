#include "geminilive-context.hpp"

#include "geminilive-session-private.hpp"

#include <gst/gst.h>

#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace gemini_live {

namespace {

using SessionPtr = ObjectPtr<GstGeminiLiveSession>;

constexpr const char *kContextType = "gst.geminilive.session";

std::mutex &the_lock()
{
  static auto *const lock = new std::mutex;
  return *lock;
}

// The one that is there, else a new one. Under the lock.
SessionPtr session_in(std::unique_ptr<WeakSession> &place)
{
  SessionPtr session(place ? place->ref() : nullptr);
  if (!session) {
    session.reset(gst_gemini_live_session_new());
    place = std::make_unique<WeakSession>(session.get());
  }
  return session;
}

SessionPtr find_named(const std::string &name)
{
  static auto *const registry = new std::map<std::string, std::unique_ptr<WeakSession>>;
  std::vector<SessionPtr> others; // go after the lock: the last reference may be among them
  std::lock_guard lock(the_lock());
  std::erase_if(*registry, [&](const auto &entry) {
    others.push_back(entry.second->ref());
    return !others.back();
  });
  return session_in((*registry)[name]);
}

// That of the pipeline, or of the element where it is in none.
SessionPtr session_of_top(GstElement *element)
{
  static const GQuark quark = g_quark_from_static_string("gst-gemini-live-pipeline-session");
  using Place = std::unique_ptr<WeakSession>;
  const KeptElement kept(element);
  auto *top = G_OBJECT(kept.top());
  std::lock_guard lock(the_lock());
  auto *place = static_cast<Place *>(g_object_get_qdata(top, quark));
  if (!place) {
    place = new Place;
    g_object_set_qdata_full(top, quark, place,
                            [](gpointer data) { delete static_cast<Place *>(data); });
  }
  return session_in(*place);
}

GstGeminiLiveSession *session_of_context(GstElement *element)
{
  GstContext *context = gst_element_get_context(element, kContextType);
  if (!context)
    return nullptr;
  GstGeminiLiveSession *session = nullptr;
  gst_structure_get(gst_context_get_structure(context), "session", GST_TYPE_GEMINI_LIVE_SESSION,
                    &session, nullptr);
  gst_context_unref(context);
  return session;
}

} // namespace

void announce_session(GstElement *element, GstGeminiLiveSession *session)
{
  GstContext *context = gst_context_new(kContextType, FALSE);
  gst_structure_set(gst_context_writable_structure(context), "session",
                    GST_TYPE_GEMINI_LIVE_SESSION, session, nullptr);
  gst_element_set_context(element, context);
  gst_element_post_message(element, gst_message_new_have_context(GST_OBJECT(element), context));
}

GstGeminiLiveSession *find_session(GstElement *element, GstGeminiLiveSession *own,
                                   const std::string &name)
{
  if (own)
    return GST_GEMINI_LIVE_SESSION(gst_object_ref(own));
  if (!name.empty())
    return find_named(name).release();
  if (auto *session = session_of_context(element))
    return session;
  gst_element_post_message(element,
                           gst_message_new_need_context(GST_OBJECT(element), kContextType));
  if (auto *session = session_of_context(element))
    return session;
  auto session = session_of_top(element);
  announce_session(element, session.get());
  return session.release();
}

} // namespace gemini_live
