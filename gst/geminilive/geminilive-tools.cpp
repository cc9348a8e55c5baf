// Functions that the application answers: how they are declared, offered and answered.

#include "geminilive-session-private.hpp"

#include "base/json.hpp"
#include "base/workers.hpp"
#include "engine/config.hpp"
#include "geminilive-enumtypes.h"
#include "geminilive-events.hpp"
#include "wire/setup.hpp"

#include <algorithm>

namespace gemini_live {

namespace {

struct Call {
  std::string id, name, args;
};

// The session first, then the audio source, then the audio sink, until one takes it.
bool offer(GstGeminiLiveSession *session, const Call &call)
{
  if (emit_tool_call(G_OBJECT(session), call.id, call.name, call.args))
    return true;
  const auto members = present_members(session);
  return std::any_of(members.begin(), members.end(), [&](const auto &present) {
    const auto &[element, member] = present;
    return is_audio(member.role) &&
           emit_tool_call(G_OBJECT(element.get()), call.id, call.name, call.args);
  });
}

// What is none can neither be sent nor posted.
std::string utf8_of(const char *text)
{
  const CharPtr valid(g_utf8_make_valid(text, -1));
  return valid.get();
}

void run_tool(GstGeminiLiveSession *session, Engine &engine, const AddedTool &tool,
              const Call &call)
{
  GError *error = nullptr;
  const CharPtr response(
      tool.callback(session, call.id.c_str(), call.args.c_str(), tool.data.get(), &error));
  const ErrorPtr owned(error);
  if (response && !error)
    engine.settle_call(call.id, tool_response(utf8_of(response.get())));
  else
    engine.fail_call(call.id, error ? utf8_of(error->message) : "the function gave no answer",
                     nullptr);
}

// One that can still answer.
bool has_script(GstGeminiLiveSession *session)
{
  const auto members = present_members(session);
  return std::any_of(members.begin(), members.end(), [](const auto &present) {
    const auto &member = present.second;
    return member.role == GST_GEMINI_LIVE_ROLE_EVENT_SINK && !member.has_ended();
  });
}

std::shared_ptr<AddedTool> tool_of(GstGeminiLiveSession *session, const std::string &name)
{
  auto shared = session->shared->lock();
  const auto found = shared->tools.find(name);
  return found == shared->tools.end() ? nullptr : found->second;
}

void dispatch(GstGeminiLiveSession *session, Engine &engine, const Call &call)
{
  // It may have waited for a worker until it was over.
  if (!engine.is_pending(call.id))
    return;
  // A handler may have answered without saying that it takes the call.
  if (offer(session, call) || !engine.is_pending(call.id))
    return;
  if (const auto tool = tool_of(session, call.name))
    run_tool(session, engine, *tool, call);
  else if (!engine.tools().program.empty())
    engine.run_program(call.id);
  else if (!has_script(session) && !engine.tools().waits_untaken)
    engine.fail_call(call.id, "nobody here answers calls of " + call.name, nullptr);
}

// The declarations that were added, and one more.
std::string list_of(const Shared &shared, const std::string &declaration = {})
{
  std::string all = declaration;
  for (const auto &[name, tool] : shared.tools)
    all += (all.empty() ? "" : ",") + tool->declaration;
  return all.empty() ? all : "[" + all + "]";
}

// Of the declaration of one function.
std::string name_of(const char *declaration, GError **error)
{
  const JsonDocument document(declaration);
  const auto name = document.root()["name"].text();
  if (name && !name->empty())
    return std::string(*name);
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Declare a function as {\"name\":…,\"description\":…,\"parameters\":…}: %s",
              document.is_valid() ? "it has no name" : document.error().c_str());
  return {};
}

} // namespace

// Each call on a worker of its own, so that a slow handler delays no other.
void dispatch_call(const std::shared_ptr<WeakSession> &weak, std::shared_ptr<Engine> engine,
                   const Event &event)
{
  Call call{event.get<std::string>("id"), event.get<std::string>("name"),
            event.get<JsonText>("args").text};
  run_call([weak, engine = std::move(engine), call = std::move(call)] {
    if (const auto session = weak->ref())
      dispatch(session.get(), *engine, call);
  });
}

std::string added_tools(GstGeminiLiveSession *session)
{
  return list_of(*session->shared->lock());
}

} // namespace gemini_live

using namespace gemini_live;

/**
 * gst_gemini_live_session_add_tool:
 * @session: a session that is not open
 * @declaration_json: JSON text of a function declaration, as in the setting `tools`
 * @callback: (scope notified) (closure user_data): answers the calls
 * @user_data: for @callback
 * @notify: (nullable) (destroy user_data): frees @user_data
 * @error: return location for an error, or %NULL
 *
 * Declares a function and answers its calls. It lasts as long as the session, over all its
 * conversations. The callback is called on a worker thread, for
 * several calls at once if the model makes them; where a handler of the signal `tool-call` takes a call,
 * it is not called. A function whose answers come later is declared in the setting `tools` instead, and
 * a handler of that signal takes its calls.
 *
 * Returns: %FALSE if @declaration_json is none, its function was declared already, or the session is
 *     open (#GST_RESOURCE_ERROR); then nothing is declared and @notify has been called
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_add_tool(GstGeminiLiveSession *session,
                                          const gchar *declaration_json,
                                          GstGeminiLiveToolFunc callback, gpointer user_data,
                                          GDestroyNotify notify, GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  g_return_val_if_fail(declaration_json != nullptr && callback != nullptr, FALSE);
  auto tool = std::make_shared<AddedTool>(AddedTool{.declaration = declaration_json,
                                                    .callback = callback,
                                                    .data = {user_data, [notify](gpointer data) {
                                                               if (notify)
                                                                 notify(data);
                                                             }}});
  const auto name = name_of(declaration_json, error);
  if (name.empty())
    return FALSE;
  // What is wrong with the settings is told when the session opens.
  const auto settings =
      with_files(collect_settings(session, nullptr).value_or(Settings()), nullptr);
  {
    auto shared = session->shared->lock();
    if (!shared->engine || !shared->engine->is_alive()) {
      if (!can_add_tools(settings.value_or(Settings()), list_of(*shared, tool->declaration), error))
        return FALSE;
      shared->tools[name] = tool;
      return TRUE;
    }
  }
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY,
              "Add %s before the session opens, or declare it with update_context() and connect to "
              "tool-call",
              name.c_str());
  return FALSE;
}

/**
 * gst_gemini_live_session_send_tool_response:
 * @session: a session
 * @id: the id of a call
 * @response_json: (nullable): the answer; a JSON object is sent as it is, anything else as
 *     `{"output": …}`, and nothing as a word that it is done
 * @error: return location for an error, or %NULL
 *
 * Answers a call of the model. An object of nothing but `response` and `parts` holds media for the
 * model in `parts`, such as `[{"inlineData":{"mimeType":"image/jpeg","data":BASE64}}]`.
 *
 * Returns: %FALSE if there is no such call, it was answered or cancelled already, its `parts` cannot be
 *     sent, or 16 MiB wait unsent (#GST_RESOURCE_ERROR); then nothing is sent
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_send_tool_response(GstGeminiLiveSession *session, const gchar *id,
                                                    const gchar *response_json, GError **error)
{
  return gst_gemini_live_session_send_tool_response_full(
      session, id, response_json, GST_GEMINI_LIVE_SCHEDULING_DEFAULT, FALSE, error);
}

/**
 * gst_gemini_live_session_send_tool_response_full:
 * @session: a session
 * @id: the id of a call
 * @response_json: (nullable): the answer, as for gst_gemini_live_session_send_tool_response()
 * @scheduling: what the model does with it
 * @will_continue: whether more answers to the same call follow
 * @error: return location for an error, or %NULL
 *
 * Answers a call of the model that did not wait for it.
 *
 * Returns: %FALSE as gst_gemini_live_session_send_tool_response() does, and if the model refuses
 *     @scheduling or @will_continue; then nothing is sent
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_send_tool_response_full(GstGeminiLiveSession *session,
                                                         const gchar *id,
                                                         const gchar *response_json,
                                                         GstGeminiLiveScheduling scheduling,
                                                         gboolean will_continue, GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  g_return_val_if_fail(id != nullptr, FALSE);
  const auto engine = engine_to_send_with(session, error);
  if (!engine || (response_json && !is_utf8(response_json, error)))
    return FALSE;
  auto response = tool_response(response_json ? response_json : "");
  response.scheduling = static_cast<Scheduling>(scheduling);
  response.will_continue = will_continue;
  return engine->answer_call(id, std::move(response), error);
}

/**
 * gst_gemini_live_session_fail_tool_call:
 * @session: a session
 * @id: the id of a call
 * @message: what went wrong, for the model to speak of
 * @error: return location for an error, or %NULL
 *
 * Answers a call of the model with `{"error": message}`.
 *
 * Returns: %FALSE as gst_gemini_live_session_send_tool_response() does
 *
 * Since: 0.1
 */
gboolean gst_gemini_live_session_fail_tool_call(GstGeminiLiveSession *session, const gchar *id,
                                                const gchar *message, GError **error)
{
  g_return_val_if_fail(GST_IS_GEMINI_LIVE_SESSION(session), FALSE);
  g_return_val_if_fail(id != nullptr && message != nullptr, FALSE);
  const auto engine = engine_to_send_with(session, error);
  return engine && is_utf8(message, error) && engine->fail_call(id, message, error);
}
