// What the simulator says and what it does to a connection, read from JSON text.
//
// {"profile": "gemini-3.8", "speed": 4, "bundle": false,
//  "interrupt-style": "normal|merged|turn-complete-first|late",
//  "turns": [{"on": "start|speech|text|video", "say": "...", "heard": "...", "parrot": false,
//             "send": [{}], "tool": {"name": "...", "args": {}}, "interruptible": true, "speed": 4,
//             "bundle": false, "interrupt-style": "normal", "interaction-status": "IDLE"}],
//  "faults": [{"at": "setup|turn N|T s", "do": "close|rst|fin|stall|silence|goAway|late-pongs",
//              "code": 1011, "reason": "...", "time-left": 50, "delay": 10}]}
//
// Pure: no thread, no clock, no file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gemini_live_simulator {

// How an interruption looks on the wire.
enum class InterruptStyle {
  normal,              // interrupted, a moment later turnComplete
  merged,              // both in one message
  turn_complete_first, // turnComplete, a moment later interrupted
  late                 // the model goes on for a while first
};

struct ToolCall {
  std::string name;
  std::string args; // JSON text of an object
};

struct Turn {
  enum class On { start, speech, text, video };
  On on = On::speech;
  std::string say;
  std::string heard;
  bool parrot = false;           // repeats the user's own voice instead of saying something
  std::vector<std::string> send; // messages that come first, as they go out
  std::vector<ToolCall> tools;   // in one message
  bool interruptible = true;
  std::optional<double> speed;    // times real time; 0: everything at once; absent: the profile's
  bool bundle = false;            // the whole turn in one message
  std::string interaction_status; // beside turnComplete; empty: as the profile has it
  InterruptStyle interrupt_style = InterruptStyle::normal;
};

struct Fault {
  enum class When { setup, turn, time };
  enum class What { close, rst, fin, stall, silence, go_away, late_pongs };
  When when = When::setup;
  unsigned turn = 0;  // counts from 1: with the first thing that this turn sends
  double seconds = 0; // after setupComplete
  What what = What::close;
  unsigned code = 1011;
  std::string reason;
  std::optional<double> time_left; // go_away, seconds; absent: the profile's
  double delay = 10;               // late_pongs, seconds
};

struct Scenario {
  std::string profile; // empty: not said
  std::optional<double> speed;
  bool bundle = false;
  InterruptStyle interrupt_style = InterruptStyle::normal;
  std::optional<std::vector<Turn>>
      turns; // absent: the built-in conversation; empty: never speaks by itself
  std::vector<Fault> faults;
};

// std::runtime_error whose text says where the scenario is wrong.
Scenario read_scenario(std::string_view text);

} // namespace gemini_live_simulator
