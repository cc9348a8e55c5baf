// Tasks of one strand run in order and one at a time, and no strand waits for another.
#include "check.hpp"

#include "gst/geminilive/base/strand.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>

using namespace gemini_live;

TEST(test_tasks_run_in_order)
{
  auto strand = std::make_shared<Strand>();
  std::vector<int> order; // only the strand's tasks touch it
  check::Gate done;
  for (int i = 0; i < 10'000; i++)
    strand->post([&, i] { order.push_back(i); });
  strand->post([&] { done.open(); });
  done.wait();
  check::equal(order.size(), 10'000u);
  check::that(std::is_sorted(order.begin(), order.end()));
}

TEST(test_tasks_run_one_at_a_time)
{
  auto strand = std::make_shared<Strand>();
  std::atomic<int> inside = 0, overlaps = 0;
  check::Gate done;
  for (int i = 0; i < 5'000; i++)
    strand->post([&] {
      if (inside.fetch_add(1) != 0)
        overlaps++;
      std::this_thread::yield();
      inside--;
    });
  strand->post([&] { done.open(); });
  done.wait();
  check::equal(overlaps.load(), 0);
}

TEST(test_tasks_of_several_threads_run_in_the_order_of_each)
{
  constexpr int kThreads = 4, kTasks = 5'000;
  auto strand = std::make_shared<Strand>();
  std::vector<int> next(kThreads), all;
  bool ordered = true;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; thread++)
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kTasks; i++)
        strand->post([&, thread, i] {
          auto &expected = next[static_cast<std::size_t>(thread)];
          ordered = ordered && expected == i;
          expected++;
          all.push_back(thread);
        });
    });
  for (auto &thread : threads)
    thread.join();
  check::Gate done;
  strand->post([&] { done.open(); });
  done.wait();
  check::that(ordered);
  check::equal(all.size(), static_cast<std::size_t>(kThreads * kTasks));
}

TEST(test_a_task_may_post_to_its_own_strand)
{
  auto strand = std::make_shared<Strand>();
  std::string order;
  check::Gate done;
  strand->post([&] {
    order += "a(";
    strand->post([&] { order += "c"; });
    strand->post([&] { done.open(); });
    order += ")";
  });
  done.wait();
  check::equal(order, "a()c");
}

TEST(test_a_blocked_strand_holds_only_itself_up)
{
  auto blocked = std::make_shared<Strand>();
  auto free = std::make_shared<Strand>();
  check::Gate entered, release, later, other;
  blocked->post([&] {
    entered.open();
    release.wait();
  });
  blocked->post([&] { later.open(); });
  entered.wait();
  free->post([&] { other.open(); });
  other.wait();
  check::that(!later.is_open());
  release.open();
  later.wait();
}

TEST(test_many_blocked_strands_hold_nobody_up)
{
  constexpr std::size_t kStrands = 50;
  std::vector<std::shared_ptr<Strand>> strands(kStrands);
  std::vector<check::Gate> entered(kStrands), left(kStrands);
  check::Gate release;
  for (std::size_t i = 0; i < kStrands; i++) {
    strands[i] = std::make_shared<Strand>();
    strands[i]->post([&, i] {
      entered[i].open();
      release.wait();
      left[i].open();
    });
  }
  for (auto &gate : entered)
    gate.wait(); // all of them at once
  release.open();
  for (auto &gate : left)
    gate.wait();
}

TEST(test_posting_never_waits_for_a_task)
{
  auto strand = std::make_shared<Strand>();
  check::Gate release, done;
  strand->post([&] { release.wait(); });
  for (int i = 0; i < 1000; i++)
    strand->post([] {});
  strand->post([&] { done.open(); });
  check::that(!done.is_open());
  release.open();
  done.wait();
}

TEST(test_a_strand_outlives_its_owner_until_its_tasks_ran)
{
  check::Gate release, done;
  auto strand = std::make_shared<Strand>();
  strand->post([&] { release.wait(); });
  strand->post([&] { done.open(); });
  strand.reset();
  release.open();
  done.wait();
}

TEST(test_a_task_is_gone_before_the_next_one_runs)
{
  auto strand = std::make_shared<Strand>();
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> watched = held;
  bool expired = false;
  check::Gate done;
  strand->post([held] {});
  held.reset();
  strand->post([&] {
    expired = watched.expired();
    done.open();
  });
  done.wait();
  check::that(expired);
}

TEST(test_a_strand_that_rested_runs_again)
{
  auto strand = std::make_shared<Strand>();
  for (int i = 0; i < 1000; i++) {
    check::Gate done;
    strand->post([&] { done.open(); });
    done.wait();
  }
}

TEST(test_of_what_may_be_left_out_the_oldest_goes)
{
  constexpr std::size_t kSize = Strand::kMost / 100;
  auto strand = std::make_shared<Strand>();
  check::Gate entered, release, done;
  strand->post([&] {
    entered.open();
    release.wait();
  });
  entered.wait();
  std::vector<int> ran;
  auto held = std::make_shared<int>(0);
  bool all_fit = true;
  for (int i = 0; i < 1000; i++) {
    if (i % 100 == 0)
      strand->post([&ran, i] { ran.push_back(-i); });
    all_fit = strand->post_loose([&ran, held, i] { ran.push_back(i); }, kSize) && all_fit;
    check::that(all_fit == (i < 100));
    check::that(held.use_count() <= 102);
  }
  strand->post([&] { done.open(); });
  release.open();
  done.wait();
  // In order, all that must not be left out among them, and the newest of the others.
  check::equal(std::count_if(ran.begin(), ran.end(), [](int i) { return i <= 0; }), 10);
  check::that(std::is_sorted(ran.begin(), ran.end(),
                             [](int a, int b) { return std::abs(a) < std::abs(b); }));
  check::equal(ran.back(), 999);
  check::that(ran.size() >= 10 + 87);
}

TEST_MAIN("strand")
