/**
 * SECTION:element-geminiliveeventsink
 * @title: geminiliveeventsink
 * @short_description: commands for a conversation with a Gemini Live model, as JSON
 *
 * Each line is one command, a JSON object with one key; `docs/commands.md` lists them. Lines end with
 * LF, empty ones are ignored, one has at most 1 MiB; how they are cut into buffers does not matter, and
 * upstream needs no caps. A line that is no command is a warning on the bus that quotes the beginning
 * of it, and the rest goes on.
 *
 * EOS is the end of this input, as it is of audio and text.
 *
 * ## Example launch line
 * |[
 * echo '{"text":"Good morning."}' | gst-launch-1.0 -q fdsrc ! geminiliveeventsink geminiliveeventsrc ! fdsink
 * ]| Says something to the model and prints what happens until the answer is over.
 *
 * Since: 0.1
 */

#include "gstgeminiliveeventsink.h"

#include "lines.hpp"

GST_DEBUG_CATEGORY_STATIC(gst_gemini_live_event_sink_debug);
#define GST_CAT_DEFAULT gst_gemini_live_event_sink_debug

namespace {

// Content may hold a picture.
constexpr std::size_t kMaxLine = 1024 * 1024;

struct State {
  gemini_live::Lines lines{kMaxLine}; // streaming thread
};

} // namespace

struct _GstGeminiLiveEventSink {
  GstGeminiLiveBaseSink parent;
  State *state;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("application/x-json-lines"));

G_DEFINE_FINAL_TYPE(GstGeminiLiveEventSink, gst_gemini_live_event_sink,
                    GST_TYPE_GEMINI_LIVE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE(geminiliveeventsink, "geminiliveeventsink", GST_RANK_NONE,
                            GST_TYPE_GEMINI_LIVE_EVENT_SINK)

static GstFlowReturn run_line(GstGeminiLiveEventSink *self, const std::string &line)
{
  g_autoptr(GError) error = nullptr;
  const auto flow = gst_gemini_live_port_push_command(
      gst_gemini_live_base_sink_get_port(GST_GEMINI_LIVE_BASE_SINK(self)), line.data(), line.size(),
      &error);
  if (error)
    gst_element_message_full(GST_ELEMENT(self), GST_MESSAGE_WARNING, error->domain, error->code,
                             g_strdup(error->message), nullptr, __FILE__, GST_FUNCTION, __LINE__);
  return flow;
}

static void warn_of_overlong_lines(GstGeminiLiveEventSink *self)
{
  if (self->state->lines.take_overlong() > 0)
    GST_ELEMENT_WARNING(self, STREAM, FORMAT,
                        ("Send shorter commands: one of more than 1 MiB was left out."), (nullptr));
}

static GstFlowReturn gst_gemini_live_event_sink_render(GstBaseSink *base, GstBuffer *buffer)
{
  auto *self = GST_GEMINI_LIVE_EVENT_SINK(base);
  auto &lines = self->state->lines;
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR(self, RESOURCE, READ, ("Could not read a buffer of commands."), (nullptr));
    return GST_FLOW_ERROR;
  }
  lines.add({reinterpret_cast<const char *>(map.data), map.size});
  gst_buffer_unmap(buffer, &map);
  auto flow = GST_FLOW_OK;
  while (flow == GST_FLOW_OK) {
    const auto line = lines.next();
    if (!line)
      break;
    flow = run_line(self, *line);
  }
  warn_of_overlong_lines(self);
  return flow;
}

static gboolean gst_gemini_live_event_sink_event(GstBaseSink *base, GstEvent *event)
{
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP)
    GST_GEMINI_LIVE_EVENT_SINK(base)->state->lines.clear();
  return GST_BASE_SINK_CLASS(gst_gemini_live_event_sink_parent_class)->event(base, event);
}

static void gst_gemini_live_event_sink_begin(GstGeminiLiveBaseSink *base)
{
  GST_GEMINI_LIVE_EVENT_SINK(base)->state->lines.clear();
}

static void gst_gemini_live_event_sink_finish(GstGeminiLiveBaseSink *base)
{
  auto *self = GST_GEMINI_LIVE_EVENT_SINK(base);
  if (const auto rest = self->state->lines.rest())
    run_line(self, *rest);
  warn_of_overlong_lines(self);
}

static void gst_gemini_live_event_sink_finalize(GObject *object)
{
  delete GST_GEMINI_LIVE_EVENT_SINK(object)->state;
  G_OBJECT_CLASS(gst_gemini_live_event_sink_parent_class)->finalize(object);
}

static void gst_gemini_live_event_sink_init(GstGeminiLiveEventSink *self)
{
  self->state = new State;
}

static void gst_gemini_live_event_sink_class_init(GstGeminiLiveEventSinkClass *klass)
{
  auto *element_class = GST_ELEMENT_CLASS(klass);
  auto *sink_class = GST_BASE_SINK_CLASS(klass);
  auto *our_class = GST_GEMINI_LIVE_BASE_SINK_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(gst_gemini_live_event_sink_debug, "geminiliveeventsink", 0,
                          "Gemini Live event sink");

  G_OBJECT_CLASS(klass)->finalize = gst_gemini_live_event_sink_finalize;
  gst_gemini_live_base_sink_class_set_role(our_class, GST_GEMINI_LIVE_ROLE_EVENT_SINK);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(
      element_class, "Gemini Live event sink", "Sink/Metadata/Network",
      "Takes commands for a Gemini Live conversation as JSON", "The gst-gemini-live developers");

  sink_class->render = gst_gemini_live_event_sink_render;
  sink_class->event = gst_gemini_live_event_sink_event;
  our_class->begin = gst_gemini_live_event_sink_begin;
  our_class->finish = gst_gemini_live_event_sink_finish;
}
