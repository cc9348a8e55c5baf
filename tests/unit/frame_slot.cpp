// Of the images that wait, the newest one is sent.
#include "check.hpp"

#include "gst/geminilive/media/frame_slot.hpp"

#include <thread>

using namespace gemini_live;

namespace {

// An image that counts its end.
FrameSlot::Frame frame(std::string_view text, int *freed = nullptr)
{
  struct Owned {
    std::string text;
    int *freed;
  };
  auto *owned = new Owned{std::string(text), freed};
  return {"image/png", BytesPtr(g_bytes_new_with_free_func(
                           owned->text.data(), owned->text.size(),
                           [](gpointer data) {
                             auto *done = static_cast<Owned *>(data);
                             if (done->freed)
                               (*done->freed)++;
                             delete done;
                           },
                           owned))};
}

std::optional<std::string> take(FrameSlot &slot)
{
  const auto taken = slot.take();
  if (!taken)
    return std::nullopt;
  gsize size = 0;
  const auto *data = static_cast<const char *>(g_bytes_get_data(taken->bytes.get(), &size));
  return std::string(data, size);
}

} // namespace

TEST(test_what_is_put_is_taken_once)
{
  FrameSlot slot;
  check::that(slot.is_empty());
  check::that(!take(slot));
  slot.put(frame("one"));
  check::that(!slot.is_empty());
  check::equal(take(slot), std::optional<std::string>("one"));
  check::that(!take(slot));
  check::equal(slot.counts().taken, 1);
  check::equal(slot.counts().dropped, 0);
}

TEST(test_the_newest_wins)
{
  FrameSlot slot;
  int freed = 0;
  slot.put(frame("one", &freed));
  slot.put(frame("two", &freed));
  check::equal(freed, 1);
  slot.put(frame("three", &freed));
  check::equal(freed, 2);
  check::equal(take(slot), std::optional<std::string>("three"));
  check::equal(freed, 3);
  check::equal(slot.counts().taken, 1);
  check::equal(slot.counts().dropped, 2);
}

TEST(test_a_slow_line_is_told_once)
{
  FrameSlot slot;
  slot.set_online(true);
  check::that(!slot.put(frame("one")));
  check::that(slot.put(frame("two")), "the first that replaces");
  check::that(!slot.put(frame("three")));
  take(slot);
  check::that(!slot.put(frame("four")));
  check::that(slot.put(frame("five")), "again");
}

TEST(test_before_the_line_is_open_replacing_is_as_it_should_be)
{
  FrameSlot slot;
  slot.put(frame("one"));
  check::that(!slot.put(frame("two")));
  slot.set_online(true);
  check::that(slot.put(frame("three")));
}

TEST(test_what_is_skipped_is_counted)
{
  FrameSlot slot;
  slot.skip();
  check::equal(slot.counts().dropped, 1);
  check::that(slot.is_empty());
}

TEST(test_a_closed_slot_holds_nothing)
{
  FrameSlot slot;
  int freed = 0;
  slot.put(frame("one", &freed));
  slot.close();
  check::equal(freed, 1);
  check::that(!slot.put(frame("two", &freed)));
  check::equal(freed, 2);
  check::that(slot.is_empty());
}

TEST(test_two_threads_lose_nothing_unseen)
{
  FrameSlot slot;
  constexpr int kFrames = 20'000;
  std::thread putting([&] {
    for (int i = 0; i < kFrames; i++)
      slot.put(frame("x"));
    slot.put(frame("last"));
  });
  std::optional<std::string> taken;
  while (taken != "last")
    taken = take(slot);
  putting.join();
  check::equal(slot.counts().taken + slot.counts().dropped, kFrames + 1);
}

TEST_MAIN("frame_slot")
