// What a process holds, and a simulator in a process of its own, so that its log does not count.
#pragma once

#include <glib.h>

#include <cstddef>
#include <string>

namespace soak {

class Server {
public:
  // `program` is the simulator, `scenario` the JSON text it follows.
  Server(const char *program, const char *scenario);
  ~Server();
  Server(const Server &) = delete;
  Server &operator=(const Server &) = delete;

  const std::string &url() const { return url_; }

private:
  GPid pid_ = 0;
  std::string folder_, file_, url_;
};

// How many times as long as usual: the environment variable SOAK_TIMES, else 1.
int times();

struct Holdings {
  std::size_t descriptors = 0, threads = 0, resident = 0; // resident: bytes

  // When the process rests; without what the allocator keeps for later.
  static Holdings at_rest(bool conversing);
};

// Says both, and false if there is more than before.
bool same(const Holdings &before, const Holdings &after);

} // namespace soak
