// A server that does what a WebSocket server must not: a plain socket on the loopback and a script
// that decides every byte.
//
// The script runs in the peer's own thread, once for each connection, one connection after the
// other. It never sleeps: whatever it waits for comes from the client, and destroying the peer ends
// each wait. A client that goes away ends the script. A script that returns leaves a line that is
// still open to end cleanly: FIN, then everything is read until the client's FIN.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace test {

// The head of a frame, lies included.
struct Frame {
  unsigned opcode = 1; // 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong
  bool fin = true;
  unsigned reserved = 0;              // three bits
  bool masked = false;                // a server must not
  std::optional<std::uint64_t> claim; // bytes that the head promises; default: those that follow
};

class RudePeer {
public:
  class Connection {
  public:
    Connection(int socket, int wake, const std::function<void(const std::string &)> &note)
        : socket_(socket), wake_(wake), note_(note)
    {
    }
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    // The handshake.
    std::string read_head();
    void answer(std::string_view text) { send(text); }
    void upgrade(); // reads the head and answers as it should be
    // The answer that upgrades; `key` is the client's Sec-WebSocket-Key.
    static std::string upgrade_answer(std::string_view key);
    static std::string key_of(std::string_view head);

    // What the client says. Pings are answered.
    struct Received {
      unsigned opcode;
      std::string payload;
    };
    Received read_frame();
    void wait_for(std::string_view part); // until a text message holds it

    void send(std::string_view bytes);
    void send_bytewise(std::string_view bytes); // one write each, so one packet each
    void send_frame(const Frame &frame, std::string_view payload);
    void send_text(std::string_view text) { send_frame({.opcode = 1}, text); }
    void send_binary(std::string_view text) { send_frame({.opcode = 2}, text); }
    void send_fragments(std::string_view text, unsigned count, bool pings_between);
    static std::string frame_bytes(const Frame &frame, std::string_view payload);
    // Returns when the client has read everything up to here.
    void settle();

    void close(unsigned code, std::string_view reason); // the frame only
    void shutdown();                                    // FIN
    void reset();                                       // RST
    void stall();                                       // reads no more until the peer is destroyed
    void read_to_end();                                 // until the client's FIN

  private:
    friend class RudePeer;
    struct Over {}; // the client is gone, or the peer shall end
    void await(short events);
    void read_some();
    std::string take(std::size_t size);

    int socket_;
    const int wake_;
    const std::function<void(const std::string &)> &note_;
    std::string unread_;
  };

  using Script = std::function<void(Connection &)>;

  explicit RudePeer(Script script);
  ~RudePeer();
  RudePeer(const RudePeer &) = delete;
  RudePeer &operator=(const RudePeer &) = delete;

  std::string url() const; // http://127.0.0.1:PORT
  // The HTTP heads that have arrived, one for each connection that sent one.
  std::vector<std::string> heads() const;

private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

} // namespace test
