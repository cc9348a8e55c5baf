// Stands between libsoup and the TCP socket and lets the server's pongs out late; all else passes at
// once.
//
// libsoup answers pings itself and at once, so its socket is put under another number and a pair of
// sockets takes its place. Belongs to the server's thread; not for TLS, where frames cannot be told
// apart. Must come before the first frame.
#pragma once

#include "glib.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace gemini_live_simulator {

class PongDelay {
public:
  PongDelay(int socket, double seconds); // `socket` stays libsoup's
  ~PongDelay();                          // lets out what is still on its way, but no pong
  PongDelay(const PongDelay &) = delete;
  PongDelay &operator=(const PongDelay &) = delete;

private:
  // One end: what is to be written to it, and the sources that watch it.
  struct End {
    int fd = -1;
    std::string out;
    bool closed = false; // nothing more comes from it
    GSource *reading = nullptr;
    GSource *writing = nullptr;
  };
  struct LatePong {
    std::int64_t due;
    std::string frame;
  };

  static gboolean on_readable(int fd, GIOCondition, gpointer self);
  static gboolean on_writable(int fd, GIOCondition, gpointer self);
  void watch(End &end);
  bool pump(End &from, End &to); // false: nothing more comes
  void flush(End &end);
  void sort(const std::string &bytes); // the server's, into pongs and others
  std::size_t frame_size() const;      // of the frame that begins frame_; 0: not known yet
  void let_out();

  End client_;
  End server_;
  std::int64_t delay_;
  std::string frame_; // what came of the one that is not whole yet
  std::deque<LatePong> pongs_;
  Timer timer_;
};

} // namespace gemini_live_simulator
