// How a reply is cut into messages: which samples, which words, when.
//
// Pure: no thread, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gemini_live_simulator {

struct ReplyPart {
  std::size_t from; // samples at 24 kHz
  std::size_t to;
  std::string text;   // what is said in them; the parts joined give the whole text
  std::int64_t delay; // microseconds after the first part
};

struct Pace {
  double speed; // times real time; 0: everything at once, in as few messages as their size allows
  unsigned first_ms = 200; // of audio in the first message
  unsigned other_ms = 240;
};

std::vector<ReplyPart> plan_reply(std::size_t samples, const std::string &text, const Pace &pace);

// Pieces of a few words; blanks lead, and the pieces joined give the text.
std::vector<std::string> cut_text(const std::string &text, unsigned words);

} // namespace gemini_live_simulator
