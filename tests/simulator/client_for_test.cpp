// The client of the tests.
#include "client_for_test.hpp"

#include "pcm.hpp"

namespace gemini_live_simulator {

ClientForTest::ClientForTest(const std::string &url, const std::string &path_and_query,
                             std::vector<Header> headers, const std::string &ca_file)
    : context_(g_main_context_new())
{
  g_main_context_push_thread_default(context_);
  session_.reset(soup_session_new());
  if (!ca_file.empty()) {
    const ObjectPtr<GTlsDatabase> trusted(g_tls_file_database_new(ca_file.c_str(), nullptr));
    soup_session_set_tls_database(session_.get(), trusted.get());
  }
  request_.reset(soup_message_new(SOUP_METHOD_GET, (url + path_and_query).c_str()));
  for (const auto &header : headers)
    soup_message_headers_append(soup_message_get_request_headers(request_.get()), header.name,
                                header.value);
  soup_session_websocket_connect_async(session_.get(), request_.get(), nullptr, nullptr,
                                       G_PRIORITY_DEFAULT, nullptr, &ClientForTest::on_connected,
                                       this);
  wait([this] { return answered_; });
}

ClientForTest::~ClientForTest()
{
  if (socket_)
    g_signal_handlers_disconnect_by_data(socket_.get(), this);
  soup_session_abort(session_.get());
  socket_.reset();
  session_.reset();
  while (g_main_context_iteration(context_, FALSE)) {
  }
  g_main_context_pop_thread_default(context_);
  g_main_context_unref(context_);
}

void ClientForTest::on_connected(GObject *session, GAsyncResult *result, gpointer self)
{
  auto *client = static_cast<ClientForTest *>(self);
  client->answered_ = true;
  client->socket_.reset(
      soup_session_websocket_connect_finish(SOUP_SESSION(session), result, nullptr));
  client->status_ = soup_message_get_status(client->request_.get());
  if (!client->socket_)
    return;
  SoupWebsocketConnection *socket = client->socket_.get();
  soup_websocket_connection_set_max_incoming_payload_size(socket, 16 * 1024 * 1024);
  g_signal_connect(socket, "message", G_CALLBACK(&ClientForTest::on_message), client);
  g_signal_connect(socket, "closed", G_CALLBACK(&ClientForTest::on_closed), client);
}

void ClientForTest::on_message(SoupWebsocketConnection *, int type, GBytes *message, gpointer self)
{
  const auto at = g_get_monotonic_time();
  gsize size = 0;
  const auto *text = static_cast<const char *>(g_bytes_get_data(message, &size));
  static_cast<ClientForTest *>(self)->messages_.push_back(
      {std::string(text, size), at, type == SOUP_WEBSOCKET_DATA_BINARY});
}

void ClientForTest::on_closed(SoupWebsocketConnection *, gpointer self)
{
  static_cast<ClientForTest *>(self)->closed_ = true;
}

void ClientForTest::on_pong(SoupWebsocketConnection *, GBytes *, gpointer self)
{
  static_cast<ClientForTest *>(self)->pongs_.push_back(g_get_monotonic_time());
}

void ClientForTest::ping_every_second()
{
  g_signal_connect(socket_.get(), "pong", G_CALLBACK(&ClientForTest::on_pong), this);
  soup_websocket_connection_set_keepalive_interval(socket_.get(), 1);
}

unsigned ClientForTest::close_code() const
{
  return soup_websocket_connection_get_close_code(socket_.get());
}

std::string ClientForTest::close_reason() const
{
  const char *reason = soup_websocket_connection_get_close_data(socket_.get());
  return reason ? reason : "";
}

void ClientForTest::send(const std::string &text)
{
  if (soup_websocket_connection_get_state(socket_.get()) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text(socket_.get(), text.c_str());
}

void ClientForTest::close()
{
  soup_websocket_connection_close(socket_.get(), SOUP_WEBSOCKET_CLOSE_NORMAL, "bye");
}

bool ClientForTest::wait(const std::function<bool()> &done)
{
  bool late = false;
  Timer limit;
  limit.start_in(20'000'000, [&late] { late = true; });
  while (!done() && !late)
    g_main_context_iteration(context_, TRUE);
  return !late;
}

bool ClientForTest::wait_closed()
{
  return wait([this] { return closed_; });
}

unsigned ClientForTest::count(const std::string &what) const
{
  unsigned found = 0;
  for (const auto &message : messages_)
    found += message.text.find(what) != std::string::npos ? 1 : 0;
  return found;
}

int ClientForTest::find(const std::string &what, int from) const
{
  for (std::size_t i = static_cast<std::size_t>(from); i < messages_.size(); ++i)
    if (messages_[i].text.find(what) != std::string::npos)
      return static_cast<int>(i);
  return -1;
}

bool ClientForTest::wait_for(const std::string &what, unsigned wanted)
{
  return wait([&] { return closed_ || count(what) >= wanted; }) && count(what) >= wanted;
}

std::vector<std::int16_t> ClientForTest::audio() const
{
  std::vector<std::int16_t> joined;
  for (const auto &message : messages_) {
    const auto document = JsonDocument::parse(message.text);
    if (!document)
      continue;
    const Json turn = document->root().get("serverContent").get("modelTurn");
    for (const Json &part : turn.get("parts").elements()) {
      const auto bytes = bytes_from_base64(part.get("inlineData").get("data").string());
      const auto samples = samples_from_bytes(bytes.value());
      joined.insert(joined.end(), samples.begin(), samples.end());
    }
  }
  return joined;
}

std::string ClientForTest::output_text() const
{
  std::string joined;
  for (const auto &message : messages_)
    if (const auto document = JsonDocument::parse(message.text))
      joined +=
          document->root().get("serverContent").get("outputTranscription").get("text").string();
  return joined;
}

} // namespace gemini_live_simulator
