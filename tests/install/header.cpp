// The public header in C++: it compiles on its own, and the names are those of the C library.

#include <gst/geminilive/geminilive.h>

#include <gst/geminilive/geminilive-enums.h>
#include <gst/geminilive/geminilive-session.h>

int main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  g_autoptr(GstGeminiLiveSession) session = gst_gemini_live_session_new();
  auto state = GST_GEMINI_LIVE_STATE_READY;
  g_object_get(session, "state", &state, nullptr);
  const bool as_expected = GST_IS_GEMINI_LIVE_SESSION(session) &&
                           G_TYPE_IS_ENUM(GST_TYPE_GEMINI_LIVE_STATE) &&
                           state == GST_GEMINI_LIVE_STATE_CLOSED;
  return as_expected ? 0 : 1;
}
