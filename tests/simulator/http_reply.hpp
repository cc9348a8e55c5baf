// What a plain HTTP request is answered with.
#pragma once

#include <string>

namespace gemini_live_simulator {

struct HttpReply {
  unsigned status = 200;
  std::string body;
  const char *type = "application/json; charset=utf-8";
};

} // namespace gemini_live_simulator
