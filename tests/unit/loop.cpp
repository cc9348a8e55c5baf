// Waiting for a loop thread never takes longer than it may.
#include "check.hpp"

#include "gst/geminilive/base/loop.hpp"

using namespace gemini_live;
using namespace std::chrono_literals;

TEST(test_what_was_posted_is_done_first)
{
  const auto loop = Loop::acquire();
  bool done = false; // loop thread, until it was waited for
  loop->post([&] { loop->post([&] { done = true; }); });
  loop->wait_idle(1min);
  check::that(done);
}

TEST(test_a_busy_loop_is_not_waited_for)
{
  const auto loop = Loop::acquire();
  check::Gate busy, freed;
  loop->post([&] {
    busy.open();
    freed.wait();
  });
  busy.wait();
  loop->wait_idle(10ms);
  freed.open();
  loop->wait_idle(1min);
}

TEST(test_a_loop_does_not_wait_for_itself)
{
  const auto loop = Loop::acquire();
  check::Gate waited;
  loop->post([&] {
    loop->wait_idle(1h);
    waited.open();
  });
  waited.wait();
}

TEST_MAIN("loop")
