/**
 * SECTION:element-geminilivesrc
 * @title: geminilivesrc
 * @short_description: the voice of a Gemini Live model
 *
 * A live source: one buffer of 20 ms per 20 ms of the pipeline clock, speech while the model speaks
 * and plain silence between, so that sinks, mixers and encoders downstream run on evenly. Speech
 * comes from the service faster than it is spoken; it waits inside the session, not in the
 * pipeline.
 *
 * When the user interrupts the model, what was not yet given out is dropped at once. What is
 * further downstream is heard, so put no large queue behind this element: no `queue`, or one with
 * `max-size-time=40000000`, and `buffer-time=60000` on the audio sink. Where there must be one,
 * `flush-on-interrupt` empties it, at a price: sinks preroll anew, so that the pipeline leaves PLAYING
 * for a moment, and files that are written downstream, behind a `tee` too, begin anew and lose what was in them.
 *
 * The rate is the one in which the service speaks, 24 kHz as a rule; link `audioconvert !
 * audioresample` behind. After the end of the input the source returns EOS when the model has said
 * everything (`follow-input-eos`).
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 autoaudiosrc ! audioconvert ! audioresample ! geminilivesink \
 *     geminilivesrc ! audioconvert ! audioresample ! autoaudiosink
 * ]| A conversation by microphone and speaker; the key is in the environment's GOOGLE_API_KEY.
 *
 * Since: 0.1
 */

#include "gstgeminilivesrc.h"

#include "clock_wait.hpp"

#include <gst/geminilive/geminilive-port.h>
#include <gst/geminilive/geminilive.h>

GST_DEBUG_CATEGORY_STATIC(gst_gemini_live_src_debug);
#define GST_CAT_DEFAULT gst_gemini_live_src_debug

namespace {

using gemini_live::ClockWait;

constexpr GstClockTime kPeriod = 20 * GST_MSECOND;
constexpr GstClockTime kCushion = 60 * GST_MSECOND;
// A sink that waits for its clock keeps us late by its latency all the time, so late is not lost.
constexpr GstClockTime kMaxLate = 2 * GST_SECOND;

// Positions are counted in samples from an origin, so that rounding does not add up.
struct Timeline {
  GstClockTime origin = GST_CLOCK_TIME_NONE;
  guint64 samples = 0;
  guint rate = 0;

  bool is_set() const { return GST_CLOCK_TIME_IS_VALID(origin); }
  GstClockTime next() const
  {
    return rate == 0 ? origin : origin + gst_util_uint64_scale(samples, GST_SECOND, rate);
  }
  void restart(GstClockTime at, guint new_rate) { *this = {at, 0, new_rate}; }
};

struct State {
  GstGeminiLivePort *port = nullptr;
  ClockWait wait;

  // Under the object lock.
  GstClockTime cushion = kCushion;
  bool follow_input_eos = true;
  bool flush_on_interrupt = false;
  GstClockTime latency = 0;

  gint rate = 24000; // atomic: what the caps say

  // Streaming thread.
  Timeline timeline;
  GstMemory *silence = nullptr; // one period, read-only, shared by all silent buffers
  bool discont = true;
  bool flushes = false; // as it was set when we started
};

} // namespace

struct _GstGeminiLiveSrc {
  GstPushSrc parent;
  State *state;
};

enum { PROP_CUSHION = 1, PROP_FOLLOW_INPUT_EOS, PROP_FLUSH_ON_INTERRUPT };

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS("audio/x-raw, format = (string) S16LE, rate = (int) [ 1, MAX ], "
                    "channels = (int) 1, layout = (string) interleaved"));

G_DEFINE_FINAL_TYPE(GstGeminiLiveSrc, gst_gemini_live_src, GST_TYPE_PUSH_SRC)
GST_ELEMENT_REGISTER_DEFINE(geminilivesrc, "geminilivesrc", GST_RANK_NONE, GST_TYPE_GEMINI_LIVE_SRC)

static GstCaps *make_caps(guint rate)
{
  return gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "rate", G_TYPE_INT,
                             static_cast<gint>(rate), "channels", G_TYPE_INT, 1, "layout",
                             G_TYPE_STRING, "interleaved", nullptr);
}

// Exactly the rate that the session speaks in: of a range, a resampler downstream would choose one
// that we do not have.
static GstCaps *gst_gemini_live_src_get_caps(GstBaseSrc *base, GstCaps *filter)
{
  auto *self = GST_GEMINI_LIVE_SRC(base);
  GstCaps *caps = make_caps(static_cast<guint>(g_atomic_int_get(&self->state->rate)));
  if (!filter)
    return caps;
  GstCaps *both = gst_caps_intersect_full(filter, caps, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref(caps);
  return both;
}

static bool set_rate(GstGeminiLiveSrc *self, guint rate, guint samples)
{
  auto *state = self->state;
  GST_DEBUG_OBJECT(self, "the service speaks at %u Hz", rate);
  state->timeline.restart(state->timeline.next(), rate);
  g_atomic_int_set(&state->rate, static_cast<gint>(rate));
  if (state->silence)
    gst_memory_unref(state->silence);
  const gsize size = samples * sizeof(gint16);
  auto *zeros = g_malloc0(size);
  state->silence =
      gst_memory_new_wrapped(GST_MEMORY_FLAG_READONLY, zeros, size, 0, size, zeros, g_free);
  GstCaps *caps = make_caps(rate);
  const bool accepted = gst_base_src_set_caps(GST_BASE_SRC(self), caps);
  gst_caps_unref(caps);
  return accepted;
}

static GstBuffer *silent_buffer(GstGeminiLiveSrc *self)
{
  GstBuffer *buffer = gst_buffer_new();
  gst_buffer_append_memory(buffer, gst_memory_ref(self->state->silence));
  return buffer;
}

static void stamp(GstGeminiLiveSrc *self, GstBuffer *buffer, guint samples)
{
  auto &timeline = self->state->timeline;
  GST_BUFFER_PTS(buffer) = timeline.next();
  GST_BUFFER_OFFSET(buffer) = timeline.samples;
  timeline.samples += samples;
  GST_BUFFER_OFFSET_END(buffer) = timeline.samples;
  GST_BUFFER_DURATION(buffer) = timeline.next() - GST_BUFFER_PTS(buffer);
  if (self->state->discont)
    GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DISCONT);
  self->state->discont = false;
}

// Far behind, the speech that waits is kept for now rather than spent on the past.
static void catch_up(GstGeminiLiveSrc *self)
{
  auto *state = self->state;
  GST_OBJECT_LOCK(self);
  const auto latency = state->latency;
  GST_OBJECT_UNLOCK(self);
  const auto now = ClockWait::now(GST_ELEMENT(self));
  if (!state->timeline.is_set())
    state->timeline.restart(now, 0);
  else if (now > state->timeline.next() + latency + kMaxLate) {
    GST_WARNING_OBJECT(self, "%" GST_TIME_FORMAT " late, going on at the present",
                       GST_TIME_ARGS(now - state->timeline.next()));
    state->timeline.restart(now, state->timeline.rate);
    state->discont = true;
  }
}

// Empties what is downstream. By the streaming thread, so that nothing newer is lost with it, and without
// a new base time. The peer gets both events itself: our own pad may be deactivated between them, and
// downstream would flush for ever.
static void flush_downstream(GstGeminiLiveSrc *self)
{
  auto *base = GST_BASE_SRC(self);
  GstPad *peer = gst_pad_get_peer(GST_BASE_SRC_PAD(base));
  if (!peer)
    return;
  GST_DEBUG_OBJECT(self, "flushing what was interrupted");
  GstEvent *start = gst_event_new_flush_start(), *stop = gst_event_new_flush_stop(FALSE);
  gst_event_set_seqnum(stop, gst_event_get_seqnum(start));
  gst_pad_send_event(peer, start);
  gst_pad_send_event(peer, stop);
  gst_object_unref(peer);
  const GstSegment segment = base->segment;
  gst_base_src_new_segment(base, &segment);
  self->state->discont = true;
}

// Waits first and takes the audio then, so that an interruption finds everything that is not yet
// given out.
static GstFlowReturn gst_gemini_live_src_create(GstPushSrc *push, GstBuffer **out)
{
  auto *self = GST_GEMINI_LIVE_SRC(push);
  auto *state = self->state;
  catch_up(self);
  const auto pts = state->timeline.next();
  if (state->wait.until(GST_ELEMENT(self), pts) == ClockWait::Outcome::flushing)
    return GST_FLOW_FLUSHING;
  GST_OBJECT_LOCK(self);
  const bool follow_input_eos = state->follow_input_eos;
  const auto latency = state->latency;
  GST_OBJECT_UNLOCK(self);
  GstGeminiLiveSlice slice{};
  const auto flow =
      gst_gemini_live_port_pull_audio(state->port, pts, latency, follow_input_eos, &slice);
  if (flow != GST_FLOW_OK)
    return flow;
  if (slice.cut && state->flushes)
    flush_downstream(self);
  if (slice.rate != state->timeline.rate && !set_rate(self, slice.rate, slice.samples)) {
    gst_clear_buffer(&slice.buffer);
    return GST_PAD_IS_FLUSHING(GST_BASE_SRC_PAD(self)) ? GST_FLOW_FLUSHING
                                                       : GST_FLOW_NOT_NEGOTIATED;
  }
  *out = slice.buffer ? slice.buffer : silent_buffer(self);
  stamp(self, *out, slice.samples);
  return GST_FLOW_OK;
}

static gboolean gst_gemini_live_src_query(GstBaseSrc *base, GstQuery *query)
{
  if (GST_QUERY_TYPE(query) == GST_QUERY_LATENCY) {
    gst_query_set_latency(query, TRUE, kPeriod, GST_CLOCK_TIME_NONE);
    return TRUE;
  }
  return GST_BASE_SRC_CLASS(gst_gemini_live_src_parent_class)->query(base, query);
}

static gboolean gst_gemini_live_src_event(GstBaseSrc *base, GstEvent *event)
{
  auto *self = GST_GEMINI_LIVE_SRC(base);
  if (GST_EVENT_TYPE(event) == GST_EVENT_LATENCY) {
    GstClockTime latency = 0;
    gst_event_parse_latency(event, &latency);
    GST_OBJECT_LOCK(self);
    self->state->latency = latency;
    GST_OBJECT_UNLOCK(self);
    return TRUE;
  }
  return GST_BASE_SRC_CLASS(gst_gemini_live_src_parent_class)->event(base, event);
}

static gboolean gst_gemini_live_src_start(GstBaseSrc *base)
{
  auto *self = GST_GEMINI_LIVE_SRC(base);
  GST_OBJECT_LOCK(self);
  const auto cushion = self->state->cushion;
  const bool flushes = self->state->flush_on_interrupt;
  GST_OBJECT_UNLOCK(self);
  gst_gemini_live_port_set_cushion(self->state->port, cushion);
  gst_gemini_live_port_set_fades(self->state->port, !flushes);
  self->state->flushes = flushes;
  self->state->timeline = {};
  self->state->discont = true;
  return TRUE;
}

static gboolean gst_gemini_live_src_unlock(GstBaseSrc *base)
{
  GST_GEMINI_LIVE_SRC(base)->state->wait.set_flushing(true);
  return TRUE;
}

static gboolean gst_gemini_live_src_unlock_stop(GstBaseSrc *base)
{
  GST_GEMINI_LIVE_SRC(base)->state->wait.set_flushing(false);
  return TRUE;
}

static GstStateChangeReturn gst_gemini_live_src_change_state(GstElement *element,
                                                             GstStateChange transition)
{
  auto *port = GST_GEMINI_LIVE_SRC(element)->state->port;
  if (!gst_gemini_live_port_prepare(port, transition))
    return GST_STATE_CHANGE_FAILURE;
  const auto result =
      GST_ELEMENT_CLASS(gst_gemini_live_src_parent_class)->change_state(element, transition);
  gst_gemini_live_port_release(port, transition, result);
  return result;
}

static void gst_gemini_live_src_set_property(GObject *object, guint id, const GValue *value,
                                             GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_SRC(object)->state;
  if (gst_gemini_live_port_set_property(state->port, id, value))
    return;
  GST_OBJECT_LOCK(object);
  switch (id) {
  case PROP_CUSHION:
    state->cushion = g_value_get_uint64(value);
    break;
  case PROP_FOLLOW_INPUT_EOS:
    state->follow_input_eos = g_value_get_boolean(value);
    break;
  case PROP_FLUSH_ON_INTERRUPT:
    state->flush_on_interrupt = g_value_get_boolean(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK(object);
}

static void gst_gemini_live_src_get_property(GObject *object, guint id, GValue *value,
                                             GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_SRC(object)->state;
  if (gst_gemini_live_port_get_property(state->port, id, value))
    return;
  GST_OBJECT_LOCK(object);
  switch (id) {
  case PROP_CUSHION:
    g_value_set_uint64(value, state->cushion);
    break;
  case PROP_FOLLOW_INPUT_EOS:
    g_value_set_boolean(value, state->follow_input_eos);
    break;
  case PROP_FLUSH_ON_INTERRUPT:
    g_value_set_boolean(value, state->flush_on_interrupt);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK(object);
}

static void gst_gemini_live_src_finalize(GObject *object)
{
  auto *state = GST_GEMINI_LIVE_SRC(object)->state;
  gst_gemini_live_port_free(state->port);
  if (state->silence)
    gst_memory_unref(state->silence);
  delete state;
  G_OBJECT_CLASS(gst_gemini_live_src_parent_class)->finalize(object);
}

// The base class sends the last event, whatever the reason: the end of the conversation, num-buffers,
// or downstream, which wants no more.
static GstPadProbeReturn look_for_eos(GstPad *, GstPadProbeInfo *info, gpointer port)
{
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS)
    gst_gemini_live_port_end_audio(static_cast<GstGeminiLivePort *>(port));
  return GST_PAD_PROBE_OK;
}

static void gst_gemini_live_src_init(GstGeminiLiveSrc *self)
{
  self->state = new State;
  self->state->port = gst_gemini_live_port_new(GST_ELEMENT(self), GST_GEMINI_LIVE_ROLE_AUDIO_SRC);
  // Here, since the first state change looks at it already.
  gst_base_src_set_live(GST_BASE_SRC(self), TRUE);
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_TIME);
  gst_pad_add_probe(GST_BASE_SRC_PAD(self), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, look_for_eos,
                    self->state->port, nullptr);
}

static void gst_gemini_live_src_class_init(GstGeminiLiveSrcClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  auto *element_class = GST_ELEMENT_CLASS(klass);
  auto *base_class = GST_BASE_SRC_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(gst_gemini_live_src_debug, "geminilivesrc", 0, "Gemini Live source");

  object_class->set_property = gst_gemini_live_src_set_property;
  object_class->get_property = gst_gemini_live_src_get_property;
  object_class->finalize = gst_gemini_live_src_finalize;

  g_object_class_install_property(
      object_class, PROP_CUSHION,
      g_param_spec_uint64("cushion", "Cushion",
                          "Speech to gather at the beginning of a turn before it is played (ns)", 0,
                          10 * GST_SECOND, kCushion,
                          static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_READY |
                                                   G_PARAM_STATIC_STRINGS)));
  g_object_class_install_property(
      object_class, PROP_FOLLOW_INPUT_EOS,
      g_param_spec_boolean("follow-input-eos", "Follow Input EOS",
                           "Return EOS when the input has ended and the model has said everything",
                           TRUE,
                           static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING |
                                                    G_PARAM_STATIC_STRINGS)));
  g_object_class_install_property(
      object_class, PROP_FLUSH_ON_INTERRUPT,
      g_param_spec_boolean("flush-on-interrupt", "Flush On Interrupt",
                           "Empty what is downstream when the model is interrupted, for pipelines "
                           "with large queues; files written there lose all they have",
                           FALSE,
                           static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_READY |
                                                    G_PARAM_STATIC_STRINGS)));
  gst_gemini_live_port_install(object_class, GST_GEMINI_LIVE_ROLE_AUDIO_SRC);

  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "Gemini Live source", "Source/Audio/Network",
                                        "Gives the voice of a Gemini Live model",
                                        "The gst-gemini-live developers");
  element_class->change_state = gst_gemini_live_src_change_state;

  base_class->get_caps = gst_gemini_live_src_get_caps;
  base_class->query = gst_gemini_live_src_query;
  base_class->event = gst_gemini_live_src_event;
  base_class->start = gst_gemini_live_src_start;
  base_class->unlock = gst_gemini_live_src_unlock;
  base_class->unlock_stop = gst_gemini_live_src_unlock_stop;
  GST_PUSH_SRC_CLASS(klass)->create = gst_gemini_live_src_create;
}
