// One WebSocket: libsoup's side of a conversation.
//
// Belongs to the server's thread. Destroyed only from a main loop iteration of its own, never from
// inside one of its callbacks.
#pragma once

#include "conversation.hpp"
#include "glib.hpp"
#include "pong_delay.hpp"
#include "wire.hpp"

#include <libsoup/soup.h>

#include <functional>
#include <memory>
#include <string>

namespace gemini_live_simulator {

class Connection : public Wire {
public:
  struct Hooks {
    std::function<void(Received)> record;
    std::function<void()> ready; // setupComplete was sent
    std::function<void()> gone;
  };

  Connection(SoupWebsocketConnection *socket, GSocket *tcp, Stage &stage, Access access,
             Hooks hooks);
  ~Connection() override;
  Connection(const Connection &) = delete;
  Connection &operator=(const Connection &) = delete;

  bool ready() const { return conversation_.ready(); }
  bool over() const { return conversation_.over(); } // gone, closing or broken on purpose
  const Profile &profile() const { return conversation_.profile(); }
  void watch_token() { conversation_.watch_token(); }

  void send(const std::string &text) override;
  void close(unsigned code, const std::string &reason) override;
  void reset() override;
  void hang_up() override;
  void stall() override;
  void mute() override { muted_ = true; }
  void delay_pongs(double seconds) override;

private:
  static void on_message(SoupWebsocketConnection *, int type, GBytes *message, gpointer self);
  static void on_closing(SoupWebsocketConnection *, gpointer self);
  static void on_closed(SoupWebsocketConnection *, gpointer self);

  ObjectPtr<SoupWebsocketConnection> socket_;
  ObjectPtr<GSocket> tcp_;
  Hooks hooks_;
  bool muted_ = false;
  int aside_ = -1;      // a stalled connection's TCP socket
  int silent_end_ = -1; // keeps the socket open that stands in for it
  std::unique_ptr<PongDelay> pong_delay_;
  Conversation conversation_;
};

} // namespace gemini_live_simulator
