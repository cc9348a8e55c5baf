// A WebSocket client for the tests of the simulator: libsoup alone, nothing of the library under
// test.
//
// Lives on the test's thread and on a context of its own; it waits by running that context.
#pragma once

#include "glib.hpp"
#include "json.hpp"

#include <libsoup/soup.h>

#include <functional>
#include <string>
#include <vector>

namespace gemini_live_simulator {

class ClientForTest {
public:
  static constexpr const char *path =
      "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
  static constexpr const char *vertex_path =
      "/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent";

  struct Message {
    std::string text;
    std::int64_t at; // monotonic microseconds
    bool binary;
  };
  struct Header {
    const char *name;
    const char *value;
  };

  // Connects; `status` tells the HTTP answer if that was refused.
  ClientForTest(const std::string &url,
                const std::string &path_and_query = std::string(path) + "?key=k",
                std::vector<Header> headers = {}, const std::string &ca_file = {});
  ~ClientForTest();
  ClientForTest(const ClientForTest &) = delete;
  ClientForTest &operator=(const ClientForTest &) = delete;

  bool connected() const { return socket_ != nullptr; }
  unsigned status() const { return status_; }
  bool closed() const { return closed_; }
  unsigned close_code() const;
  std::string close_reason() const;

  void send(const std::string &text);
  void close();
  void ping_every_second();                                         // from one second on
  const std::vector<std::int64_t> &pongs() const { return pongs_; } // when they came
  // Runs until `done`; false after 20 s.
  bool wait(const std::function<bool()> &done);
  bool wait_closed();

  const std::vector<Message> &messages() const { return messages_; }
  // How many messages so far hold this text, and where the first of them is (-1: nowhere).
  unsigned count(const std::string &what) const;
  int find(const std::string &what, int from = 0) const;
  bool wait_for(const std::string &what, unsigned count = 1);
  std::vector<std::int16_t> audio() const; // of all messages, joined
  std::string output_text() const;

private:
  static void on_connected(GObject *session, GAsyncResult *result, gpointer self);
  static void on_message(SoupWebsocketConnection *, int type, GBytes *message, gpointer self);
  static void on_pong(SoupWebsocketConnection *, GBytes *, gpointer self);
  static void on_closed(SoupWebsocketConnection *, gpointer self);

  GMainContext *context_ = nullptr;
  ObjectPtr<SoupSession> session_;
  ObjectPtr<SoupMessage> request_;
  ObjectPtr<SoupWebsocketConnection> socket_;
  bool answered_ = false;
  bool closed_ = false;
  unsigned status_ = 0;
  std::vector<Message> messages_;
  std::vector<std::int64_t> pongs_;
};

} // namespace gemini_live_simulator
