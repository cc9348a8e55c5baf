// Reads a scenario; every mistake is an error that names its place.
#include "scenario.hpp"

#include "json.hpp"
#include "profile.hpp"
#include "server_message.hpp"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace gemini_live_simulator {
namespace {

[[noreturn]] void fail(const std::string &where, const std::string &what)
{
  throw std::runtime_error("scenario: " + (where.empty() ? "" : where + ": ") + what);
}

std::string place_of(std::string_view text, std::size_t offset)
{
  const auto before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto newline = before.rfind('\n');
  const auto column = offset - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// One object of the scenario, with its place for the errors.
class Reader {
public:
  Reader(Json json, std::string where, std::initializer_list<std::string_view> known)
      : json_(json), where_(std::move(where))
  {
    if (!json_.is_object())
      fail(where_, "expected an object");
    for (const auto &name : json_.names())
      if (std::ranges::find(known, name) == known.end())
        fail(where_, "unknown key \"" + name + "\"");
  }

  bool has(std::string_view name) const { return json_.get(name).exists(); }
  std::string at(std::string_view name) const
  {
    return (where_.empty() ? "" : where_ + ".") + std::string(name);
  }
  Json need(std::string_view name) const
  {
    const Json value = json_.get(name);
    if (!value.exists())
      fail(where_, "\"" + std::string(name) + "\" is missing");
    return value;
  }

  std::string string(std::string_view name) const
  {
    if (!has(name))
      return {};
    const Json value = json_.get(name);
    if (!value.is_string())
      fail(at(name), "expected a string");
    return value.string();
  }
  bool truth(std::string_view name, bool otherwise) const
  {
    if (!has(name))
      return otherwise;
    const Json value = json_.get(name);
    if (!value.is_bool())
      fail(at(name), "expected true or false");
    return value.truth();
  }
  double number(std::string_view name, double otherwise) const
  {
    if (!has(name))
      return otherwise;
    const Json value = json_.get(name);
    if (!value.is_number() || value.number() < 0)
      fail(at(name), "expected a number that is not negative");
    return value.number();
  }
  template <typename T>
  T choice(std::string_view name, std::initializer_list<std::pair<std::string_view, T>> words) const
  {
    const std::string word = need(name).is_string() ? need(name).string() : "";
    std::string all;
    for (const auto &[known, value] : words) {
      if (known == word)
        return value;
      all += (all.empty() ? "\"" : ", \"") + std::string(known) + "\"";
    }
    fail(at(name), "expected one of " + all + (word.empty() ? "" : ", not \"" + word + "\""));
  }
  std::vector<Json> array(std::string_view name) const
  {
    const Json value = json_.get(name);
    if (value.exists() && !value.is_array())
      fail(at(name), "expected an array");
    return value.elements();
  }

private:
  Json json_;
  std::string where_;
};

InterruptStyle read_style(const Reader &in, InterruptStyle otherwise)
{
  if (!in.has("interrupt-style"))
    return otherwise;
  return in.choice<InterruptStyle>("interrupt-style",
                                   {{"normal", InterruptStyle::normal},
                                    {"merged", InterruptStyle::merged},
                                    {"turn-complete-first", InterruptStyle::turn_complete_first},
                                    {"late", InterruptStyle::late}});
}

ToolCall read_tool(Json json, const std::string &where)
{
  const Reader in(json, where, {"name", "args"});
  ToolCall tool;
  in.need("name");
  tool.name = in.string("name");
  tool.args = "{}";
  if (in.has("args")) {
    const Json args = in.need("args");
    if (!args.is_object())
      fail(in.at("args"), "expected an object");
    char *text = json_to_string(args.node(), FALSE);
    tool.args = text;
    g_free(text);
  }
  return tool;
}

// One call or several at once.
std::vector<ToolCall> read_tools(const Reader &in)
{
  if (!in.has("tool"))
    return {};
  const Json tool = in.need("tool");
  if (!tool.is_array())
    return {read_tool(tool, in.at("tool"))};
  std::vector<ToolCall> tools;
  for (const Json &one : tool.elements())
    tools.push_back(read_tool(one, in.at("tool") + "[" + std::to_string(tools.size()) + "]"));
  return tools;
}

std::vector<std::string> read_messages(const Reader &in)
{
  std::vector<std::string> messages;
  for (const Json &message : in.array("send")) {
    if (!message.is_object())
      fail(in.at("send") + "[" + std::to_string(messages.size()) + "]", "expected an object");
    messages.push_back(print_message(message));
  }
  return messages;
}

std::optional<double> read_speed(const Reader &in, std::optional<double> otherwise)
{
  return in.has("speed") ? in.number("speed", 0) : otherwise;
}

Turn read_turn(Json json, const std::string &where, const Scenario &scenario)
{
  const Reader in(json, where,
                  {"on", "say", "heard", "parrot", "send", "tool", "interruptible", "speed",
                   "bundle", "interrupt-style", "interaction-status"});
  Turn turn;
  turn.on = in.choice<Turn::On>("on", {{"start", Turn::On::start},
                                       {"speech", Turn::On::speech},
                                       {"text", Turn::On::text},
                                       {"video", Turn::On::video}});
  turn.say = in.string("say");
  turn.heard = in.string("heard");
  turn.parrot = in.truth("parrot", false);
  if (turn.parrot && !turn.say.empty())
    fail(where, "\"parrot\" and \"say\" exclude each other");
  if (turn.parrot && turn.on != Turn::On::speech)
    fail(in.at("parrot"), "only an answer to speech can repeat it");
  turn.send = read_messages(in);
  turn.tools = read_tools(in);
  turn.interruptible = in.truth("interruptible", true);
  turn.speed = read_speed(in, scenario.speed);
  turn.bundle = in.truth("bundle", scenario.bundle);
  turn.interaction_status = in.string("interaction-status");
  turn.interrupt_style = read_style(in, scenario.interrupt_style);
  return turn;
}

void read_when(const Reader &in, Fault &fault)
{
  const std::string at = in.need("at").is_string() ? in.string("at") : "";
  if (at == "setup") {
    fault.when = Fault::When::setup;
    return;
  }
  char *end = nullptr;
  if (at.starts_with("turn ")) {
    const double turn = g_ascii_strtod(at.c_str() + 5, &end);
    fault.when = Fault::When::turn;
    fault.turn = turn >= 1 && turn < 1e6 ? static_cast<unsigned>(turn) : 0;
    if (*end == '\0' && fault.turn > 0 && turn == static_cast<double>(fault.turn))
      return;
  } else if (!at.empty()) {
    fault.when = Fault::When::time;
    fault.seconds = g_ascii_strtod(at.c_str(), &end);
    if (end != at.c_str() && std::string_view(end) == " s" && fault.seconds >= 0 &&
        fault.seconds < 1e6)
      return;
  }
  fail(in.at("at"), R"(expected "setup", "turn N" or "T s")");
}

Fault read_fault(Json json, const std::string &where)
{
  const Reader in(json, where, {"at", "do", "code", "reason", "time-left", "delay"});
  Fault fault;
  read_when(in, fault);
  using What = Fault::What;
  fault.what = in.choice<What>("do", {{"close", What::close},
                                      {"rst", What::rst},
                                      {"fin", What::fin},
                                      {"stall", What::stall},
                                      {"silence", What::silence},
                                      {"goAway", What::go_away},
                                      {"late-pongs", What::late_pongs}});
  if (fault.what == What::late_pongs && fault.when != Fault::When::setup)
    fail(in.at("at"), "pongs can only be late from the setup on");
  const double code = in.number("code", fault.code);
  if (code < 1000 || code > 4999)
    fail(in.at("code"), "expected a close code from 1000 to 4999");
  fault.code = static_cast<unsigned>(code);
  fault.reason = in.string("reason");
  if (in.has("time-left"))
    fault.time_left = in.number("time-left", 0);
  fault.delay = in.number("delay", fault.delay);
  return fault;
}

} // namespace

Scenario read_scenario(std::string_view text)
{
  if (const auto bad = json_syntax_error(text))
    fail(place_of(text, *bad), "this is not JSON");
  const auto document = JsonDocument::parse(text);
  if (!document)
    fail("", "this is not JSON");
  const Reader in(document->root(), "",
                  {"profile", "turns", "faults", "speed", "bundle", "interrupt-style"});

  Scenario scenario;
  scenario.profile = in.string("profile");
  if (in.has("profile") && !find_profile(scenario.profile))
    fail("profile", "there is no profile \"" + scenario.profile + "\"");
  scenario.speed = read_speed(in, std::nullopt);
  scenario.bundle = in.truth("bundle", false);
  scenario.interrupt_style = read_style(in, scenario.interrupt_style);
  if (in.has("turns")) {
    scenario.turns.emplace();
    for (const Json &turn : in.array("turns"))
      scenario.turns->push_back(
          read_turn(turn, "turns[" + std::to_string(scenario.turns->size()) + "]", scenario));
  }
  for (const Json &fault : in.array("faults"))
    scenario.faults.push_back(
        read_fault(fault, "faults[" + std::to_string(scenario.faults.size()) + "]"));
  return scenario;
}

} // namespace gemini_live_simulator
