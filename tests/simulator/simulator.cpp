// The thread, the SoupServer on it, and the list of its connections.
//
// The constructor starts the thread and waits until the server listens or cannot. Other threads
// reach the server only through post(), the log and two atomics; everything else in Impl is the
// server thread's own.
#include "simulator.hpp"

#include "access.hpp"
#include "certificate.hpp"
#include "clock.hpp"
#include "connection.hpp"
#include "ephemeral_tokens.hpp"
#include "glib.hpp"
#include "json.hpp"
#include "log.hpp"
#include "offices.hpp"
#include "profile.hpp"
#include "scenario.hpp"
#include "script.hpp"
#include "server_message.hpp"
#include "token_office.hpp"
#include "voice.hpp"

#include <libsoup/soup.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <future>
#include <list>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace gemini_live_simulator {
namespace {

constexpr std::int64_t farewell = 250'000; // for the close frames, when the simulator ends

// nullptr: none is named.
const Profile *choose_profile(const Options &options, const Scenario &scenario)
{
  const std::string &name = scenario.profile.empty() ? options.profile : scenario.profile;
  const Profile *profile = find_profile(name);
  if (!profile && !name.empty())
    throw std::runtime_error("there is no profile \"" + name + "\"");
  return profile;
}

Scenario load_scenario(const Options &options)
{
  Scenario scenario;
  if (!options.scenario.empty())
    scenario = read_scenario(options.scenario);
  const auto late = std::ranges::find(scenario.faults, Fault::What::late_pongs, &Fault::what);
  if (options.tls && late != scenario.faults.end())
    throw std::runtime_error("late pongs do not go with TLS");
  return scenario;
}

} // namespace

class Simulator::Impl {
public:
  explicit Impl(const Options &options)
      : options_(options), clock_(options.clock_ahead), tokens_(options.api_key),
        scenario_(load_scenario(options)), profile_(choose_profile(options, scenario_)),
        context_(g_main_context_new()), loop_(g_main_loop_new(context_, FALSE))
  {
    std::promise<std::string> listening;
    auto url = listening.get_future();
    thread_ = std::thread([this, &listening] { run(listening); });
    try {
      url_ = url.get();
    } catch (...) {
      thread_.join();
      release();
      throw;
    }
  }

  ~Impl()
  {
    post(context_, [this] { leave(); });
    thread_.join();
    release();
  }

  // Done by the constructor's caller or anybody else, in the order of the calls.
  using Act = std::function<void(Connection &)>;
  void act(Act what, bool needs_setup)
  {
    post(context_, [this, what = std::move(what), needs_setup] {
      acts_.push_back({what, needs_setup});
      do_acts();
    });
  }

  const std::string &url() const { return url_; }
  const std::string &ca_file() const { return ca_file_; }
  unsigned connections() const { return open_; }
  // Made before the constructor returns, so anybody may read what does not change.
  const TokenOffice *office() const { return office_ ? &*office_ : nullptr; }
  unsigned token_requests() const { return offices_->requests(); }
  // Done on the server's thread before it returns.
  template <typename Work>
  void run_there(Work work)
  {
    std::promise<void> done;
    post(context_, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  void revoke_tokens()
  {
    run_there([this] {
      if (office_)
        office_->revoke_all();
    });
  }
  HttpReply mint_token(const std::string &json)
  {
    HttpReply reply;
    run_there([&] {
      reply =
          tokens_.mint({.has_key = true, .key = options_.api_key.empty() ? "k" : options_.api_key},
                       json, clock_.now());
    });
    return reply;
  }
  void advance_clock(std::int64_t seconds)
  {
    run_there([&] {
      clock_.advance(seconds);
      for (auto &entry : connections_)
        entry.connection->watch_token();
    });
  }
  Log &log() { return log_; }

private:
  struct Pending {
    Act what;
    bool needs_setup;
  };
  struct Entry {
    unsigned number;
    std::unique_ptr<Connection> connection;
  };

  void run(std::promise<std::string> &listening);
  void listen();
  void open_offices(const std::string &url);
  void leave();
  void release();
  void accept(SoupServerMessage *message, SoupWebsocketConnection *socket);
  void forget(unsigned number);
  void do_acts();

  static void on_headers(SoupServer *, SoupServerMessage *message, const char *path, GHashTable *,
                         gpointer self);
  static void on_request(SoupServer *, SoupServerMessage *message, const char *, GHashTable *,
                         gpointer offices);
  static void on_socket(SoupServer *, SoupServerMessage *message, const char *,
                        SoupWebsocketConnection *socket, gpointer self);

  const Options options_;
  Clock clock_;
  EphemeralTokens tokens_;
  const Scenario scenario_;
  const Profile *const profile_; // nullptr: by the path
  GMainContext *context_;
  GMainLoop *loop_;
  std::thread thread_;
  std::string url_;
  std::string ca_file_;
  std::atomic<unsigned> open_ = 0;
  Log log_;

  std::optional<TokenOffice> office_;
  std::optional<Offices> offices_;
  std::optional<Certificate> certificate_;
  std::optional<Script> script_;
  std::optional<Voice> voice_;
  std::optional<Stage> stage_;
  ObjectPtr<SoupServer> server_;
  std::list<Entry> connections_; // the newest last
  unsigned accepted_ = 0;
  std::deque<Pending> acts_;
  bool leaving_ = false;
};

void Simulator::Impl::run(std::promise<std::string> &listening)
{
  g_main_context_push_thread_default(context_);
  bool good = false;
  try {
    listen();
    const std::unique_ptr<GSList, void (*)(GSList *)> uris(
        soup_server_get_uris(server_.get()), [](GSList *list) {
          g_slist_free_full(list, [](gpointer uri) { g_uri_unref(static_cast<GUri *>(uri)); });
        });
    if (!uris)
      throw std::runtime_error("the server does not listen");
    const int port = g_uri_get_port(static_cast<GUri *>(uris->data));
    good = true;
    auto url =
        (options_.tls ? "https" : "http") + std::string("://127.0.0.1:") + std::to_string(port);
    open_offices(url);
    listening.set_value(std::move(url));
  } catch (...) {
    listening.set_exception(std::current_exception());
  }
  if (good)
    g_main_loop_run(loop_);
  connections_.clear();
  if (server_)
    soup_server_disconnect(server_.get());
  server_.reset();
  stage_.reset();
  voice_.reset();
  script_.reset();
  // What was cancelled still has to be told so.
  while (g_main_context_iteration(context_, FALSE)) {
  }
  g_main_context_pop_thread_default(context_);
}

void Simulator::Impl::listen()
{
  script_.emplace(scenario_);
  voice_.emplace();
  stage_.emplace(Stage{profile_, options_.api_key, tokens_, clock_, *script_, *voice_});
  server_.reset(soup_server_new("server-header", "gemini-live-simulator", nullptr));
  soup_server_add_early_handler(server_.get(), nullptr, &Impl::on_headers, this, nullptr);
  soup_server_add_websocket_handler(server_.get(), nullptr, nullptr, nullptr, &Impl::on_socket,
                                    this, nullptr);
  auto flags = static_cast<int>(SOUP_SERVER_LISTEN_IPV4_ONLY);
  if (options_.tls) {
    certificate_.emplace(options_.certificate);
    ca_file_ = certificate_->pem_file();
    soup_server_set_tls_certificate(server_.get(), certificate_->tls());
    flags |= SOUP_SERVER_LISTEN_HTTPS;
  }
  GError *error = nullptr;
  if (!soup_server_listen_local(server_.get(), options_.port,
                                static_cast<SoupServerListenOptions>(flags), &error))
    throw std::runtime_error("cannot listen: " + take_message(error));
}

void Simulator::Impl::open_offices(const std::string &url)
{
  if (options_.issues_tokens)
    office_.emplace(url, options_.token_lifetime);
  offices_.emplace(office_ ? &*office_ : nullptr, tokens_, clock_);
  for (const char *path : offices_->paths())
    soup_server_add_handler(server_.get(), path, &Impl::on_request, &*offices_, nullptr);
}

// Nobody may come any more; who is here is told, and has a moment to hear it.
void Simulator::Impl::leave()
{
  leaving_ = true;
  for (auto &entry : connections_)
    entry.connection->close(1001, "");
  if (connections_.empty()) {
    g_main_loop_quit(loop_);
    return;
  }
  GSource *source = g_timeout_source_new(0);
  g_source_set_ready_time(source, g_get_monotonic_time() + farewell);
  g_source_set_callback(
      source,
      [](gpointer loop) -> gboolean {
        g_main_loop_quit(static_cast<GMainLoop *>(loop));
        return G_SOURCE_REMOVE;
      },
      loop_, nullptr);
  g_source_attach(source, context_);
  g_source_unref(source);
}

void Simulator::Impl::release()
{
  g_main_loop_unref(loop_);
  g_main_context_unref(context_);
}

void Simulator::Impl::on_headers(SoupServer *, SoupServerMessage *message, const char *,
                                 GHashTable *, gpointer self)
{
  const char *path = g_uri_get_path(soup_server_message_get_uri(message));
  if (static_cast<Impl *>(self)->offices_->serves(path))
    return;
  if (!find_route(path)) {
    soup_server_message_set_status(message, SOUP_STATUS_NOT_FOUND, nullptr);
    return;
  }
  // Later, when the connection was taken out of libsoup's hands, the message does not know it any
  // more.
  GSocket *tcp = soup_server_message_get_socket(message);
  if (!tcp)
    return;
  g_socket_set_option(tcp, IPPROTO_TCP, TCP_NODELAY, 1, nullptr);
  g_object_set_data_full(G_OBJECT(message), "tcp", g_object_ref(tcp), g_object_unref);
}

void Simulator::Impl::on_request(SoupServer *, SoupServerMessage *message, const char *,
                                 GHashTable *, gpointer offices)
{
  static_cast<Offices *>(offices)->answer(message);
}

void Simulator::Impl::on_socket(SoupServer *, SoupServerMessage *message, const char *,
                                SoupWebsocketConnection *socket, gpointer self)
{
  static_cast<Impl *>(self)->accept(message, socket);
}

void Simulator::Impl::accept(SoupServerMessage *message, SoupWebsocketConnection *socket)
{
  GUri *uri = soup_server_message_get_uri(message);
  auto access = find_route(g_uri_get_path(uri));
  if (!access || leaving_)
    return;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
  read_credentials(*access, soup_message_headers_get_one(headers, "x-goog-api-key"),
                   soup_message_headers_get_one(headers, "authorization"), g_uri_get_query(uri));
  if (const char *words = soup_message_headers_get_one(headers, "authorization");
      office_ && access->vertex)
    access->has_token = words && office_->accepts(words, clock_.now_seconds());

  const unsigned number = ++accepted_;
  const auto record = [this, number](Received received) {
    received.connection = number;
    log_.add(std::move(received));
  };
  auto *tcp = static_cast<GSocket *>(g_object_get_data(G_OBJECT(message), "tcp"));
  ++open_;
  record({.kind = Received::Kind::connect, .at = g_get_monotonic_time()});
  auto connection = std::make_unique<Connection>(
      socket, tcp, *stage_, *std::move(access),
      Connection::Hooks{record, [this] { do_acts(); },
                        [this, number] {
                          --open_;
                          post(context_, [this, number] { forget(number); });
                        }});
  connections_.push_back({number, std::move(connection)});
}

void Simulator::Impl::forget(unsigned number)
{
  connections_.remove_if([number](const Entry &entry) { return entry.number == number; });
  if (leaving_ && connections_.empty())
    g_main_loop_quit(loop_);
}

// What needs a connection that is set up waits for one; a close without one has nothing to do.
void Simulator::Impl::do_acts()
{
  while (!acts_.empty()) {
    const bool here = !connections_.empty() && !connections_.back().connection->over();
    const bool wait = acts_.front().needs_setup ? !here || !connections_.back().connection->ready()
                                                : accepted_ == 0;
    if (wait)
      return;
    const Act what = std::move(acts_.front().what);
    acts_.pop_front();
    if (here)
      what(*connections_.back().connection);
  }
}

Simulator::Simulator(Options options) : impl_(std::make_unique<Impl>(options)) {}

Simulator::~Simulator() = default;

std::string Simulator::url() const
{
  return impl_->url();
}

std::string Simulator::ca_file() const
{
  return impl_->ca_file();
}

std::string Simulator::service_account() const
{
  return impl_->office() ? impl_->office()->service_account() : "";
}

std::string Simulator::authorized_user() const
{
  return impl_->office() ? impl_->office()->authorized_user() : "";
}

void Simulator::revoke_tokens()
{
  impl_->revoke_tokens();
}

unsigned Simulator::token_requests() const
{
  return impl_->token_requests();
}

std::string Simulator::mint_token(const std::string &json)
{
  const auto reply = impl_->mint_token(json);
  if (reply.status != SOUP_STATUS_OK)
    throw std::runtime_error(reply.body);
  return JsonDocument::parse(reply.body)->root().get("name").string();
}

void Simulator::advance_clock(std::chrono::seconds time)
{
  impl_->advance_clock(time.count());
}

std::vector<Received> Simulator::received() const
{
  return impl_->log().all();
}

std::vector<Received> Simulator::received(Received::Kind kind) const
{
  auto all = received();
  std::erase_if(all, [kind](const Received &received) { return received.kind != kind; });
  return all;
}

std::vector<std::uint8_t> Simulator::audio() const
{
  return impl_->log().audio();
}

bool Simulator::wait_for(const std::function<bool(const std::vector<Received> &)> &done,
                         std::chrono::milliseconds timeout) const
{
  return impl_->log().wait_for(done, timeout);
}

void Simulator::on_received(std::function<void(const Received &)> callback)
{
  impl_->log().on_received(std::move(callback));
}

void Simulator::send(std::string json)
{
  impl_->act([json = std::move(json)](Connection &newest) { newest.send(json); }, true);
}

void Simulator::send_audio(std::span<const std::int16_t> samples, unsigned rate)
{
  const auto print = [samples = Samples(samples.begin(), samples.end()),
                      mime_type = "audio/pcm;rate=" + std::to_string(rate),
                      usual = rate == Voice::rate](Profile profile) {
    if (!usual)
      profile.audio_mime_type = mime_type;
    return print_content(profile, {.audio = samples});
  };
  impl_->act([print](Connection &newest) { newest.send(print(newest.profile())); }, true);
}

void Simulator::close(unsigned code, std::string reason)
{
  impl_->act([code, reason = std::move(reason)](Connection &newest) { newest.close(code, reason); },
             false);
}

unsigned Simulator::connections() const
{
  return impl_->connections();
}

} // namespace gemini_live_simulator
