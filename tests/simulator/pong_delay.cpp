// Two sockets, bytes from the one to the other.
#include "pong_delay.hpp"

#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace gemini_live_simulator {
namespace {

constexpr unsigned pong = 0xa;

void drop(GSource *&source)
{
  if (!source)
    return;
  g_source_destroy(source);
  g_source_unref(source);
  source = nullptr;
}

GSource *watch_fd(int fd, GIOCondition what, GUnixFDSourceFunc done, gpointer self)
{
  GSource *source = g_unix_fd_source_new(fd, what);
  g_source_set_callback(source, G_SOURCE_FUNC(done), self, nullptr);
  g_source_attach(source, g_main_context_get_thread_default());
  return source;
}

} // namespace

PongDelay::PongDelay(int socket, double seconds) : delay_(static_cast<std::int64_t>(seconds * 1e6))
{
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
    return;
  client_.fd = dup(socket);
  dup2(pair[0], socket);
  ::close(pair[0]);
  server_.fd = pair[1];
  watch(client_);
  watch(server_);
}

PongDelay::~PongDelay()
{
  timer_.stop();
  if (!server_.closed)
    pump(server_, client_);
  for (End *end : {&client_, &server_}) {
    drop(end->reading);
    drop(end->writing);
    if (end->fd >= 0)
      ::close(end->fd);
  }
}

void PongDelay::watch(End &end)
{
  end.reading = watch_fd(end.fd, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR),
                         &PongDelay::on_readable, this);
}

gboolean PongDelay::on_readable(int fd, GIOCondition, gpointer self)
{
  auto *delay = static_cast<PongDelay *>(self);
  const bool of_client = fd == delay->client_.fd;
  End &from = of_client ? delay->client_ : delay->server_;
  End &to = of_client ? delay->server_ : delay->client_;
  if (delay->pump(from, to))
    return G_SOURCE_CONTINUE;
  from.closed = true;
  g_source_unref(std::exchange(from.reading, nullptr));
  shutdown(to.fd, SHUT_WR);
  return G_SOURCE_REMOVE;
}

gboolean PongDelay::on_writable(int fd, GIOCondition, gpointer self)
{
  auto *delay = static_cast<PongDelay *>(self);
  End &end = fd == delay->client_.fd ? delay->client_ : delay->server_;
  g_source_unref(std::exchange(end.writing, nullptr));
  delay->flush(end);
  return G_SOURCE_REMOVE;
}

bool PongDelay::pump(End &from, End &to)
{
  std::array<char, 65536> bytes;
  for (;;) {
    const auto size = recv(from.fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (size < 0)
      return errno == EAGAIN || errno == EINTR;
    if (size == 0)
      return false;
    const std::string piece(bytes.data(), static_cast<std::size_t>(size));
    if (&from == &server_)
      sort(piece);
    else
      to.out += piece;
    flush(to);
  }
}

void PongDelay::flush(End &end)
{
  while (!end.out.empty()) {
    const auto size = send(end.fd, end.out.data(), end.out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size > 0) {
      end.out.erase(0, static_cast<std::size_t>(size));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR)
      end.out.clear();
    else if (!end.writing)
      end.writing = watch_fd(end.fd, G_IO_OUT, &PongDelay::on_writable, this);
    return;
  }
}

// A server's frames are not masked: two bytes, then the length if it did not fit in there.
std::size_t PongDelay::frame_size() const
{
  const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(frame_[at]); };
  if (frame_.size() < 2)
    return 0;
  std::size_t size = byte(1) & 0x7f;
  const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (frame_.size() < 2 + more)
    return 0;
  if (more > 0)
    size = 0;
  for (std::size_t i = 0; i < more; ++i)
    size = size << 8 | byte(2 + i);
  return 2 + more + size;
}

void PongDelay::sort(const std::string &bytes)
{
  frame_ += bytes;
  for (;;) {
    const auto size = frame_size();
    if (size == 0 || frame_.size() < size)
      return;
    std::string frame = frame_.substr(0, size);
    frame_.erase(0, size);
    if ((static_cast<unsigned char>(frame[0]) & 0xf) == pong) {
      pongs_.push_back({g_get_monotonic_time() + delay_, std::move(frame)});
      timer_.start_at(pongs_.front().due, [this] { let_out(); });
    } else {
      client_.out += frame;
    }
  }
}

void PongDelay::let_out()
{
  client_.out += pongs_.front().frame;
  pongs_.pop_front();
  flush(client_);
  if (!pongs_.empty())
    timer_.start_at(pongs_.front().due, [this] { let_out(); });
}

} // namespace gemini_live_simulator
