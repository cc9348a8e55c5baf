// The user's voice: what is pushed comes out whole, in order and bounded.
#include "check.hpp"

#include "gst/geminilive/media/uplink.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

using namespace gemini_live;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Overflow = Uplink::Overflow;
using Outcome = Uplink::Outcome;
using Mark = Uplink::Mark;

constexpr std::size_t kChunk = 640;
constexpr Uplink::Limits kLimits{.chunk = kChunk, .open_line = 10 * kChunk, .offline = 50 * kChunk};

// Samples that tell where they are. The low byte of each has its highest bit clear and the high
// byte has it set, so that a stream that was cut inside a sample shows.
Bytes samples(std::size_t bytes, std::size_t first = 0)
{
  Bytes result(bytes);
  for (std::size_t i = 0; i < bytes; i++) {
    const auto index = (first + i) / 2;
    result[i] = static_cast<std::uint8_t>((first + i) % 2 == 0 ? index & 0x7f
                                                               : ((index >> 7) & 0x7f) | 0x80);
  }
  return result;
}

bool is_aligned(const Bytes &bytes)
{
  for (std::size_t i = 0; i < bytes.size(); i++)
    if ((i % 2 == 1) != ((bytes[i] & 0x80) != 0))
      return false;
  return true;
}

bool take(Uplink &uplink, Bytes &out)
{
  return uplink.take([&](std::span<const std::uint8_t> chunk) {
    out.insert(out.end(), chunk.begin(), chunk.end());
  });
}

Bytes take_all(Uplink &uplink)
{
  Bytes out;
  while (take(uplink, out))
    ;
  return out;
}

void counts_add_up(const Uplink &uplink, check::Where where = check::Where::current())
{
  const auto counts = uplink.counts();
  check::equal(counts.taken + counts.dropped + uplink.level(), counts.pushed,
               "taken, dropped and waiting", where);
}

// An open line.
struct Open : Uplink {
  explicit Open(const Limits &limits = kLimits) : Uplink(limits) { set_online(true); }
};

} // namespace

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

TEST(test_what_is_less_than_a_chunk_holds_up_no_buffer)
{
  Uplink uplink(kLimits);
  uplink.set_online(true);
  uplink.push(samples(kChunk + 320), Overflow::wait);
  take_all(uplink);
  check::equal(uplink.level(), 320u);
  check::that(uplink.push(samples(20 * kChunk), Overflow::wait).outcome == Outcome::taken);
}

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

TEST_MAIN("uplink")
