// One WebSocket connection.
//
// Everything happens on the thread whose default context it was made under: libsoup's sockets
// belong to that thread. No callback comes after abandon(), and none from inside a call. Text and
// binary frames are alike. Where there is a close frame it alone says why a connection ended: to
// libsoup some good codes are errors.
#pragma once

#include "../base/alarm.hpp"
#include "../base/glib_ptr.hpp"
#include "../base/header_list.hpp"
#include "connection_end.hpp"
#include "route.hpp"

#include <libsoup/soup.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gemini_live {

class WebSocket : public std::enable_shared_from_this<WebSocket> {
public:
  struct Request {
    std::string url;
    HeaderList headers = {};
    Secret query = {}; // goes into the URL, after what is there
    Route route = {};
    Secret quoted = {}; // what else the service may quote when it refuses
  };
  struct Events {
    std::function<void()> opened;
    std::function<void(std::string_view)> message;
    std::function<void(const ConnectionEnd &)> ended;
  };

  // More than this in one message ends the connection.
  static constexpr guint64 kMaxMessage = 16 * 1024 * 1024;

  // `loop` is what runs the context. It is held until libsoup has closed the socket, which goes on
  // after we have let go of it.
  WebSocket(Events events, std::shared_ptr<void> loop)
      : events_(std::move(events)), loop_(std::move(loop))
  {
  }
  ~WebSocket() { abandon(); }

  void connect(const Request &request);
  bool is_open() const;
  // Only while is_open(); libsoup copies the text before it returns.
  void send(const std::string &text);
  // Starts the closing handshake; `ended` follows.
  void close(unsigned short code);
  // Drops the connection at once and without a word.
  void abandon();

  // The proxy that has not let us through yet, as it may be shown; empty if there is none.
  std::string awaited_proxy() const;

  // Whether the kernel has room for more. libsoup takes everything and tells nothing, so without
  // this a peer that stopped reading would gather our output in memory.
  bool has_room() const;

private:
  void wait_for_body();
  void finish_connect(GAsyncResult *result);
  void forget_handshake();
  void adopt(SoupWebsocketConnection *connection);
  void lose(SoupWebsocketConnection *connection);
  void end_soon(const ConnectionEnd &how);
  void end(ConnectionEnd how);

  Events events_;
  std::shared_ptr<void> loop_;
  std::vector<Secret> secrets_; // that were sent
  ObjectPtr<SoupSession> session_;
  ObjectPtr<SoupMessage> message_;
  std::shared_ptr<std::string> body_; // of a refusal
  std::unique_ptr<Alarm> patience_;
  ObjectPtr<GCancellable> cancellable_;
  ObjectPtr<SoupWebsocketConnection> connection_;
  ObjectPtr<GSocket> socket_;
  ErrorPtr last_error_;
};

} // namespace gemini_live
