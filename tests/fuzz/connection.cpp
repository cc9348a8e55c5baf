// A server that may answer anything, and the engine that talks to it over a real socket.
//
// The first byte says what the rest is: 1 is frames after a good handshake, 2 is messages of a
// session, one a line; anything else belongs to the answer at the handshake itself.
#include "target.hpp"

#include "gst/geminilive/engine/engine.hpp"

#include <gst/gst.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <future>
#include <mutex>
#include <string>

namespace {

using namespace gemini_live;

void append_frame(std::string &out, std::string_view text)
{
  out += '\x81'; // a whole text message
  if (text.size() < 126)
    out += static_cast<char>(text.size());
  else {
    out += '\x7f';
    for (int shift = 56; shift >= 0; shift -= 8)
      out += static_cast<char>(static_cast<std::uint64_t>(text.size()) >> shift);
  }
  out += text;
}

std::string accept_key(std::string_view request)
{
  constexpr std::string_view kName = "Sec-WebSocket-Key: ";
  const auto at = request.find(kName);
  fuzz::claim(at != std::string_view::npos);
  const auto key = request.substr(at + kName.size(), 24);
  GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);
  const auto text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  g_checksum_update(sum, reinterpret_cast<const guchar *>(text.data()),
                    static_cast<gssize>(text.size()));
  guint8 digest[20];
  gsize length = sizeof digest;
  g_checksum_get_digest(sum, digest, &length);
  g_checksum_free(sum);
  CharPtr encoded(g_base64_encode(digest, length));
  return encoded.get();
}

std::string answer_to(std::string_view request, std::string_view input)
{
  if (input.empty() || (input[0] != '1' && input[0] != '2'))
    return std::string(input);
  auto answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Accept: " +
                accept_key(request) + "\r\n\r\n";
  const auto rest = input.substr(1);
  if (input[0] == '1')
    return answer.append(rest);
  append_frame(answer, R"({"setupComplete":{}})");
  for (const auto line : fuzz::lines_of(rest))
    append_frame(answer, line);
  return answer;
}

// libFuzzer looks after its inputs with a timer, whose signal breaks a call off.
template <class Call>
ssize_t unbroken(Call call)
{
  for (;;)
    if (const ssize_t result = call(); result >= 0 || errno != EINTR)
      return result;
}

class Server {
public:
  Server() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
  {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *const generic = reinterpret_cast<sockaddr *>(&address);
    fuzz::claim(bind(socket_, generic, length) == 0 && listen(socket_, 16) == 0 &&
                getsockname(socket_, generic, &length) == 0);
    port_ = ntohs(address.sin_port);
  }

  std::string url() const { return "ws://127.0.0.1:" + std::to_string(port_) + "/"; }

  // One connection, until the other side has closed it.
  void serve(std::string_view input) const
  {
    const auto peer = static_cast<int>(unbroken([&] { return accept(socket_, nullptr, nullptr); }));
    fuzz::claim(peer >= 0);
    std::string request;
    char buffer[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const auto got = unbroken([&] { return recv(peer, buffer, sizeof buffer, 0); });
      fuzz::claim(got > 0);
      request.append(buffer, static_cast<std::size_t>(got));
    }
    std::string_view answer;
    const auto all = answer_to(request, input);
    for (answer = all; !answer.empty();) {
      const auto sent =
          unbroken([&] { return send(peer, answer.data(), answer.size(), MSG_NOSIGNAL); });
      if (sent <= 0)
        break;
      answer.remove_prefix(static_cast<std::size_t>(sent));
    }
    shutdown(peer, SHUT_WR);
    while (unbroken([&] { return recv(peer, buffer, sizeof buffer, 0); }) > 0)
      ;
    ::close(peer);
  }

private:
  int socket_;
  std::uint16_t port_ = 0;
};

// So that no thread comes and goes with an engine, and all that it left to do can be waited for.
class Loops {
public:
  Loops()
  {
    for (guint i = 0; i < g_get_num_processors(); i++)
      loops_.push_back(Loop::acquire());
  }
  void settle()
  {
    for (const auto &loop : loops_) {
      std::promise<void> done;
      loop->post([&] { done.set_value(); });
      done.get_future().wait();
    }
  }

private:
  std::vector<std::shared_ptr<Loop>> loops_;
};

class Conversation {
public:
  explicit Conversation(const std::string &url)
  {
    Engine::Config config{.name = "fuzz",
                          .request = {.url = url,
                                      .headers = {{"x-goog-api-key", Secret("k")}},
                                      .route = {.direct = true}},
                          .shown_url = url,
                          .setup = R"({"setup":{}})",
                          .connect_timeout = 20 * kSecond,
                          .drain_timeout = kSecond,
                          .max_offline_audio = kSecond,
                          .input_transcripts = true,
                          .output_transcripts = true};
    engine_ = Engine::start(
        std::move(config), [this](const auto &engine, const Event &event) { see(*engine, event); });
    engine_->set_has_source(true);
    for (const auto which : {TextFeed::Which::answer, TextFeed::Which::conversation})
      engine_->add_feed(std::make_shared<TextFeed>(which, [] {}));
  }

  void wait_closed()
  {
    closed_.get_future().wait();
    while (!engine_->playout().is_empty())
      engine_->pull(std::nullopt, 0);
    fuzz::claim(errors_ == 1);
    fuzz::claim(engine_->phase() == Engine::Phase::failed);
  }

private:
  // Nobody closes the conversation on our side, so it ends with one error.
  void see(Engine &engine, const Event &event)
  {
    if (g_str_equal(event.name(), "error")) {
      fuzz::claim(!event.get<std::string>("message").empty() && event.error());
      errors_++;
      engine.show_failure();
    } else if (g_str_equal(event.name(), "state") && event.get<std::string>("state") == "closed")
      closed_.set_value();
  }

  std::shared_ptr<Engine> engine_;
  std::promise<void> closed_;
  unsigned errors_ = 0; // loop thread, until closed
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
  static const Server server;
  static auto *const loops = new Loops;
  [[maybe_unused]] static const bool initialised = (gst_init(nullptr, nullptr), true);
  {
    Conversation conversation(server.url());
    server.serve(fuzz::text_of(data, size));
    conversation.wait_closed();
  }
  loops->settle();
  loops->settle(); // what the first has put off
  return 0;
}
