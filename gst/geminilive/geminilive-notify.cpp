// From the engine to the application: every event goes over the session's strand to the bus and to
// the signals. Nothing here runs on a loop or streaming thread, but for the passing on itself.

#include "geminilive-session-private.hpp"

#include "geminilive-enumtypes.h"
#include "geminilive-events.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live {

namespace {

using Members = std::vector<PresentMember>;

GstMessage *progress_message(GstElement *element, const std::string &state)
{
  if (state == "connecting")
    return gst_message_new_progress(GST_OBJECT(element), GST_PROGRESS_TYPE_START, "open",
                                    "Opening the session");
  return gst_message_new_progress(GST_OBJECT(element), GST_PROGRESS_TYPE_COMPLETE, "open",
                                  "The session is ready");
}

// Whether another engine has taken over, so that the state of this one is no longer the session's.
bool is_replaced(const Engine *current, const Engine &engine)
{
  return current && current != &engine;
}

void update_state(GstGeminiLiveSession *session, const Engine &engine, const std::string &nick)
{
  auto *klass = static_cast<GEnumClass *>(g_type_class_ref(GST_TYPE_GEMINI_LIVE_STATE));
  const auto *value = g_enum_get_value_by_nick(klass, nick.c_str());
  const auto state = static_cast<GstGeminiLiveState>(value->value);
  g_type_class_unref(klass);
  {
    auto shared = session->shared->lock();
    if (is_replaced(shared->engine.get(), engine))
      return;
    // What waited here while the session was closed is old, but the end itself.
    if (engine.phase() != Engine::Phase::closed || state == GST_GEMINI_LIVE_STATE_CLOSED)
      shared->state = state;
    if (std::exchange(shared->notified, state) == state)
      return;
  }
  g_object_notify(G_OBJECT(session), "state");
}

// One element of each pipeline posts the error or warning.
void post_everywhere(const Members &members, const Event &event)
{
  std::vector<GstElement *> told;
  for (const auto &[element, member] : members) {
    if (std::find(told.begin(), told.end(), element.top()) != told.end())
      continue;
    told.push_back(element.top());
    if (event.is("error"))
      gst_element_post_message(element.get(),
                               gst_message_new_progress(GST_OBJECT(element.get()),
                                                        GST_PROGRESS_TYPE_ERROR, "open",
                                                        "The session failed"));
    post_error(element.get(), event);
  }
}

void notify_application(GstGeminiLiveSession *session, const Engine &engine, const Event &event)
{
  auto members = present_members(session);
  const bool is_state = event.is("state"), is_error = event.is("error");
  const auto *current = session->shared->lock()->engine.get(); // only to be told from others
  // A failure concerns only those who still take part, once nobody joins any more.
  if (is_error && current != &engine)
    std::erase_if(members, [&](const auto &one) { return one.second.engine != &engine; });
  if (is_replaced(current, engine) && (is_state || (is_error && members.empty())))
    return;
  if (is_state)
    update_state(session, engine, event.get<std::string>("state"));
  if (event.error())
    post_everywhere(members, event);
  if (!members.empty()) {
    auto *speaker = members.front().first.get();
    const auto state = is_state ? event.get<std::string>("state") : std::string();
    if (state == "connecting" || state == "ready")
      gst_element_post_message(speaker, progress_message(speaker, state));
    if (members.front().second.posts_messages())
      gst_element_post_message(
          speaker, gst_message_new_element(GST_OBJECT(speaker), event_to_structure(event)));
  }
  emit_conversation_signals(G_OBJECT(session), event);
  for (const auto &[element, member] : members)
    if (is_audio(member.role))
      emit_conversation_signals(G_OBJECT(element.get()), event);
}

// Whatever else waits for a handler that blocks, these are told: they are few, and somebody acts on them.
bool is_essential(const Event &event)
{
  return event.error() || event.is("state") || event.is(Engine::kEnd) || event.is("tool-call") ||
         event.is("tool-result") || event.is("tool-cancelled");
}

Event overflow_warning()
{
  ErrorPtr error(g_error_new_literal(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
                                     "Return sooner from handlers of signals: 16 MiB of events "
                                     "wait for them, and the oldest are left out"));
  Event event("warning");
  event.add("message", std::string(error->message)).with_error(std::move(error));
  return event;
}

} // namespace

// Passes events on to the strand. The session may be gone by then.
Engine::Emit make_emit(GstGeminiLiveSession *session)
{
  return [weak = std::make_shared<WeakSession>(session), strand = *session->strand,
          warned = false](const std::shared_ptr<Engine> &engine, Event event) mutable {
    const auto call = event.is("tool-call") ? std::optional(event) : std::nullopt;
    const auto notification = [&](Event told) {
      return [weak, engine, event = std::move(told)] {
        if (event.is(Engine::kEnd)) {
          engine->show_end();
          return;
        }
        if (const auto held = weak->ref())
          notify_application(held.get(), *engine, event);
        if (event.is("error"))
          engine->show_failure();
      };
    };
    const auto size = size_of(event);
    if (is_essential(event))
      strand->post(notification(std::move(event)));
    else if (!strand->post_loose(notification(std::move(event)), size) &&
             !std::exchange(warned, true))
      strand->post(notification(overflow_warning()));
    // Last, so that nobody is told of the answer before the call.
    if (call)
      dispatch_call(weak, engine, *call);
  };
}

} // namespace gemini_live
