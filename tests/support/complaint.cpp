#include "complaint.hpp"

namespace test {

Complaint complaint_of(GstMessage *message)
{
  GError *error = nullptr;
  const GstStructure *details = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message, &error, nullptr);
    gst_message_parse_error_details(message, &details);
  } else
    gst_message_parse_warning(message, &error, nullptr);
  Complaint complaint{error->domain, error->code, GST_MESSAGE_SRC_NAME(message), error->message};
  g_error_free(error);
  if (!details)
    return complaint;
  guint64 number = 0;
  if (gst_structure_get_uint64(details, "close-code", &number))
    complaint.close_code = number;
  if (gst_structure_get_uint64(details, "http-status", &number))
    complaint.status = number;
  if (const char *reason = gst_structure_get_string(details, "close-reason"))
    complaint.reason = reason;
  gboolean retryable = FALSE;
  complaint.retryable = gst_structure_get_boolean(details, "retryable", &retryable) && retryable;
  return complaint;
}

} // namespace test
