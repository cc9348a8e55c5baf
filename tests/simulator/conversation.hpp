// One connection's state machine: setup, listening, deciding who answers what.
//
// Knows messages, not sockets: what comes in is handed to receive(), what goes out goes to the
// Wire. Belongs to the server's thread.
#pragma once

#include "access.hpp"
#include "client_message.hpp"
#include "clock.hpp"
#include "ephemeral_tokens.hpp"
#include "listener.hpp"
#include "script.hpp"
#include "simulator.hpp"
#include "speaker.hpp"
#include "wire.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gemini_live_simulator {

// What all conversations of a simulator share; outlives them.
struct Stage {
  const Profile *profile; // nullptr: by the path at which a connection comes
  std::string api_key;
  EphemeralTokens &tokens;
  const Clock &clock;
  Script &script;
  Voice &voice;
};

class Conversation {
public:
  struct Hooks {
    std::function<void(Received)> record;
    std::function<void()> ready; // setupComplete was sent
  };

  Conversation(Stage &stage, Wire &wire, Access access, Hooks hooks);

  // `at` is when the frame was read.
  void receive(const std::string &text, std::int64_t at);
  bool ready() const { return speaker_ != nullptr; }
  bool over() const { return over_; }
  const Profile &profile() const { return *profile_; }
  void end();         // the connection is gone or closing: nothing more is said
  void watch_token(); // again when the clock was moved

private:
  void act(const Setup &setup);
  void act(const ClientContent &content);
  void act(const RealtimeInput &input);
  void act(const ToolResponse &response);
  void act(const ContextUpdate &update);

  void record(const ClientMessage &message, const std::string &text, std::int64_t at);
  std::optional<Refusal> enter(Setup &setup);
  std::optional<Refusal> present_token(Setup &setup);
  std::shared_ptr<Session> open_session(const Setup &setup); // nullptr: refused
  void refuse(const Refusal &refusal);
  std::optional<Refusal> refuse_first_content() const;
  void welcome(const Setup &setup);
  void configure(Session &session, const Setup &setup);
  void take_audio(const Blob &audio);
  void take(const std::vector<Listener::Heard> &news);
  void user_starts(double seconds);
  void user_ends(const Listener::Heard &heard);
  void take_text(const std::string &text);
  void report_activity(bool start, double seconds);
  void transcribe(const std::string &heard);
  void answer(Turn::On on, const std::string &text, Samples utterance = {});

  void send(std::string text);
  void send_resumption_update();
  void send_periodic_update();
  void turn_began(unsigned turn);
  void arm_timed_faults();
  void happen(std::size_t fault);
  void go_away(double seconds);

  Stage &stage_;
  Wire &wire_;
  Access access_;
  Hooks hooks_;
  const Profile *profile_;
  bool over_ = false;
  bool set_up_ = false;

  Setup setup_;
  EphemeralToken *token_ = nullptr; // that opened the door
  std::shared_ptr<Session> session_;
  std::optional<Listener> listener_;
  std::unique_ptr<Speaker> speaker_;
  bool seeding_ = false;      // clientContent is history
  bool content_came_ = false; // of any kind but history
  unsigned sent_ = 0;         // messages with something in them
  std::vector<std::unique_ptr<Timer>> fault_timers_;
  Timer go_away_;
  Timer expiry_; // of the token
  Timer periodic_update_;
};

} // namespace gemini_live_simulator
