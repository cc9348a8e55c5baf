// A call of the model is answered exactly once.
#include "check.hpp"

#include "gst/geminilive/engine/tool_calls.hpp"

using namespace gemini_live;

namespace {

FunctionCall call(std::string id, std::string name = "look")
{
  return {.id = std::move(id), .name = std::move(name), .args = "{}"};
}

std::size_t index_of(ToolOutcome outcome)
{
  return static_cast<std::size_t>(outcome);
}

} // namespace

TEST(test_whoever_is_first_has_the_call)
{
  for (const auto first :
       {ToolOutcome::answered, ToolOutcome::failed, ToolOutcome::timed_out, ToolOutcome::lost}) {
    ToolCalls calls;
    calls.add(call("a"), 1, 10, false);
    std::string why;
    const auto taken = calls.finish("a", first, why);
    check::equal(taken.value().name, "look");
    check::that(!calls.finish("a", ToolOutcome::answered, why));
    check::equal(why, std::string("the call is over: it was ") + to_text(first));
    check::that(calls.cancel({"a"}).empty());
    check::that(!calls.oldest());
    check::equal(calls.counts()[index_of(first)], 1u);
    check::that(calls.is_empty());
  }
}

TEST(test_an_unknown_id_has_no_call)
{
  ToolCalls calls;
  calls.add(call("a"), 1, 0, false);
  std::string why;
  check::that(!calls.finish("b", ToolOutcome::answered, why));
  check::equal(why, "no call has this id");
  check::that(!calls.finish("", ToolOutcome::answered, why));
}

TEST(test_calls_without_an_id_get_one_of_ours)
{
  ToolCalls calls;
  const auto first = calls.add(call("", "one"), 1, 0, false);
  const auto second = calls.add(call("", "two"), 1, 0, false);
  check::that(!first.id.empty() && first.id != second.id);
  check::equal(second.wire_id, "");
  std::string why;
  check::equal(calls.finish(first.id, ToolOutcome::answered, why).value().name, "one");
  check::equal(calls.finish(second.id, ToolOutcome::answered, why).value().name, "two");
}

TEST(test_one_id_for_two_calls_is_two_calls)
{
  ToolCalls calls;
  check::equal(calls.add(call("a", "one"), 1, 0, false).id, "a");
  const auto second = calls.add(call("a", "two"), 1, 0, false);
  check::that(second.id != "a");
  check::equal(second.wire_id, "a");
  std::string why;
  check::equal(calls.finish("a", ToolOutcome::answered, why).value().name, "one");
  check::equal(calls.finish(second.id, ToolOutcome::answered, why).value().name, "two");
}

TEST(test_the_service_cancels_by_its_own_ids)
{
  ToolCalls calls;
  for (const auto *id : {"a", "b", "c"})
    calls.add(call(id), 1, 0, false);
  std::string why;
  calls.finish("a", ToolOutcome::answered, why);
  const auto cancelled = calls.cancel({"a", "b", "never"});
  check::equal(cancelled.size(), 1u);
  check::equal(cancelled[0].id, "b");
  check::that(!calls.finish("b", ToolOutcome::answered, why));
  check::equal(why, "the call is over: it was cancelled");
  check::that(calls.find("c", why) != nullptr);
}

TEST(test_each_call_has_its_own_time)
{
  ToolCalls calls;
  check::that(!calls.oldest());
  calls.add(call("b"), 1, 100, false);
  calls.add(call("a"), 1, 150, false);
  calls.add(call("c"), 1, 170, false);
  check::equal(calls.oldest()->id, "b");
  calls.renew("b", 200);
  check::equal(calls.oldest()->id, "a");
  std::string why;
  check::equal(calls.find("b", why)->asked_at, 100);
  calls.finish("a", ToolOutcome::timed_out, why);
  check::equal(calls.oldest()->id, "c");
  check::equal(calls.finish_all(ToolOutcome::lost).size(), 2u);
  check::that(!calls.oldest());
}

TEST(test_a_blocking_call_blocks_until_it_is_over)
{
  ToolCalls calls;
  calls.add(call("a"), 1, 0, false);
  check::that(!calls.has_blocking());
  calls.add(call("b"), 1, 0, true);
  check::that(calls.has_blocking());
  calls.cancel({"b"});
  check::that(!calls.has_blocking());
}

TEST(test_an_answer_that_was_not_sent_is_taken_back)
{
  ToolCalls calls;
  std::string why;
  const auto answered =
      calls.finish(calls.add(call("a"), 1, 0, false).id, ToolOutcome::answered, why);
  check::equal(calls.outcome_of(answered->number), std::optional(ToolOutcome::answered));
  // The same id again is another call.
  const auto pending = calls.add(call("a"), 2, 0, false);
  calls.take_back(answered->number, ToolOutcome::answered, ToolOutcome::lost);
  check::equal(calls.outcome_of(answered->number), std::optional(ToolOutcome::lost));
  check::equal(calls.outcome_of(pending.number), std::nullopt);
  check::equal(calls.counts()[index_of(ToolOutcome::answered)], 0u);
  check::equal(calls.counts()[index_of(ToolOutcome::lost)], 1u);
  check::that(calls.finish("a", ToolOutcome::failed, why).has_value());
}

TEST(test_what_is_over_is_not_kept_for_ever)
{
  ToolCalls calls;
  std::string why;
  for (unsigned i = 0; i < 1000; i++) {
    const auto id = std::to_string(i);
    calls.add(call(id), 1, 0, false);
    calls.finish(id, ToolOutcome::answered, why);
  }
  check::that(!calls.find("0", why));
  check::equal(why, "no call has this id");
  check::that(!calls.find("999", why));
  check::equal(why, "the call is over: it was answered");
  check::equal(calls.counts()[index_of(ToolOutcome::answered)], 1000u);
}

TEST_MAIN("tool_calls")
