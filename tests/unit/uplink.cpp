// The user's voice: what is pushed comes out whole and in order.
#include "uplink_check.hpp"

#include <algorithm>
#include <random>
#include <thread>

using namespace gemini_live;

TEST(test_any_sizes_in_whole_chunks_out_in_order)
{
  std::mt19937 random(1);
  for (int round = 0; round < 20; round++) {
    Open uplink;
    Bytes pushed, taken;
    while (pushed.size() < 100 * kChunk) {
      const auto piece = samples(random() % (3 * kChunk), pushed.size());
      pushed.insert(pushed.end(), piece.begin(), piece.end());
      check::that(uplink.push(piece, Overflow::drop_oldest).outcome == Outcome::taken);
      const auto before = taken.size();
      for (auto chunks = random() % 5; chunks > 0 || uplink.level() > 6 * kChunk; chunks--) {
        Bytes chunk;
        if (!take(uplink, chunk))
          break;
        check::equal(chunk.size(), kChunk, "size of a chunk");
        taken.insert(taken.end(), chunk.begin(), chunk.end());
      }
      check::that(taken.size() >= before);
    }
    uplink.mark(Mark::audio_end);
    const auto rest = take_all(uplink);
    taken.insert(taken.end(), rest.begin(), rest.end());
    pushed.resize(pushed.size() / 2 * 2); // half a sample is none
    check::equal(uplink.counts().dropped, 0u, "dropped");
    check::that(taken == pushed, "the bytes differ");
    counts_add_up(uplink);
  }
}

TEST(test_single_bytes_make_a_chunk)
{
  Open uplink;
  const auto pushed = samples(kChunk);
  for (std::size_t i = 0; i + 1 < kChunk; i++)
    check::that(!uplink.push(std::span(pushed).subspan(i, 1), Overflow::wait).wake);
  Bytes taken;
  check::that(!take(uplink, taken));
  check::that(uplink.push(std::span(pushed).last(1), Overflow::wait).wake);
  check::that(take(uplink, taken));
  check::that(taken == pushed);
}

TEST(test_an_empty_push_is_taken)
{
  Open uplink;
  const auto push = uplink.push({}, Overflow::wait);
  check::that(push.outcome == Outcome::taken && !push.wake && push.dropped == 0);
  check::that(uplink.is_empty());
}

TEST(test_the_loop_is_woken_once_until_it_has_seen_it)
{
  Open uplink;
  check::that(!uplink.push(samples(kChunk - 2), Overflow::wait).wake); // no whole chunk yet
  check::that(uplink.push(samples(2), Overflow::wait).wake);
  check::that(!uplink.push(samples(kChunk), Overflow::wait).wake);
  Bytes taken;
  check::that(take(uplink, taken));
  check::that(!uplink.push(samples(kChunk), Overflow::wait).wake); // it comes again by itself
  take_all(uplink);
  check::that(uplink.push(samples(kChunk), Overflow::wait).wake);
}

TEST(test_a_closed_line_wakes_nobody)
{
  Uplink uplink(kLimits);
  check::that(!uplink.push(samples(3 * kChunk), Overflow::wait).wake);
  uplink.set_online(true);
  take_all(uplink);
  check::that(uplink.push(samples(kChunk), Overflow::wait).wake);
}

TEST(test_after_close_pushes_hold_nothing)
{
  Open uplink;
  uplink.push(samples(3 * kChunk), Overflow::wait);
  uplink.close();
  for (const auto overflow : {Overflow::wait, Overflow::drop_oldest, Overflow::drop_newest}) {
    const auto push = uplink.push(samples(kChunk), overflow);
    check::that(push.outcome == Outcome::closed);
    check::that(!push.wake && push.dropped == 0 && !push.episode_started);
  }
  check::equal(uplink.level(), 0u);
  check::that(uplink.is_empty());
  check::that(take_all(uplink).empty());
}

TEST(test_one_thread_pushes_while_the_loop_takes_and_the_line_comes_and_goes)
{
  Uplink uplink(kLimits);
  constexpr std::size_t total = 300 * kChunk;
  std::thread pusher([&] {
    for (std::size_t at = 0; at < total; at += 500)
      uplink.push(samples(std::min<std::size_t>(500, total - at), at), Overflow::wait);
    uplink.mark(Mark::audio_end);
  });
  Bytes taken;
  for (unsigned turn = 0; !uplink.take_mark(); turn++) {
    uplink.set_online(turn % 8 != 0);
    take(uplink, taken);
    check::that(uplink.counts().taken == taken.size());
    check::that(uplink.is_empty() || uplink.level() > 0);
  }
  pusher.join();
  check::that(taken == samples(total));
}

TEST_MAIN("uplink")
