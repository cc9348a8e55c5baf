// What a conversation may do to its connection.
//
// Every call is allowed at any time; on a connection that is gone nothing happens. None of them
// destroys the conversation before it returns.
#pragma once

#include <string>

namespace gemini_live_simulator {

class Wire {
public:
  virtual ~Wire() = default;
  virtual void send(const std::string &text) = 0; // one binary frame
  virtual void close(unsigned code, const std::string &reason) = 0;
  virtual void reset() = 0;   // TCP RST
  virtual void hang_up() = 0; // TCP FIN without a close frame
  virtual void stall() = 0;   // neither reads nor writes any more
  virtual void mute() = 0;    // reads, but sends nothing any more
  virtual void delay_pongs(double seconds) = 0;
};

} // namespace gemini_live_simulator
