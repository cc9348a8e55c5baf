// Every order in which the service may say that a turn was interrupted and is complete.
#include "check.hpp"

#include "gst/geminilive/engine/turns.hpp"

using namespace gemini_live;

namespace {

constexpr std::int64_t kSecond = 1'000'000;

struct Step {
  char what; // c: content, i: interrupted, t: turnComplete
  std::int64_t after;
  std::uint64_t turn; // what the step must give
  bool opened = false, stale = false;
  std::uint64_t abandoned = 0;
};

struct Order {
  const char *name;
  std::vector<Step> steps;
};

constexpr bool kOpens = true, kStale = true;

const Order kOrders[] = {
    {"a plain turn", {{'c', 0, 1, kOpens}, {'c', kSecond, 1}, {'t', 0, 1}, {'c', 0, 2, kOpens}}},
    {"interrupted, then complete",
     {{'c', 0, 1, kOpens}, {'i', 10, 1}, {'t', 90'000, 1}, {'c', 10, 2, kOpens}, {'t', 0, 2}}},
    {"complete, then interrupted",
     {{'c', 0, 1, kOpens}, {'t', 10, 1}, {'i', 10, 1}, {'c', 10, 2, kOpens}, {'t', 0, 2}}},
    {"both in one message", {{'c', 0, 1, kOpens}, {'i', 0, 1}, {'t', 0, 1}, {'c', 0, 2, kOpens}}},
    {"interrupted twice, then complete",
     {{'c', 0, 1, kOpens}, {'i', 10, 1}, {'i', 10, 1}, {'t', 10, 1}, {'c', 10, 2, kOpens}}},
    {"both twice",
     {{'c', 0, 1, kOpens},
      {'i', 10, 1},
      {'t', 10, 1},
      {'i', 10, 1},
      {'t', 10, 2},
      {'c', 10, 3, kOpens}}},
    {"interrupted before anything", {{'i', 0, 0}, {'c', 10, 1, kOpens}, {'c', 10, 1}}},
    {"interrupted and completed before anything",
     {{'i', 0, 0}, {'t', 10, 1}, {'c', 10, 2, kOpens}}},
    {"an empty turn counts", {{'t', 0, 1}, {'c', 0, 2, kOpens}, {'t', 0, 2}, {'t', 0, 3}}},
    {"content of an interrupted turn is stale",
     {{'c', 0, 1, kOpens},
      {'i', 10, 1},
      {'c', 10, 1, false, kStale},
      {'c', 10, 1, false, kStale},
      {'t', 10, 1},
      {'c', 10, 2, kOpens}}},
    {"interrupted alone: late content opens the next turn",
     {{'c', 0, 1, kOpens},
      {'i', 10, 1},
      {'c', kSecond - 1, 1, false, kStale},
      {'c', 1, 2, kOpens, false, 1},
      {'c', 0, 2},
      {'t', 10, 2}}},
    {"a second interruption keeps content stale",
     {{'c', 0, 1, kOpens},
      {'i', 0, 1},
      {'i', kSecond - 1, 1},
      {'c', 2, 1, false, kStale},
      {'c', kSecond, 2, kOpens, false, 1}}},
    {"an interruption of an open turn that was abandoned before",
     {{'c', 0, 1, kOpens},
      {'i', 0, 1},
      {'c', 2 * kSecond, 2, kOpens, false, 1},
      {'i', 0, 2},
      {'c', 0, 2, false, kStale},
      {'t', 0, 2},
      {'c', 0, 3, kOpens}}},
    {"an interruption after the turn makes nothing stale",
     {{'c', 0, 1, kOpens}, {'t', 0, 1}, {'i', 0, 1}, {'i', 0, 1}, {'c', 0, 2, kOpens}}},
    {"what is left of an answer that was silenced here is stale, however long it comes",
     {{'c', 0, 1, kOpens},
      {'l', 0, 1},
      {'c', kSecond, 1, false, kStale},
      {'c', kSecond + kSecond / 2, 1, false, kStale},
      {'c', kSecond + kSecond / 2, 1, false, kStale},
      {'t', kSecond, 1},
      {'c', 0, 2, kOpens}}},
    {"a silenced answer that is never completed does not silence the next",
     {{'c', 0, 1, kOpens},
      {'l', 0, 1},
      {'c', kSecond, 1, false, kStale},
      {'c', 2 * kSecond, 2, kOpens, false, 1}}},
    {"the service interrupts what was silenced here already",
     {{'c', 0, 1, kOpens},
      {'l', 0, 1},
      {'c', kSecond, 1, false, kStale},
      {'i', 0, 1},
      {'c', kSecond, 2, kOpens, false, 1}}},
    {"content after a long pause still belongs to its turn",
     {{'c', 0, 1, kOpens}, {'c', 100 * kSecond, 1}, {'t', 0, 1}}},
};

} // namespace

TEST(test_every_order_of_the_protocol)
{
  for (const auto &order : kOrders) {
    Turns turns;
    std::int64_t now = 12345;
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < order.steps.size(); i++) {
      const auto &step = order.steps[i];
      const auto where = std::string(order.name) + ", step " + std::to_string(i + 1);
      now += step.after;
      if (step.what == 'i')
        check::equal(turns.interrupt(now, Turns::Interruption::by_service), step.turn, where);
      else if (step.what == 'l')
        check::equal(turns.interrupt(now, Turns::Interruption::local), step.turn, where);
      else if (step.what == 't') {
        check::equal(turns.complete(), step.turn, where);
        check::that(!turns.is_open(), where);
      } else {
        const auto content = turns.content(now);
        check::equal(content.turn, step.turn, where);
        check::equal(content.opened, step.opened, where);
        check::equal(content.stale, step.stale, where);
        check::equal(content.abandoned.value_or(0), step.abandoned, where);
        check::that(turns.is_open(), where);
      }
      check::that(turns.last() >= last, where);
      last = turns.last();
      check::equal(last, step.turn, where);
    }
  }
}

TEST(test_a_transcript_of_the_answer_may_come_before_its_audio)
{
  Turns turns;
  check::equal(turns.of_output(), 1u);
  turns.content(0);
  check::equal(turns.of_output(), 1u);
  turns.complete();
  check::equal(turns.of_output(), 2u);
}

TEST(test_a_transcript_of_the_question_belongs_to_the_next_turn)
{
  Turns turns;
  check::equal(turns.of_input(0), 1u);
  turns.content(10);
  turns.complete();
  check::equal(turns.of_input(20), 2u);
}

TEST(test_a_transcript_soon_after_the_answer_began_belongs_to_it)
{
  Turns turns;
  turns.content(kSecond);
  check::equal(turns.of_input(kSecond), 1u);
  check::equal(turns.of_input(3 * kSecond - 1), 1u);
  check::equal(turns.of_input(3 * kSecond), 2u);
}

TEST(test_turns_count_from_one)
{
  Turns turns;
  check::equal(turns.last(), 0u);
  check::that(!turns.is_open());
  check::equal(turns.content(0).turn, 1u);
}

TEST_MAIN("turns")
