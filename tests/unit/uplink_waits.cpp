// A push that waits for room, and what ends its wait.
#include "uplink_check.hpp"

#include <algorithm>
#include <random>
#include <thread>

using namespace gemini_live;

TEST(test_any_other_input_waits_until_there_is_room)
{
  Open uplink;
  constexpr std::size_t total = 500 * kChunk;
  check::Gate half;
  std::thread pusher([&] {
    std::mt19937 random(3);
    for (std::size_t at = 0; at < total;) {
      const auto size = std::min<std::size_t>(random() % (3 * kChunk), total - at);
      const auto push = uplink.push(samples(size, at), Overflow::wait);
      check::that(push.outcome == Outcome::taken && push.dropped == 0 && !push.episode_started);
      at += size;
      if (at > 5 * kChunk)
        half.open();
    }
  });
  half.wait();
  Bytes taken;
  while (taken.size() < total)
    if (!take(uplink, taken))
      std::this_thread::yield();
    else
      check::that(uplink.level() <= kLimits.open_line);
  pusher.join();
  check::that(taken == samples(total));
}

TEST(test_a_buffer_larger_than_the_bound_waits_for_an_empty_line)
{
  Open uplink;
  uplink.push(samples(kChunk), Overflow::wait);
  std::thread pusher([&] {
    const auto push = uplink.push(samples(kLimits.open_line + kChunk, kChunk), Overflow::wait);
    check::that(push.outcome == Outcome::taken);
  });
  Bytes taken;
  while (taken.size() < kLimits.open_line + 2 * kChunk)
    if (!take(uplink, taken))
      std::this_thread::yield();
  pusher.join();
  check::that(taken == samples(kLimits.open_line + 2 * kChunk));
}

TEST(test_what_is_less_than_a_chunk_holds_up_no_buffer)
{
  Uplink uplink(kLimits);
  uplink.set_online(true);
  uplink.push(samples(kChunk + 320), Overflow::wait);
  take_all(uplink);
  check::equal(uplink.level(), 320u);
  check::that(uplink.push(samples(20 * kChunk), Overflow::wait).outcome == Outcome::taken);
}

namespace {

// A push that has no room, and what ends its wait. It is tried often, since nothing tells whether
// the other thread waits already or is only about to.
template <class Wake>
void wait_ends(Wake wake, Outcome outcome)
{
  for (int round = 0; round < 200; round++) {
    Open uplink;
    uplink.push(samples(kLimits.open_line), Overflow::wait);
    check::Gate started;
    Uplink::Push push;
    std::thread pusher([&] {
      started.open();
      push = uplink.push(samples(kChunk), Overflow::wait);
    });
    started.wait();
    for (int i = 0; i < round; i++)
      std::this_thread::yield();
    wake(uplink);
    pusher.join();
    check::that(push.outcome == outcome);
    check::equal(push.dropped, 0u);
  }
}

} // namespace

TEST(test_a_waiting_push_is_woken_by_a_take)
{
  wait_ends(
      [](Uplink &uplink) {
        Bytes taken;
        check::that(take(uplink, taken));
      },
      Outcome::taken);
}

TEST(test_a_waiting_push_is_woken_by_flushing)
{
  wait_ends([](Uplink &uplink) { uplink.set_flushing(true); }, Outcome::flushing);
}

TEST(test_a_waiting_push_is_woken_by_close)
{
  wait_ends([](Uplink &uplink) { uplink.close(); }, Outcome::closed);
}

TEST(test_a_waiting_push_goes_on_when_the_line_closes_and_has_the_offline_room)
{
  wait_ends([](Uplink &uplink) { uplink.set_online(false); }, Outcome::taken);
}

TEST(test_a_waiting_push_goes_on_when_the_line_opens)
{
  for (int round = 0; round < 100; round++) {
    Uplink uplink({.chunk = kChunk, .open_line = 50 * kChunk, .offline = 10 * kChunk});
    uplink.push(samples(10 * kChunk), Overflow::wait);
    check::Gate started;
    std::thread pusher([&] {
      started.open();
      check::that(uplink.push(samples(kChunk), Overflow::wait).outcome == Outcome::taken);
    });
    started.wait();
    for (int i = 0; i < round; i++)
      std::this_thread::yield();
    uplink.set_online(true);
    pusher.join();
    check::equal(uplink.level(), 11 * kChunk);
  }
}

TEST(test_while_flushing_only_a_push_that_would_wait_is_turned_away)
{
  Open uplink;
  uplink.set_flushing(true);
  check::that(uplink.push(samples(kLimits.open_line), Overflow::wait).outcome == Outcome::taken);
  const auto push = uplink.push(samples(kChunk), Overflow::wait);
  check::that(push.outcome == Outcome::flushing && !push.wake);
  check::equal(uplink.level(), kLimits.open_line);
  check::equal(uplink.counts().pushed, kLimits.open_line);
  uplink.set_flushing(false);
  Bytes taken;
  check::that(take(uplink, taken));
  check::that(uplink.push(samples(kChunk), Overflow::wait).outcome == Outcome::taken);
}

TEST_MAIN("uplink_waits")
