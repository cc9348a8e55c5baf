/**
 * SECTION:element-geminiliveeventsrc
 * @title: geminiliveeventsrc
 * @short_description: everything that happens in a conversation with a Gemini Live model, as JSON
 *
 * Each buffer is one event, a JSON object `{"event":"NAME", …}` on one line with its LF, in the order
 * in which things happen; `docs/events.md` lists them. The first one tells the session's state.
 *
 * A live and sparse source like `geminilivetextsrc`. Events come as they happen, also while speech is
 * still waiting to be played. What is not taken downstream is kept up to 16 MiB; what does not fit is
 * left out, with a warning.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 -q fdsrc ! geminilivetextsink geminiliveeventsrc ! fdsink
 * ]| Type, and see everything that happens.
 *
 * Since: 0.1
 */

#include "gstgeminiliveeventsrc.h"

struct _GstGeminiLiveEventSrc {
  GstGeminiLiveSparseSrc parent;
};

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("application/x-json-lines"));

G_DEFINE_FINAL_TYPE(GstGeminiLiveEventSrc, gst_gemini_live_event_src,
                    GST_TYPE_GEMINI_LIVE_SPARSE_SRC)
GST_ELEMENT_REGISTER_DEFINE(geminiliveeventsrc, "geminiliveeventsrc", GST_RANK_NONE,
                            GST_TYPE_GEMINI_LIVE_EVENT_SRC)

static void gst_gemini_live_event_src_init(GstGeminiLiveEventSrc *) {}

static void gst_gemini_live_event_src_class_init(GstGeminiLiveEventSrcClass *klass)
{
  auto *element_class = GST_ELEMENT_CLASS(klass);
  auto *sparse_class = GST_GEMINI_LIVE_SPARSE_SRC_CLASS(klass);

  gst_gemini_live_sparse_src_class_set_role(sparse_class, GST_GEMINI_LIVE_ROLE_EVENT_SRC);

  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "Gemini Live event source", "Source/Metadata/Network",
      "Gives what happens in a Gemini Live conversation as JSON", "The gst-gemini-live developers");
}
