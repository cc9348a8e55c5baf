// geminiliveeventsink alone: what a script says, right and wrong.

#include "support/harnessed.hpp"

#include <json-glib/json-glib.h>

namespace {

using gemini_live_simulator::Received;
using Kind = Received::Kind;

struct EventSink : test::Harnessed {
  explicit EventSink(const Properties &properties = {})
      : Harnessed("geminiliveeventsink", R"({"turns":[]})", properties)
  {
  }

  void begin()
  {
    play();
    begin_bytes();
  }

  // What was said after the setup.
  std::vector<Received> said() const
  {
    std::vector<Received> all;
    for (auto &one : server.received())
      if (one.kind != Kind::connect && one.kind != Kind::setup)
        all.push_back(one);
    return all;
  }
  std::vector<Received> wait_said(std::size_t count)
  {
    fail_unless(server.wait_for([&](const auto &) { return said().size() >= count; }));
    return said();
  }
  void expect_texts(const std::vector<std::string> &expected)
  {
    const auto all = wait_said(expected.size());
    fail_unless(all.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); i++)
      fail_unless(all[i].kind == Kind::text && all[i].text == expected[i], "%s instead of %s",
                  all[i].text.c_str(), expected[i].c_str());
  }

  std::string wait_warning() { return wait_complaint(GST_MESSAGE_WARNING); }
  // No warning waits.
  void expect_no_warning()
  {
    while (GstMessage *message = gst_bus_pop(bus)) {
      fail_if(GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING);
      gst_message_unref(message);
    }
  }
};

bool same_json(const std::string &one, const char *other)
{
  JsonNode *a = json_from_string(one.c_str(), nullptr), *b = json_from_string(other, nullptr);
  const bool same = a && b && json_node_equal(a, b);
  json_node_unref(a);
  json_node_unref(b);
  return same;
}

} // namespace

GST_START_TEST(test_commands_reach_the_service)
{
  EventSink sink(EventSink::Properties{{"turn-detection", "manual"}});
  sink.begin();
  sink.wait_ready();
  const struct {
    const char *line;
    Kind kind;
    const char *json;
  } kRows[] = {
      {R"({"text":"Hello"})", Kind::text, R"({"realtimeInput":{"text":"Hello"}})"},
      {R"({"content":{"turns":[{"role":"user","parts":[{"text":"Hi"}]}],"turnComplete":true}})",
       Kind::client_content,
       R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"Hi"}]}],
           "turnComplete":true}})"},
      {R"({"activity":"start"})", Kind::activity_start,
       R"({"realtimeInput":{"activityStart":{}}})"},
      {R"({"activity":"end"})", Kind::activity_end, R"({"realtimeInput":{"activityEnd":{}}})"},
      {R"({"context":{"system-instruction":"Be brief.","tools":[]}})", Kind::context_update,
       R"({"contextUpdate":{"systemInstruction":{"parts":[{"text":"Be brief."}]},
           "tools":{"tools":[]}}})"},
  };
  std::size_t count = 0;
  for (const auto &row : kRows) {
    fail_unless_equals_int(sink.push(std::string(row.line) + "\n"), GST_FLOW_OK);
    const auto last = sink.wait_said(++count).back();
    fail_unless(last.kind == row.kind, "%s became %s", row.line, last.json.c_str());
    fail_unless(same_json(last.json, row.json), "%s became %s", row.line, last.json.c_str());
  }
  sink.expect_no_warning();
}
GST_END_TEST;

GST_START_TEST(test_lines_may_be_cut_anywhere)
{
  EventSink sink;
  sink.begin();
  const std::string lines =
      "{\"text\":\"one\"}\r\n\n{\"text\":\"caf\xc3\xa9\"}\n{\"text\":\"three\"}\n";
  for (const char byte : lines)
    sink.push({&byte, 1});
  sink.expect_texts({"one", "caf\xc3\xa9", "three"});
  sink.push("{\"text\":\"four\"}\n{\"text\":\"five\"}\n");
  sink.expect_texts({"one", "caf\xc3\xa9", "three", "four", "five"});
}
GST_END_TEST;

GST_START_TEST(test_caps_are_taken_too)
{
  EventSink sink;
  sink.play();
  gst_harness_set_src_caps_str(sink.harness, "application/x-json-lines");
  sink.push("{\"text\":\"one\"}\n");
  sink.expect_texts({"one"});
}
GST_END_TEST;

GST_START_TEST(test_what_is_no_command_is_a_warning_and_nothing_else)
{
  EventSink sink;
  sink.begin();
  for (const char *line : {"hello", "{}", "[1]", R"({"say":"x"})", R"({"text":1})",
                           R"({"text":"a","close":true})", R"({"content":{"contents":[]}})"}) {
    fail_unless_equals_int(sink.push(std::string(line) + "\n"), GST_FLOW_OK);
    const auto warning = sink.wait_warning();
    fail_unless(warning.starts_with("Send one command a line"), "%s", warning.c_str());
    fail_unless(warning.find(line) != std::string::npos, "%s", warning.c_str());
  }
  sink.push("{\"text\":\"after\"}\n");
  sink.expect_texts({"after"});
  sink.expect_no_warning();
}
GST_END_TEST;

GST_START_TEST(test_a_warning_quotes_80_bytes_at_most)
{
  EventSink sink;
  sink.begin();
  sink.push(std::string(79, 'x') + "\xe2\x82\xac" + std::string(500, 'y') + "\n");
  const auto warning = sink.wait_warning();
  fail_unless(warning.find("'" + std::string(79, 'x') + "…'") != std::string::npos, "%s",
              warning.c_str());
}
GST_END_TEST;

GST_START_TEST(test_what_is_no_utf8_is_a_warning)
{
  EventSink sink;
  sink.begin();
  sink.push("{\"text\":\"caf\xe9\"}\n");
  const auto warning = sink.wait_warning();
  fail_unless(g_utf8_validate(warning.c_str(), -1, nullptr));
  fail_unless(warning.find("caf\\xE9") != std::string::npos, "%s", warning.c_str());
  sink.push("{\"text\":\"after\"}\n");
  sink.expect_texts({"after"});
}
GST_END_TEST;

GST_START_TEST(test_a_line_of_10_mb_is_one_warning)
{
  EventSink sink;
  sink.begin();
  const std::string piece(4096, 'x');
  sink.push("{\"text\":\"");
  for (int i = 0; i < 2560; i++)
    fail_unless_equals_int(sink.push(piece), GST_FLOW_OK);
  sink.push("\"}\n{\"text\":\"after\"}\n");
  sink.expect_texts({"after"});
  fail_unless(sink.wait_warning().starts_with("Send shorter commands"));
  sink.expect_no_warning();
}
GST_END_TEST;

GST_START_TEST(test_a_line_of_almost_1_mib_is_a_command)
{
  EventSink sink;
  sink.begin();
  const std::string text(1024 * 1024 - 100, 'x');
  sink.push("{\"text\":\"" + text + "\"}\n");
  sink.expect_texts({text});
}
GST_END_TEST;

GST_START_TEST(test_close_ends_the_conversation)
{
  EventSink sink;
  sink.begin();
  sink.wait_ready();
  fail_unless_equals_int(sink.push("{\"close\":true}\n"), GST_FLOW_EOS);
  fail_unless_equals_int(sink.push("{\"text\":\"more\"}\n"), GST_FLOW_EOS);
  const auto all = sink.wait_said(1);
  fail_unless(all.back().kind == Kind::close);
  assert_equals_int(all.back().close_code, 1000);
}
GST_END_TEST;

GST_START_TEST(test_activity_needs_manual_detection)
{
  EventSink sink;
  sink.begin();
  sink.wait_ready();
  sink.push("{\"activity\":\"start\"}\n{\"text\":\"after\"}\n");
  fail_unless(sink.wait_warning().starts_with("Set turn-detection to manual"));
  sink.expect_texts({"after"});
}
GST_END_TEST;

GST_START_TEST(test_the_last_line_needs_no_end)
{
  EventSink sink;
  sink.begin();
  sink.push("{\"text\":\"no end\"}");
  const auto eos = sink.push_eos();
  sink.expect_texts({"no end"});
  // No source listens, so the EOS message waits for the answer.
  sink.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"ok"}]}}})");
  sink.server.send(R"({"serverContent":{"turnComplete":true}})");
  sink.wait_eos();
}
GST_END_TEST;

static Suite *eventsink_suite()
{
  Suite *suite = suite_create("geminiliveeventsink");
  TCase *tcase = tcase_create("eventsink");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_commands_reach_the_service);
  tcase_add_test(tcase, test_lines_may_be_cut_anywhere);
  tcase_add_test(tcase, test_caps_are_taken_too);
  tcase_add_test(tcase, test_what_is_no_command_is_a_warning_and_nothing_else);
  tcase_add_test(tcase, test_a_warning_quotes_80_bytes_at_most);
  tcase_add_test(tcase, test_what_is_no_utf8_is_a_warning);
  tcase_add_test(tcase, test_a_line_of_10_mb_is_one_warning);
  tcase_add_test(tcase, test_a_line_of_almost_1_mib_is_a_command);
  tcase_add_test(tcase, test_close_ends_the_conversation);
  tcase_add_test(tcase, test_activity_needs_manual_detection);
  tcase_add_test(tcase, test_the_last_line_needs_no_end);
  return suite;
}

GST_CHECK_MAIN(eventsink);
