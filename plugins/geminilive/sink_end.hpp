// How our sinks meet EOS.
#pragma once

#include <gst/base/gstbasesink.h>
#include <gst/geminilive/geminilive-port.h>

namespace gemini_live {

// Ends the element's input and waits for what must come before its EOS message; a pause suspends
// the wait. From the event function, where the base class holds the preroll lock.
inline GstFlowReturn end_input(GstBaseSink *sink, GstGeminiLivePort *port)
{
  for (;;) {
    auto flow = gst_gemini_live_port_end_input(port);
    if (flow == GST_FLOW_FLUSHING)
      flow = gst_base_sink_wait_preroll(sink);
    else
      return flow;
    if (flow != GST_FLOW_OK)
      return flow;
  }
}

} // namespace gemini_live
