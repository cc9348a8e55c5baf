// geminilivetextsink alone: lines and messages.

#include "support/harnessed.hpp"

namespace {

using gemini_live_simulator::Received;

std::vector<std::string> texts(const std::vector<Received> &all)
{
  std::vector<std::string> result;
  for (const auto &one : all)
    if (one.kind == Received::Kind::text)
      result.push_back(one.text);
  return result;
}

struct TextSink : test::Harnessed {
  TextSink() : Harnessed("geminilivetextsink") { play(); }

  void begin_messages() { gst_harness_set_src_caps_str(harness, "text/x-raw,format=utf8"); }

  void expect_texts(const std::vector<std::string> &expected)
  {
    fail_unless(
        server.wait_for([&](const auto &all) { return texts(all).size() >= expected.size(); }));
    fail_unless(texts(server.received()) == expected);
  }
};

} // namespace

GST_START_TEST(test_lines_are_messages)
{
  TextSink sink;
  sink.begin_bytes();
  sink.push("one\r\n\n");
  sink.push("tw");
  sink.push("o\nthree \xc3");
  sink.push("\xa9\n");
  sink.expect_texts({"one", "two", "three \xc3\xa9"});
}
GST_END_TEST;

GST_START_TEST(test_the_last_line_needs_no_end)
{
  TextSink sink;
  sink.begin_bytes();
  sink.push("no end");
  const auto eos = sink.push_eos();
  sink.expect_texts({"no end"});
  sink.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"ok"}]}}})");
  sink.server.send(R"({"serverContent":{"turnComplete":true}})");
  sink.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_buffers_with_caps_and_time_are_messages)
{
  TextSink sink;
  sink.begin_messages();
  sink.push("two\nlines");
  sink.push("/quit"); // means nothing here
  sink.expect_texts({"two\nlines", "/quit"});
}
GST_END_TEST;

GST_START_TEST(test_quit_ends_the_conversation)
{
  TextSink sink;
  sink.begin_bytes();
  sink.wait_ready();
  fail_unless_equals_int(sink.push("hello\n"), GST_FLOW_OK);
  fail_unless_equals_int(sink.push("/quit\n"), GST_FLOW_EOS);
  fail_unless_equals_int(sink.push("more\n"), GST_FLOW_EOS);
  fail_unless(sink.server.wait_for(
      [](const auto &all) { return !all.empty() && all.back().kind == Received::Kind::close; }));
  assert_equals_int(sink.server.received().back().close_code, 1000);
}
GST_END_TEST;

GST_START_TEST(test_the_quit_command_can_be_changed_or_disabled)
{
  TextSink sink;
  sink.begin_bytes();
  g_object_set(sink.element(), "quit-command", "", nullptr);
  sink.push("/quit\n");
  g_object_set(sink.element(), "quit-command", "bye", nullptr);
  sink.push("/quit\n");
  sink.expect_texts({"/quit", "/quit"});
  fail_unless_equals_int(sink.push("bye\n"), GST_FLOW_EOS);
}
GST_END_TEST;

GST_START_TEST(test_a_line_that_is_too_long_is_left_out_with_a_warning)
{
  TextSink sink;
  sink.begin_bytes();
  const std::string long_line(100 * 1024, 'x');
  sink.push("before\n" + long_line.substr(0, 60000));
  sink.push(long_line.substr(60000) + "\nafter\n");
  sink.expect_texts({"before", "after"});
  sink.wait_complaint(GST_MESSAGE_WARNING);
}
GST_END_TEST;

GST_START_TEST(test_a_line_of_10_mb_is_one_warning)
{
  TextSink sink;
  sink.begin_bytes();
  const std::string piece(4096, 'x');
  for (int i = 0; i < 2560; i++)
    fail_unless_equals_int(sink.push(piece), GST_FLOW_OK);
  sink.push("\nafter\n");
  sink.expect_texts({"after"});
  int warnings = 0;
  while (GstMessage *message = gst_bus_pop(sink.bus)) {
    warnings += GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING ? 1 : 0;
    gst_message_unref(message);
  }
  assert_equals_int(warnings, 1);
}
GST_END_TEST;

GST_START_TEST(test_what_is_no_utf8_is_mended_with_a_warning)
{
  TextSink sink;
  sink.begin_bytes();
  sink.push("caf\xe9\n");
  sink.expect_texts({"caf\xef\xbf\xbd"});
  sink.wait_complaint(GST_MESSAGE_WARNING);
}
GST_END_TEST;

static Suite *textsink_suite()
{
  Suite *suite = suite_create("geminilivetextsink");
  TCase *tcase = tcase_create("textsink");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_lines_are_messages);
  tcase_add_test(tcase, test_the_last_line_needs_no_end);
  tcase_add_test(tcase, test_buffers_with_caps_and_time_are_messages);
  tcase_add_test(tcase, test_quit_ends_the_conversation);
  tcase_add_test(tcase, test_the_quit_command_can_be_changed_or_disabled);
  tcase_add_test(tcase, test_a_line_that_is_too_long_is_left_out_with_a_warning);
  tcase_add_test(tcase, test_a_line_of_10_mb_is_one_warning);
  tcase_add_test(tcase, test_what_is_no_utf8_is_mended_with_a_warning);
  return suite;
}

GST_CHECK_MAIN(textsink);
