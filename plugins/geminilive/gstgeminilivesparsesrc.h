/* A source that has something to say now and then.
 *
 * Its stream is flagged SPARSE, and while there is nothing to say a GAP event every 100 ms tells how
 * far the stream has come, so that nobody downstream waits for it. A GAP goes out when its time
 * begins, so the stream is never behind the clock and adds no latency to the pipeline; what comes up
 * within it is stamped with its end. */
#pragma once

#include <gst/base/gstpushsrc.h>
#include <gst/geminilive/geminilive-port.h>

G_BEGIN_DECLS

#define GST_TYPE_GEMINI_LIVE_SPARSE_SRC (gst_gemini_live_sparse_src_get_type())
G_DECLARE_DERIVABLE_TYPE(GstGeminiLiveSparseSrc, gst_gemini_live_sparse_src, GST,
                         GEMINI_LIVE_SPARSE_SRC, GstPushSrc)

struct _GstGeminiLiveSparseSrcClass {
  GstPushSrcClass parent_class;

  GstGeminiLiveRole role;
};

/* In class_init, after the element's own properties, whose functions chain up for all others. */
void gst_gemini_live_sparse_src_class_set_role(GstGeminiLiveSparseSrcClass *klass,
                                               GstGeminiLiveRole role);

GstGeminiLivePort *gst_gemini_live_sparse_src_get_port(GstGeminiLiveSparseSrc *self);

G_END_DECLS
