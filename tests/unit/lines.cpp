// Lines from bytes, however they are cut.
#include "check.hpp"

#include "plugins/geminilive/lines.hpp"

#include <random>

using namespace gemini_live;

namespace {

constexpr std::size_t kMaxLine = 64 * 1024;

using Texts = std::vector<std::string>;

void take(Lines &lines, Texts &out)
{
  while (auto line = lines.next())
    out.push_back(std::move(*line));
}

Texts split(std::string_view text)
{
  Lines lines(kMaxLine);
  Texts out;
  lines.add(text);
  take(lines, out);
  if (auto rest = lines.rest())
    out.push_back(std::move(*rest));
  return out;
}

void are(const Texts &actual, const Texts &expected, check::Where where = check::Where::current())
{
  check::equal(actual.size(), expected.size(), "number of lines", where);
  for (std::size_t i = 0; i < actual.size(); i++)
    check::equal(actual[i], expected[i], "line", where);
}

} // namespace

TEST(test_lines_are_split_at_lf)
{
  are(split("one\ntwo\nthree\n"), {"one", "two", "three"});
}

TEST(test_a_cr_at_the_end_is_stripped)
{
  are(split("one\r\ntwo\rstill two\r\nthree\r"), {"one", "two\rstill two", "three"});
}

TEST(test_empty_lines_are_left_out)
{
  are(split("\n\none\n\r\n\ntwo\n\n"), {"one", "two"});
  are(split(""), {});
  are(split("\r"), {});
}

TEST(test_the_rest_comes_when_nothing_more_does)
{
  Lines lines(kMaxLine);
  lines.add("one\ntwo");
  check::equal(lines.next(), std::optional<std::string>("one"));
  check::that(!lines.next());
  check::equal(lines.rest(), std::optional<std::string>("two"));
  check::that(!lines.rest());
  check::that(!lines.next());
}

TEST(test_it_does_not_matter_how_the_bytes_are_cut)
{
  const std::string text = "Zwölf Boxkämpfer\r\n\n日本語 🙂\njagen\r\n\r\nViktor";
  const Texts expected{"Zwölf Boxkämpfer", "日本語 🙂", "jagen", "Viktor"};
  std::mt19937 random(1);
  for (int round = 0; round < 500; round++) {
    Lines lines(kMaxLine);
    Texts out;
    for (std::size_t at = 0; at < text.size();) {
      const auto size = round == 0 ? 1 : random() % 12;
      lines.add(std::string_view(text).substr(at, size));
      at += size;
      if (random() % 2)
        take(lines, out);
    }
    take(lines, out);
    if (auto rest = lines.rest())
      out.push_back(*rest);
    are(out, expected);
    check::equal(lines.take_overlong(), 0u);
  }
}

TEST(test_the_longest_line_passes)
{
  const std::string longest(kMaxLine, 'x');
  are(split(longest + "\n"), {longest});
  are(split(longest + "\r\nnext\n"), {longest, "next"});
  are(split(longest), {longest});
  are(split(longest + "\r"), {longest});
}

TEST(test_a_longer_line_is_left_out_and_counted)
{
  const std::string too_long(kMaxLine + 1, 'x');
  Lines lines(kMaxLine);
  Texts out;
  lines.add("one\n" + too_long + "\ntwo\n" + too_long + "\r\nthree\n");
  take(lines, out);
  are(out, {"one", "two", "three"});
  check::equal(lines.take_overlong(), 2u);
  check::equal(lines.take_overlong(), 0u);
}

TEST(test_a_longer_line_in_pieces_is_counted_once)
{
  Lines lines(kMaxLine);
  Texts out;
  for (int i = 0; i < 100; i++) {
    lines.add(std::string(10'000, 'x'));
    take(lines, out);
  }
  check::equal(lines.take_overlong(), 1u);
  lines.add("\nnext\n");
  take(lines, out);
  are(out, {"next"});
  check::equal(lines.take_overlong(), 0u);
}

TEST(test_a_rest_that_is_too_long_is_left_out_and_counted)
{
  for (const std::size_t size : {kMaxLine + 1, kMaxLine + 2, 3 * kMaxLine}) {
    Lines lines(kMaxLine);
    lines.add(std::string(size, 'x'));
    check::that(!lines.next());
    check::that(!lines.rest());
    check::equal(lines.take_overlong(), 1u);
  }
}

TEST(test_clear_forgets_everything)
{
  Lines lines(kMaxLine);
  lines.add(std::string(kMaxLine + 10, 'x'));
  lines.next();
  lines.clear();
  lines.add("new\n");
  check::equal(lines.next(), std::optional<std::string>("new"));
  check::equal(lines.take_overlong(), 0u);
  lines.add("cut");
  lines.clear();
  check::that(!lines.rest());
}

TEST_MAIN("lines")
