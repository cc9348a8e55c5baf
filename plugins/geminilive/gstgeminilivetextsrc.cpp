/**
 * SECTION:element-geminilivetextsrc
 * @title: geminilivetextsrc
 * @short_description: what is said in a conversation with a Gemini Live model, as text
 *
 * `which` selects the text. With `answer` and `conversation` the transcript of the model's speech
 * comes when its audio leaves `geminilivesrc`, so words that were interrupted before they were
 * heard are never shown; without such a source it comes when it arrives.
 *
 * A live and sparse source: while there is no text it sends a GAP event every 100 ms, so that muxers
 * and overlays downstream go on. It adds no latency; text is stamped at most 100 ms late.
 *
 * `answer` is passed on piece by piece as it comes, with nothing between two answers: what the model
 * writes, and the transcript of what it says where it writes nothing. `conversation` has a line for
 * each utterance, and one of its own for what the model writes beside what it says.
 *
 * `mp4mux` and `qtmux` hold a text back until the next one or the end comes, and what is beside it as
 * well: give their other branches a queue without limits, or record with `matroskamux`.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 fdsrc ! geminilivetextsink geminilivetextsrc which=conversation ! fdsink
 * ]| A typed chat on the console.
 *
 * Since: 0.1
 */

#include "gstgeminilivetextsrc.h"

#include <gst/geminilive/geminilive.h>

struct _GstGeminiLiveTextSrc {
  GstGeminiLiveSparseSrc parent;
  GstGeminiLiveText which; // under the object lock
};

enum { PROP_WHICH = 1 };

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("text/x-raw, format = (string) utf8"));

G_DEFINE_FINAL_TYPE(GstGeminiLiveTextSrc, gst_gemini_live_text_src, GST_TYPE_GEMINI_LIVE_SPARSE_SRC)
GST_ELEMENT_REGISTER_DEFINE(geminilivetextsrc, "geminilivetextsrc", GST_RANK_NONE,
                            GST_TYPE_GEMINI_LIVE_TEXT_SRC)

static void gst_gemini_live_text_src_set_property(GObject *object, guint id, const GValue *value,
                                                  GParamSpec *pspec)
{
  if (id == PROP_WHICH) {
    const auto which = static_cast<GstGeminiLiveText>(g_value_get_enum(value));
    GST_OBJECT_LOCK(object);
    GST_GEMINI_LIVE_TEXT_SRC(object)->which = which;
    GST_OBJECT_UNLOCK(object);
    gst_gemini_live_port_select_text(
        gst_gemini_live_sparse_src_get_port(GST_GEMINI_LIVE_SPARSE_SRC(object)), which);
  } else
    G_OBJECT_CLASS(gst_gemini_live_text_src_parent_class)->set_property(object, id, value, pspec);
}

static void gst_gemini_live_text_src_get_property(GObject *object, guint id, GValue *value,
                                                  GParamSpec *pspec)
{
  if (id == PROP_WHICH) {
    GST_OBJECT_LOCK(object);
    g_value_set_enum(value, GST_GEMINI_LIVE_TEXT_SRC(object)->which);
    GST_OBJECT_UNLOCK(object);
  } else
    G_OBJECT_CLASS(gst_gemini_live_text_src_parent_class)->get_property(object, id, value, pspec);
}

static void gst_gemini_live_text_src_init(GstGeminiLiveTextSrc *self)
{
  self->which = GST_GEMINI_LIVE_TEXT_ANSWER;
}

static void gst_gemini_live_text_src_class_init(GstGeminiLiveTextSrcClass *klass)
{
  auto *object_class = G_OBJECT_CLASS(klass);
  auto *element_class = GST_ELEMENT_CLASS(klass);
  auto *sparse_class = GST_GEMINI_LIVE_SPARSE_SRC_CLASS(klass);

  object_class->set_property = gst_gemini_live_text_src_set_property;
  object_class->get_property = gst_gemini_live_text_src_get_property;

  g_object_class_install_property(
      object_class, PROP_WHICH,
      g_param_spec_enum("which", "Which", "Which text to give", GST_TYPE_GEMINI_LIVE_TEXT,
                        GST_GEMINI_LIVE_TEXT_ANSWER,
                        static_cast<GParamFlags>(G_PARAM_READWRITE | GST_PARAM_MUTABLE_READY |
                                                 G_PARAM_STATIC_STRINGS)));
  gst_gemini_live_sparse_src_class_set_role(sparse_class, GST_GEMINI_LIVE_ROLE_TEXT_SRC);

  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "Gemini Live text source", "Source/Text/Network",
      "Gives what is said in a Gemini Live conversation as text", "The gst-gemini-live developers");
}
