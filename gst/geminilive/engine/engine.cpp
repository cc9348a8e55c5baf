// The line of an engine: its connection. How it gets a token is in engine-sign_in.cpp, what is sent in
// engine-send.cpp, what is received in engine-receive.cpp, calls of functions are in engine-tools.cpp,
// what is told to text and event sources is in engine-feeds.cpp, and when the conversation is over in
// engine-end.cpp.

#include "engine.hpp"

#include "../net/verdict.hpp"
#include "../wire/setup.hpp"
#include "log.hpp"

namespace gemini_live {

namespace {

constexpr gint64 kMaxClosing = 500'000; // microseconds
constexpr std::chrono::milliseconds kCloseWritten{250};
constexpr gint64 kLateHistory = 5'000'000; // microseconds

Uplink::Limits limits_of(std::uint64_t chunk, std::uint64_t open_line, std::uint64_t offline)
{
  return {.chunk = std::max(bytes_in(chunk, kInputRate), kSampleBytes),
          .open_line = bytes_in(std::max(open_line, chunk), kInputRate),
          .offline = bytes_in(offline, kInputRate)};
}

} // namespace

GstDebugCategory *session_log()
{
  static GstDebugCategory *const category =
      _gst_debug_category_new("geminilivesession", 0, "Gemini Live session");
  return category;
}

GstDebugCategory *wire_log()
{
  static GstDebugCategory *const category =
      _gst_debug_category_new("geminilivewire", 0, "Gemini Live messages");
  return category;
}

std::shared_ptr<Engine> Engine::start(Config config, Emit emit)
{
  std::shared_ptr<Engine> engine(new Engine(std::move(config), std::move(emit)));
  engine->wake_ = engine->make_alarm(&Engine::pump);
  engine->retry_ = engine->make_alarm(&Engine::pump);
  engine->deadline_ = engine->make_alarm(&Engine::connect_timed_out);
  engine->closing_ = engine->make_alarm(&Engine::finish);
  engine->held_ = engine->make_alarm(&Engine::pump);
  engine->expiry_ = engine->make_alarm(&Engine::expire_calls);
  engine->user_quiet_ = engine->make_alarm(&Engine::finish_input_transcript);
  engine->model_quiet_ = engine->make_alarm(&Engine::finish_output_transcript);
  engine->pause_ = engine->make_alarm(&Engine::look_for_pause);
  engine->drain_ = engine->make_alarm(&Engine::drain_timed_out);
  engine->telling_ = engine->make_alarm(&Engine::end);
  engine->history_ = engine->make_alarm(&Engine::warn_of_missing_history);
  engine->self_ = engine;
  engine->loop_->post([engine] {
    engine->warn_of_settings();
    engine->connect();
  });
  return engine;
}

Engine::Engine(Config config, Emit emit)
    : config_(std::move(config)), emit_(std::move(emit)), loop_(Loop::acquire()),
      uplink_(limits_of(20 * kMillisecond, 500 * kMillisecond, config_.max_offline_audio))
{
  has_source_ = config_.has_source;
  history_open_ = config_.seeds_history;
  if (config_.voice)
    gate_.emplace(*config_.voice);
  *feeds_.lock() = config_.feeds;
  *functions_.lock() = config_.tools.functions;
}

Engine::~Engine() = default;

std::unique_ptr<Alarm> Engine::make_alarm(void (Engine::*callback)())
{
  return std::make_unique<Alarm>(loop_->context(), [weak = weak_from_this(), callback] {
    if (const auto self = weak.lock(); self && self->line_ != Line::done)
      (self.get()->*callback)();
  });
}

void Engine::connect()
{
  if (line_ == Line::done)
    return;
  LOG_INFO("connecting to %s", config_.shown_url.c_str());
  emit(Event("state").add("state", "connecting"));
  if (config_.connect_timeout > 0)
    deadline_->ring_in(microseconds(config_.connect_timeout));
  if (config_.credentials)
    sign_in();
  else
    open_line({});
}

void Engine::open_line(const SignIn::Result &signed_in)
{
  auto request = config_.request;
  if (!signed_in.token.empty())
    request.headers.emplace_back("Authorization", Secret("Bearer " + signed_in.token.text()));
  socket_ = std::make_shared<WebSocket>(
      WebSocket::Events{
          // What is called may finish us, so each call keeps us until it is over.
          .opened =
              [this] {
                const auto alive = self_;
                opened();
              },
          .message =
              [this](std::string_view text) {
                const auto alive = self_;
                receive(text);
              },
          .ended =
              [this](const ConnectionEnd &how) {
                const auto alive = self_;
                ended(how);
              },
      },
      loop_);
  socket_->connect(request);
}

void Engine::opened()
{
  LOG_DEBUG("connected, asking for the session");
  line_ = Line::setup;
  connected_ = true;
  say(project_.empty() ? config_.setup : setup_of_project(config_.setup, config_.target, project_));
}

// Nothing was sent before this, so what gathered meanwhile follows in its order.
void Engine::became_ready()
{
  if (line_ != Line::setup)
    return;
  LOG_INFO("ready");
  line_ = Line::ready;
  *config_.handle->lock() = config_.first_handle;
  deadline_->cancel();
  seeding_ = config_.seeds_history;
  if (seeding_)
    history_->ring_in(kLateHistory);
  update_uplink();
  emit(Event("state").add("state", "ready"));
  send_waiting_frame(); // first, since a question may be about it
  if (!config_.greets_first_audio)
    greet();
  pump();
}

// Once in a conversation, before all that waits. It is nothing that the user typed.
void Engine::greet()
{
  if (config_.greeting.empty() || std::exchange(greeted_, true))
    return;
  outbox_.lock()->add_first({.text = text_message(config_.greeting), .asks = true});
}

void Engine::connect_timed_out()
{
  const auto seconds = static_cast<double>(config_.connect_timeout) / static_cast<double>(kSecond);
  auto error = sign_in_ ? sign_in_->timed_out(seconds)
               : line_ == Line::setup
                   ? ErrorPtr(g_error_new(
                         GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE,
                         "Check the model and its settings, or raise connect-timeout: %s did not "
                         "answer the setup within %g s",
                         config_.shown_url.c_str(), seconds))
                   : judge_silence(seconds, socket_ ? socket_->awaited_proxy() : "",
                                   {.url = config_.shown_url});
  fail(std::move(error), Event("error").add("retryable", true));
}

void Engine::ended(const ConnectionEnd &how)
{
  end(); // if it was about to
  if (phase_ == Phase::closed || phase_ == Phase::over) {
    finish();
    return;
  }
  const bool resumes = line_ == Line::setup && !config_.first_handle.empty();
  auto verdict = judge(how, {.url = config_.shown_url, .resumes = resumes});
  if (signs_in_again(how, verdict.error.get()))
    return;
  if (verdict.unknown_handle)
    forget_handle();
  Event event("error");
  if (how.code != 0)
    event.add("close-code", std::uint64_t{how.code}).add("close-reason", how.reason);
  if (how.status != 0)
    event.add("http-status", std::uint64_t{how.status});
  event.add("retryable", verdict.retryable);
  fail(std::move(verdict.error), std::move(event));
}

// The service does not know it.
void Engine::forget_handle()
{
  auto kept = config_.handle->lock();
  if (*kept == config_.first_handle)
    *kept = Secret();
}

void Engine::fail(ErrorPtr error, Event event)
{
  if (line_ == Line::done)
    return;
  LOG_ERROR("%s", error->message);
  finish_transcripts();
  event.add("message", std::string(error->message)).with_error(std::move(error));
  emit(std::move(event));
  finish();
}

void Engine::warn(ErrorPtr error)
{
  Event event("warning");
  event.add("message", std::string(error->message)).with_error(std::move(error));
  emit(std::move(event));
}

void Engine::warn_of_settings()
{
  for (const auto &what : config_.warnings) {
    LOG_WARNING("%s", what.c_str());
    warn(ErrorPtr(
        g_error_new_literal(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, what.c_str())));
  }
  if (!config_.tools.no_program.empty())
    warn_of_program(config_.tools.no_program);
}

void Engine::warn_of_missing_history()
{
  history_->cancel();
  warn(ErrorPtr(
      g_error_new_literal(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                          "Send the history with send_content() and turn_complete, or leave "
                          "historyConfig out of config: the service waits for it, and hears "
                          "nothing else before")));
}

// Once for each code: a peer that errs once errs often.
void Engine::warn_of_peer(int code, const std::string &what)
{
  constexpr std::size_t kMaxShown = 200;
  LOG_WARNING("%s", what.c_str());
  if (!warned_.insert(code).second)
    return;
  // What a peer wrote may be of any length and, once it is cut, end inside a character.
  CharPtr shown(
      g_utf8_make_valid(what.c_str(), static_cast<gssize>(std::min(what.size(), kMaxShown))));
  warn(ErrorPtr(
      g_error_new(GST_STREAM_ERROR, code, "Check what base-url leads to: %s", shown.get())));
}

void Engine::close()
{
  set_phase(Phase::closed);
  loop_->post([self = shared_from_this()] { self->begin_close(); });
  // The process may end as soon as we return, and nothing is written then.
  if (connected_)
    loop_->wait_idle(kCloseWritten);
}

void Engine::begin_close()
{
  if (line_ == Line::closing || line_ == Line::done)
    return;
  finish_transcripts();
  abandon_calls();
  if (!socket_ || !socket_->is_open()) {
    finish();
    return;
  }
  line_ = Line::closing;
  socket_->close(SOUP_WEBSOCKET_CLOSE_NORMAL);
  deadline_->cancel();
  closing_->ring_in(kMaxClosing);
}

void Engine::finish()
{
  if (line_ == Line::done)
    return;
  line_ = Line::done;
  connected_ = false;
  gone_ = true;
  if (history_->is_set() && !outbox_.lock()->is_empty())
    warn_of_missing_history();
  abandon_calls();
  uplink_.close();
  frames_.close();
  if (sign_in_)
    sign_in_->abandon();
  if (socket_)
    socket_->abandon();
  if (gate_ && gate_->end())
    emit(Event("voice-activity").add("type", "end"));
  emit(Event("state").add("state", "closed"));
  told_all_ = true;
  wake_feeds();
  const auto self = std::move(self_);
}

void Engine::set_bounds(std::uint64_t chunk, std::uint64_t open_line)
{
  uplink_.set_limits(limits_of(chunk, open_line, config_.max_offline_audio));
}

void Engine::set_has_source(bool has_source)
{
  if (has_source) {
    has_source_ = true;
    return;
  }
  delivering_++; // before anybody can take this for the end
  has_source_ = false;
  auto rest = playout_.clear();
  deliver(rest.captions);
  delivering_--;
}

Playout::Slice Engine::pull(std::optional<std::uint64_t> start, std::uint64_t latency)
{
  latency_ = latency;
  delivering_++;
  auto slice = playout_.pull(start);
  if (slice.bytes)
    heard_until_ = g_get_monotonic_time() + microseconds(latency + Playout::kPeriod);
  if (!slice.captions.empty())
    deliver(slice.captions);
  delivering_--;
  return slice;
}

bool Engine::is_heard(std::uint64_t tail) const
{
  return has_source_ &&
         (playout_.has_speech() || g_get_monotonic_time() < heard_until_ + microseconds(tail));
}

} // namespace gemini_live
