#include "geminilive-context.hpp"

#include <gst/gst.h>

#include <iterator>
#include <map>
#include <mutex>

namespace gemini_live {

namespace {

constexpr const char *kContextType = "gst.geminilive.session";

// Recursive, since a context that arrives while it is held may come from a handler on this thread.
std::recursive_mutex &the_lock()
{
  static auto *const lock = new std::recursive_mutex;
  return *lock;
}

struct WeakSession {
  WeakSession() { g_weak_ref_init(&ref, nullptr); }
  ~WeakSession() { g_weak_ref_clear(&ref); }
  WeakSession(const WeakSession &) = delete;
  WeakSession &operator=(const WeakSession &) = delete;
  GWeakRef ref;
};

GstGeminiLiveSession *find_named(const std::string &name)
{
  static auto *const registry = new std::map<std::string, WeakSession>;
  for (auto entry = registry->begin(); entry != registry->end();) {
    auto *session = g_weak_ref_get(&entry->second.ref);
    entry = session ? std::next(entry) : registry->erase(entry);
    if (session)
      g_object_unref(session);
  }
  auto &slot = (*registry)[name].ref;
  if (auto *session = g_weak_ref_get(&slot))
    return GST_GEMINI_LIVE_SESSION(session);
  auto *session = gst_gemini_live_session_new();
  g_weak_ref_set(&slot, session);
  return session;
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
  std::lock_guard lock(the_lock());
  if (own)
    return GST_GEMINI_LIVE_SESSION(gst_object_ref(own));
  if (!name.empty())
    return find_named(name);
  if (auto *session = session_of_context(element))
    return session;
  gst_element_post_message(element,
                           gst_message_new_need_context(GST_OBJECT(element), kContextType));
  if (auto *session = session_of_context(element))
    return session;
  auto *session = gst_gemini_live_session_new();
  announce_session(element, session);
  return session;
}

} // namespace gemini_live
