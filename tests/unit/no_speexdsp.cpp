// A build without SpeexDSP: its own detector stands in for that of the library under test.
#include "check.hpp"

#include "gst/geminilive/engine/config.hpp"
#include "gst/geminilive/geminilive-enums.h"

using namespace gemini_live;

TEST(test_a_build_that_detects_nothing_says_so)
{
  Settings settings;
  settings.set(Setting::api_key, Secret("k"));
  GError *error = nullptr;
  check::that(make_engine_config(settings, {}, "test", &error).has_value());
  settings.set(Setting::turn_detection, int{GST_GEMINI_LIVE_TURN_DETECTION_LOCAL});
  check::that(!make_engine_config(settings, {}, "test", &error));
  check::that(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
  check::contains(error->message, "Build with SpeexDSP");
  g_error_free(error);
}

TEST_MAIN("no_speexdsp")
