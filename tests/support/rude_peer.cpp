#include "rude_peer.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <glib.h>

namespace test {

namespace {

using Connection = RudePeer::Connection;

void require(bool fine, const char *what)
{
  if (!fine)
    g_error("the peer cannot %s: %s", what, g_strerror(errno));
}

void append_number(std::string &bytes, std::uint64_t number, unsigned size)
{
  for (unsigned i = size; i-- > 0;)
    bytes.push_back(static_cast<char>((number >> (8 * i)) & 0xff));
}

std::uint64_t number_of(std::string_view bytes)
{
  std::uint64_t number = 0;
  for (const char byte : bytes)
    number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

void apply_mask(std::string &payload, std::string_view mask)
{
  for (std::size_t i = 0; i < payload.size(); i++)
    payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
}

} // namespace

Connection::~Connection()
{
  if (socket_ >= 0)
    ::close(socket_);
}

// Until the socket is ready for that, or the peer shall end.
void Connection::await(short events)
{
  if (socket_ < 0)
    throw Over{};
  pollfd both[] = {{socket_, events, 0}, {wake_, POLLIN, 0}};
  while (poll(both, 2, -1) < 0)
    require(errno == EINTR, "wait");
  if (both[1].revents != 0)
    throw Over{};
}

void Connection::read_some()
{
  await(POLLIN);
  char buffer[16384];
  const auto size = recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT);
  if (size > 0)
    unread_.append(buffer, static_cast<std::size_t>(size));
  else if (size == 0 || (errno != EAGAIN && errno != EINTR))
    throw Over{};
}

std::string Connection::take(std::size_t size)
{
  while (unread_.size() < size)
    read_some();
  auto taken = unread_.substr(0, size);
  unread_.erase(0, size);
  return taken;
}

std::string Connection::read_head()
{
  std::size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos)
    read_some();
  auto head = take(end + 4);
  note_(head);
  return head;
}

std::string Connection::key_of(std::string_view head)
{
  constexpr std::string_view kName = "Sec-WebSocket-Key: ";
  const auto at = head.find(kName);
  if (at == std::string_view::npos)
    return {};
  const auto key = head.substr(at + kName.size());
  return std::string(key.substr(0, key.find('\r')));
}

std::string Connection::upgrade_answer(std::string_view key)
{
  const auto joined = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);
  g_checksum_update(sum, reinterpret_cast<const guchar *>(joined.data()),
                    static_cast<gssize>(joined.size()));
  guint8 digest[20];
  gsize size = sizeof digest;
  g_checksum_get_digest(sum, digest, &size);
  g_checksum_free(sum);
  gchar *accept = g_base64_encode(digest, size);
  auto text = std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Accept: ") +
              accept + "\r\n\r\n";
  g_free(accept);
  return text;
}

void Connection::upgrade()
{
  send(upgrade_answer(key_of(read_head())));
}

Connection::Received Connection::read_frame()
{
  for (;;) {
    const auto head = take(2);
    std::uint64_t size = static_cast<unsigned char>(head[1]) & 0x7f;
    if (size >= 126)
      size = number_of(take(size == 126 ? 2 : 8));
    const auto mask = take(4);
    Received received{static_cast<unsigned char>(head[0]) & 0x0fu, take(size)};
    apply_mask(received.payload, mask);
    if (received.opcode != 9)
      return received;
    send_frame({.opcode = 10}, received.payload);
  }
}

void Connection::wait_for(std::string_view part)
{
  while (read_frame().payload.find(part) == std::string::npos)
    ;
}

void Connection::send(std::string_view bytes)
{
  while (!bytes.empty()) {
    await(POLLOUT);
    const auto size = ::send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(size));
    else if (errno != EAGAIN && errno != EINTR)
      throw Over{};
  }
}

void Connection::send_bytewise(std::string_view bytes)
{
  for (; !bytes.empty(); bytes.remove_prefix(1))
    send(bytes.substr(0, 1));
}

std::string Connection::frame_bytes(const Frame &frame, std::string_view payload)
{
  constexpr std::string_view kMask = "mask";
  const auto size = frame.claim.value_or(payload.size());
  const unsigned masked = frame.masked ? 0x80 : 0;
  std::string bytes;
  append_number(bytes, (frame.fin ? 0x80u : 0u) | frame.reserved << 4 | frame.opcode, 1);
  append_number(bytes, masked | (size < 126 ? size : size < 65536 ? 126 : 127), 1);
  if (size >= 126)
    append_number(bytes, size, size < 65536 ? 2 : 8);
  std::string content(payload);
  if (frame.masked) {
    bytes += kMask;
    apply_mask(content, kMask);
  }
  return bytes + content;
}

void Connection::send_frame(const Frame &frame, std::string_view payload)
{
  send(frame_bytes(frame, payload));
}

void Connection::send_fragments(std::string_view text, unsigned count, bool pings_between)
{
  for (unsigned i = 0; i < count; i++) {
    const auto size = text.size() / (count - i);
    send_frame({.opcode = i == 0 ? 1u : 0u, .fin = i + 1 == count}, text.substr(0, size));
    text.remove_prefix(size);
    if (pings_between && i + 1 < count)
      send_frame({.opcode = 9}, "between");
  }
}

void Connection::settle()
{
  send_frame({.opcode = 9}, "settle");
  for (;;) {
    const auto received = read_frame();
    if (received.opcode == 10 && received.payload == "settle")
      return;
  }
}

void Connection::close(unsigned code, std::string_view reason)
{
  std::string payload;
  append_number(payload, code, 2);
  send_frame({.opcode = 8}, payload.append(reason));
}

void Connection::shutdown()
{
  ::shutdown(socket_, SHUT_WR);
}

void Connection::reset()
{
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(socket_);
  socket_ = -1;
}

void Connection::stall()
{
  pollfd end{wake_, POLLIN, 0};
  while (poll(&end, 1, -1) < 0)
    require(errno == EINTR, "wait");
  throw Over{};
}

void Connection::read_to_end()
{
  for (;;) {
    read_some();
    unread_.clear();
  }
}

struct RudePeer::Shared {
  int listener = -1, wake = -1;
  unsigned port = 0;
  mutable std::mutex mutex;
  std::vector<std::string> heads;
  Script script;
  std::thread thread;

  void serve(int socket);
  void run();
};

void RudePeer::Shared::serve(int socket)
{
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const std::function<void(const std::string &)> note = [this](const std::string &head) {
    std::lock_guard lock(mutex);
    heads.push_back(head);
  };
  Connection connection(socket, wake, note);
  try {
    script(connection);
    connection.shutdown();
    connection.read_to_end();
  } catch (const Connection::Over &) {
  }
}

void RudePeer::Shared::run()
{
  for (;;) {
    pollfd both[] = {{listener, POLLIN, 0}, {wake, POLLIN, 0}};
    while (poll(both, 2, -1) < 0)
      require(errno == EINTR, "wait");
    if (both[1].revents != 0)
      return;
    if (const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC); socket >= 0)
      serve(socket);
  }
}

RudePeer::RudePeer(Script script) : shared_(new Shared)
{
  shared_->script = std::move(script);
  shared_->wake = eventfd(0, EFD_CLOEXEC);
  shared_->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(shared_->wake >= 0 && shared_->listener >= 0, "open");
  // A small buffer, inherited by the connections, so that a stall is felt soon.
  const int size = 4096;
  setsockopt(shared_->listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto *generic = reinterpret_cast<sockaddr *>(&address);
  require(bind(shared_->listener, generic, length) == 0, "bind");
  require(listen(shared_->listener, 16) == 0, "listen");
  require(getsockname(shared_->listener, generic, &length) == 0, "find its port");
  shared_->port = ntohs(address.sin_port);
  shared_->thread = std::thread([shared = shared_.get()] { shared->run(); });
}

RudePeer::~RudePeer()
{
  const std::uint64_t one = 1;
  require(write(shared_->wake, &one, sizeof one) == sizeof one, "end");
  shared_->thread.join();
  ::close(shared_->listener);
  ::close(shared_->wake);
}

std::string RudePeer::url() const
{
  return "http://127.0.0.1:" + std::to_string(shared_->port);
}

std::vector<std::string> RudePeer::heads() const
{
  std::lock_guard lock(shared_->mutex);
  return shared_->heads;
}

} // namespace test
