// How much of the user's voice an uplink keeps, and which part of it goes beyond that.
#include "uplink_check.hpp"

#include <random>

using namespace gemini_live;

TEST(test_live_input_beyond_the_bound_loses_its_oldest)
{
  Open uplink;
  uplink.push(samples(kLimits.open_line), Overflow::drop_oldest);
  check::equal(uplink.counts().dropped, 0u);
  const auto push = uplink.push(samples(300, kLimits.open_line), Overflow::drop_oldest);
  check::that(push.outcome == Outcome::taken);
  check::equal(push.dropped, 300u);
  check::equal(uplink.level(), kLimits.open_line);
  check::that(take_all(uplink) == samples(kLimits.open_line, 300));
  counts_add_up(uplink);
}

TEST(test_a_live_buffer_larger_than_the_bound_keeps_its_newest_where_others_wait)
{
  Open uplink;
  uplink.push(samples(kChunk), Overflow::drop_oldest);
  const auto push = uplink.push(samples(kLimits.open_line + 500, kChunk), Overflow::drop_oldest);
  check::equal(push.dropped, kChunk + 500);
  check::that(take_all(uplink) == samples(kLimits.open_line, kChunk + 500));
}

TEST(test_a_live_buffer_larger_than_the_bound_is_whole_where_nothing_waits)
{
  for (const auto overflow : {Overflow::drop_oldest, Overflow::drop_newest}) {
    Open uplink;
    check::equal(uplink.push(samples(kLimits.open_line + 500), overflow).dropped, 0u);
    check::equal(uplink.level(), kLimits.open_line + 500);
  }
}

TEST(test_drop_newest_keeps_what_waits)
{
  Open uplink;
  uplink.push(samples(kLimits.open_line - 100), Overflow::drop_newest);
  const auto push = uplink.push(samples(300, kLimits.open_line - 100), Overflow::drop_newest);
  check::that(push.outcome == Outcome::taken);
  check::equal(push.dropped, 200u);
  check::equal(uplink.push(samples(50), Overflow::drop_newest).dropped, 50u);
  check::that(take_all(uplink) == samples(kLimits.open_line));
  counts_add_up(uplink);
}

namespace {

bool is_aligned(const Bytes &bytes)
{
  for (std::size_t i = 0; i < bytes.size(); i++)
    if ((i % 2 == 1) != ((bytes[i] & 0x80) != 0))
      return false;
  return true;
}

} // namespace

TEST(test_losses_of_odd_sizes_are_counted_and_cut_no_sample)
{
  for (const auto overflow : {Overflow::drop_oldest, Overflow::drop_newest}) {
    std::mt19937 random(2);
    Open uplink;
    Bytes taken;
    std::size_t pushed = 0, dropped = 0;
    for (int i = 0; i < 5000; i++) {
      const auto size = random() % (random() % 8 == 0 ? 2 * kLimits.open_line : 2 * kChunk);
      dropped += uplink.push(samples(size, pushed), overflow).dropped;
      pushed += size;
      counts_add_up(uplink);
      check::equal(uplink.counts().dropped, dropped);
      check::that(uplink.level() < kLimits.open_line + 2); // half a sample may be over
      if (random() % 4 == 0)
        take(uplink, taken);
    }
    check::that(dropped > 0);
    check::that(is_aligned(taken), "a sample was cut");
  }
}

TEST(test_an_episode_starts_with_the_first_loss_after_a_push_without_one)
{
  for (const auto overflow : {Overflow::drop_oldest, Overflow::drop_newest}) {
    Open uplink;
    for (int episode = 0; episode < 3; episode++) {
      check::that(!uplink.push(samples(kLimits.open_line), overflow).episode_started);
      check::that(uplink.push(samples(100), overflow).episode_started);
      check::that(!uplink.push(samples(100), overflow).episode_started);
      check::that(!uplink.push(samples(100), overflow).episode_started);
      take_all(uplink);
    }
  }
}

TEST(test_a_closed_line_keeps_up_to_the_offline_bound)
{
  Uplink uplink(kLimits);
  check::that(!uplink.push(samples(kLimits.offline), Overflow::drop_oldest).wake);
  Bytes taken;
  check::that(!take(uplink, taken));
  check::equal(uplink.level(), kLimits.offline);
  check::equal(uplink.push(samples(100, kLimits.offline), Overflow::drop_oldest).dropped, 100u);
  uplink.set_online(true);
  check::that(take_all(uplink) == samples(kLimits.offline, 100));
}

TEST(test_what_gathered_offline_goes_out_first_however_long_it_is)
{
  Uplink uplink(kLimits);
  uplink.push(samples(kLimits.offline), Overflow::drop_oldest);
  uplink.set_online(true);
  check::that(take_all(uplink) == samples(kLimits.offline));
  check::equal(uplink.counts().dropped, 0u);
}

TEST(test_what_gathered_offline_is_not_dropped_for_what_comes_after_it)
{
  Uplink uplink(kLimits);
  constexpr auto owed = 20 * kChunk; // beyond the bound of an open line
  uplink.push(samples(owed), Overflow::drop_oldest);
  uplink.set_online(true);
  for (std::size_t i = 0; i < 3; i++)
    uplink.push(samples(kChunk, owed + i * kChunk), Overflow::drop_oldest);
  Bytes taken;
  for (int i = 0; i < 20; i++)
    take(uplink, taken);
  check::that(taken == samples(owed), "some of it was dropped");
}

TEST(test_a_slow_line_loses_new_samples_rather_than_what_it_owes)
{
  Uplink uplink(kLimits);
  constexpr auto owed = 20 * kChunk;
  uplink.push(samples(owed), Overflow::drop_oldest);
  uplink.set_online(true);
  Bytes taken;
  for (std::size_t i = 0; i < 40; i++) { // twice as fast as it is taken
    uplink.push(samples(kChunk, owed + i * kChunk), Overflow::drop_oldest);
    if (i % 2 == 1)
      take(uplink, taken);
  }
  check::that(taken == samples(owed), "what it owed was dropped");
  counts_add_up(uplink);
}

TEST(test_after_the_owed_samples_the_open_bound_holds)
{
  Uplink uplink(kLimits);
  uplink.push(samples(20 * kChunk), Overflow::drop_oldest);
  uplink.set_online(true);
  check::equal(take_all(uplink).size(), 20 * kChunk);
  for (int i = 0; i < 30; i++)
    uplink.push(samples(kChunk), Overflow::drop_oldest);
  check::equal(uplink.level(), kLimits.open_line);
}

TEST(test_what_waits_when_the_line_closes_is_kept)
{
  Open uplink;
  uplink.push(samples(8 * kChunk), Overflow::drop_oldest);
  uplink.set_online(false);
  Bytes taken;
  check::that(!take(uplink, taken));
  uplink.push(samples(30 * kChunk, 8 * kChunk), Overflow::drop_oldest);
  uplink.set_online(true);
  check::that(take_all(uplink) == samples(38 * kChunk));
}

TEST(test_new_limits_hold_from_the_next_push)
{
  Open uplink;
  uplink.push(samples(4 * kChunk), Overflow::drop_oldest);
  uplink.set_limits({.chunk = 100, .open_line = 2 * kChunk, .offline = kLimits.offline});
  Bytes taken;
  check::that(take(uplink, taken));
  check::equal(taken.size(), 100u);
  check::equal(uplink.push(samples(kChunk), Overflow::drop_oldest).dropped, 3 * kChunk - 100);
  check::equal(uplink.level(), 2 * kChunk);
}

TEST_MAIN("uplink_bounds")
