// The conversation: one connection's state machine, and everything that waits on either side of it.
//
//   connecting ──101──▶ setup ──setupComplete──▶ ready ──▶ done
//
// Everything about the connection belongs to the loop thread. What streaming threads touch is
// guarded by itself (Uplink, Playout, TextFeed, the outbox); they never wait for the loop, but for a
// moment in close(), and the loop never waits for them. No lock is held while calling out.
//
// An engine keeps itself alive from start() until its connection is gone, so that the closing
// handshake ends although nobody waits for it.
#pragma once

#include "../base/alarm.hpp"
#include "../base/guarded.hpp"
#include "../base/loop.hpp"
#include "../media/frame_slot.hpp"
#include "../media/playout.hpp"
#include "../media/uplink.hpp"
#include "../media/voice_gate.hpp"
#include "../net/websocket.hpp"
#include "../tools/program.hpp"
#include "../wire/client_message.hpp"
#include "../wire/refusals.hpp"
#include "../wire/server_message.hpp"
#include "../wire/settings.hpp"
#include "../wire/tool_response.hpp"
#include "event.hpp"
#include "outbox.hpp"
#include "owed.hpp"
#include "sign_in.hpp"
#include "text_feed.hpp"
#include "tool_calls.hpp"
#include "tool_policy.hpp"
#include "transcript.hpp"
#include "turns.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gemini_live {

class Engine : public std::enable_shared_from_this<Engine> {
public:
  // What streaming threads need to know of the end.
  enum class Phase {
    running,
    over,   // the input has ended and nothing more is to come
    failed, // and the error has been posted
    closed, // by the user
  };

  struct Config {
    std::string name;                  // for the log
    std::vector<std::string> warnings; // of the settings
    WebSocket::Request request;
    std::string model;
    SetupTarget target;
    std::optional<Credentials> credentials; // to get a token with
    std::string shown_url;                  // without secrets
    std::string setup;
    std::string greeting;                         // or empty
    bool greets_first_audio;                      // else as soon as the conversation has begun
    bool manual_activity;                         // this side says when the user speaks
    std::optional<VoiceDetector::Settings> voice; // finds it out here; else the application says it
    bool seeds_history; // the service waits for content that it does not answer
    bool keeps_handle;  // that the service gives, for whoever carries the conversation on
    // The handle of the conversation; of an earlier one until this has begun.
    std::shared_ptr<Guarded<Secret>> handle = std::make_shared<Guarded<Secret>>();
    Secret first_handle; // that the setup has, or empty
    bool forced;         // what the model is known to refuse is sent all the same
    // Why the model takes none later, or no turn of that role; empty if it does.
    std::string no_text, no_content, no_system;
    std::uint64_t connect_timeout, drain_timeout, max_offline_audio; // ns
    bool input_transcripts, output_transcripts;
    // What takes part, though it may not be there yet.
    bool has_source;
    std::vector<std::weak_ptr<TextFeed>> feeds;
    ToolPolicy tools;
  };

  struct Counts {
    std::uint64_t messages = 0, turns = 0, interruptions = 0;
    std::uint64_t audio_received = 0; // ns
  };

  // Called on the loop thread, only to pass the event on. Who passes on an error calls
  // show_failure() when it has been shown, and show_end() in the place of an event kEnd.
  static constexpr const char *kEnd = ""; // nothing that an application sees
  using Emit = std::function<void(const std::shared_ptr<Engine> &, Event)>;

  static std::shared_ptr<Engine> start(Config config, Emit emit);
  ~Engine();

  // Any thread. When it returns the Close frame has been written, unless the loop is too busy.
  void close();
  // The error event has reached the application, so now the elements may stop.
  void show_failure();
  // Everything before the end has reached the application, so now it may see the end.
  void show_end();
  // These return false with `error` set if the conversation is at its end or too much waits unsent.
  bool send_text(std::string_view text, GError **error);
  bool send_content(const Content &content, GError **error);
  bool update_context(const ContextUpdate &update, GError **error);
  // The user's voice, from the audio sink. A streaming thread; the rest on any.
  Uplink::Push push_audio(std::span<const std::uint8_t> bytes, Uplink::Overflow overflow);
  // As FrameSlot::put().
  bool push_frame(FrameSlot::Frame frame);
  // No more audio for now: the service need not wait for silence. Ends an activity.
  void end_audio();
  // The user begins or ceases to speak, behind the audio that was pushed. Only where the application
  // says so itself; else it is a warning.
  void mark_activity(bool start);
  // Lets go of the rest of what the model is saying.
  void interrupt();
  // Answers a call of the model, once and for all unless more answers follow. False with `error` set
  // if there is no such call, or no longer.
  bool answer_call(std::string_view id, ToolResponse response, GError **error);
  bool fail_call(std::string_view id, std::string_view message, GError **error);
  // Answers for somebody who does not look at errors: the model is told what is wrong.
  void settle_call(std::string_view id, ToolResponse response);
  bool is_pending(std::string_view id) const;
  // Lets the program of the settings answer.
  void run_program(const std::string &id);
  const ToolPolicy &tools() const { return config_.tools; }
  ToolCalls::Counts tool_counts() const { return calls_.lock()->counts(); }
  Counts counts() const { return *counts_.lock(); }
  Phase phase() const { return phase_; }
  bool is_alive() const { return !gone_ && (phase_ == Phase::running || phase_ == Phase::over); }

  // Input elements: audio and text sinks. The input has ended when all of them have.
  void add_input();
  void remove_input(bool had_ended);
  void end_input();
  void resume_input();

  // The audio sink: what a message holds, and the lag of an open line. ns
  void set_bounds(std::uint64_t chunk, std::uint64_t open_line);

  // The audio source.
  void set_has_source(bool has_source);
  // What leaves at the running time `start`, if that is known, to be heard `latency` ns later.
  Playout::Slice pull(std::optional<std::uint64_t> start, std::uint64_t latency);
  bool has_played_all() const;
  // The model speaks, or was heard within the last `tail` ns. Never without a source.
  bool is_heard(std::uint64_t tail) const;
  // Whether any source takes what is said.
  bool has_listener() const { return has_source_ || listeners_ > 0; }

  // Text and event sources. Who takes from a feed owns it; a feed that nobody owns is forgotten.
  void add_feed(const std::shared_ptr<TextFeed> &feed);
  void remove_feed();
  // No event comes any more.
  bool has_told_all() const { return told_all_; }

  // Waits until the phase is not `running`, or `stop` is true; wake_waiters() makes it look again.
  Phase wait_over(const std::atomic<bool> &stop);
  void wake_waiters();

  Uplink &uplink() { return uplink_; }
  Playout &playout() { return playout_; }
  FrameSlot &frames() { return frames_; }
  // There is something new in the uplink.
  void wake() { wake_->ring(); }

private:
  enum class Line { connecting, setup, ready, closing, done };

  struct Inputs {
    unsigned attached = 0, ended = 0;
  };

  Engine(Config config, Emit emit);
  std::unique_ptr<Alarm> make_alarm(void (Engine::*callback)());
  void emit(Event event);

  // The line.
  void connect();
  void sign_in();
  void open_line(const SignIn::Result &signed_in);
  bool signs_in_again(const ConnectionEnd &how, const GError *error);
  void opened();
  void ended(const ConnectionEnd &how);
  void connect_timed_out();
  void begin_close();
  void forget_handle();
  void fail(ErrorPtr error, Event event);
  void warn(ErrorPtr error);
  void warn_of_settings();
  void warn_of_missing_history();
  void warn_of_peer(int code, const std::string &what); // a GstStreamError
  void finish();
  void set_phase(Phase phase);
  bool enqueue(Outbox::Message message, GError **error);

  // Out.
  // Whether the application says when the user speaks.
  bool is_manual() const { return config_.manual_activity && !config_.voice; }
  void pump();
  std::optional<Outbox::Message> next_message();
  bool send_waiting_messages();
  void send_waiting_audio();
  void write_audio(std::span<const std::uint8_t> bytes);
  void send_audio();
  void send_what_is_said();
  void send_waiting_frame();
  void send_mark(Uplink::Mark mark);
  void send_activity(bool start);
  void look_for_pause();
  void say(const std::string &message);

  // In.
  void receive(std::string_view text);
  void became_ready();
  void greet();
  void handle(ServerMessage &message);
  void interrupted();
  void interrupt_if_asked();
  void silence(std::uint64_t turn);
  void add_parts(std::vector<Part> &parts);
  std::optional<std::uint64_t> open_turn();
  void add_input_transcript(const Transcription &piece);
  void add_output_transcript(const Transcription &piece);
  void warn_of_length(const Transcript &transcript);
  void add_turn_end(const TurnEnd &end);
  void complete_turn(const TurnEnd &said_now);
  void emit_complete(std::uint64_t turn, const TurnEnd &end);
  void emit_rest(const ServerMessage &message);

  // Tools.
  void take_calls(const std::vector<FunctionCall> &calls);
  void cancel_calls(const std::vector<std::string> &wire_ids);
  void abandon_calls();
  void expire_calls();
  void watch_calls();
  void emit_cancelled(const std::string &id, const std::string &name);
  void emit_result(const ToolCall &call, Event event);
  void take_back(const std::vector<Outbox::Answer> &withdrawn, ToolOutcome outcome);
  bool answer(std::string_view id, ToolResponse response, ToolOutcome outcome, GError **error);
  ToolPolicy::Function function(std::string_view name) const;
  Outbox::Message answer_to(const ToolCall &call, ToolResponse response, ToolOutcome outcome) const;
  void start_program(const std::string &id);
  void warn_of_program(const std::string &what);
  void stop_program(const std::string &id);
  void update_uplink();

  // Words.
  void finish_input_transcript();
  void finish_output_transcript();
  void end_utterance(std::uint64_t turn);
  void finish_transcripts();
  void emit_whole(bool input, const std::optional<Transcript::Whole> &whole);
  void caption(TextFeed::Kind kind, std::uint64_t turn, std::string_view text);
  void deliver(std::vector<Caption> &captions);
  void offer(TextFeed::Kind kind, std::string_view text);
  void wake_feeds();
  std::vector<std::shared_ptr<TextFeed>> feeds() const;

  // The end.
  void consider_end();
  void drain_timed_out();
  bool is_busy() const;
  bool is_quiet() const;
  void announce_end();
  void end();
  bool input_has_ended() const;
  void go_on();

  const Config config_;
  const Emit emit_;
  const std::shared_ptr<Loop> loop_;
  std::shared_ptr<Engine> self_; // while the loop works for us

  Uplink uplink_;
  Playout playout_;
  FrameSlot frames_;
  Guarded<Outbox> outbox_;
  std::atomic<std::uint64_t> order_ = 0; // in which words and marks were asked for
  Guarded<Inputs> inputs_;
  Guarded<std::vector<std::weak_ptr<TextFeed>>> feeds_;
  std::atomic<unsigned> listeners_ = 0; // text and event sources
  std::atomic<bool> overflowed_ = false;
  std::atomic<bool> interrupt_asked_ = false; // by the application
  std::atomic<bool> told_all_ = false;
  Guarded<Counts> counts_;
  Guarded<ToolCalls> calls_; // taken before the outbox and the functions
  Guarded<ToolPolicy::Functions> functions_;
  std::atomic<Phase> phase_ = Phase::running;
  std::atomic<bool> connected_ = false;
  std::atomic<bool> gone_ = false; // the connection, for good
  std::atomic<bool> has_source_ = false;
  std::atomic<bool> history_open_ = false; // the service still waits for history
  std::atomic<std::uint64_t> latency_ = 0;
  std::mutex waiters_mutex_;
  std::condition_variable waiters_;

  // Monotonic microseconds: to where the user's voice was pushed, and the model's is heard downstream.
  std::atomic<std::int64_t> pushed_until_ = 0, heard_until_ = 0;
  std::atomic<unsigned> delivering_ = 0; // threads that take captions out of the playout

  std::unique_ptr<Alarm> wake_, deadline_, closing_, retry_, held_, expiry_, user_quiet_,
      model_quiet_, pause_, drain_, telling_, history_;

  // Loop thread only.
  Line line_ = Line::connecting;
  std::string state_; // as the application knows it
  std::shared_ptr<SignIn> sign_in_;
  Secret token_;
  bool used_cached_token_ = false;
  std::string project_; // of the machine, if nobody else names one
  std::shared_ptr<WebSocket> socket_;
  std::string audio_message_; // its memory is used again
  Turns turns_;
  TurnEnd turn_end_; // of the open turn, or of an empty one that is still to be completed
  Owed owed_;
  Transcript input_, output_;
  std::set<int> warned_; // GstStreamError
  bool warned_of_program_ = false;
  bool seeding_ = false;          // the service waits for history and takes nothing else
  bool online_ = false;           // what the uplink was told
  bool gave_up_ = false;          // waiting for the service
  bool ending_ = false;           // the application is told of what came before
  bool draining_ = false;         // the input has ended
  std::int64_t spoken_at_ = 0;    // something was said on either side, not only shown; microseconds
  std::optional<VoiceGate> gate_; // of what this machine hears; else all goes
  std::vector<std::uint8_t> chunk_; // of what is heard; its memory is used again
  bool audio_came_ = false;
  bool greeted_ = false;
  bool audio_flows_ = false; // since the service was last told that it does not
  bool in_activity_ = false; // of the user, as this side has said
  std::map<std::string, std::shared_ptr<Program>> programs_; // that answer calls, by id
};

} // namespace gemini_live
