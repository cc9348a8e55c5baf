/**
 * SECTION:element-geminilivetextsink
 * @title: geminilivetextsink
 * @short_description: typed text into a conversation with a Gemini Live model
 *
 * Each message asks for an answer, and interrupts the model if it speaks.
 *
 * With caps and a segment in time (`appsrc`, subtitles) each buffer is a message. Otherwise
 * (`fdsrc`, `filesrc`) each line is one: lines end with LF, a CR before it and empty lines are
 * ignored, a line has at most 64 KiB. There the line `/quit` (`quit-command`) ends the conversation
 * at once.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 fdsrc ! geminilivetextsink geminilivetextsrc which=conversation ! fdsink
 * ]| A typed chat on the console.
 *
 * Since: 0.1
 */

#include "gstgeminilivetextsink.h"

#include "lines.hpp"

GST_DEBUG_CATEGORY_STATIC(gst_gemini_live_text_sink_debug);
#define GST_CAT_DEFAULT gst_gemini_live_text_sink_debug

namespace {

constexpr std::size_t kMaxLine = 64 * 1024;

struct State {
  std::string quit_command = "/quit"; // under the object lock

  // Streaming thread.
  bool has_caps = false;
  gemini_live::Lines lines{kMaxLine};
};

} // namespace

struct _GstGeminiLiveTextSink {
  GstGeminiLiveBaseSink parent;
  State *state;
};

enum { PROP_QUIT_COMMAND = 1 };

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("text/x-raw, format = (string) utf8"));

G_DEFINE_FINAL_TYPE(GstGeminiLiveTextSink, gst_gemini_live_text_sink,
                    GST_TYPE_GEMINI_LIVE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE(geminilivetextsink, "geminilivetextsink", GST_RANK_NONE,
                            GST_TYPE_GEMINI_LIVE_TEXT_SINK)

static GstFlowReturn send_message(GstGeminiLiveTextSink *self, const std::string &text)
{
  auto *port = gst_gemini_live_base_sink_get_port(GST_GEMINI_LIVE_BASE_SINK(self));
  GError *error = nullptr;
  GstFlowReturn flow;
  if (text.find(char{0}) == std::string::npos &&
      g_utf8_validate_len(text.data(), text.size(), nullptr))
    flow = gst_gemini_live_port_push_text(port, text.c_str(), &error);
  else {
    GST_ELEMENT_WARNING(self, STREAM, FORMAT,
                        ("Send text as UTF-8: what is none was replaced by U+FFFD."), (nullptr));
    g_autofree gchar *mended = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
    flow = gst_gemini_live_port_push_text(port, mended, &error);
  }
  if (error) {
    GST_ELEMENT_WARNING(self, RESOURCE, WRITE, ("%s", error->message), (nullptr));
    g_error_free(error);
  }
  return flow;
}

static bool is_quit_command(GstGeminiLiveTextSink *self, const std::string &line)
{
  GST_OBJECT_LOCK(self);
  const auto command = self->state->quit_command;
  GST_OBJECT_UNLOCK(self);
  return !command.empty() && line == command;
}

static GstFlowReturn send_line(GstGeminiLiveTextSink *self, const std::string &line)
{
  if (!is_quit_command(self, line))
    return send_message(self, line);
  GST_INFO_OBJECT(self, "the user ends the conversation");
  gst_gemini_live_port_close_session(
      gst_gemini_live_base_sink_get_port(GST_GEMINI_LIVE_BASE_SINK(self)));
  return GST_FLOW_EOS;
}

static void warn_of_overlong_lines(GstGeminiLiveTextSink *self)
{
  if (self->state->lines.take_overlong() > 0)
    GST_ELEMENT_WARNING(self, STREAM, FORMAT,
                        ("Send shorter lines: one of more than 64 KiB was left out."), (nullptr));
}

static GstFlowReturn send_lines(GstGeminiLiveTextSink *self)
{
  auto &lines = self->state->lines;
  auto flow = GST_FLOW_OK;
  while (flow == GST_FLOW_OK) {
    const auto line = lines.next();
    if (!line)
      break;
    flow = send_line(self, *line);
  }
  warn_of_overlong_lines(self);
  return flow;
}

static GstFlowReturn gst_gemini_live_text_sink_render(GstBaseSink *base, GstBuffer *buffer)
{
  auto *self = GST_GEMINI_LIVE_TEXT_SINK(base);
  auto *state = self->state;
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR(self, RESOURCE, READ, ("Could not read a text buffer."), (nullptr));
    return GST_FLOW_ERROR;
  }
  const std::string_view text(reinterpret_cast<const char *>(map.data), map.size);
  const bool is_message = state->has_caps && base->segment.format == GST_FORMAT_TIME;
  auto flow = GST_FLOW_OK;
  if (is_message)
    flow = text.empty() ? GST_FLOW_OK : send_message(self, std::string(text));
  else {
    state->lines.add(text);
    flow = send_lines(self);
  }
  gst_buffer_unmap(buffer, &map);
  return flow;
}

static gboolean gst_gemini_live_text_sink_set_caps(GstBaseSink *base, GstCaps *)
{
  GST_GEMINI_LIVE_TEXT_SINK(base)->state->has_caps = true;
  return TRUE;
}

static gboolean gst_gemini_live_text_sink_event(GstBaseSink *base, GstEvent *event)
{
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP)
    GST_GEMINI_LIVE_TEXT_SINK(base)->state->lines.clear();
  return GST_BASE_SINK_CLASS(gst_gemini_live_text_sink_parent_class)->event(base, event);
}

static void gst_gemini_live_text_sink_begin(GstGeminiLiveBaseSink *base)
{
  auto *state = GST_GEMINI_LIVE_TEXT_SINK(base)->state;
  state->has_caps = false;
  state->lines.clear();
}

static void gst_gemini_live_text_sink_finish(GstGeminiLiveBaseSink *base)
{
  auto *self = GST_GEMINI_LIVE_TEXT_SINK(base);
  if (const auto rest = self->state->lines.rest())
    send_line(self, *rest);
  warn_of_overlong_lines(self);
}

static void gst_gemini_live_text_sink_set_property(GObject *object, guint id, const GValue *value,
                                                   GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_TEXT_SINK(object)->state;
  if (id == PROP_QUIT_COMMAND) {
    const gchar *command = g_value_get_string(value);
    GST_OBJECT_LOCK(object);
    state->quit_command = command ? command : "";
    GST_OBJECT_UNLOCK(object);
  } else
    G_OBJECT_CLASS(gst_gemini_live_text_sink_parent_class)->set_property(object, id, value, pspec);
}

static void gst_gemini_live_text_sink_get_property(GObject *object, guint id, GValue *value,
                                                   GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_TEXT_SINK(object)->state;
  if (id == PROP_QUIT_COMMAND) {
    GST_OBJECT_LOCK(object);
    g_value_set_string(value, state->quit_command.c_str());
    GST_OBJECT_UNLOCK(object);
  } else
    G_OBJECT_CLASS(gst_gemini_live_text_sink_parent_class)->get_property(object, id, value, pspec);
}

static void gst_gemini_live_text_sink_finalize(GObject *object)
{
  delete GST_GEMINI_LIVE_TEXT_SINK(object)->state;
  G_OBJECT_CLASS(gst_gemini_live_text_sink_parent_class)->finalize(object);
}

static void gst_gemini_live_text_sink_init(GstGeminiLiveTextSink *self)
{
  self->state = new State;
}

static void gst_gemini_live_text_sink_class_init(GstGeminiLiveTextSinkClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  auto *element_class = GST_ELEMENT_CLASS(klass);
  auto *sink_class = GST_BASE_SINK_CLASS(klass);
  auto *our_class = GST_GEMINI_LIVE_BASE_SINK_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(gst_gemini_live_text_sink_debug, "geminilivetextsink", 0,
                          "Gemini Live text sink");

  object_class->set_property = gst_gemini_live_text_sink_set_property;
  object_class->get_property = gst_gemini_live_text_sink_get_property;
  object_class->finalize = gst_gemini_live_text_sink_finalize;

  g_object_class_install_property(
      object_class, PROP_QUIT_COMMAND,
      g_param_spec_string("quit-command", "Quit Command",
                          "The line that ends the conversation; empty: none does", "/quit",
                          static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING |
                                                   G_PARAM_STATIC_STRINGS)));
  gst_gemini_live_base_sink_class_set_role(our_class, GST_GEMINI_LIVE_ROLE_TEXT_SINK);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(element_class, "Gemini Live text sink", "Sink/Text/Network",
                                        "Sends typed text to a Gemini Live model",
                                        "The gst-gemini-live developers");

  sink_class->set_caps = gst_gemini_live_text_sink_set_caps;
  sink_class->render = gst_gemini_live_text_sink_render;
  sink_class->event = gst_gemini_live_text_sink_event;
  our_class->begin = gst_gemini_live_text_sink_begin;
  our_class->finish = gst_gemini_live_text_sink_finish;
}
