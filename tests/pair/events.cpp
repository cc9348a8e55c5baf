// What the service says, and the events that come of it: every kind of message, in every order that was
// seen on the wire. The cases are in events.json; its path is the environment's EVENT_CASES.

#include "support/session.hpp"

#include <json-glib/json-glib.h>

#include <string>

namespace {

using test::Session;

// The end of a case: what came of its messages has come before it.
constexpr const char *kLast = R"({"event":"going-away","time-left":12345000000000})";

// Two states, and a handle that nobody asked for.
constexpr std::size_t kGreeting = 3;

// Borrowed, for as long as the program runs.
JsonArray *cases()
{
  static JsonParser *const parser = json_parser_new();
  if (!json_parser_get_root(parser) &&
      !json_parser_load_from_file(parser, g_getenv("EVENT_CASES"), nullptr))
    g_error("EVENT_CASES names no readable JSON");
  return json_node_get_array(json_parser_get_root(parser));
}

bool is_event(const std::string &line)
{
  return line.starts_with('{');
}

// Between the greeting of the service and the last; other signals are in the log too.
JsonArray *events_of(const std::vector<std::string> &lines)
{
  JsonArray *events = json_array_new();
  std::size_t greeting = kGreeting;
  for (const auto &line : lines) {
    if (line == kLast)
      break;
    if (is_event(line) && greeting > 0)
      greeting--;
    else if (is_event(line))
      json_array_add_element(events, json_from_string(line.c_str(), nullptr));
  }
  return events;
}

std::string to_text(JsonArray *array)
{
  JsonNode *node = json_node_init_array(json_node_alloc(), array);
  g_autofree gchar *text = json_to_string(node, TRUE);
  json_node_unref(node);
  return text;
}

bool are_equal(JsonArray *one, JsonArray *other)
{
  JsonNode *left = json_node_init_array(json_node_alloc(), one);
  JsonNode *right = json_node_init_array(json_node_alloc(), other);
  const bool equal = json_node_equal(left, right);
  json_node_unref(left);
  json_node_unref(right);
  return equal;
}

} // namespace

GST_START_TEST(test_every_message_becomes_its_events)
{
  JsonObject *one = json_array_get_object_element(cases(), static_cast<guint>(__i__));
  JsonArray *messages = json_object_get_array_member(one, "messages");
  JsonArray *expected = json_object_get_array_member(one, "events");
  Session session;
  g_object_set(session.object, "untaken-tools", GST_GEMINI_LIVE_UNTAKEN_TOOLS_WAIT, nullptr);
  session.watch_events();
  session.open();
  session.log.wait_for_count(is_event, kGreeting);
  for (guint i = 0; i < json_array_get_length(messages); i++) {
    g_autofree gchar *text = json_to_string(json_array_get_element(messages, i), FALSE);
    session.server.send(text);
  }
  // Quiet needs its time, so all that is expected is waited for.
  session.log.wait_for_count(is_event, kGreeting + json_array_get_length(expected));
  session.server.send(R"({"goAway":{"timeLeft":"12345s"}})");
  session.log.wait_for(kLast);
  JsonArray *events = events_of(session.log.lines());
  fail_unless(are_equal(events, expected), "%s: %s", json_object_get_string_member(one, "name"),
              to_text(events).c_str());
  json_array_unref(events);
}
GST_END_TEST;

static Suite *events_suite(void)
{
  Suite *suite = suite_create("events");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_loop_test(tests, test_every_message_becomes_its_events, 0,
                      static_cast<int>(json_array_get_length(cases())));
  return suite;
}

GST_CHECK_MAIN(events)
