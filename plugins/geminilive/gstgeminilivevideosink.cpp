/**
 * SECTION:element-geminilivevideosink
 * @title: geminilivevideosink
 * @short_description: what a camera or a screen shows, for a Gemini Live model
 *
 * Sends encoded images, each as it is, so put `jpegenc` before it (`pngenc` for screens with text). The
 * model looks at about one image a second and needs no more than 768x768 pixels; `max-framerate` lets
 * the rest go. With `skip-unchanged` an image that is byte for byte the last one is not sent again.
 *
 * Of images that wait only the newest is kept: while the session opens, and when the line is slow,
 * which one QoS message tells each time that begins. Audio goes first.
 *
 * An image has at most 10 MiB. One that is larger, or not what its caps say, is left out with a warning.
 * A whole file in one buffer comes from `multifilesrc`; `filesrc` cuts it into pieces.
 *
 * Video is no input that ends: a session does not wait for it, and EOS is EOS at once.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=150 ! video/x-raw,width=640,height=480 ! jpegenc ! geminilivevideosink \
 *     filesrc location=question.wav ! wavparse ! audioconvert ! audioresample ! geminilivesink \
 *     geminilivesrc ! audioconvert ! wavenc ! filesink location=answer.wav
 * ]| Asks a recorded question about what is seen.
 *
 * The model is shown the images; it answers what is said or typed beside them. The end of the stream of
 * images is not the end of the input, so without an audio, text or event sink there is no conversation
 * to wait for.
 *
 * Since: 0.1
 */

#include "gstgeminilivevideosink.h"

#include "clock_wait.hpp"

#include <memory>
#include <string_view>

GST_DEBUG_CATEGORY_STATIC(gst_gemini_live_video_sink_debug);
#define GST_CAT_DEFAULT gst_gemini_live_video_sink_debug

namespace {

struct FreeBytes {
  void operator()(GBytes *bytes) const { g_bytes_unref(bytes); }
};
using Bytes = std::unique_ptr<GBytes, FreeBytes>;

// The service does not say how much it takes. As base64 this is below the 16 MiB at which WebSocket
// peers often end a message.
constexpr gsize kMaxImage = 10 * 1024 * 1024;

struct State {
  // Under the object lock.
  gint rate_n = 1, rate_d = 1;
  bool skip_unchanged = false;

  // Streaming thread.
  const gchar *mime_type = nullptr;
  GstClockTime next = GST_CLOCK_TIME_NONE; // when another image is due
  Bytes last;                              // what was sent, if unchanged images are skipped
  bool refusing = false;                   // the last image was none
};

} // namespace

struct _GstGeminiLiveVideoSink {
  GstGeminiLiveBaseSink parent;
  State *state;
};

enum { PROP_MAX_FRAMERATE = 1, PROP_SKIP_UNCHANGED };

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE(
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS("image/jpeg; image/png; image/webp"));

G_DEFINE_FINAL_TYPE(GstGeminiLiveVideoSink, gst_gemini_live_video_sink,
                    GST_TYPE_GEMINI_LIVE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE(geminilivevideosink, "geminilivevideosink", GST_RANK_NONE,
                            GST_TYPE_GEMINI_LIVE_VIDEO_SINK)

static GstGeminiLivePort *port_of(GstGeminiLiveVideoSink *self)
{
  return gst_gemini_live_base_sink_get_port(GST_GEMINI_LIVE_BASE_SINK(self));
}

// The caps event of another type gets as far as set_caps, which says what is wrong; else upstream
// would only say that something is.
static gboolean gst_gemini_live_video_sink_query(GstBaseSink *base, GstQuery *query)
{
  if (GST_QUERY_TYPE(query) == GST_QUERY_ACCEPT_CAPS) {
    gst_query_set_accept_caps_result(query, TRUE);
    return TRUE;
  }
  return GST_BASE_SINK_CLASS(gst_gemini_live_video_sink_parent_class)->query(base, query);
}

static gboolean gst_gemini_live_video_sink_set_caps(GstBaseSink *base, GstCaps *caps)
{
  auto *self = GST_GEMINI_LIVE_VIDEO_SINK(base);
  const auto *name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  for (const auto *type : {"image/jpeg", "image/png", "image/webp"})
    if (g_str_equal(name, type)) {
      self->state->mime_type = type;
      return TRUE;
    }
  GST_ELEMENT_ERROR(self, STREAM, WRONG_TYPE,
                    ("Encode images as JPEG, PNG or WebP, as jpegenc does: %s is refused.", name),
                    (nullptr));
  return FALSE;
}

static GstClockTime running_time(GstGeminiLiveVideoSink *self, GstBuffer *buffer)
{
  const auto &segment = GST_BASE_SINK(self)->segment;
  const auto time =
      segment.format == GST_FORMAT_TIME
          ? gst_segment_to_running_time(&segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer))
          : GST_CLOCK_TIME_NONE;
  return GST_CLOCK_TIME_IS_VALID(time) ? time : gemini_live::ClockWait::now(GST_ELEMENT(self));
}

static GstClockTime get_interval(GstGeminiLiveVideoSink *self)
{
  GST_OBJECT_LOCK(self);
  const auto n = static_cast<guint64>(self->state->rate_n);
  const auto d = static_cast<guint64>(self->state->rate_d);
  GST_OBJECT_UNLOCK(self);
  return gst_util_uint64_scale(GST_SECOND, d, n);
}

// Cameras are not exact: an image may come a little early, so that a camera of just max-framerate
// does not lose every other one. The average holds.
static bool is_due(const State &state, GstClockTime time, GstClockTime interval)
{
  const auto jitter = MIN(interval / 4, 10 * GST_MSECOND);
  return !GST_CLOCK_TIME_IS_VALID(state.next) || time + jitter >= state.next;
}

static void set_next(State &state, GstClockTime time, GstClockTime interval)
{
  const bool in_step = GST_CLOCK_TIME_IS_VALID(state.next) && time < state.next + interval;
  state.next = (in_step ? state.next : time) + interval;
}

// The buffer's memory, without a copy.
static Bytes bytes_of(GstBuffer *buffer)
{
  struct Mapped {
    GstBuffer *buffer;
    GstMapInfo map;
  };
  auto *mapped = g_new0(Mapped, 1);
  if (!gst_buffer_map(buffer, &mapped->map, GST_MAP_READ)) {
    g_free(mapped);
    return nullptr;
  }
  mapped->buffer = gst_buffer_ref(buffer);
  return Bytes(g_bytes_new_with_free_func(
      mapped->map.data, mapped->map.size,
      [](gpointer data) {
        auto *done = static_cast<Mapped *>(data);
        gst_buffer_unmap(done->buffer, &done->map);
        gst_buffer_unref(done->buffer);
        g_free(done);
      },
      mapped));
}

static std::string_view view_of(const Bytes &bytes)
{
  gsize size = 0;
  const auto *data = g_bytes_get_data(bytes.get(), &size);
  return {static_cast<const char *>(data), size};
}

// Whether it begins as images of that type do. The service ends a session for one that is none.
static bool is_of_type(std::string_view image, std::string_view mime_type)
{
  if (mime_type == "image/jpeg")
    return image.starts_with("\xff\xd8\xff");
  if (mime_type == "image/png")
    return image.starts_with("\x89PNG\r\n\x1a\n");
  return image.starts_with("RIFF") && image.substr(0, 12).ends_with("WEBP");
}

static bool is_refused(GstGeminiLiveVideoSink *self, std::string_view image)
{
  auto *state = self->state;
  const bool too_large = image.size() > kMaxImage;
  const bool refused = too_large || !is_of_type(image, state->mime_type);
  if (refused && !state->refusing && too_large)
    GST_ELEMENT_WARNING(self, STREAM, FORMAT,
                        ("Send smaller images: one of more than 10 MiB was left out."), (nullptr));
  else if (refused && !state->refusing)
    GST_ELEMENT_WARNING(self, STREAM, FORMAT,
                        ("Send one whole image in each buffer: what was left out does not begin as "
                         "%s does.",
                         state->mime_type),
                        (nullptr));
  state->refusing = refused;
  return refused;
}

static bool is_unchanged(GstGeminiLiveVideoSink *self, const Bytes &image)
{
  auto *state = self->state;
  GST_OBJECT_LOCK(self);
  const bool skip = state->skip_unchanged;
  GST_OBJECT_UNLOCK(self);
  if (skip && state->last && g_bytes_equal(state->last.get(), image.get()))
    return true;
  state->last.reset(skip ? g_bytes_ref(image.get()) : nullptr);
  return false;
}

static void post_qos(GstGeminiLiveVideoSink *self, GstBuffer *buffer)
{
  GST_WARNING_OBJECT(self, "the line is slow, replacing an image that waits for it");
  auto *message =
      gst_message_new_qos(GST_OBJECT(self), TRUE, running_time(self, buffer), GST_CLOCK_TIME_NONE,
                          GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer));
  gst_element_post_message(GST_ELEMENT(self), message);
}

static GstFlowReturn gst_gemini_live_video_sink_render(GstBaseSink *base, GstBuffer *buffer)
{
  auto *self = GST_GEMINI_LIVE_VIDEO_SINK(base);
  auto *state = self->state;
  if (!state->mime_type) {
    GST_ELEMENT_ERROR(self, STREAM, WRONG_TYPE,
                      ("Say by caps what the images are, such as image/jpeg."), (nullptr));
    return GST_FLOW_NOT_NEGOTIATED;
  }
  const auto time = running_time(self, buffer);
  const auto interval = get_interval(self);
  Bytes image;
  if (is_due(*state, time, interval)) {
    image = bytes_of(buffer);
    if (!image) {
      GST_ELEMENT_ERROR(self, RESOURCE, READ, ("Could not read an image."), (nullptr));
      return GST_FLOW_ERROR;
    }
  }
  if (!image || is_refused(self, view_of(image)) || is_unchanged(self, image)) {
    gst_gemini_live_port_skip_video(port_of(self));
    return GST_FLOW_OK;
  }
  set_next(*state, time, interval);
  gboolean slow = FALSE;
  const auto flow =
      gst_gemini_live_port_push_video(port_of(self), state->mime_type, image.release(), &slow);
  if (slow)
    post_qos(self, buffer);
  return flow;
}

static gboolean gst_gemini_live_video_sink_event(GstBaseSink *base, GstEvent *event)
{
  auto *state = GST_GEMINI_LIVE_VIDEO_SINK(base)->state;
  // Time may begin anew with it.
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT)
    state->next = GST_CLOCK_TIME_NONE;
  // Like any data of before.
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP)
    state->last.reset();
  return GST_BASE_SINK_CLASS(gst_gemini_live_video_sink_parent_class)->event(base, event);
}

static void gst_gemini_live_video_sink_begin(GstGeminiLiveBaseSink *base)
{
  auto *state = GST_GEMINI_LIVE_VIDEO_SINK(base)->state;
  state->mime_type = nullptr;
  state->next = GST_CLOCK_TIME_NONE;
  state->refusing = false;
}

// Upstream's pool may wait for the image.
static void gst_gemini_live_video_sink_end(GstGeminiLiveBaseSink *base)
{
  GST_GEMINI_LIVE_VIDEO_SINK(base)->state->last.reset();
}

static void gst_gemini_live_video_sink_set_property(GObject *object, guint id, const GValue *value,
                                                    GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_VIDEO_SINK(object)->state;
  if (id >= GST_GEMINI_LIVE_PORT_FIRST_ID) {
    G_OBJECT_CLASS(gst_gemini_live_video_sink_parent_class)->set_property(object, id, value, pspec);
    return;
  }
  GST_OBJECT_LOCK(object);
  switch (id) {
  case PROP_MAX_FRAMERATE:
    state->rate_n = gst_value_get_fraction_numerator(value);
    state->rate_d = gst_value_get_fraction_denominator(value);
    break;
  case PROP_SKIP_UNCHANGED:
    state->skip_unchanged = g_value_get_boolean(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK(object);
}

static void gst_gemini_live_video_sink_get_property(GObject *object, guint id, GValue *value,
                                                    GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_VIDEO_SINK(object)->state;
  if (id >= GST_GEMINI_LIVE_PORT_FIRST_ID) {
    G_OBJECT_CLASS(gst_gemini_live_video_sink_parent_class)->get_property(object, id, value, pspec);
    return;
  }
  GST_OBJECT_LOCK(object);
  switch (id) {
  case PROP_MAX_FRAMERATE:
    gst_value_set_fraction(value, state->rate_n, state->rate_d);
    break;
  case PROP_SKIP_UNCHANGED:
    g_value_set_boolean(value, state->skip_unchanged);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
    break;
  }
  GST_OBJECT_UNLOCK(object);
}

static void gst_gemini_live_video_sink_finalize(GObject *object)
{
  delete GST_GEMINI_LIVE_VIDEO_SINK(object)->state;
  G_OBJECT_CLASS(gst_gemini_live_video_sink_parent_class)->finalize(object);
}

static void gst_gemini_live_video_sink_init(GstGeminiLiveVideoSink *self)
{
  self->state = new State;
}

static void gst_gemini_live_video_sink_class_init(GstGeminiLiveVideoSinkClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  auto *element_class = GST_ELEMENT_CLASS(klass);
  auto *sink_class = GST_BASE_SINK_CLASS(klass);
  auto *our_class = GST_GEMINI_LIVE_BASE_SINK_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(gst_gemini_live_video_sink_debug, "geminilivevideosink", 0,
                          "Gemini Live video sink");

  object_class->set_property = gst_gemini_live_video_sink_set_property;
  object_class->get_property = gst_gemini_live_video_sink_get_property;
  object_class->finalize = gst_gemini_live_video_sink_finalize;

  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING |
                                              G_PARAM_STATIC_STRINGS);
  g_object_class_install_property(object_class, PROP_MAX_FRAMERATE,
                                  gst_param_spec_fraction("max-framerate", "Maximum Framerate",
                                                          "Images a second to send", 1, G_MAXINT,
                                                          G_MAXINT, 1, 1, 1, flags));
  g_object_class_install_property(
      object_class, PROP_SKIP_UNCHANGED,
      g_param_spec_boolean("skip-unchanged", "Skip Unchanged",
                           "Do not send an image that is byte for byte the last one", FALSE,
                           flags));
  gst_gemini_live_base_sink_class_set_role(our_class, GST_GEMINI_LIVE_ROLE_VIDEO_SINK);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(
      element_class, "Gemini Live video sink", "Sink/Video/Network",
      "Shows encoded images to a Gemini Live model", "The gst-gemini-live developers");

  sink_class->query = gst_gemini_live_video_sink_query;
  sink_class->set_caps = gst_gemini_live_video_sink_set_caps;
  sink_class->render = gst_gemini_live_video_sink_render;
  sink_class->event = gst_gemini_live_video_sink_event;
  our_class->begin = gst_gemini_live_video_sink_begin;
  our_class->end = gst_gemini_live_video_sink_end;
}
