// A scripted service that speaks the Gemini Live protocol over a real socket on loopback.
//
// One Simulator owns one thread with one GMainContext; SoupServer and every conversation live there.
// All public functions may be called from any other thread. Nothing here includes the client library:
// a misreading of the protocol must not sit on both sides.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gemini_live_simulator {

// Of a certificate that is made for a test.
struct CertificatePlan {
  int first_day = -1, last_day = 30; // from today on
  std::string host = "localhost";    // if it is another, it is not for 127.0.0.1 either
};

struct Options {
  std::uint16_t port = 0; // 0: any free port
  bool tls = false;
  std::string profile;  // empty: gemini-3.8, and vertex at its path; the scenario's own wins
  std::string api_key;  // empty: every key that is not empty is accepted
  std::string scenario; // JSON text; empty: the built-in conversation
  // Issues access tokens, and lets nobody in by the path of Vertex AI who has none of them.
  bool issues_tokens = false;
  std::int64_t token_lifetime = 3599; // seconds
  std::int64_t clock_ahead = 0;       // seconds, for tokens of all kinds
  CertificatePlan certificate = {};
};

// One thing a client did, as the server read it.
struct Received {
  enum class Kind {
    connect,
    setup,
    audio,
    video,
    text,
    audio_stream_end,
    activity_start,
    activity_end,
    client_content,
    tool_response,
    context_update,
    malformed,
    close
  };
  Kind kind;
  std::int64_t at;                // g_get_monotonic_time() when the frame was read, microseconds
  unsigned connection;            // counts from 1
  std::string json;               // the message as it came; empty for connect and close
  std::vector<std::uint8_t> data; // audio, video: decoded bytes
  std::string
      text; // text: the utterance; close and malformed: the reason; content: the user's last
  unsigned close_code = 0; // close only
};

class Simulator {
public:
  explicit Simulator(Options options); // listens when it returns; std::runtime_error if it cannot
  ~Simulator();                        // closes every connection and joins the thread
  Simulator(const Simulator &) = delete;
  Simulator &operator=(const Simulator &) = delete;

  std::string url() const;     // http://127.0.0.1:PORT, or https://
  std::string ca_file() const; // with tls: a PEM file that a client may trust; else empty

  // Files of credentials, JSON text, if it issues tokens.
  std::string service_account() const;
  std::string authorized_user() const;
  // From now on the tokens issued so far are good for nothing.
  void revoke_tokens();
  // How many requests for access tokens came, good or bad.
  unsigned token_requests() const;
  // The name of an ephemeral token for a request as it would be POSTed; std::runtime_error with the
  // answer to one that is refused.
  std::string mint_token(const std::string &json);
  // From now on it is so much later for tokens of all kinds. Whose ephemeral token has expired by then
  // is told so.
  void advance_clock(std::chrono::seconds time);

  // What was received so far, in order.
  std::vector<Received> received() const;
  std::vector<Received> received(Received::Kind kind) const;
  std::vector<std::uint8_t> audio() const; // the data of all audio, joined
  // Waits until `done` is true of what was received; false if `timeout` passed first.
  bool wait_for(const std::function<bool(const std::vector<Received> &)> &done,
                std::chrono::milliseconds timeout = std::chrono::seconds(20)) const;
  // Called on the server's thread for each thing received.
  void on_received(std::function<void(const Received &)> callback);

  // Act on the newest connection, in the order of the calls.
  void send(std::string json); // one binary frame, exactly these bytes
  void send_audio(std::span<const std::int16_t> samples, unsigned rate = 24000); // one message
  void close(unsigned code, std::string reason);
  unsigned connections() const; // open ones

private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace gemini_live_simulator
