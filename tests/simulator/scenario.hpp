// What the simulator says and what it does to a connection, read from JSON text.
//
// {"profile": "gemini-3.8", "speed": 4, "interrupt-style":
// "normal|merged|turn-complete-first|late",
//  "turns": [{"on": "start|speech|text", "say": "...", "heard": "...", "parrot": false,
//             "tool": {"name": "...", "args": {}}, "interruptible": true, "speed": 4,
//             "interrupt-style": "normal"}],
//  "faults": [{"at": "setup|turn N|T s", "do": "close|rst|fin|stall|silence|goAway", "code": 1011,
//              "reason": "...", "time-left": 50}]}
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
  enum class On { start, speech, text };
  On on = On::speech;
  std::string say;
  std::string heard;
  bool parrot = false; // repeats the user's own voice instead of saying something
  std::optional<ToolCall> tool;
  bool interruptible = true;
  double speed = 4; // times real time; 0: everything at once
  InterruptStyle interrupt_style = InterruptStyle::normal;
};

struct Fault {
  enum class When { setup, turn, time };
  enum class What { close, rst, fin, stall, silence, go_away };
  When when = When::setup;
  unsigned turn = 0;  // counts from 1: with the first thing that this turn sends
  double seconds = 0; // after setupComplete
  What what = What::close;
  unsigned code = 1011;
  std::string reason;
  double time_left = 50; // go_away, seconds
};

struct Scenario {
  std::string profile; // empty: not said
  double speed = 4;
  InterruptStyle interrupt_style = InterruptStyle::normal;
  std::optional<std::vector<Turn>>
      turns; // absent: the built-in conversation; empty: never speaks by itself
  std::vector<Fault> faults;
};

// std::runtime_error whose text says where the scenario is wrong.
Scenario read_scenario(std::string_view text);

} // namespace gemini_live_simulator
