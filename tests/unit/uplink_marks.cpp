// Where the user's voice ends and begins: marks keep their place among the samples.
#include "uplink_check.hpp"

using namespace gemini_live;

TEST(test_the_tail_goes_only_after_the_end)
{
  Open uplink;
  const auto pushed = samples(kChunk + 100);
  uplink.push(pushed, Overflow::wait);
  check::equal(take_all(uplink).size(), kChunk);
  check::that(!uplink.take_mark());
  check::that(!uplink.is_empty());
  uplink.mark(Mark::audio_end);
  check::that(!uplink.take_mark()); // the tail is before the end
  check::equal(take_all(uplink).size(), 100u);
  check::that(uplink.is_empty());
}

TEST(test_the_end_is_taken_exactly_once)
{
  Open uplink;
  uplink.push(samples(100), Overflow::wait);
  uplink.mark(Mark::audio_end);
  take_all(uplink);
  check::that(uplink.take_mark().has_value());
  check::that(!uplink.take_mark());
  uplink.mark(Mark::audio_end); // it has ended already
  check::that(!uplink.take_mark());
}

TEST(test_each_end_after_new_input_is_taken_once)
{
  Open uplink;
  for (int i = 0; i < 3; i++) {
    uplink.push(samples(kChunk), Overflow::wait);
    uplink.mark(Mark::audio_end);
    check::equal(take_all(uplink).size(), kChunk);
    check::that(uplink.take_mark().has_value());
    check::that(!uplink.take_mark());
  }
}

TEST(test_the_end_waits_for_an_open_line)
{
  Uplink uplink(kLimits);
  uplink.mark(Mark::audio_end);
  check::that(!uplink.take_mark());
  uplink.set_online(true);
  check::that(uplink.take_mark().has_value());
}

TEST(test_half_a_sample_does_not_hold_the_end_up)
{
  Open uplink;
  uplink.push(samples(101), Overflow::wait);
  uplink.mark(Mark::audio_end);
  check::equal(take_all(uplink).size(), 100u);
  check::that(uplink.is_empty());
  check::that(uplink.take_mark().has_value());
}

TEST(test_half_a_sample_at_the_end_does_not_shift_what_comes_later)
{
  Open uplink;
  uplink.push(samples(101), Overflow::wait);
  uplink.mark(Mark::audio_end);
  take_all(uplink);
  check::that(uplink.take_mark().has_value());
  uplink.push(samples(kChunk), Overflow::wait);
  check::that(take_all(uplink) == samples(kChunk));
}

TEST(test_an_end_is_not_lost_when_more_follows_at_once)
{
  Uplink uplink(kLimits);
  uplink.push(samples(kChunk + 320), Overflow::wait);
  uplink.mark(Mark::audio_end);
  uplink.push(samples(kChunk, kChunk + 320), Overflow::wait);
  uplink.set_online(true);
  // The end comes between what was before it and what follows.
  check::that(take_all(uplink) == samples(kChunk + 320));
  check::that(uplink.take_mark().has_value());
  check::that(!uplink.take_mark());
  check::that(take_all(uplink) == samples(kChunk, kChunk + 320));
}

TEST(test_marks_stay_between_the_samples_they_were_put_between)
{
  Uplink uplink(kLimits);
  check::that(!uplink.mark(Mark::activity_end), "nothing has begun");
  uplink.push(samples(100), Overflow::wait); // before the activity
  check::that(uplink.mark(Mark::activity_start));
  check::that(!uplink.mark(Mark::activity_start), "it has begun already");
  uplink.push(samples(kChunk + 50, 100), Overflow::wait);
  check::that(uplink.mark(Mark::activity_end));
  uplink.push(samples(2, kChunk + 150), Overflow::wait);
  check::that(uplink.mark(Mark::activity_start));
  uplink.set_online(true);

  check::that(take_all(uplink) == samples(100));
  check::that(uplink.take_mark() == Mark::activity_start);
  check::that(take_all(uplink) == samples(kChunk + 50, 100));
  check::that(uplink.take_mark() == Mark::activity_end);
  check::that(take_all(uplink) == samples(2, kChunk + 150));
  check::that(uplink.take_mark() == Mark::activity_start);
  check::that(!uplink.take_mark());
}

TEST(test_marks_survive_the_loss_of_the_samples_around_them)
{
  for (const auto overflow : {Overflow::drop_oldest, Overflow::drop_newest}) {
    Uplink uplink(kLimits);
    uplink.set_online(true);
    uplink.push(samples(9 * kChunk), overflow);
    uplink.mark(Mark::activity_start);
    for (unsigned i = 0; i < 30; i++)
      uplink.push(samples(kChunk), overflow);
    uplink.mark(Mark::activity_end);
    std::size_t before = 0, within = 0;
    while (!uplink.take_mark())
      uplink.take([&](std::span<const std::uint8_t> chunk) { before += chunk.size(); });
    std::optional<Mark> last;
    while (!(last = uplink.take_mark()))
      uplink.take([&](std::span<const std::uint8_t> chunk) { within += chunk.size(); });
    check::that(last == Mark::activity_end);
    check::equal(before, overflow == Overflow::drop_oldest ? 0 : 9 * kChunk);
    check::equal(within, overflow == Overflow::drop_oldest ? 10 * kChunk : kChunk);
  }
}

TEST(test_the_next_mark_is_known_while_the_line_is_open)
{
  Uplink uplink(kLimits);
  check::equal(uplink.next_mark(), std::nullopt);
  uplink.mark(Mark::activity_start, 7);
  uplink.mark(Mark::activity_end, 9);
  check::equal(uplink.next_mark(), std::nullopt);
  uplink.set_online(true);
  check::equal(uplink.next_mark(), std::optional<std::uint64_t>(7));
  check::that(uplink.take_mark().has_value());
  check::equal(uplink.next_mark(), std::optional<std::uint64_t>(9));
  check::that(uplink.take_mark().has_value());
  check::equal(uplink.next_mark(), std::nullopt);
}

TEST_MAIN("uplink_marks")
