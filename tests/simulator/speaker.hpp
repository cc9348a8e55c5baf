// The simulator's mouth: one turn after the other, paced, until somebody interrupts.
//
// Everything it says goes out by `send`. A turn runs from the moment it is chosen until its
// turnComplete was sent. Belongs to the server's thread; timers are on its context.
#pragma once

#include "client_message.hpp"
#include "glib.hpp"
#include "profile.hpp"
#include "reply_plan.hpp"
#include "scenario.hpp"
#include "script.hpp"
#include "server_message.hpp"
#include "voice.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace gemini_live_simulator {

class Speaker {
public:
  struct Hooks {
    std::function<void(std::string)> send;
    std::function<void(const std::string &)> send_exactly; // what the scenario spelled out
    std::function<void(unsigned)> turn_began; // its first message went out; counts from 1
    std::function<void()> turn_over;          // its last message went out
  };
  struct Manner {
    bool transcription = false; // outputTranscription was asked for
    bool interruptible = true;  // activityHandling allows it
    bool text = false;          // answers in text instead of speech
  };

  Speaker(const Profile &profile, Voice &voice, Session &session, Hooks hooks, Manner manner);

  // Speaks when everything before is over. `utterance` is what a parrot repeats, at 16 kHz.
  void answer(Turn turn, Samples utterance);
  void interrupt(); // the user is active
  void take(const ToolResponse &response);
  void stop(); // says nothing more, for ever
  bool running() const { return phase_ != Phase::idle; }
  bool waits_for_tool() const { return !calls_.empty(); }

private:
  enum class Phase {
    idle,
    thinking, // the voice is being made
    calling,  // a tool is asked, the turn waits for it
    speaking,
    finishing, // all is said; turnComplete waits for the playback
    ending     // interrupted; the turn's last message is still to come
  };
  struct Job {
    Turn turn;
    std::shared_ptr<const Samples> samples; // of a parrot
    std::string answer;                     // of the tools that were called
  };
  // The calls of one message; the speech that follows waits for the answers to all.
  struct CallGroup {
    Job job;
    CallTurn form;
    bool blocking;
    std::size_t open;
    std::string answer;
  };
  struct OpenCall {
    std::string name;
    std::shared_ptr<CallGroup> group;
  };

  void next();
  void begin();
  bool send_messages(); // false: the turn is over with them
  void call_tools();
  bool is_blocking(const ToolCall &tool) const;
  std::map<std::string, OpenCall>::iterator find_call(const FunctionResponse &answer);
  void go_on(CallGroup &group, const std::string &scheduling);
  void cancel_blocking_calls();
  void speak();
  void say(Voice::Spoken samples);
  void say_as_text();
  void say_part();
  void finish();
  void complete();
  void break_off();
  void over();
  void send(const ServerContent &content);
  void began();
  ServerContent turn_end() const;
  double speed() const;
  Usage usage() const;
  std::string make_id();

  const Profile &profile_;
  Voice &voice_;
  Session &session_;
  Hooks hooks_;
  Manner manner_;

  Phase phase_ = Phase::idle;
  bool stopped_ = false;
  std::deque<Job> queue_;
  Job job_;
  std::map<std::string, OpenCall> calls_; // by id
  unsigned next_call_ = 1;

  Voice::Spoken samples_;
  std::vector<ReplyPart> parts_;
  std::size_t next_part_ = 0;
  bool began_ = false;
  std::int64_t first_audio_ = 0;
  Timer timer_;
  Timer interruption_;
  std::shared_ptr<int> turn_token_; // a voice that comes after its turn finds this gone
};

} // namespace gemini_live_simulator
