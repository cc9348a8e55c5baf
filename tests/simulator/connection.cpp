// Signals in, frames out, and the rough ends of a connection.
#include "connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace gemini_live_simulator {
namespace {

constexpr guint64 largest_message = 16 * 1024 * 1024;

// libsoup refuses to send some codes, as a server: those get their nearest neighbour.
gushort sendable(unsigned code)
{
  switch (code) {
  case 1000:
  case 1001:
  case 1002:
  case 1003:
  case 1007:
  case 1008:
  case 1009:
  case 1011:
    return static_cast<gushort>(code);
  default:
    return code >= 3000 && code < 5000 ? static_cast<gushort>(code) : 1011;
  }
}

} // namespace

Connection::Connection(SoupWebsocketConnection *socket, GSocket *tcp, Stage &stage, Access access,
                       Hooks hooks)
    : socket_(SOUP_WEBSOCKET_CONNECTION(g_object_ref(socket))),
      tcp_(tcp ? G_SOCKET(g_object_ref(tcp)) : nullptr), hooks_(std::move(hooks)),
      conversation_(stage, *this, std::move(access), {hooks_.record, hooks_.ready})
{
  soup_websocket_connection_set_max_incoming_payload_size(socket, largest_message);
  g_signal_connect(socket, "message", G_CALLBACK(&Connection::on_message), this);
  g_signal_connect(socket, "closing", G_CALLBACK(&Connection::on_closing), this);
  g_signal_connect(socket, "closed", G_CALLBACK(&Connection::on_closed), this);
}

Connection::~Connection()
{
  g_signal_handlers_disconnect_by_data(socket_.get(), this);
  for (const int fd : {aside_, silent_end_})
    if (fd >= 0)
      ::close(fd);
}

void Connection::send(const std::string &text)
{
  if (muted_ || soup_websocket_connection_get_state(socket_.get()) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  soup_websocket_connection_send_binary(socket_.get(), text.data(), text.size());
}

void Connection::close(unsigned code, const std::string &reason)
{
  conversation_.end();
  if (!muted_ && soup_websocket_connection_get_state(socket_.get()) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close(socket_.get(), sendable(code), cut_reason(reason).c_str());
}

void Connection::reset()
{
  muted_ = true;
  if (!tcp_)
    return;
  const linger at_once{1, 0};
  setsockopt(g_socket_get_fd(tcp_.get()), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  g_socket_close(tcp_.get(), nullptr);
}

void Connection::hang_up()
{
  muted_ = true;
  if (tcp_)
    g_socket_shutdown(tcp_.get(), TRUE, TRUE, nullptr);
}

// libsoup reads whatever comes. So it gets a socket under the same number on which nothing ever
// comes, and the real one is put aside: its window fills, and the client's writes stand still.
void Connection::stall()
{
  muted_ = true;
  int pair[2];
  if (!tcp_ || aside_ >= 0 ||
      socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
    return;
  aside_ = dup(g_socket_get_fd(tcp_.get()));
  dup2(pair[0], g_socket_get_fd(tcp_.get()));
  ::close(pair[0]);
  silent_end_ = pair[1];
}

void Connection::delay_pongs(double seconds)
{
  if (tcp_)
    pong_delay_ = std::make_unique<PongDelay>(g_socket_get_fd(tcp_.get()), seconds);
}

void Connection::on_message(SoupWebsocketConnection *, int, GBytes *message, gpointer self)
{
  const auto at = g_get_monotonic_time();
  gsize size = 0;
  const auto *text = static_cast<const char *>(g_bytes_get_data(message, &size));
  static_cast<Connection *>(self)->conversation_.receive(std::string(text ? text : "", size), at);
}

void Connection::on_closing(SoupWebsocketConnection *, gpointer self)
{
  static_cast<Connection *>(self)->conversation_.end();
}

void Connection::on_closed(SoupWebsocketConnection *socket, gpointer self)
{
  auto *connection = static_cast<Connection *>(self);
  connection->conversation_.end();
  connection->hooks_.gone(); // first: who reads the log finds the count right
  const unsigned code = soup_websocket_connection_get_close_code(socket);
  const char *reason = soup_websocket_connection_get_close_data(socket);
  connection->hooks_.record({.kind = Received::Kind::close,
                             .at = g_get_monotonic_time(),
                             .connection = 0,
                             .text = reason ? reason : "",
                             .close_code = code ? code : 1006});
}

} // namespace gemini_live_simulator
