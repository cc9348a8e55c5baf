/**
 * SECTION:element-geminilivetextsrc
 * @title: geminilivetextsrc
 * @short_description: what is said in a conversation with a Gemini Live model, as text
 *
 * `which` selects the text. With `answer` and `conversation` the transcript of the model's speech
 * comes when its audio leaves `geminilivesrc`, so words that were interrupted before they were
 * heard are never shown; without such a source it comes when it arrives.
 *
 * A live source. While there is no text it sends a GAP event every 100 ms, so that it holds nothing
 * up downstream.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 fdsrc ! geminilivetextsink geminilivetextsrc which=conversation ! fdsink
 * ]| A typed chat on the console.
 *
 * Since: 0.1
 */

#include "gstgeminilivetextsrc.h"

#include "clock_wait.hpp"

#include <gst/geminilive/geminilive-port.h>
#include <gst/geminilive/geminilive.h>

#include <memory>

GST_DEBUG_CATEGORY_STATIC(gst_gemini_live_text_src_debug);
#define GST_CAT_DEFAULT gst_gemini_live_text_src_debug

namespace {

using gemini_live::ClockWait;

constexpr GstClockTime kGap = 100 * GST_MSECOND;

struct State {
  GstGeminiLivePort *port = nullptr;
  std::shared_ptr<ClockWait> wait = std::make_shared<ClockWait>(); // the session wakes it too
  GstGeminiLiveText which = GST_GEMINI_LIVE_TEXT_ANSWER;           // under the object lock

  // Streaming thread.
  GstClockTime next = GST_CLOCK_TIME_NONE; // how far the stream has come
};

} // namespace

struct _GstGeminiLiveTextSrc {
  GstPushSrc parent;
  State *state;
};

enum { PROP_WHICH = 1 };

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("text/x-raw, format = (string) utf8"));

G_DEFINE_FINAL_TYPE(GstGeminiLiveTextSrc, gst_gemini_live_text_src, GST_TYPE_PUSH_SRC)
GST_ELEMENT_REGISTER_DEFINE(geminilivetextsrc, "geminilivetextsrc", GST_RANK_NONE,
                            GST_TYPE_GEMINI_LIVE_TEXT_SRC)

// The base class sends the segment only after the first buffer, and a GAP must not come before it.
static void push_gap(GstGeminiLiveTextSrc *self, GstClockTime until)
{
  auto *state = self->state;
  auto *pad = GST_BASE_SRC_PAD(self);
  // A flush takes the segment away again.
  g_autoptr(GstEvent) segment = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  if (!segment)
    gst_pad_push_event(pad, gst_event_new_segment(&GST_BASE_SRC(self)->segment));
  gst_pad_push_event(pad, gst_event_new_gap(state->next, until - state->next));
  state->next = until;
}

static GstFlowReturn gst_gemini_live_text_src_create(GstPushSrc *push, GstBuffer **out)
{
  auto *self = GST_GEMINI_LIVE_TEXT_SRC(push);
  auto *state = self->state;
  auto *element = GST_ELEMENT(self);
  for (;;) {
    // Time goes on in a pause, but not for us.
    auto flow = gst_base_src_wait_playing(GST_BASE_SRC(self));
    if (flow == GST_FLOW_OK)
      flow = gst_gemini_live_port_pull_text(state->port, out);
    if (flow != GST_FLOW_OK)
      return flow;
    const auto now = ClockWait::now(element);
    if (!GST_CLOCK_TIME_IS_VALID(state->next))
      state->next = now;
    if (*out)
      break;
    if (now >= state->next + kGap)
      push_gap(self, now);
    if (state->wait->until(element, state->next + kGap) == ClockWait::Outcome::flushing)
      return GST_FLOW_FLUSHING;
  }
  const auto now = ClockWait::now(element);
  GST_BUFFER_PTS(*out) = MAX(now, state->next);
  state->next = GST_BUFFER_PTS(*out);
  return GST_FLOW_OK;
}

static gboolean gst_gemini_live_text_src_query(GstBaseSrc *base, GstQuery *query)
{
  if (GST_QUERY_TYPE(query) == GST_QUERY_LATENCY) {
    gst_query_set_latency(query, TRUE, 0, GST_CLOCK_TIME_NONE);
    return TRUE;
  }
  return GST_BASE_SRC_CLASS(gst_gemini_live_text_src_parent_class)->query(base, query);
}

static gboolean gst_gemini_live_text_src_start(GstBaseSrc *base)
{
  auto *state = GST_GEMINI_LIVE_TEXT_SRC(base)->state;
  state->next = GST_CLOCK_TIME_NONE;
  return TRUE;
}

static gboolean gst_gemini_live_text_src_unlock(GstBaseSrc *base)
{
  GST_GEMINI_LIVE_TEXT_SRC(base)->state->wait->set_flushing(true);
  return TRUE;
}

static gboolean gst_gemini_live_text_src_unlock_stop(GstBaseSrc *base)
{
  GST_GEMINI_LIVE_TEXT_SRC(base)->state->wait->set_flushing(false);
  return TRUE;
}

static GstStateChangeReturn gst_gemini_live_text_src_change_state(GstElement *element,
                                                                  GstStateChange transition)
{
  auto *state = GST_GEMINI_LIVE_TEXT_SRC(element)->state;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    GST_OBJECT_LOCK(element);
    const auto which = state->which;
    GST_OBJECT_UNLOCK(element);
    gst_gemini_live_port_select_text(
        state->port, which,
        [](gpointer data) { (*static_cast<std::shared_ptr<ClockWait> *>(data))->call(); },
        new std::shared_ptr<ClockWait>(state->wait),
        [](gpointer data) { delete static_cast<std::shared_ptr<ClockWait> *>(data); });
  }
  if (!gst_gemini_live_port_prepare(state->port, transition))
    return GST_STATE_CHANGE_FAILURE;
  const auto result =
      GST_ELEMENT_CLASS(gst_gemini_live_text_src_parent_class)->change_state(element, transition);
  // What waits for the clock must wait for the next PLAYING instead.
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    state->wait->call();
  gst_gemini_live_port_release(state->port, transition, result);
  return result;
}

static void gst_gemini_live_text_src_set_property(GObject *object, guint id, const GValue *value,
                                                  GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_TEXT_SRC(object)->state;
  if (gst_gemini_live_port_set_property(state->port, id, value))
    return;
  if (id == PROP_WHICH) {
    GST_OBJECT_LOCK(object);
    state->which = static_cast<GstGeminiLiveText>(g_value_get_enum(value));
    GST_OBJECT_UNLOCK(object);
  } else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void gst_gemini_live_text_src_get_property(GObject *object, guint id, GValue *value,
                                                  GParamSpec *pspec)
{
  auto *state = GST_GEMINI_LIVE_TEXT_SRC(object)->state;
  if (gst_gemini_live_port_get_property(state->port, id, value))
    return;
  if (id == PROP_WHICH) {
    GST_OBJECT_LOCK(object);
    g_value_set_enum(value, state->which);
    GST_OBJECT_UNLOCK(object);
  } else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void gst_gemini_live_text_src_finalize(GObject *object)
{
  auto *state = GST_GEMINI_LIVE_TEXT_SRC(object)->state;
  gst_gemini_live_port_free(state->port);
  delete state;
  G_OBJECT_CLASS(gst_gemini_live_text_src_parent_class)->finalize(object);
}

static void gst_gemini_live_text_src_init(GstGeminiLiveTextSrc *self)
{
  self->state = new State;
  self->state->port = gst_gemini_live_port_new(GST_ELEMENT(self), GST_GEMINI_LIVE_ROLE_TEXT_SRC);
  gst_base_src_set_live(GST_BASE_SRC(self), TRUE);
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_TIME);
}

static void gst_gemini_live_text_src_class_init(GstGeminiLiveTextSrcClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  auto *element_class = GST_ELEMENT_CLASS(klass);
  auto *base_class = GST_BASE_SRC_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(gst_gemini_live_text_src_debug, "geminilivetextsrc", 0,
                          "Gemini Live text source");

  object_class->set_property = gst_gemini_live_text_src_set_property;
  object_class->get_property = gst_gemini_live_text_src_get_property;
  object_class->finalize = gst_gemini_live_text_src_finalize;

  g_object_class_install_property(
      object_class, PROP_WHICH,
      g_param_spec_enum("which", "Which", "Which text to give", GST_TYPE_GEMINI_LIVE_TEXT,
                        GST_GEMINI_LIVE_TEXT_ANSWER,
                        static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_READY |
                                                 G_PARAM_STATIC_STRINGS)));
  gst_gemini_live_port_install(object_class, GST_GEMINI_LIVE_ROLE_TEXT_SRC);

  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "Gemini Live text source", "Source/Text/Network",
      "Gives what is said in a Gemini Live conversation as text", "The gst-gemini-live developers");
  element_class->change_state = gst_gemini_live_text_src_change_state;

  base_class->query = gst_gemini_live_text_src_query;
  base_class->start = gst_gemini_live_text_src_start;
  base_class->unlock = gst_gemini_live_text_src_unlock;
  base_class->unlock_stop = gst_gemini_live_text_src_unlock_stop;
  GST_PUSH_SRC_CLASS(klass)->create = gst_gemini_live_text_src_create;
}
