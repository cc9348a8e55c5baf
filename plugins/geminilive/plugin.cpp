#include "gstgeminiliveeventsink.h"
#include "gstgeminiliveeventsrc.h"
#include "gstgeminilivesink.h"
#include "gstgeminilivesrc.h"
#include "gstgeminilivetextsink.h"
#include "gstgeminilivetextsrc.h"
#include "gstgeminilivevideosink.h"

static gboolean plugin_init(GstPlugin *plugin)
{
  return GST_ELEMENT_REGISTER(geminiliveeventsink, plugin) &&
         GST_ELEMENT_REGISTER(geminiliveeventsrc, plugin) &&
         GST_ELEMENT_REGISTER(geminilivesink, plugin) &&
         GST_ELEMENT_REGISTER(geminilivesrc, plugin) &&
         GST_ELEMENT_REGISTER(geminilivetextsink, plugin) &&
         GST_ELEMENT_REGISTER(geminilivetextsrc, plugin) &&
         GST_ELEMENT_REGISTER(geminilivevideosink, plugin);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, geminilive,
                  "Conversations with Gemini Live models", plugin_init, VERSION, "LGPL", PACKAGE,
                  "Unknown package origin")
