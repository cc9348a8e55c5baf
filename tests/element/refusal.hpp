// The error with which a pipeline refuses a state.
#pragma once

#include "support/complaint.hpp"
#include "support/pipeline.hpp"

#include <string>

#include <gst/check/gstcheck.h>

namespace test {

inline std::string refusal(const std::string &launch, GstState state, GQuark domain, gint code)
{
  Pipeline pipeline(launch);
  fail_unless_equals_int(gst_element_set_state(pipeline.get(), state), GST_STATE_CHANGE_FAILURE);
  GstMessage *message =
      pipeline.wait([](GstMessage *m) { return GST_MESSAGE_TYPE(m) == GST_MESSAGE_ERROR; });
  const auto error = complaint_of(message);
  gst_message_unref(message);
  fail_unless(error.domain == domain && error.code == code, "%s", error.text.c_str());
  return error.text;
}

} // namespace test
