// An error or a warning, as the application gets it.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <string>

namespace test {

struct Complaint {
  GQuark domain;
  int code;
  std::string source, text;
  std::uint64_t close_code = 0, status = 0; // 0: none
  std::string reason;
  bool retryable = false;
};

Complaint complaint_of(GstMessage *message);

} // namespace test
