#include "geminilive-events.hpp"

#include <string_view>

namespace gemini_live {

namespace {

GValue to_value(const FieldValue &field)
{
  GValue value = G_VALUE_INIT;
  if (const auto *truth = std::get_if<bool>(&field)) {
    g_value_init(&value, G_TYPE_BOOLEAN);
    g_value_set_boolean(&value, *truth);
  } else if (const auto *integer = std::get_if<std::int64_t>(&field)) {
    g_value_init(&value, G_TYPE_INT64);
    g_value_set_int64(&value, *integer);
  } else if (const auto *number = std::get_if<std::uint64_t>(&field)) {
    g_value_init(&value, G_TYPE_UINT64);
    g_value_set_uint64(&value, *number);
  } else {
    const auto *json = std::get_if<JsonText>(&field);
    g_value_init(&value, G_TYPE_STRING);
    g_value_set_string(&value, json ? json->text.c_str() : std::get<std::string>(field).c_str());
  }
  return value;
}

} // namespace

void install_conversation_signals(GType type)
{
  const auto flags = G_SIGNAL_RUN_LAST;
  /**
   * GstGeminiLiveSession::transcript:
   * @session: the session
   * @direction: `input` for the user's speech, `output` for the model's
   * @text: a new piece, or the whole of a finished utterance
   * @final: whether @text is the whole
   *
   * Words were recognised or spoken. Emitted on a worker thread.
   *
   * Since: 0.1
   */
  g_signal_new("transcript", type, flags, 0, nullptr, nullptr, nullptr, G_TYPE_NONE, 3,
               G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
  /**
   * GstGeminiLiveSession::tool-call:
   * @session: the session
   * @id: the id of the call
   * @name: the name of the function
   * @args_json: the arguments, JSON text of an object
   *
   * The model calls a function. Emitted on a worker thread of its own, on the session first, then on
   * the audio source, then on the audio sink, until a handler takes the call. The detail is the name
   * of the function: `tool-call::get_weather`.
   *
   * Returns: %TRUE to take it: it is answered with `send-tool-response` or `fail-tool-call`, now or
   *     later and from any thread
   *
   * Since: 0.1
   */
  g_signal_new("tool-call", type, static_cast<GSignalFlags>(flags | G_SIGNAL_DETAILED), 0,
               g_signal_accumulator_true_handled, nullptr, nullptr, G_TYPE_BOOLEAN, 3,
               G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  /**
   * GstGeminiLiveSession::tool-cancelled:
   * @session: the session
   * @id: the id of the call
   * @name: the name of the function
   *
   * The answer to a call is not wanted any more. Emitted on a worker thread.
   *
   * Since: 0.1
   */
  g_signal_new("tool-cancelled", type, flags, 0, nullptr, nullptr, nullptr, G_TYPE_NONE, 2,
               G_TYPE_STRING, G_TYPE_STRING);
  /**
   * GstGeminiLiveSession::interrupted:
   * @session: the session
   * @heard: how much of the turn had been heard, in nanoseconds
   *
   * The user interrupted the model; its audio has stopped. Emitted on a worker thread.
   *
   * Since: 0.1
   */
  g_signal_new("interrupted", type, flags, 0, nullptr, nullptr, nullptr, G_TYPE_NONE, 1,
               G_TYPE_UINT64);
  /**
   * GstGeminiLiveSession::turn-complete:
   * @session: the session
   * @turn: the number of the turn, from 1
   * @reason: the service's reason, mostly empty
   *
   * The model's turn is over. Emitted on a worker thread.
   *
   * Since: 0.1
   */
  g_signal_new("turn-complete", type, flags, 0, nullptr, nullptr, nullptr, G_TYPE_NONE, 2,
               G_TYPE_UINT64, G_TYPE_STRING);
  /**
   * GstGeminiLiveSession::event:
   * @session: the session
   * @json: the event as a JSON object
   *
   * Something happened: `{"event": NAME, …}` with the fields of the element message
   * `geminilive/NAME`. Emitted on a worker thread.
   *
   * Since: 0.1
   */
  g_signal_new("event", type, flags, 0, nullptr, nullptr, nullptr, G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * GstGeminiLiveSession::error:
   * @session: the session
   * @error: what happened and what to do
   *
   * The session failed. In a pipeline the same error is on the bus. Emitted on a worker thread.
   *
   * Since: 0.1
   */
  g_signal_new("error", type, flags, 0, nullptr, nullptr, nullptr, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

void emit_conversation_signals(GObject *object, const Event &event)
{
  const std::string_view name = event.name();
  if (name == "transcript" && !event.get<bool>("interim"))
    g_signal_emit_by_name(object, "transcript", event.get<std::string>("direction").c_str(),
                          event.get<std::string>("text").c_str(),
                          gboolean{event.get<bool>("final")});
  else if (name == "interrupted")
    g_signal_emit_by_name(object, "interrupted", guint64{event.get<std::uint64_t>("heard")});
  else if (name == "turn-complete")
    g_signal_emit_by_name(object, "turn-complete", guint64{event.get<std::uint64_t>("turn")},
                          event.get<std::string>("reason").c_str());
  else if (name == "tool-cancelled")
    g_signal_emit_by_name(object, "tool-cancelled", event.get<std::string>("id").c_str(),
                          event.get<std::string>("name").c_str());
  else if (name == "error")
    g_signal_emit_by_name(object, "error", event.error());
  const auto id = g_signal_lookup("event", G_OBJECT_TYPE(object));
  if (g_signal_has_handler_pending(object, id, 0, FALSE))
    g_signal_emit(object, id, 0, event_to_json(event).c_str());
}

bool emit_tool_call(GObject *object, const std::string &id, const std::string &name,
                    const std::string &args)
{
  gboolean taken = FALSE;
  g_signal_emit(object, g_signal_lookup("tool-call", G_OBJECT_TYPE(object)),
                g_quark_try_string(name.c_str()), id.c_str(), name.c_str(), args.c_str(), &taken);
  return taken;
}

GstStructure *event_to_structure(const Event &event)
{
  const auto name = std::string("geminilive/") + event.name();
  GstStructure *structure = gst_structure_new_empty(name.c_str());
  for (const auto &field : event.fields()) {
    if (field.secret)
      continue;
    GValue value = to_value(field.value);
    gst_structure_take_value(structure, field.name, &value);
  }
  return structure;
}

void post_error(GstElement *element, const Event &event)
{
  GstStructure *details = event_to_structure(event);
  gst_structure_remove_field(details, "message");
  const auto type = event.is("error") ? GST_MESSAGE_ERROR : GST_MESSAGE_WARNING;
  gst_element_message_full_with_details(element, type, event.error()->domain, event.error()->code,
                                        g_strdup(event.error()->message), nullptr, __FILE__,
                                        GST_FUNCTION, __LINE__, details);
}

void post_error(GstElement *element, const GError *error)
{
  gst_element_message_full(element, GST_MESSAGE_ERROR, error->domain, error->code,
                           g_strdup(error->message), nullptr, __FILE__, GST_FUNCTION, __LINE__);
}

} // namespace gemini_live
