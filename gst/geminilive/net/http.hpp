// One HTTP request and its short reply.
//
// Everything happens on the thread whose default context it was made under. No callback comes after
// abandon(), and none from inside a call.
#pragma once

#include "connection_end.hpp"
#include "route.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace gemini_live {

struct HttpReply {
  unsigned status = 0;
  Secret body; // of a longer one only the beginning
  HeaderList headers;

  // Empty if there is none.
  std::string header(const char *name) const;
};

class HttpCall : public std::enable_shared_from_this<HttpCall> {
public:
  struct Request {
    std::string url;
    HeaderList headers;
    Secret form; // to POST; if it is empty, GET
    Route route;
  };
  struct Events {
    std::function<void(const HttpReply &)> replied;
    std::function<void(const ConnectionEnd &)> failed; // there is no reply
  };

  static constexpr std::size_t kMaxBody = 64 * 1024;

  // `loop` is what runs the context; it is held until libsoup is done with the socket.
  HttpCall(Events events, std::shared_ptr<void> loop)
      : events_(std::move(events)), loop_(std::move(loop))
  {
  }
  ~HttpCall();

  void start(const Request &request);
  void abandon();

  // The proxy that has not let us through yet, as it may be shown; empty if there is none.
  std::string awaited_proxy() const;

private:
  void set_body();
  void finish_head(GAsyncResult *result);
  void finish_body(GInputStream *stream, GAsyncResult *result);
  void fail(const GError *error);

  Events events_;
  std::shared_ptr<void> loop_;
  ObjectPtr<SoupSession> session_;
  ObjectPtr<SoupMessage> message_;
  Secret form_;
  ObjectPtr<GCancellable> cancellable_;
  std::array<char, kMaxBody> body_;
};

} // namespace gemini_live
