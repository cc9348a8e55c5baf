#include "http.hpp"

namespace gemini_live {

std::string HttpReply::header(const char *name) const
{
  for (const auto &[key, value] : headers)
    if (g_ascii_strcasecmp(key.c_str(), name) == 0)
      return value.text();
  return {};
}

HttpCall::~HttpCall()
{
  abandon();
  Secret::wipe(body_.data(), body_.size());
}

void HttpCall::start(const Request &request)
{
  const bool posts = !request.form.empty();
  session_ = make_session(request.url, request.route);
  cancellable_.reset(g_cancellable_new());
  message_ = make_message(posts ? SOUP_METHOD_POST : SOUP_METHOD_GET, request.url, request.headers,
                          request.route);
  if (posts) {
    form_ = request.form;
    set_body();
    // libsoup forgets it when a proxy has asked for a password.
    g_signal_connect(message_.get(), "restarted",
                     G_CALLBACK(+[](SoupMessage *, HttpCall *self) { self->set_body(); }), this);
  }
  soup_session_send_async(
      session_.get(), message_.get(), G_PRIORITY_DEFAULT, cancellable_.get(),
      [](GObject *, GAsyncResult *result, gpointer data) {
        std::unique_ptr<std::shared_ptr<HttpCall>> self(
            static_cast<std::shared_ptr<HttpCall> *>(data));
        (*self)->finish_head(result);
      },
      new std::shared_ptr<HttpCall>(shared_from_this()));
}

void HttpCall::set_body()
{
  const auto &form = form_.text();
  const BytesPtr bytes(g_bytes_new(form.data(), form.size()));
  soup_message_set_request_body_from_bytes(message_.get(), "application/x-www-form-urlencoded",
                                           bytes.get());
}

void HttpCall::finish_head(GAsyncResult *result)
{
  if (!session_) // abandoned meanwhile
    return;
  GError *error = nullptr;
  ObjectPtr<GInputStream> stream(soup_session_send_finish(session_.get(), result, &error));
  const ErrorPtr owned(error);
  if (!stream) {
    fail(error);
    return;
  }
  g_input_stream_read_all_async(
      stream.get(), body_.data(), body_.size(), G_PRIORITY_DEFAULT, cancellable_.get(),
      [](GObject *source, GAsyncResult *read, gpointer data) {
        std::unique_ptr<std::shared_ptr<HttpCall>> self(
            static_cast<std::shared_ptr<HttpCall> *>(data));
        (*self)->finish_body(G_INPUT_STREAM(source), read);
      },
      new std::shared_ptr<HttpCall>(shared_from_this()));
}

void HttpCall::finish_body(GInputStream *stream, GAsyncResult *result)
{
  if (!session_)
    return;
  gsize size = 0;
  GError *error = nullptr;
  g_input_stream_read_all_finish(stream, result, &size, &error);
  const ErrorPtr owned(error);
  if (error) {
    fail(error);
    return;
  }
  if (soup_message_get_status(message_.get()) == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED ||
      way_of(message_.get()).at_proxy) {
    fail(nullptr); // so says the proxy
    return;
  }
  HttpReply reply{.status = soup_message_get_status(message_.get()),
                  .body = Secret(std::string_view(body_.data(), size)),
                  .headers = {}};
  soup_message_headers_foreach(
      soup_message_get_response_headers(message_.get()),
      [](const char *name, const char *value, gpointer list) {
        static_cast<HeaderList *>(list)->emplace_back(name, Secret(value));
      },
      &reply.headers);
  const auto self = shared_from_this(); // the callback may let go of us
  abandon();
  events_.replied(reply);
}

void HttpCall::fail(const GError *error)
{
  const auto how = failure_of(message_.get(), error);
  const auto self = shared_from_this();
  abandon();
  events_.failed(how);
}

std::string HttpCall::awaited_proxy() const
{
  return message_ && way_of(message_.get()).at_proxy ? way_of(message_.get()).proxy : "";
}

void HttpCall::abandon()
{
  if (cancellable_)
    g_cancellable_cancel(cancellable_.get());
  if (message_)
    g_signal_handlers_disconnect_by_data(message_.get(), this);
  message_.reset();
  session_.reset();
  cancellable_.reset();
}

} // namespace gemini_live
