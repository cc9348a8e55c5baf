// Sessions, turns and faults.
#include "script.hpp"

#include "glib.hpp"

#include <algorithm>
#include <utility>

namespace gemini_live_simulator {

Script::Script(Scenario scenario)
    : scenario_(std::move(scenario)), done_(scenario_.faults.size(), false)
{
}

std::string fill_in(const std::string &say, const Session &session, const std::string &answer)
{
  std::string functions;
  for (const auto &function : session.functions)
    functions += (functions.empty() ? "" : ", ") + function.name;
  const std::pair<std::string_view, std::string_view> places[] = {
      {"{system-instruction}", session.instruction},
      {"{functions}", functions},
      {"{history}", session.history},
      {"{text}", session.text},
      {"{answer}", answer}};
  std::string text;
  for (std::size_t at = 0; at < say.size();) {
    const auto place = std::ranges::find_if(
        places, [&](const auto &p) { return say.compare(at, p.first.size(), p.first) == 0; });
    const bool found = place != std::end(places);
    text += found ? place->second : std::string_view(say).substr(at, 1);
    at += found ? place->first.size() : 1;
  }
  return text;
}

std::shared_ptr<Session> Script::open()
{
  auto session = std::make_shared<Session>();
  session->turns = scenario_.turns.value_or(std::vector<Turn>{});
  return session;
}

std::shared_ptr<Session> Script::resume(const std::string &handle)
{
  const auto found = handles_.find(handle);
  return found == handles_.end() ? nullptr : found->second;
}

std::string Script::make_handle(const std::shared_ptr<Session> &session)
{
  const CharPtr uuid(g_uuid_string_random());
  handles_[uuid.get()] = session;
  return uuid.get();
}

std::optional<Turn> Script::next(Session &session, Turn::On on, const std::string &text) const
{
  const auto found = std::ranges::find(session.turns, on, &Turn::on);
  if (found != session.turns.end()) {
    Turn turn = std::move(*found);
    session.turns.erase(found);
    return turn;
  }
  const bool never_speaks = scenario_.turns && scenario_.turns->empty();
  if (never_speaks || on == Turn::On::start || on == Turn::On::video)
    return std::nullopt;
  return built_in(on, text);
}

Turn Script::built_in(Turn::On on, const std::string &text) const
{
  Turn turn;
  turn.on = on;
  turn.speed = scenario_.speed;
  turn.bundle = scenario_.bundle;
  turn.interrupt_style = scenario_.interrupt_style;
  if (on == Turn::On::text) {
    turn.say = text.empty() ? "Please go on." : "You said: " + text;
  } else {
    turn.heard = "Something was said.";
    if (scenario_.turns)
      turn.parrot = true;
    else
      turn.say = "I heard you well. This is a simulated answer, please go on.";
  }
  return turn;
}

std::vector<std::size_t> Script::faults(Fault::When when, unsigned turn) const
{
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < scenario_.faults.size(); ++i)
    if (!done_[i] && fault(i).when == when && fault(i).turn == turn)
      open.push_back(i);
  return open;
}

const Fault &Script::take(std::size_t fault)
{
  done_[fault] = true;
  return scenario_.faults[fault];
}

} // namespace gemini_live_simulator
