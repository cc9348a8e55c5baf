// What waits to be said goes in order and once, over a line that is lost and comes back, too.
#include "check.hpp"

#include "gst/geminilive/engine/outbox.hpp"

using namespace gemini_live;

namespace {

constexpr Outbox::Moment kNow{.seeding = false, .complete_turn = 0, .mark = {}, .now = 0};

Outbox::Message text(std::string words)
{
  return {.text = std::move(words), .asks = true};
}

Outbox::Message answer(std::string id, std::uint64_t after_turn = 0, bool last = true)
{
  return {.text = "answer " + id,
          .answer = Outbox::Answer{.id = id,
                                   .wire_id = id,
                                   .name = "look",
                                   .after_turn = after_turn,
                                   .until = 100,
                                   .last = last}};
}

// All that may go, as one text.
std::string take_all(Outbox &outbox, const Outbox::Moment &moment)
{
  std::string all;
  while (const auto message = outbox.take(moment))
    all += (all.empty() ? "" : ", ") + message->text;
  return all;
}

} // namespace

TEST(test_all_goes_in_order_and_once)
{
  Outbox outbox;
  for (const char *words : {"one", "two"})
    check::that(outbox.add(text(words)));
  check::that(outbox.add(answer("a")));
  check::that(outbox.add(text("three")));
  outbox.add_first(text("zero"));
  check::equal(take_all(outbox, kNow), "zero, one, two, answer a, three");
  check::that(outbox.is_empty());
  check::equal(take_all(outbox, kNow), "");
}

TEST(test_an_early_answer_lets_others_pass)
{
  Outbox outbox;
  outbox.add(answer("a", 2));
  outbox.add(text("one"));
  outbox.add(answer("b", 1));
  auto moment = kNow;
  moment.complete_turn = 1;
  check::equal(take_all(outbox, moment), "one, answer b");
  check::equal(outbox.answers_until(), std::optional<std::int64_t>(100));
  moment.complete_turn = 2;
  check::equal(take_all(outbox, moment), "answer a");
  check::equal(outbox.answers_until(), std::nullopt);
}

TEST(test_an_early_answer_goes_when_its_time_is_over)
{
  Outbox outbox;
  outbox.add(answer("a", 1));
  auto moment = kNow;
  moment.now = 99;
  check::equal(take_all(outbox, moment), "");
  moment.now = 100;
  check::equal(take_all(outbox, moment), "answer a");
}

TEST(test_history_goes_before_all_else)
{
  Outbox outbox;
  outbox.add(text("one"));
  outbox.add(answer("a"));
  outbox.add({.text = "history", .content = true});
  auto moment = kNow;
  moment.seeding = true;
  check::equal(take_all(outbox, moment), "history");
  check::equal(take_all(outbox, kNow), "one, answer a");
}

TEST(test_words_wait_for_a_mark_before_them)
{
  Outbox outbox;
  for (const std::uint64_t order : {1, 3, 5})
    outbox.add({.text = std::to_string(order), .order = order});
  outbox.add(answer("a"));
  auto moment = kNow;
  moment.mark = 2;
  check::equal(take_all(outbox, moment), "1, answer a");
  moment.mark = 4;
  check::equal(take_all(outbox, moment), "3");
  moment.mark.reset();
  check::equal(take_all(outbox, moment), "5");
}

TEST(test_what_waits_over_a_lost_line_goes_in_order_and_once)
{
  Outbox outbox;
  outbox.add(answer("a"));
  outbox.add(answer("b", 1));
  check::equal(take_all(outbox, kNow), "answer a");
  // The line is lost; what is answered meanwhile waits behind what waited.
  outbox.add(text("still there?"));
  outbox.add(answer("c", 1));
  // On the new line, where the turn of the old one is over.
  auto moment = kNow;
  moment.complete_turn = 1;
  check::equal(take_all(outbox, moment), "answer b, still there?, answer c");
  check::that(outbox.is_empty());
}

TEST(test_answers_that_nobody_wants_do_not_go)
{
  Outbox outbox;
  for (const char *id : {"old", "new"}) {
    outbox.add(answer(id, 0, false));
    outbox.add(answer(id));
  }
  outbox.add(text("one"));
  const auto withdrawn =
      outbox.withdraw([](const Outbox::Answer &waiting) { return waiting.wire_id == "old"; });
  // Of two answers to one call, it is the last that ends it.
  check::equal(withdrawn.size(), 1u);
  check::equal(withdrawn[0].id, "old");
  check::that(withdrawn[0].last);
  check::equal(take_all(outbox, kNow), "answer new, answer new, one");
}

TEST(test_what_waits_is_bounded)
{
  Outbox outbox;
  check::that(outbox.add(text(std::string(Outbox::kMost - 1, 'x'))));
  check::that(!outbox.add(text("xx")));
  check::that(outbox.add(text("x")));
  check::that(!outbox.add(text("x")));
  outbox.take(kNow);
  check::that(outbox.add(answer("a")));
  outbox.withdraw([](const Outbox::Answer &) { return true; });
  check::that(outbox.add(text(std::string(Outbox::kMost - 1, 'x'))));
}

TEST_MAIN("outbox")
