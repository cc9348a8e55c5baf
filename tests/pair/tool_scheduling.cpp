// When an answer goes to the model, and what it may do with it then.

#include "support/tool_talk.hpp"

namespace {

using test::Taken;

} // namespace

GST_START_TEST(test_an_early_answer_waits_for_the_end_of_its_turn)
{
  Taken talk;
  talk.call_within_a_turn();
  talk.wait_call();
  fail_unless(talk.respond("a", "1"));
  talk.expect_answers(0); // though it was said before the text
  talk.complete_turn();
  talk.wait_answers({R"(a {"output":1})"});
}
GST_END_TEST;

GST_START_TEST(test_an_early_answer_does_not_wait_for_ever)
{
  Taken talk;
  const auto before = g_get_monotonic_time();
  talk.call_within_a_turn();
  talk.wait_call();
  fail_unless(talk.respond("a", "1"));
  talk.wait_answers({R"(a {"output":1})"});
  fail_unless(g_get_monotonic_time() - before >= 2'000'000);
}
GST_END_TEST;

GST_START_TEST(test_a_cancelled_answer_does_not_go_out_late)
{
  Taken talk;
  talk.call_within_a_turn();
  talk.wait_call();
  fail_unless(talk.respond("a", "1"));
  talk.server.send(R"({"toolCallCancellation":{"ids":["a"]}})");
  talk.complete_turn();
  talk.log.wait_for("turn 1 complete");
  talk.log.wait_for(R"({"event":"tool-cancelled","id":"a","name":"look"})");
  talk.expect_answers(0);
}
GST_END_TEST;

GST_START_TEST(test_a_model_that_waits_is_answered_at_once)
{
  Taken talk{{"tools", R"([{"name":"look","description":"Look.","behavior":"BLOCKING"}])"}};
  talk.call_within_a_turn();
  talk.wait_call();
  fail_unless(talk.respond("a", "1"));
  talk.expect_answers(1);
}
GST_END_TEST;

GST_START_TEST(test_scheduling_is_of_the_answer_or_of_the_tool)
{
  Taken talk{{"tools", R"([{"name":"look","description":"Look.","x-scheduling":"SILENT"},
                            {"name":"listen","description":"Listen."}])"}};
  const auto setup = talk.server.received().at(1).json;
  fail_unless(setup.find("x-scheduling") == std::string::npos, "%s", setup.c_str());
  talk.call("a", "look");
  talk.call("b", "look");
  talk.call("c", "listen");
  talk.call("d", "listen");
  for (const char *id : {"a", "b", "c", "d"})
    talk.wait_call(id, *id < 'c' ? "look" : "listen");
  talk.complete_turn();
  const auto full = [&](const char *id, GstGeminiLiveScheduling scheduling, bool more) {
    return gst_gemini_live_session_send_tool_response_full(talk.object, id, "1", scheduling, more,
                                                           nullptr);
  };
  fail_unless(full("a", GST_GEMINI_LIVE_SCHEDULING_DEFAULT, false));
  fail_unless(full("b", GST_GEMINI_LIVE_SCHEDULING_INTERRUPT, false));
  fail_unless(full("c", GST_GEMINI_LIVE_SCHEDULING_DEFAULT, false));
  fail_unless(full("d", GST_GEMINI_LIVE_SCHEDULING_WHEN_IDLE, true));
  fail_unless(full("d", GST_GEMINI_LIVE_SCHEDULING_DEFAULT, false));
  talk.wait_answers({R"(a {"output":1} SILENT)", R"(b {"output":1} INTERRUPT)", R"(c {"output":1})",
                     R"(d {"output":1} WHEN_IDLE and more)", R"(d {"output":1})"});
  fail_unless(!full("d", GST_GEMINI_LIVE_SCHEDULING_DEFAULT, false));
}
GST_END_TEST;

GST_START_TEST(test_tools_of_another_context_behave_as_they_say)
{
  Taken talk{{"tools", R"([{"name":"look","description":"Look.","x-scheduling":"SILENT"},
                            {"name":"listen","description":"Listen."}])"}};
  fail_unless(gst_gemini_live_session_update_context(
      talk.object, nullptr,
      R"([{"name":"look","description":"Look.","behavior":"BLOCKING"},
          {"name":"listen","description":"Listen.","x-scheduling":"INTERRUPT"}])",
      nullptr));
  talk.call_within_a_turn("a", "look");
  talk.call_within_a_turn("b", "listen");
  talk.wait_call();
  talk.wait_call("b", "listen");
  // The answer to what does not block waits for the end of the turn.
  fail_unless(talk.respond("b", "1") && talk.respond("a", "1"));
  talk.wait_answers({R"(a {"output":1})"});
  talk.complete_turn();
  talk.wait_answers({R"(a {"output":1})", R"(b {"output":1} INTERRUPT)"});
}
GST_END_TEST;

GST_START_TEST(test_scheduling_that_the_model_refuses_is_not_sent)
{
  Taken talk{{"model", "gemini-3.8-live-extended-thinking"}, {"thinking-level", "low"}};
  talk.call();
  talk.wait_call();
  GError *error = nullptr;
  fail_unless(!gst_gemini_live_session_send_tool_response_full(
      talk.object, "a", "1", GST_GEMINI_LIVE_SCHEDULING_SILENT, FALSE, &error));
  fail_unless(g_str_has_prefix(error->message, "Leave the scheduling of the answer out"), "%s",
              error->message);
  g_error_free(error);
  fail_unless(talk.respond("a", "1"));
  talk.wait_answers({R"(a {"output":1})"});
}
GST_END_TEST;

GST_START_TEST(test_unsent_answers_are_bounded)
{
  constexpr const char *kIds[] = {"a", "b", "c"};
  Taken talk;
  for (const auto *id : kIds)
    talk.call_within_a_turn(id);
  for (const auto *id : kIds)
    talk.wait_call(id);
  // None of them is sent before the end of the turn.
  const std::string long_answer(6'000'000, 'x');
  GError *error = nullptr;
  const auto refuse = [&](const char *id) {
    return gst_gemini_live_session_fail_tool_call(talk.object, id, long_answer.c_str(), &error);
  };
  fail_unless(refuse("a") && refuse("b") && !refuse("c"));
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT));
  g_error_free(error);
  talk.complete_turn();
  fail_unless(talk.server.wait_for([&](const auto &) { return talk.answers().size() == 2; }));
  fail_unless(talk.respond("c", "1"));
}
GST_END_TEST;

static Suite *tool_scheduling_suite(void)
{
  Suite *suite = suite_create("tool_scheduling");
  TCase *tests = tcase_create("general");
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, test_an_early_answer_waits_for_the_end_of_its_turn);
  tcase_add_test(tests, test_an_early_answer_does_not_wait_for_ever);
  tcase_add_test(tests, test_a_cancelled_answer_does_not_go_out_late);
  tcase_add_test(tests, test_a_model_that_waits_is_answered_at_once);
  tcase_add_test(tests, test_scheduling_is_of_the_answer_or_of_the_tool);
  tcase_add_test(tests, test_tools_of_another_context_behave_as_they_say);
  tcase_add_test(tests, test_scheduling_that_the_model_refuses_is_not_sent);
  tcase_add_test(tests, test_unsent_answers_are_bounded);
  return suite;
}

GST_CHECK_MAIN(tool_scheduling)
