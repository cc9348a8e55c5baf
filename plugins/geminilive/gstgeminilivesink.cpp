/**
 * SECTION:element-geminilivesink
 * @title: geminilivesink
 * @short_description: the user's voice into a conversation with a Gemini Live model
 *
 * Sends 16 kHz mono audio to the session that it shares with the other `geminilive` elements of the
 * pipeline. Audio that comes before the service has accepted the session is kept (at most
 * `max-offline-audio`) and follows in its order.
 *
 * A live input is sent as it comes, without the pipeline's latency; when the line does not take it,
 * the oldest audio is dropped, with one QoS message each time that begins. Any other input is paced
 * by its timestamps, and upstream waits.
 *
 * The service finds out when the user has spoken, unless `turn-detection` is `manual` or `local`. With
 * `local` the session does, and sends speech alone.
 *
 * What comes while `mute` is set is let go, and so is, with `mute-while-speaking`, what comes while the
 * model is heard, by the latency of the pipeline of `geminilivesrc`, and `tail-mute` longer. To the
 * service that is a pause; with `turn-detection` `manual` the activity stays open.
 *
 * At EOS the rest is sent and the service is told that no more comes. In a session that no source
 * listens to, the EOS message waits for the end of the conversation.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=question.wav ! wavparse ! audioconvert ! audioresample ! geminilivesink \
 *     geminilivesrc ! audioconvert ! wavenc ! filesink location=answer.wav
 * ]| Asks a recorded question and records the answer.
 *
 * Since: 0.1
 */

#include "gstgeminilivesink.h"

#include <gst/geminilive/geminilive.h>

GST_DEBUG_CATEGORY_STATIC(gst_gemini_live_sink_debug);
#define GST_CAT_DEFAULT gst_gemini_live_sink_debug

namespace {

constexpr GstClockTime kMaxBuffered = 500 * GST_MSECOND;
constexpr GstClockTime kChunkDuration = 20 * GST_MSECOND;
constexpr GstClockTime kTailMute = 200 * GST_MSECOND;

struct State {
  // Under the object lock.
  GstClockTime max_buffered = kMaxBuffered;
  GstClockTime chunk_duration = kChunkDuration;
  GstGeminiLiveLeakyType leaky = GST_GEMINI_LIVE_LEAKY_TYPE_AUTO;

  bool mute = false;
  bool mute_while_speaking = false;
  GstClockTime tail_mute = kTailMute;

  // Asked once and again when something upstream may have changed; an atomic int of Live.
  gint live = 0;
  guint64 dropped = 0; // ns, streaming thread
  bool muted = false;  // likewise
};

enum Live { LIVE_UNKNOWN, LIVE_NO, LIVE_YES };

} // namespace

struct _GstGeminiLiveSink {
  GstGeminiLiveBaseSink parent;
  State *state;
};

enum {
  PROP_MAX_BUFFERED = 1,
  PROP_CHUNK_DURATION,
  PROP_LEAKY_TYPE,
  PROP_MUTE,
  PROP_MUTE_WHILE_SPEAKING,
  PROP_TAIL_MUTE
};

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS("audio/x-raw, format = (string) S16LE, "
                                            "rate = (int) 16000, channels = (int) 1, "
                                            "layout = (string) interleaved"));

G_DEFINE_FINAL_TYPE(GstGeminiLiveSink, gst_gemini_live_sink, GST_TYPE_GEMINI_LIVE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE(geminilivesink, "geminilivesink", GST_RANK_NONE,
                            GST_TYPE_GEMINI_LIVE_SINK)

static bool is_live(GstGeminiLiveSink *self)
{
  gint known = g_atomic_int_get(&self->state->live);
  if (known == LIVE_UNKNOWN) {
    GstQuery *query = gst_query_new_latency();
    gboolean live = FALSE;
    if (gst_pad_peer_query(GST_BASE_SINK_PAD(self), query))
      gst_query_parse_latency(query, &live, nullptr, nullptr);
    gst_query_unref(query);
    known = live ? LIVE_YES : LIVE_NO;
    g_atomic_int_set(&self->state->live, known);
    GST_DEBUG_OBJECT(self, "upstream is %slive", live ? "" : "not ");
  }
  return known == LIVE_YES;
}

// A microphone must not wait for the latency of the speaker's branch; a file must be paced.
static void gst_gemini_live_sink_get_times(GstBaseSink *base, GstBuffer *buffer,
                                           GstClockTime *start, GstClockTime *end)
{
  if (is_live(GST_GEMINI_LIVE_SINK(base)))
    *start = *end = GST_CLOCK_TIME_NONE;
  else
    GST_BASE_SINK_CLASS(gst_gemini_live_sink_parent_class)->get_times(base, buffer, start, end);
}

static GstGeminiLiveLeakyType get_leaky(GstGeminiLiveSink *self)
{
  GST_OBJECT_LOCK(self);
  const auto leaky = self->state->leaky;
  GST_OBJECT_UNLOCK(self);
  if (leaky != GST_GEMINI_LIVE_LEAKY_TYPE_AUTO)
    return leaky;
  return is_live(self) ? GST_GEMINI_LIVE_LEAKY_TYPE_DOWNSTREAM : GST_GEMINI_LIVE_LEAKY_TYPE_NONE;
}

static void post_qos(GstGeminiLiveSink *self, GstBuffer *buffer, GstClockTime duration)
{
  const auto *segment = &GST_BASE_SINK(self)->segment;
  const auto pts = GST_BUFFER_PTS(buffer);
  GST_WARNING_OBJECT(self, "the line is slow, dropping %" GST_TIME_FORMAT, GST_TIME_ARGS(duration));
  auto *message = gst_message_new_qos(
      GST_OBJECT(self), TRUE, gst_segment_to_running_time(segment, GST_FORMAT_TIME, pts),
      gst_segment_to_stream_time(segment, GST_FORMAT_TIME, pts), pts, duration);
  gst_message_set_qos_stats(message, GST_FORMAT_TIME, GST_CLOCK_TIME_NONE, self->state->dropped);
  gst_element_post_message(GST_ELEMENT(self), message);
}

static bool is_muted(GstGeminiLiveSink *self, GstGeminiLivePort *port)
{
  auto *state = self->state;
  GST_OBJECT_LOCK(self);
  const bool mute = state->mute, while_speaking = state->mute_while_speaking;
  const auto tail = state->tail_mute;
  GST_OBJECT_UNLOCK(self);
  const bool muted = mute || (while_speaking && gst_gemini_live_port_is_model_heard(port, tail));
  if (muted != state->muted)
    GST_DEBUG_OBJECT(self, muted ? "muted" : "heard again");
  return state->muted = muted;
}

static GstFlowReturn gst_gemini_live_sink_render(GstBaseSink *base, GstBuffer *buffer)
{
  auto *self = GST_GEMINI_LIVE_SINK(base);
  auto *our_base = GST_GEMINI_LIVE_BASE_SINK(self);
  auto *port = gst_gemini_live_base_sink_get_port(our_base);
  if (is_muted(self, port))
    return gst_gemini_live_port_skip_audio(port);
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR(self, RESOURCE, READ, ("Could not read an audio buffer."), (nullptr));
    return GST_FLOW_ERROR;
  }
  struct Push {
    GstGeminiLivePort *port;
    const GstMapInfo &map;
    GstGeminiLiveLeakyType leaky;
    GstGeminiLivePushReport report;
  };
  Push push{port, map, get_leaky(self), {}};
  // A wait for room ends when the pipeline pauses, and goes on when it plays again.
  const auto flow = gst_gemini_live_base_sink_while_playing(
      our_base,
      [](gpointer data) {
        auto *it = static_cast<Push *>(data);
        return gst_gemini_live_port_push_audio(it->port, it->map.data, it->map.size, it->leaky,
                                               &it->report);
      },
      &push);
  gst_buffer_unmap(buffer, &map);
  if (flow == GST_FLOW_OK) {
    self->state->dropped += push.report.dropped;
    if (push.report.first)
      post_qos(self, buffer, push.report.dropped);
  }
  return flow;
}

static gboolean gst_gemini_live_sink_event(GstBaseSink *base, GstEvent *event)
{
  if (GST_EVENT_TYPE(event) == GST_EVENT_STREAM_START || GST_EVENT_TYPE(event) == GST_EVENT_CAPS)
    g_atomic_int_set(&GST_GEMINI_LIVE_SINK(base)->state->live, LIVE_UNKNOWN);
  return GST_BASE_SINK_CLASS(gst_gemini_live_sink_parent_class)->event(base, event);
}

// The pipeline's latency is set anew when an element became live.
static gboolean gst_gemini_live_sink_send_event(GstElement *element, GstEvent *event)
{
  if (GST_EVENT_TYPE(event) == GST_EVENT_LATENCY)
    g_atomic_int_set(&GST_GEMINI_LIVE_SINK(element)->state->live, LIVE_UNKNOWN);
  return GST_ELEMENT_CLASS(gst_gemini_live_sink_parent_class)->send_event(element, event);
}

static void gst_gemini_live_sink_begin(GstGeminiLiveBaseSink *base)
{
  auto *state = GST_GEMINI_LIVE_SINK(base)->state;
  GST_OBJECT_LOCK(base);
  const auto chunk = state->chunk_duration;
  const auto most = state->max_buffered;
  GST_OBJECT_UNLOCK(base);
  gst_gemini_live_port_set_bounds(gst_gemini_live_base_sink_get_port(base), chunk, most);
  g_atomic_int_set(&state->live, LIVE_UNKNOWN);
  state->dropped = 0;
  state->muted = false;
}

static void gst_gemini_live_sink_set_property(GObject *object, guint id, const GValue *value,
                                              GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_SINK(object)->state;
  if (id >= GST_GEMINI_LIVE_PORT_FIRST_ID) {
    G_OBJECT_CLASS(gst_gemini_live_sink_parent_class)->set_property(object, id, value, pspec);
    return;
  }
  GST_OBJECT_LOCK(object);
  switch (id) {
  case PROP_MAX_BUFFERED:
    state->max_buffered = g_value_get_uint64(value);
    break;
  case PROP_CHUNK_DURATION:
    state->chunk_duration = g_value_get_uint64(value);
    break;
  case PROP_LEAKY_TYPE:
    state->leaky = static_cast<GstGeminiLiveLeakyType>(g_value_get_enum(value));
    break;
  case PROP_MUTE:
    state->mute = g_value_get_boolean(value);
    break;
  case PROP_MUTE_WHILE_SPEAKING:
    state->mute_while_speaking = g_value_get_boolean(value);
    break;
  case PROP_TAIL_MUTE:
    state->tail_mute = g_value_get_uint64(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK(object);
}

static void gst_gemini_live_sink_get_property(GObject *object, guint id, GValue *value,
                                              GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_SINK(object)->state;
  if (id >= GST_GEMINI_LIVE_PORT_FIRST_ID) {
    G_OBJECT_CLASS(gst_gemini_live_sink_parent_class)->get_property(object, id, value, pspec);
    return;
  }
  GST_OBJECT_LOCK(object);
  switch (id) {
  case PROP_MAX_BUFFERED:
    g_value_set_uint64(value, state->max_buffered);
    break;
  case PROP_CHUNK_DURATION:
    g_value_set_uint64(value, state->chunk_duration);
    break;
  case PROP_LEAKY_TYPE:
    g_value_set_enum(value, state->leaky);
    break;
  case PROP_MUTE:
    g_value_set_boolean(value, state->mute);
    break;
  case PROP_MUTE_WHILE_SPEAKING:
    g_value_set_boolean(value, state->mute_while_speaking);
    break;
  case PROP_TAIL_MUTE:
    g_value_set_uint64(value, state->tail_mute);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK(object);
}

static void gst_gemini_live_sink_finalize(GObject *object)
{
  delete GST_GEMINI_LIVE_SINK(object)->state;
  G_OBJECT_CLASS(gst_gemini_live_sink_parent_class)->finalize(object);
}

static void gst_gemini_live_sink_init(GstGeminiLiveSink *self)
{
  self->state = new State;
}

static void gst_gemini_live_sink_class_init(GstGeminiLiveSinkClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  auto *element_class = GST_ELEMENT_CLASS(klass);
  auto *sink_class = GST_BASE_SINK_CLASS(klass);
  auto *our_class = GST_GEMINI_LIVE_BASE_SINK_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(gst_gemini_live_sink_debug, "geminilivesink", 0, "Gemini Live sink");

  object_class->set_property = gst_gemini_live_sink_set_property;
  object_class->get_property = gst_gemini_live_sink_get_property;
  object_class->finalize = gst_gemini_live_sink_finalize;

  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_READY |
                                              G_PARAM_STATIC_STRINGS);
  const auto live_flags = static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING |
                                                   G_PARAM_STATIC_STRINGS);
  g_object_class_install_property(object_class, PROP_MAX_BUFFERED,
                                  g_param_spec_uint64("max-buffered", "Maximum Buffered",
                                                      "Audio that may wait for an open line (ns)",
                                                      0, G_MAXINT64, kMaxBuffered, flags));
  g_object_class_install_property(object_class, PROP_CHUNK_DURATION,
                                  g_param_spec_uint64("chunk-duration", "Chunk Duration",
                                                      "Audio in one message (ns)", GST_MSECOND,
                                                      10 * GST_SECOND, kChunkDuration, flags));
  g_object_class_install_property(object_class, PROP_LEAKY_TYPE,
                                  g_param_spec_enum("leaky-type", "Leaky Type",
                                                    "What to do when the line is slow",
                                                    GST_TYPE_GEMINI_LIVE_LEAKY_TYPE,
                                                    GST_GEMINI_LIVE_LEAKY_TYPE_AUTO, live_flags));
  g_object_class_install_property(
      object_class, PROP_MUTE,
      g_param_spec_boolean("mute", "Mute", "Let go of what is heard", FALSE, live_flags));
  g_object_class_install_property(
      object_class, PROP_MUTE_WHILE_SPEAKING,
      g_param_spec_boolean("mute-while-speaking", "Mute While Speaking",
                           "Let go of what is heard while the model speaks, for open speakers "
                           "without echo cancellation; it cannot be interrupted by voice then",
                           FALSE, live_flags));
  g_object_class_install_property(
      object_class, PROP_TAIL_MUTE,
      g_param_spec_uint64("tail-mute", "Tail Mute",
                          "With mute-while-speaking, how long the model's last word lingers in the "
                          "room and in the microphone's buffer (ns)",
                          0, 60 * GST_SECOND, kTailMute, live_flags));
  gst_gemini_live_base_sink_class_set_role(our_class, GST_GEMINI_LIVE_ROLE_AUDIO_SINK);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(element_class, "Gemini Live sink", "Sink/Audio/Network",
                                        "Sends the user's voice to a Gemini Live model",
                                        "The gst-gemini-live developers");
  element_class->send_event = gst_gemini_live_sink_send_event;

  sink_class->get_times = gst_gemini_live_sink_get_times;
  sink_class->render = gst_gemini_live_sink_render;
  sink_class->event = gst_gemini_live_sink_event;
  our_class->begin = gst_gemini_live_sink_begin;
}
