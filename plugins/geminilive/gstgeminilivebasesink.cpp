#include "gstgeminilivebasesink.h"

typedef struct {
  GstGeminiLivePort *port;
  gint playing; // atomic
} GstGeminiLiveBaseSinkPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(GstGeminiLiveBaseSink, gst_gemini_live_base_sink,
                                    GST_TYPE_BASE_SINK)

static GstGeminiLivePort *port_of(gpointer self)
{
  return gst_gemini_live_base_sink_get_port(GST_GEMINI_LIVE_BASE_SINK(self));
}

GstGeminiLivePort *gst_gemini_live_base_sink_get_port(GstGeminiLiveBaseSink *self)
{
  auto *priv = static_cast<GstGeminiLiveBaseSinkPrivate *>(
      gst_gemini_live_base_sink_get_instance_private(self));
  return priv->port;
}

static gint *playing(gpointer self)
{
  auto *priv = static_cast<GstGeminiLiveBaseSinkPrivate *>(
      gst_gemini_live_base_sink_get_instance_private(GST_GEMINI_LIVE_BASE_SINK(self)));
  return &priv->playing;
}

// The base class lets data through as soon as somebody asks for PLAYING, but that change of state
// needs the preroll lock afterwards: so what comes in between waits in the base class, which gives
// the lock up. A change to PAUSED and a flush call unlock() before they take the lock.
GstFlowReturn gst_gemini_live_base_sink_while_playing(GstGeminiLiveBaseSink *self,
                                                      GstFlowReturn (*step)(gpointer),
                                                      gpointer data)
{
  auto flow = GST_FLOW_OK;
  do {
    if (g_atomic_int_get(playing(self)) && (flow = step(data)) != GST_FLOW_FLUSHING)
      return flow;
    flow = gst_base_sink_wait_preroll(GST_BASE_SINK(self));
  } while (flow == GST_FLOW_OK);
  return flow;
}

// Ends the element's input and waits for what must come before its EOS message.
static GstFlowReturn end_input(GstBaseSink *base, GstEvent *eos)
{
  const auto flow = gst_base_sink_do_preroll(base, GST_MINI_OBJECT_CAST(eos));
  if (flow != GST_FLOW_OK)
    return flow;
  return gst_gemini_live_base_sink_while_playing(
      GST_GEMINI_LIVE_BASE_SINK(base),
      [](gpointer port) {
        return gst_gemini_live_port_end_input(static_cast<GstGeminiLivePort *>(port));
      },
      port_of(base));
}

static gboolean gst_gemini_live_base_sink_event(GstBaseSink *base, GstEvent *event)
{
  auto *klass = GST_GEMINI_LIVE_BASE_SINK_GET_CLASS(base);
  if (GST_EVENT_TYPE(event) == GST_EVENT_EOS) {
    if (klass->finish)
      klass->finish(GST_GEMINI_LIVE_BASE_SINK(base));
    if (end_input(base, event) != GST_FLOW_OK) {
      gst_event_unref(event);
      return FALSE;
    }
  }
  return GST_BASE_SINK_CLASS(gst_gemini_live_base_sink_parent_class)->event(base, event);
}

static gboolean gst_gemini_live_base_sink_unlock(GstBaseSink *base)
{
  gst_gemini_live_port_set_flushing(port_of(base), TRUE);
  return TRUE;
}

static gboolean gst_gemini_live_base_sink_unlock_stop(GstBaseSink *base)
{
  gst_gemini_live_port_set_flushing(port_of(base), FALSE);
  return TRUE;
}

static GstStateChangeReturn gst_gemini_live_base_sink_change_state(GstElement *element,
                                                                   GstStateChange transition)
{
  auto *klass = GST_GEMINI_LIVE_BASE_SINK_GET_CLASS(element);
  auto *port = port_of(element);
  if (!gst_gemini_live_port_prepare(port, transition))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && klass->begin)
    klass->begin(GST_GEMINI_LIVE_BASE_SINK(element));
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    g_atomic_int_set(playing(element), FALSE);
  const auto result =
      GST_ELEMENT_CLASS(gst_gemini_live_base_sink_parent_class)->change_state(element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING && result != GST_STATE_CHANGE_FAILURE) {
    GST_BASE_SINK_PREROLL_LOCK(element);
    g_atomic_int_set(playing(element), TRUE);
    GST_BASE_SINK_PREROLL_SIGNAL(element);
    GST_BASE_SINK_PREROLL_UNLOCK(element);
  }
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY && klass->end)
    klass->end(GST_GEMINI_LIVE_BASE_SINK(element));
  gst_gemini_live_port_release(port, transition, result);
  return result;
}

// However long other branches make theirs wait, a live input need not be able to: it is heard at once, or
// comes seldom. Else a source such as appsrc, which promises nothing, could not be beside them.
static gboolean gst_gemini_live_base_sink_query(GstElement *element, GstQuery *query)
{
  if (!GST_ELEMENT_CLASS(gst_gemini_live_base_sink_parent_class)->query(element, query))
    return FALSE;
  if (GST_QUERY_TYPE(query) == GST_QUERY_LATENCY) {
    gboolean live = FALSE;
    GstClockTime least = 0;
    gst_query_parse_latency(query, &live, &least, nullptr);
    gst_query_set_latency(query, live, least, GST_CLOCK_TIME_NONE);
  }
  return TRUE;
}

static void gst_gemini_live_base_sink_set_property(GObject *object, guint id, const GValue *value,
                                                   GParamSpec *pspec)
{
  if (!gst_gemini_live_port_set_property(port_of(object), id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void gst_gemini_live_base_sink_get_property(GObject *object, guint id, GValue *value,
                                                   GParamSpec *pspec)
{
  if (!gst_gemini_live_port_get_property(port_of(object), id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

// The role is the subclass's, which init does not know yet.
static void gst_gemini_live_base_sink_constructed(GObject *object)
{
  auto *self = GST_GEMINI_LIVE_BASE_SINK(object);
  auto *priv = static_cast<GstGeminiLiveBaseSinkPrivate *>(
      gst_gemini_live_base_sink_get_instance_private(self));
  priv->port = gst_gemini_live_port_new(GST_ELEMENT(object),
                                        GST_GEMINI_LIVE_BASE_SINK_GET_CLASS(object)->role);
  G_OBJECT_CLASS(gst_gemini_live_base_sink_parent_class)->constructed(object);
}

static void gst_gemini_live_base_sink_finalize(GObject *object)
{
  gst_gemini_live_port_free(port_of(object));
  G_OBJECT_CLASS(gst_gemini_live_base_sink_parent_class)->finalize(object);
}

static void gst_gemini_live_base_sink_init(GstGeminiLiveBaseSink *self)
{
  auto *base = GST_BASE_SINK(self);
  // An input that says something rarely must not keep the pipeline from playing, and nothing is
  // processed that would take time.
  gst_base_sink_set_async_enabled(base, FALSE);
  gst_base_sink_set_processing_deadline(base, 0);
  gst_base_sink_set_last_sample_enabled(base, FALSE);
  gst_base_sink_set_qos_enabled(base, FALSE);
  gst_base_sink_set_max_lateness(base, -1);
}

static void gst_gemini_live_base_sink_class_init(GstGeminiLiveBaseSinkClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  auto *sink_class = GST_BASE_SINK_CLASS(klass);

  object_class->constructed = gst_gemini_live_base_sink_constructed;
  object_class->set_property = gst_gemini_live_base_sink_set_property;
  object_class->get_property = gst_gemini_live_base_sink_get_property;
  object_class->finalize = gst_gemini_live_base_sink_finalize;

  GST_ELEMENT_CLASS(klass)->change_state = gst_gemini_live_base_sink_change_state;
  GST_ELEMENT_CLASS(klass)->query = gst_gemini_live_base_sink_query;

  sink_class->event = gst_gemini_live_base_sink_event;
  sink_class->unlock = gst_gemini_live_base_sink_unlock;
  sink_class->unlock_stop = gst_gemini_live_base_sink_unlock_stop;
}

void gst_gemini_live_base_sink_class_set_role(GstGeminiLiveBaseSinkClass *klass,
                                              GstGeminiLiveRole role)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  // GObject does not let a class inherit these two.
  if (!object_class->set_property)
    object_class->set_property = gst_gemini_live_base_sink_set_property;
  if (!object_class->get_property)
    object_class->get_property = gst_gemini_live_base_sink_get_property;
  klass->role = role;
  gst_gemini_live_port_install(object_class, role);
}
