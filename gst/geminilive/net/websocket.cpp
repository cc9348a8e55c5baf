#include "websocket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#ifdef __linux__
#include <linux/sockios.h>
#endif

namespace gemini_live {

namespace {

// Unsent bytes beyond which we wait. At 20 ms a message this is about one second of audio.
constexpr int kMaxUnsent = 64 * 1024;
// Less than the smallest send buffer that kernels begin with.
constexpr int kSurelyRoom = 8 * 1024;

// Below what TLS and libsoup, whose own type is private, have wrapped around it.
GSocket *socket_of(GIOStream *stream)
{
  while (!G_IS_SOCKET_CONNECTION(stream)) {
    const char *inner = G_IS_TLS_CONNECTION(stream) ? "base-io-stream" : "base-iostream";
    GIOStream *base = nullptr;
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(stream), inner))
      g_object_get(stream, inner, &base, nullptr);
    if (!base)
      return nullptr;
    g_object_unref(base); // the outer stream keeps it
    stream = base;
  }
  return G_SOCKET(g_object_ref(g_socket_connection_get_socket(G_SOCKET_CONNECTION(stream))));
}

// We may be inside one of the connection's own calls, which go on using it.
void unref_soon(ObjectPtr<SoupWebsocketConnection> connection)
{
  GSource *source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(
      source, [](gpointer) -> gboolean { return G_SOURCE_REMOVE; }, connection.release(),
      g_object_unref);
  g_source_attach(source, g_main_context_get_thread_default());
  g_source_unref(source);
}

std::string url_of(const WebSocket::Request &request)
{
  if (request.query.empty())
    return request.url;
  const char joint = request.url.find('?') == std::string::npos ? '?' : '&';
  return request.url + joint + request.query.text();
}

// Once the head of a refusal is there, its body has so long to come.
constexpr gint64 kBodyPatience = 1'000'000; // microseconds
constexpr int kMaxBody = 16 * 1024;
constexpr const char *kProject = "x-goog-user-project"; // the only header that is no secret

// libsoup 3.2 reads the body of a refused handshake and shows it to nobody but its logger. `body` gets
// it, line by line.
void collect_body(SoupSession *session, std::shared_ptr<std::string> body)
{
  const ObjectPtr<SoupLogger> logger(soup_logger_new(SOUP_LOGGER_LOG_BODY));
  soup_logger_set_max_body_size(logger.get(), kMaxBody);
  soup_logger_set_printer(
      logger.get(),
      [](SoupLogger *, SoupLoggerLogLevel level, char direction, const char *line, gpointer data) {
        if (level == SOUP_LOGGER_LOG_BODY && direction == '<')
          (*static_cast<std::shared_ptr<std::string> *>(data))->append(line).append("\n");
      },
      new std::shared_ptr<std::string>(std::move(body)),
      [](gpointer data) { delete static_cast<std::shared_ptr<std::string> *>(data); });
  soup_session_add_feature(session, SOUP_SESSION_FEATURE(logger.get()));
}

} // namespace

void WebSocket::connect(const Request &request)
{
  message_ = make_message(SOUP_METHOD_GET, url_of(request), request.headers, request.route);
  for (const auto &[name, value] : request.headers)
    if (g_ascii_strcasecmp(name.c_str(), kProject) != 0)
      secrets_.push_back(value);
  secrets_.push_back(request.query);
  secrets_.push_back(request.quoted);
  g_signal_connect(message_.get(), "got-headers",
                   G_CALLBACK(+[](SoupMessage *refused, WebSocket *self) {
                     if (soup_message_get_status(refused) >= SOUP_STATUS_OK)
                       self->wait_for_body();
                   }),
                   this);
  session_ = make_session(request.url, request.route);
  body_ = std::make_shared<std::string>();
  collect_body(session_.get(), body_);
  cancellable_.reset(g_cancellable_new());
  soup_session_websocket_connect_async(
      session_.get(), message_.get(), nullptr, nullptr, G_PRIORITY_DEFAULT, cancellable_.get(),
      [](GObject *, GAsyncResult *result, gpointer data) {
        std::unique_ptr<std::shared_ptr<WebSocket>> self(
            static_cast<std::shared_ptr<WebSocket> *>(data));
        (*self)->finish_connect(result);
      },
      new std::shared_ptr<WebSocket>(shared_from_this()));
}

// A refusal has been said with its head. Its body says why, but it may never end.
void WebSocket::wait_for_body()
{
  patience_ =
      std::make_unique<Alarm>(g_main_context_get_thread_default(), [weak = weak_from_this()] {
        if (const auto self = weak.lock())
          self->end(failure_of(self->message_.get(), nullptr));
      });
  patience_->ring_in(kBodyPatience);
}

void WebSocket::finish_connect(GAsyncResult *result)
{
  if (!session_) // abandoned meanwhile
    return;
  GError *error = nullptr;
  auto *connection = soup_session_websocket_connect_finish(session_.get(), result, &error);
  if (connection) {
    adopt(connection);
    forget_handshake();
    events_.opened();
    return;
  }
  ErrorPtr owned(error);
  auto how = failure_of(message_.get(), error);
  if (how.cause == ConnectionEnd::Cause::refused)
    how.reason = google_error(*body_);
  end(std::move(how));
}

std::string WebSocket::awaited_proxy() const
{
  return message_ && way_of(message_.get()).at_proxy ? way_of(message_.get()).proxy : "";
}

void WebSocket::adopt(SoupWebsocketConnection *connection)
{
  connection_.reset(connection);
  g_object_set_data_full(G_OBJECT(connection), "gemini-live-loop", new std::shared_ptr<void>(loop_),
                         [](gpointer held) { delete static_cast<std::shared_ptr<void> *>(held); });
  soup_websocket_connection_set_max_incoming_payload_size(connection, kMaxMessage);
  socket_.reset(socket_of(soup_websocket_connection_get_io_stream(connection)));
  if (socket_) // a chunk of audio must not wait for the next one
    g_socket_set_option(socket_.get(), IPPROTO_TCP, TCP_NODELAY, TRUE, nullptr);
  g_signal_connect(
      connection, "message",
      G_CALLBACK(+[](SoupWebsocketConnection *from, gint, GBytes *bytes, WebSocket *self) {
        // libsoup goes on reading after an error.
        if (!self->is_open() || self->last_error_)
          return;
        gsize size = 0;
        const auto *data = static_cast<const char *>(g_bytes_get_data(bytes, &size));
        // Its own limit is that of a fragment.
        if (size > kMaxMessage) {
          self->last_error_.reset(g_error_new(SOUP_WEBSOCKET_ERROR,
                                              SOUP_WEBSOCKET_ERROR_NOT_WEBSOCKET,
                                              "a message of %" G_GSIZE_FORMAT " bytes", size));
          self->lose(from);
          return;
        }
        self->events_.message(std::string_view(data, size));
      }),
      this);
  // After each of these nothing more is to come, but libsoup would give the peer five seconds to
  // hang up.
  g_signal_connect(connection, "error",
                   G_CALLBACK(+[](SoupWebsocketConnection *failed, GError *error, WebSocket *self) {
                     self->last_error_.reset(g_error_copy(error));
                     self->lose(failed);
                   }),
                   this);
  g_signal_connect(connection, "closing",
                   G_CALLBACK(+[](SoupWebsocketConnection *closing, WebSocket *self) {
                     // Not where we are the one who closes.
                     if (soup_websocket_connection_get_close_code(closing) != 0)
                       self->lose(closing);
                   }),
                   this);
  g_signal_connect(
      connection, "closed",
      G_CALLBACK(+[](SoupWebsocketConnection *closed, WebSocket *self) { self->lose(closed); }),
      this);
}

// A close frame says more than the error that an odd code in it is to libsoup.
void WebSocket::lose(SoupWebsocketConnection *connection)
{
  ConnectionEnd how;
  how.code = soup_websocket_connection_get_close_code(connection);
  if (const char *text = soup_websocket_connection_get_close_data(connection))
    how.reason = text;
  if (last_error_)
    how.detail = last_error_->message;
  if (how.code == 0 && last_error_ && last_error_->domain == SOUP_WEBSOCKET_ERROR)
    how.cause = ConnectionEnd::Cause::broken;
  else if (how.code == 0)
    how.code = SOUP_WEBSOCKET_CLOSE_ABNORMAL;
  end_soon(how);
}

// A send that fails closes the connection from within the call.
void WebSocket::end_soon(const ConnectionEnd &how)
{
  using Pending = std::pair<std::shared_ptr<WebSocket>, ConnectionEnd>;
  GSource *source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(
      source,
      [](gpointer data) -> gboolean {
        const auto &[self, end] = *static_cast<Pending *>(data);
        if (self->session_)
          self->end(end);
        return G_SOURCE_REMOVE;
      },
      new Pending(shared_from_this(), how),
      [](gpointer data) { delete static_cast<Pending *>(data); });
  g_source_attach(source, g_main_context_get_thread_default());
  g_source_unref(source);
}

void WebSocket::end(ConnectionEnd how)
{
  const auto self = shared_from_this(); // the callback may let go of us
  abandon();
  for (const auto &secret : secrets_) // the service may quote what it refuses
    how.reason = secret.hidden_in(how.reason);
  events_.ended(how);
}

bool WebSocket::is_open() const
{
  return connection_ &&
         soup_websocket_connection_get_state(connection_.get()) == SOUP_WEBSOCKET_STATE_OPEN;
}

void WebSocket::send(const std::string &text)
{
  soup_websocket_connection_send_text(connection_.get(), text.c_str());
}

void WebSocket::close(unsigned short code)
{
  if (is_open())
    soup_websocket_connection_close(connection_.get(), code, nullptr);
}

void WebSocket::abandon()
{
  if (cancellable_)
    g_cancellable_cancel(cancellable_.get());
  if (connection_) {
    g_signal_handlers_disconnect_by_data(connection_.get(), this);
    unref_soon(std::move(connection_));
  }
  forget_handshake();
  socket_.reset();
  session_.reset();
  cancellable_.reset();
}

void WebSocket::forget_handshake()
{
  if (message_)
    g_signal_handlers_disconnect_by_data(message_.get(), this);
  message_.reset();
  body_.reset();
  patience_.reset();
}

bool WebSocket::has_room() const
{
#ifdef SIOCOUTQ
  int unsent = 0;
  if (socket_ && ioctl(g_socket_get_fd(socket_.get()), SIOCOUTQ, &unsent) == 0) {
    if (unsent > kMaxUnsent)
      return false;
    if (unsent < kSurelyRoom)
      return true;
  }
#endif
  return !socket_ || (g_socket_condition_check(socket_.get(), G_IO_OUT) & G_IO_OUT) != 0;
}

} // namespace gemini_live
