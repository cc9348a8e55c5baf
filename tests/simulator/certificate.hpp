// A self-signed certificate, by default for 127.0.0.1 and localhost, in a private folder for as long as
// this lives.
#pragma once

#include "glib.hpp"
#include "simulator.hpp"

#include <string>

namespace gemini_live_simulator {

class Certificate {
public:
  explicit Certificate(const CertificatePlan &plan); // std::runtime_error if it cannot be made
  ~Certificate();
  Certificate(const Certificate &) = delete;
  Certificate &operator=(const Certificate &) = delete;

  GTlsCertificate *tls() const { return tls_.get(); }
  const std::string &pem_file() const { return pem_file_; } // holds no private key

private:
  void remove();

  std::string folder_;
  std::string pem_file_;
  std::string key_file_;
  ObjectPtr<GTlsCertificate> tls_;
};

} // namespace gemini_live_simulator
