#include "gstgeminilivesparsesrc.h"

#include "clock_wait.hpp"

#include <memory>

namespace {

using gemini_live::ClockWait;

constexpr GstClockTime kGap = 100 * GST_MSECOND;

struct State {
  GstGeminiLivePort *port = nullptr;
  std::shared_ptr<ClockWait> wait = std::make_shared<ClockWait>(); // the session wakes it too

  // Streaming thread.
  GstClockTime next = GST_CLOCK_TIME_NONE; // how far the stream has come
};

} // namespace

typedef struct {
  State *state;
} GstGeminiLiveSparseSrcPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(GstGeminiLiveSparseSrc, gst_gemini_live_sparse_src,
                                    GST_TYPE_PUSH_SRC)

static GstGeminiLiveSparseSrcPrivate *private_of(gpointer self)
{
  return static_cast<GstGeminiLiveSparseSrcPrivate *>(
      gst_gemini_live_sparse_src_get_instance_private(GST_GEMINI_LIVE_SPARSE_SRC(self)));
}

static State *state_of(gpointer self)
{
  return private_of(self)->state;
}

GstGeminiLivePort *gst_gemini_live_sparse_src_get_port(GstGeminiLiveSparseSrc *self)
{
  return state_of(self)->port;
}

// The base class sends the beginning of the stream, but knows no flags.
static GstPadProbeReturn add_sparse_flag(GstPad *, GstPadProbeInfo *info, gpointer)
{
  auto *event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) == GST_EVENT_STREAM_START) {
    event = gst_event_make_writable(event);
    gst_event_set_stream_flags(event, GST_STREAM_FLAG_SPARSE);
    GST_PAD_PROBE_INFO_DATA(info) = event;
  }
  return GST_PAD_PROBE_OK;
}

// The base class sends the segment only after the first buffer, and a GAP must not come before it.
static void push_gap(GstBaseSrc *base, GstClockTime start, GstClockTime end)
{
  auto *pad = GST_BASE_SRC_PAD(base);
  // A flush takes the segment away again.
  g_autoptr(GstEvent) segment = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  if (!segment)
    gst_pad_push_event(pad, gst_event_new_segment(&base->segment));
  gst_pad_push_event(pad, gst_event_new_gap(start, end - start));
}

static GstFlowReturn gst_gemini_live_sparse_src_create(GstPushSrc *push, GstBuffer **out)
{
  auto *base = GST_BASE_SRC(push);
  auto *element = GST_ELEMENT(push);
  auto *state = state_of(push);
  GstClockTime now;
  for (;;) {
    // Time goes on in a pause, but not for us.
    auto flow = gst_base_src_wait_playing(base);
    if (flow == GST_FLOW_OK)
      flow = gst_gemini_live_port_pull_text(state->port, out);
    if (flow != GST_FLOW_OK)
      return flow;
    now = ClockWait::now(element);
    if (!GST_CLOCK_TIME_IS_VALID(state->next))
      state->next = now;
    if (*out)
      break;
    if (now >= state->next) {
      // After being held up downstream, one GAP covers what was missed.
      const auto end = (now - state->next < kGap ? state->next : now) + kGap;
      push_gap(base, state->next, end);
      state->next = end;
    }
    if (state->wait->until(element, state->next) == ClockWait::Outcome::flushing)
      return GST_FLOW_FLUSHING;
  }
  state->next = MAX(now, state->next);
  GST_BUFFER_PTS(*out) = state->next;
  return GST_FLOW_OK;
}

static gboolean gst_gemini_live_sparse_src_query(GstBaseSrc *base, GstQuery *query)
{
  if (GST_QUERY_TYPE(query) == GST_QUERY_LATENCY) {
    gst_query_set_latency(query, TRUE, 0, GST_CLOCK_TIME_NONE);
    return TRUE;
  }
  return GST_BASE_SRC_CLASS(gst_gemini_live_sparse_src_parent_class)->query(base, query);
}

static gboolean gst_gemini_live_sparse_src_start(GstBaseSrc *base)
{
  state_of(base)->next = GST_CLOCK_TIME_NONE;
  return TRUE;
}

static gboolean gst_gemini_live_sparse_src_unlock(GstBaseSrc *base)
{
  state_of(base)->wait->set_flushing(true);
  return TRUE;
}

static gboolean gst_gemini_live_sparse_src_unlock_stop(GstBaseSrc *base)
{
  state_of(base)->wait->set_flushing(false);
  return TRUE;
}

static GstStateChangeReturn gst_gemini_live_sparse_src_change_state(GstElement *element,
                                                                    GstStateChange transition)
{
  auto *state = state_of(element);
  if (!gst_gemini_live_port_prepare(state->port, transition))
    return GST_STATE_CHANGE_FAILURE;
  const auto result =
      GST_ELEMENT_CLASS(gst_gemini_live_sparse_src_parent_class)->change_state(element, transition);
  // What waits for the clock must wait for the next PLAYING instead.
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    state->wait->call();
  gst_gemini_live_port_release(state->port, transition, result);
  return result;
}

static void gst_gemini_live_sparse_src_set_property(GObject *object, guint id, const GValue *value,
                                                    GParamSpec *pspec)
{
  if (!gst_gemini_live_port_set_property(state_of(object)->port, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void gst_gemini_live_sparse_src_get_property(GObject *object, guint id, GValue *value,
                                                    GParamSpec *pspec)
{
  if (!gst_gemini_live_port_get_property(state_of(object)->port, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

// The role is the subclass's, which init does not know yet.
static void gst_gemini_live_sparse_src_constructed(GObject *object)
{
  auto *state = state_of(object);
  state->port = gst_gemini_live_port_new(GST_ELEMENT(object),
                                         GST_GEMINI_LIVE_SPARSE_SRC_GET_CLASS(object)->role);
  gst_gemini_live_port_set_wake(
      state->port,
      [](gpointer data) { (*static_cast<std::shared_ptr<ClockWait> *>(data))->call(); },
      new std::shared_ptr<ClockWait>(state->wait),
      [](gpointer data) { delete static_cast<std::shared_ptr<ClockWait> *>(data); });
  G_OBJECT_CLASS(gst_gemini_live_sparse_src_parent_class)->constructed(object);
}

static void gst_gemini_live_sparse_src_finalize(GObject *object)
{
  auto *state = state_of(object);
  gst_gemini_live_port_free(state->port);
  delete state;
  G_OBJECT_CLASS(gst_gemini_live_sparse_src_parent_class)->finalize(object);
}

static void gst_gemini_live_sparse_src_init(GstGeminiLiveSparseSrc *self)
{
  private_of(self)->state = new State;
  gst_base_src_set_live(GST_BASE_SRC(self), TRUE);
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_TIME);
  gst_pad_add_probe(GST_BASE_SRC_PAD(self), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, add_sparse_flag,
                    nullptr, nullptr);
}

static void gst_gemini_live_sparse_src_class_init(GstGeminiLiveSparseSrcClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  auto *base_class = GST_BASE_SRC_CLASS(klass);

  object_class->constructed = gst_gemini_live_sparse_src_constructed;
  object_class->set_property = gst_gemini_live_sparse_src_set_property;
  object_class->get_property = gst_gemini_live_sparse_src_get_property;
  object_class->finalize = gst_gemini_live_sparse_src_finalize;

  GST_ELEMENT_CLASS(klass)->change_state = gst_gemini_live_sparse_src_change_state;

  base_class->query = gst_gemini_live_sparse_src_query;
  base_class->start = gst_gemini_live_sparse_src_start;
  base_class->unlock = gst_gemini_live_sparse_src_unlock;
  base_class->unlock_stop = gst_gemini_live_sparse_src_unlock_stop;
  GST_PUSH_SRC_CLASS(klass)->create = gst_gemini_live_sparse_src_create;
}

void gst_gemini_live_sparse_src_class_set_role(GstGeminiLiveSparseSrcClass *klass,
                                               GstGeminiLiveRole role)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  // GObject does not let a class inherit these two.
  if (!object_class->set_property)
    object_class->set_property = gst_gemini_live_sparse_src_set_property;
  if (!object_class->get_property)
    object_class->get_property = gst_gemini_live_sparse_src_get_property;
  klass->role = role;
  gst_gemini_live_port_install(object_class, role);
}
