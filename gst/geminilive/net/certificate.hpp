// What is wrong with a server's certificate, for its user to read.
#pragma once

#include "../base/glib_ptr.hpp"

#include <string>

namespace gemini_live {

struct CertificateFault {
  enum class Kind {
    authority, // nobody whom we believe has signed it
    host,      // it is for other hosts
    expired,
    early, // it is good later
    other,
  };
  Kind kind = Kind::other;
  std::string detail; // who signed it, for which hosts it is, since when it is no good
};

// The first of the faults, in the order of the kinds; `flags` are what a verification found.
CertificateFault fault_of(GTlsCertificate *certificate, GTlsCertificateFlags flags);

} // namespace gemini_live
