// What each kind of text source gets of all that is said.
#include "check.hpp"

#include "gst/geminilive/engine/text_feed.hpp"

#include <atomic>
#include <initializer_list>
#include <thread>
#include <utility>

using namespace gemini_live;

namespace {

using Kind = TextFeed::Kind;
using Which = TextFeed::Which;

// A feed that counts its wake-ups.
struct Feed {
  explicit Feed(Which which) : feed(which, [this] { wakes++; }) {}

  std::string text()
  {
    std::string all;
    while (auto piece = feed.take())
      all += *piece;
    return all;
  }

  int wakes = 0;
  TextFeed feed;
};

void offer_everything(TextFeed &feed)
{
  feed.offer(Kind::input, " How are");
  feed.offer(Kind::input, " you?");
  feed.offer(Kind::utterance, " How are you?");
  feed.offer(Kind::thought, "Being polite.");
  feed.offer(Kind::output, " I am");
  feed.offer(Kind::output, " fine.");
  feed.offer(Kind::output_end, "");
}

} // namespace

TEST(test_the_answer_is_the_transcript_of_the_speech)
{
  Feed feed(Which::answer);
  offer_everything(feed.feed);
  check::equal(feed.feed.take(), std::optional<std::string>(" I am"));
  check::equal(feed.text(), " fine.");
}

TEST(test_the_answer_is_the_text_where_the_model_answers_in_text)
{
  Feed feed(Which::answer);
  feed.feed.offer(Kind::answer, "42");
  feed.feed.offer(Kind::output, "forty-two");
  feed.feed.offer(Kind::answer, ".");
  check::equal(feed.text(), "42.");
}

// A voice model may write a word now and then.
TEST(test_a_text_says_nothing_of_the_next_answer)
{
  Feed feed(Which::answer);
  feed.feed.offer(Kind::answer, "42");
  feed.feed.offer(Kind::output, "forty-two");
  feed.feed.offer(Kind::output_end, "");
  feed.feed.offer(Kind::output, " and so on");
  check::equal(feed.text(), "42 and so on");
}

// Such a part may carry no more than a signature.
TEST(test_an_empty_text_is_no_answer)
{
  Feed feed(Which::answer);
  feed.feed.offer(Kind::answer, "");
  feed.feed.offer(Kind::output, "forty-two");
  check::equal(feed.text(), "forty-two");
}

TEST(test_a_thought_is_no_answer)
{
  Feed feed(Which::answer);
  feed.feed.offer(Kind::thought, "hm");
  feed.feed.offer(Kind::output, "yes");
  check::equal(feed.text(), "yes");
}

TEST(test_the_input_transcript_comes_in_pieces)
{
  Feed feed(Which::input_transcript);
  offer_everything(feed.feed);
  check::equal(feed.feed.take(), std::optional<std::string>(" How are"));
  check::equal(feed.feed.take(), std::optional<std::string>(" you?"));
  check::that(!feed.feed.take());
}

TEST(test_thoughts_are_apart)
{
  Feed feed(Which::thought);
  offer_everything(feed.feed);
  feed.feed.offer(Kind::answer, "no thought");
  check::equal(feed.text(), "Being polite.");
}

TEST(test_a_conversation_has_a_line_for_each_utterance)
{
  Feed feed(Which::conversation);
  offer_everything(feed.feed);
  check::equal(feed.feed.take(), std::optional<std::string>("user: How are you?\n"));
  check::equal(feed.feed.take(), std::optional<std::string>("model: I am fine.\n"));
  check::that(!feed.feed.take());
}

TEST(test_a_line_of_a_conversation_is_one_line)
{
  Feed feed(Which::conversation);
  feed.feed.offer(Kind::utterance, "\n first\nsecond\r\n");
  feed.feed.offer(Kind::answer, "a\n");
  feed.feed.offer(Kind::answer, "b\n");
  feed.feed.offer(Kind::output_end, "");
  check::equal(feed.text(), "user: first second\nmodel: a b\n");
}

TEST(test_what_is_written_and_what_is_spoken_are_two_lines)
{
  using Pieces = std::initializer_list<std::pair<Kind, const char *>>;
  for (const auto &pieces : {Pieces{{Kind::answer, "Let me "},
                                    {Kind::answer, "see."},
                                    {Kind::output, "It is "},
                                    {Kind::output, "blue."}},
                             Pieces{{Kind::answer, "Let me "},
                                    {Kind::output, "It is "},
                                    {Kind::answer, "see."},
                                    {Kind::output, "blue."}}}) {
    Feed feed(Which::conversation);
    for (const auto &[kind, text] : pieces)
      feed.feed.offer(kind, text);
    feed.feed.offer(Kind::output_end, "");
    check::equal(feed.text(), "model: Let me see.\nmodel: It is blue.\n");
  }
}

TEST(test_an_utterance_without_words_is_no_line)
{
  Feed feed(Which::conversation);
  feed.feed.offer(Kind::utterance, " \n");
  feed.feed.offer(Kind::output_end, "");
  feed.feed.offer(Kind::output, "  ");
  feed.feed.offer(Kind::output_end, "");
  check::that(feed.feed.is_empty());
  check::equal(feed.wakes, 0);
}

TEST(test_the_words_of_one_utterance_are_not_in_the_next)
{
  Feed feed(Which::conversation);
  for (const auto *word : {"one", "two"}) {
    feed.feed.offer(Kind::output, word);
    feed.feed.offer(Kind::output_end, "");
  }
  check::equal(feed.text(), "model: one\nmodel: two\n");
}

TEST(test_events_are_apart)
{
  Feed feed(Which::events);
  offer_everything(feed.feed);
  check::that(feed.feed.is_empty());
  feed.feed.offer(Kind::event, "{}\n");
  check::equal(feed.text(), "{}\n");
  Feed answer(Which::answer), conversation(Which::conversation);
  for (auto *other : {&answer, &conversation}) {
    other->feed.offer(Kind::event, "{}\n");
    check::that(other->feed.is_empty());
  }
}

TEST(test_what_waits_is_bounded)
{
  Feed feed(Which::events);
  const std::string half(TextFeed::kMost / 2, 'x');
  check::that(feed.feed.offer(Kind::event, half));
  check::that(feed.feed.offer(Kind::event, half));
  check::that(!feed.feed.offer(Kind::event, "no room"));
  check::that(feed.feed.offer(Kind::answer, "not selected, so not left out"));
  check::equal(feed.wakes, 2);
  feed.feed.take();
  check::that(feed.feed.offer(Kind::event, "room again"));
  feed.feed.take();
  check::equal(feed.text(), "room again");
  check::that(feed.feed.offer(Kind::event, half + half + half), "alone it may be of any size");
}

TEST(test_it_wakes_only_for_something_to_take)
{
  Feed feed(Which::answer);
  feed.feed.offer(Kind::output, "");
  feed.feed.offer(Kind::input, "not selected");
  check::equal(feed.wakes, 0);
  check::that(feed.feed.is_empty());
  feed.feed.offer(Kind::output, "word");
  check::equal(feed.wakes, 1);
  check::that(!feed.feed.is_empty());
  feed.feed.wake();
  check::equal(feed.wakes, 2);
}

TEST(test_the_wake_up_may_take_since_no_lock_is_held)
{
  std::string taken;
  TextFeed *self = nullptr;
  TextFeed feed(Which::answer, [&] { taken += self->take().value_or(""); });
  self = &feed;
  feed.offer(Kind::output, "word");
  check::equal(taken, "word");
}

TEST(test_two_threads_offer_while_a_third_takes)
{
  TextFeed feed(Which::thought, [] {});
  constexpr int kPieces = 2000;
  const auto offer = [&](const char *piece) {
    for (int i = 0; i < kPieces; i++)
      feed.offer(Kind::thought, piece);
  };
  std::thread first(offer, "a"), second(offer, "b");
  int a = 0, b = 0;
  while (a + b < 2 * kPieces)
    if (const auto piece = feed.take())
      (*piece == "a" ? a : b)++;
    else
      std::this_thread::yield();
  first.join();
  second.join();
  check::equal(a, kPieces);
  check::that(feed.is_empty());
}

TEST(test_a_line_without_an_end_is_bounded)
{
  Feed feed(Which::conversation);
  const std::string words(TextFeed::kMost / 4, 'x');
  for (int i = 0; i < 3; i++)
    check::that(feed.feed.offer(Kind::output, words));
  // What waits already counts, too.
  check::that(feed.feed.offer(Kind::utterance, "hello"));
  check::that(!feed.feed.offer(Kind::output, words));
  check::that(!feed.feed.offer(Kind::answer, words));
  check::that(feed.feed.offer(Kind::output, " and so on"));
  check::that(feed.feed.offer(Kind::output_end, ""));
  check::equal(feed.text(), "user: hello\nmodel: " + words + words + words + " and so on\n");
  check::that(feed.feed.offer(Kind::output, words));
}

TEST_MAIN("text_feed")
