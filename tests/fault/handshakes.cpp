// A server that does not become a WebSocket, and of which no status can be read: each is one error with
// what the system said and with what to do.

#include "trial.hpp"

using test::Connection;
using test::RudePeer;
using test::Trial;

namespace {

// Answers of which no status can be read, or whose upgrade is none.
struct Failure {
  const char *name;
  void (*answer)(Connection &);
};

constexpr Failure kFailures[] = {
    {"a_wrong_accept_key_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       peer.answer(Connection::upgrade_answer("no key of yours"));
     }},
    {"a_missing_accept_key_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       peer.answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                   "Connection: Upgrade\r\n\r\n");
     }},
    {"an_upgrade_to_something_else_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       peer.answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n"
                   "Connection: Upgrade\r\n\r\n");
     }},
    {"an_extension_that_was_not_asked_for_is_one_error",
     [](Connection &peer) {
       auto answer = Connection::upgrade_answer(Connection::key_of(peer.read_head()));
       peer.answer(answer.insert(answer.find("Connection:"),
                                 "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
     }},
    {"a_protocol_that_was_not_asked_for_is_one_error",
     [](Connection &peer) {
       auto answer = Connection::upgrade_answer(Connection::key_of(peer.read_head()));
       peer.answer(answer.insert(answer.find("Connection:"), "Sec-WebSocket-Protocol: chat\r\n"));
     }},
    {"a_cut_head_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       peer.answer("HTTP/1.1 101 Switching Prot");
     }},
    {"a_head_cut_between_its_lines_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       peer.answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n");
     }},
    {"an_end_without_an_answer_is_one_error", [](Connection &peer) { peer.read_head(); }},
    {"a_reset_without_an_answer_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       peer.reset();
     }},
    {"a_reset_before_the_request_is_one_error", [](Connection &peer) { peer.reset(); }},
    {"an_answer_that_is_no_http_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       peer.answer("220 mail.example.org ESMTP\r\n\r\n");
     }},
    {"an_answer_of_noise_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       peer.answer(std::string(5000, '\xff') + "\r\n\r\n");
     }},
    {"a_head_without_an_end_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       peer.send("HTTP/1.1 101 Switching Protocols\r\n");
       for (;;)
         peer.send("X-More: and more\r\n");
     }},
    {"a_line_without_an_end_is_one_error",
     [](Connection &peer) {
       peer.read_head();
       for (;;)
         peer.send("HTTP/1.1 101 Switching Protocols");
     }},
};

// What no connection can be made from, and nothing of it that may be a secret is shown.
struct Url {
  const char *name;
  const char *url;
};

constexpr Url kUrls[] = {
    {"a_url_without_a_scheme_is_one_error", "127.0.0.1:1"},
    {"a_url_of_one_word_is_one_error", "nonsense"},
    {"a_url_of_another_scheme_is_one_error", "ftp://127.0.0.1/"},
    {"a_file_is_one_error", "file:///etc/passwd"},
    {"a_url_without_a_host_is_one_error", "http://"},
    {"a_url_with_only_a_path_is_one_error", "http:///path"},
    {"a_url_with_an_open_bracket_is_one_error", "http://[::1"},
    {"a_url_with_a_port_out_of_range_is_one_error", "http://127.0.0.1:99999"},
    {"a_url_with_a_port_of_letters_is_one_error", "http://127.0.0.1:port"},
    {"a_url_with_a_bad_escape_is_one_error", "http://%zz/"},
    {"a_malformed_url_does_not_show_its_password", "http://user:hidden@[::1"},
};

std::string launch(const std::string &url, const std::string &more = "")
{
  return "audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink name=ear "
         "api-key=secret base-url=\"" +
         url + "\" " + more + " geminilivesrc name=mouth ! fakesink sync=true async=false";
}

} // namespace

GST_START_TEST(test_failure)
{
  const auto &row = kFailures[__i__];
  Trial trial(row.name, row.answer);
  const auto error = trial.run_to_error();
  trial.expect(error, "Check the network and base-url: no connection to ws");
  trial.expect(error, trial.peer().url().substr(4));
  fail_unless(error.code == GST_RESOURCE_ERROR_OPEN_READ_WRITE && error.retryable, "%s", row.name);
  fail_unless((error.status == 0 || error.status == 101) && error.close_code == 0, "%s", row.name);
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(test_url)
{
  const auto &row = kUrls[__i__];
  test::Pipeline pipeline(launch(row.url));
  fail_unless(gst_element_set_state(pipeline.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE,
              "%s", row.name);
  const auto text = pipeline.wait_error();
  fail_unless(text.find("Set base-url to an http, https, ws or wss URL") != std::string::npos,
              "%s: %s", row.name, text.c_str());
  fail_unless(text.find("hidden") == std::string::npos, "%s: %s", row.name, text.c_str());
  // The two elements each refuse their change of state; neither says a second thing.
  pipeline.stop();
  for (GstMessage *message : pipeline.drain()) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      GError *error = nullptr;
      gst_message_parse_error(message, &error, nullptr);
      fail_unless(text == error->message, "%s: %s", row.name, error->message);
      g_error_free(error);
    }
    gst_message_unref(message);
  }
}
GST_END_TEST;

GST_START_TEST(silence_at_the_handshake_is_one_error)
{
  Trial trial(
      "silence",
      [](Connection &peer) {
        peer.read_head();
        peer.read_to_end();
      },
      "connect-timeout=300000000");
  const auto error = trial.run_to_error();
  trial.expect(error, "Check the network and base-url, or raise connect-timeout");
  trial.expect(error, "within 0.3 s");
  fail_unless(error.code == GST_RESOURCE_ERROR_OPEN_READ_WRITE && error.retryable);
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(a_pipeline_stops_at_once_while_the_handshake_is_unanswered)
{
  Trial trial("silence", [](Connection &peer) {
    peer.read_head();
    peer.stall();
  });
  trial.play();
  trial.wait([](GstMessage *m) { return gst_message_has_name(m, "geminilive/state"); });
  trial.stop();
}
GST_END_TEST;

GST_START_TEST(a_handshake_in_single_bytes_is_tolerated)
{
  Trial trial("single bytes", [](Connection &peer) {
    peer.send_bytewise(Connection::upgrade_answer(Connection::key_of(peer.read_head())));
    peer.wait_for("\"setup\"");
    peer.send_binary(R"({"setupComplete":{}})");
    peer.send_binary(test::audio_message(test::first_words()));
    test::say_last_words(peer);
  });
  trial.run_to_last_words();
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(a_refused_connection_is_one_error)
{
  std::string url;
  {
    RudePeer gone([](Connection &) {});
    url = gone.url();
  }
  test::Pipeline pipeline(launch(url));
  pipeline.play();
  const auto text = pipeline.wait_error();
  Trial::expect("refused", {.text = text}, "Check the network and base-url: no connection to ws");
  Trial::expect("refused", {.text = text}, url.substr(4));
}
GST_END_TEST;

// The peer answers the client's TLS hello in plain text.
GST_START_TEST(tls_to_a_server_without_is_one_error)
{
  RudePeer plain([](Connection &peer) { peer.answer("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  test::Pipeline pipeline(launch("https" + plain.url().substr(4)));
  pipeline.play();
  const auto text = pipeline.wait_error();
  Trial::expect("plain", {.text = text}, "Check the network and base-url: no connection to wss");
  Trial::expect("plain", {.text = text}, plain.url().substr(4));
}
GST_END_TEST;

GST_START_TEST(tls_to_a_silent_server_is_one_error)
{
  RudePeer silent([](Connection &peer) { peer.stall(); });
  test::Pipeline pipeline(launch("https" + silent.url().substr(4), "connect-timeout=300000000"));
  pipeline.play();
  Trial::expect("silent", {.text = pipeline.wait_error()},
                "Check the network and base-url, or raise connect-timeout");
}
GST_END_TEST;

static Suite *handshakes_suite()
{
  Suite *suite = suite_create("handshakes");
  TCase *tcase = tcase_create("handshakes");
  suite_add_tcase(suite, tcase);
  test::add_rows(tcase, kFailures, test_failure);
  test::add_rows(tcase, kUrls, test_url);
  tcase_add_test(tcase, silence_at_the_handshake_is_one_error);
  tcase_add_test(tcase, a_pipeline_stops_at_once_while_the_handshake_is_unanswered);
  tcase_add_test(tcase, a_handshake_in_single_bytes_is_tolerated);
  tcase_add_test(tcase, a_refused_connection_is_one_error);
  tcase_add_test(tcase, tls_to_a_server_without_is_one_error);
  tcase_add_test(tcase, tls_to_a_silent_server_is_one_error);
  return suite;
}

GST_CHECK_MAIN(handshakes);
