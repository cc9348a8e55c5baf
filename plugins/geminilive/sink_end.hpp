// How our sinks meet EOS.
#pragma once

#include <gst/base/gstbasesink.h>
#include <gst/geminilive/geminilive-port.h>

namespace gemini_live {

// Ends the element's input and waits for what must come before its EOS message. From the event
// function, where the base class holds the preroll lock: a change to PLAYING needs that lock, so what
// is to wait in PAUSED waits in the base class, which gives it up.
inline GstFlowReturn end_input(GstBaseSink *sink, GstEvent *eos, GstGeminiLivePort *port)
{
  auto flow = gst_base_sink_do_preroll(sink, GST_MINI_OBJECT_CAST(eos));
  while (flow == GST_FLOW_OK) {
    flow = gst_gemini_live_port_end_input(port);
    if (flow != GST_FLOW_FLUSHING)
      return flow;
    flow = gst_base_sink_wait_preroll(sink);
  }
  return flow;
}

} // namespace gemini_live
