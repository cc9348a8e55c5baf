// What is still to come of a scenario, for every session and every connection.
//
// A session is what a resumption handle stands for: a connection without a handle begins the turns
// anew, one with a handle goes on where the last one stopped. Faults happen once in the life of the
// simulator. Belongs to the server's thread.
#pragma once

#include "client_message.hpp"
#include "scenario.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gemini_live_simulator {

struct Session {
  std::vector<Turn> turns; // still to come
  unsigned turns_taken = 0;
  unsigned text_tokens = 0; // the context so far
  unsigned audio_tokens = 0;

  bool connected = false; // a second connection is refused meanwhile
  std::string model;
  std::string instruction; // of the setup, then of the updates of the context
  std::vector<Function> functions;
  bool context_updated = false; // holds on in later connections
  std::string history;          // the texts of clientContent that asked for no answer
  std::string text;             // the last one that did, or was typed
};

// `say` with {system-instruction}, {functions}, {history} and {text} of the session and the {answer}
// of the tools in their places.
std::string fill_in(const std::string &say, const Session &session, const std::string &answer);

class Script {
public:
  explicit Script(Scenario scenario);

  std::shared_ptr<Session> open();
  std::shared_ptr<Session> resume(const std::string &handle); // nullptr: no such handle
  std::string make_handle(const std::shared_ptr<Session> &session);

  // The next turn of this kind; the built-in one if the list is used up; nothing if the simulator
  // does not speak by itself.
  std::optional<Turn> next(Session &session, Turn::On on, const std::string &text) const;

  std::vector<std::size_t> faults(Fault::When when, unsigned turn = 0) const; // still to happen
  const Fault &take(std::size_t fault);
  bool open_fault(std::size_t fault) const { return !done_[fault]; }
  const Fault &fault(std::size_t fault) const { return scenario_.faults[fault]; }

private:
  Turn built_in(Turn::On on, const std::string &text) const;

  Scenario scenario_;
  std::vector<bool> done_; // per fault
  std::map<std::string, std::shared_ptr<Session>> handles_;
};

} // namespace gemini_live_simulator
