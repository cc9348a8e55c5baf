// JSON from a peer that is not trusted, and JSON of ours.
#include "check.hpp"

#include "gst/geminilive/base/json.hpp"

#include <random>

using namespace gemini_live;

namespace {

// `{"v": value}`; the document keeps the value.
struct Value {
  explicit Value(const std::string &json) : document(R"({"v":)" + json + "}")
  {
    check::that(document.is_valid(), json + ": " + document.error());
    value = document.root()["v"];
  }
  JsonDocument document;
  JsonValue value;
};

std::optional<std::int64_t> integer(const std::string &json)
{
  return Value(json).value.integer();
}

std::optional<std::uint64_t> duration(const std::string &json)
{
  return Value(json).value.duration();
}

bool truth(const std::string &json)
{
  return Value(json).value.truth();
}

std::optional<std::string> text(const std::string &json)
{
  const Value value(json);
  const auto view = value.value.text();
  return view ? std::optional<std::string>(*view) : std::nullopt;
}

std::string repeated(std::string_view piece, std::size_t times)
{
  std::string result;
  for (std::size_t i = 0; i < times; i++)
    result += piece;
  return result;
}

std::string nested(std::size_t depth)
{
  return repeated("[", depth) + repeated("]", depth);
}

void is_refused(std::string_view text, check::Where where = check::Where::current())
{
  const JsonDocument document(text);
  check::that(!document.is_valid(), "it is accepted", where);
  check::that(!document.error().empty(), "no error", where);
  check::that(!document.root(), "there is a root", where);
}

} // namespace

TEST(test_what_is_read_is_written_as_it_was)
{
  for (const auto *json :
       {R"({"a":1e+17,"b":-0.5,"c":[0,-9223372036854775808,9223372036854775807,true,null,{},[]]})",
        R"("\u001f\u0001\n\t\"\\/ ü \u2028 😀")", R"({"":""})", "20.0", "1e400", "-1e400"}) {
    const JsonDocument document(json);
    const auto text = document.root().dump();
    const JsonDocument again(text);
    check::that(again.is_valid(), text + ": " + again.error());
    check::equal(again.root().dump(), text);
  }
  const auto written = [](const char *json) { return JsonDocument(json).root().dump(); };
  check::equal(written(R"({"n":1e17})"), R"({"n":1e+17})");
  check::equal(written("\"a\\u001fb\""), "\"a\\u001fb\"");
  check::equal(written("20.0"), "20");
  check::equal(written("[1e999,-1e999]"), "[1.7976931348623157e+308,-1.7976931348623157e+308]");
}

TEST(test_what_does_not_fit_keeps_its_meaning)
{
  const auto written = [](const char *json) { return JsonDocument(json).root().dump(); };
  check::equal(
      written(R"({"wei":100000000000000000000,"n":[18446744073709551615,-9223372036854775809]})"),
      R"({"wei":1e+20,"n":[18446744073709551616,-9223372036854775808]})");
  check::equal(written(R"("x\u0000y\\u0000z")"), "\"x\uFFFDy\\\\u0000z\"");
  check::equal(integer("9223372036854775807"), std::optional<std::int64_t>(INT64_MAX));
  check::equal(integer("9223372036854775808"), std::optional<std::int64_t>());
}

TEST(test_what_is_no_json_is_refused_with_a_reason)
{
  for (const auto *json : {"", " ", "{", "}", "[", R"({"a")", R"({"a":})", R"("open)", "nonsense",
                           R"({"a":1,})", "{]", "\xff\xfe", R"({"a":"\)"})
    is_refused(json);
}

TEST(test_a_text_that_is_nowhere_is_refused)
{
  is_refused(std::string_view());
}

// json-glib would take the first and forget the rest.
TEST(test_more_than_one_value_is_refused)
{
  for (const auto *json : {R"({"a":1}{"b":2})", "{} []", "[]\n{}", R"({"a":{}}{})"})
    is_refused(json);
  check::that(JsonDocument("{\"a\":{},\"b\":[[],{}]} \n").is_valid());
}

TEST(test_nesting_is_bounded)
{
  check::that(JsonDocument(nested(JsonDocument::kMaxDepth)).is_valid());
  is_refused(nested(JsonDocument::kMaxDepth + 1));
  check::that(JsonDocument(repeated(R"({"a":)", 64) + "1" + repeated("}", 64)).is_valid());
  is_refused(repeated(R"({"a":)", 65) + "1" + repeated("}", 65));
  is_refused(repeated(R"([{"a":)", 100'000));
  is_refused(repeated("[", 1'000'000));
}

TEST(test_width_is_no_depth)
{
  check::that(JsonDocument("[" + repeated("[{}],", 1000) + "[]]").is_valid());
  check::that(JsonDocument("[" + repeated(nested(60) + ",", 10) + "1]").is_valid());
}

TEST(test_brackets_in_strings_are_no_depth)
{
  check::that(JsonDocument("[\"" + repeated("[{", 1000) + "\"]").is_valid());
  check::that(
      JsonDocument(R"({"a":"\"[[","b":"\\","c":[")" + repeated("[", 100) + "\"]}").is_valid());
}

TEST(test_no_string_hides_depth)
{
  is_refused(R"(["a",)" + repeated("[", 300'000));
  is_refused(R"(["\"",)" + repeated("[", 300'000));
  is_refused(R"(["\\",)" + repeated("[", 300'000));
  is_refused("[\"a\nb\"," + repeated("[", 300'000));
  is_refused(R"(["\u0022",)" + repeated("[", 300'000));
}

// json-glib takes more than JSON: comments and strings in single quotes.
TEST(test_no_comment_hides_depth)
{
  is_refused(R"(/*"*/)" + repeated("[", 300'000));
  is_refused("//\"\n" + repeated("[", 300'000));
}

TEST(test_no_single_quotes_hide_depth)
{
  is_refused(R"(['"',)" + repeated("[", 300'000));
}

TEST(test_half_a_surrogate_pair_is_refused)
{
  for (const auto *text : {R"("\ud83d")", R"("\ud83dX")", R"("\ud83dX\ude42")", R"("\ud83d\n")",
                           R"("\ud83d\u0041")", R"("\ud83d\ud83d\ude42")", R"("\ude42\ud83d")",
                           R"("\ude42")", R"("\ud83d\ude4")", R"({"\uDBFFx":1})"})
    is_refused(text);
}

TEST(test_an_escape_that_json_does_not_have_is_refused)
{
  for (const auto *text : {R"("\u")", R"("\u004")", R"("\u004=1")", R"("\ud83=dX")", R"("\u+041")",
                           R"("\u 041")", R"("\u0x41")", "\"\\u", R"("\615")", R"("\0")",
                           R"("\x41")", R"("\U0041")", R"("\'")", R"({"\a":1})"})
    is_refused(text);
  check::equal(*JsonDocument(R"("\"\\\/\b\f\n\r\t\u0041")").root().text(), "\"\\/\b\f\n\r\tA");
}

TEST(test_a_surrogate_pair_is_one_character)
{
  check::equal(*JsonDocument(R"("a\uD83D\uDE42\"")").root().text(), "a🙂\"");
  check::equal(*JsonDocument(R"("\\ud83d")").root().text(), "\\ud83d");
  check::equal(*JsonDocument(R"("\ud7ff\ue000")").root().text(), "\ud7ff\ue000");
}

TEST(test_random_bytes_do_no_harm)
{
  std::mt19937 random(1);
  constexpr std::string_view kPieces[] = {"{",      "}", "[",  "]",  "\"",   "\\",
                                          ",",      ":", "1",  "a",  "null", "true",
                                          "\"k\":", "-", ".5", "e9", "\n",   "\xc3"};
  for (int round = 0; round < 20'000; round++) {
    std::string json;
    for (auto pieces = random() % 20; pieces > 0; pieces--)
      json += kPieces[random() % std::size(kPieces)];
    const JsonDocument document(json);
    document.root().dump();
    document.root()["k"].integer();
  }
}

TEST(test_integers_may_be_strings)
{
  check::equal(integer("42"), std::optional<std::int64_t>(42));
  check::equal(integer(R"("42")"), std::optional<std::int64_t>(42));
  check::equal(integer(R"("-9223372036854775808")"), std::optional(INT64_MIN));
  check::equal(integer("9223372036854775807"), std::optional(INT64_MAX));
  check::equal(integer("17.0"), std::optional<std::int64_t>(17));
  check::equal(integer("1e3"), std::optional<std::int64_t>(1000));
}

TEST(test_what_is_no_integer_is_not_there)
{
  for (const auto *json : {R"("")", R"("4x")", R"(" 4")", R"("9223372036854775808")", "true",
                           "null", "{}", "[]", "[1]", "1e30", "-1e30"})
    check::that(!integer(json), json);
}

TEST(test_truth_may_be_a_string)
{
  check::that(truth("true") && truth(R"("true")"));
  for (const auto *json : {"false", R"("false")", R"("yes")", "null", "{}", "[true]"})
    check::that(!truth(json), json);
}

TEST(test_only_a_string_is_text)
{
  check::equal(text(R"("a\"\n\u00e4🙂")"), std::optional<std::string>("a\"\nä🙂"));
  check::equal(text(R"("")"), std::optional<std::string>(""));
  for (const auto *json : {"1", "true", "null", "{}", R"(["a"])"})
    check::that(!text(json), json);
}

TEST(test_durations_are_nanoseconds)
{
  const auto ns = [](std::uint64_t value) { return std::optional(value); };
  check::equal(duration(R"("50s")"), ns(50'000'000'000));
  check::equal(duration(R"("0.200s")"), ns(200'000'000));
  check::equal(duration(R"("1.880s")"), ns(1'880'000'000));
  check::equal(duration(R"("0.000000001s")"), ns(1));
  check::equal(duration(R"("0s")"), ns(0));
}

TEST(test_what_is_no_duration_is_not_there)
{
  for (const auto *json : {R"("")", R"("s")", R"("5")", R"("5m")", R"("-1s")", R"("xs")",
                           R"("nans")", R"("infs")", R"("1e300s")", R"("5 s")", "5", "null", "{}"})
    check::that(!duration(json), json);
}

TEST(test_an_empty_value_has_nothing)
{
  const JsonValue value;
  check::that(!value && !value.is_object() && !value.truth());
  check::that(!value.text() && !value.integer() && !value.duration());
  check::that(!value["a"]["b"]);
  check::equal(value.dump(), "");
  value.each_member([](std::string_view, const JsonValue &) { check::that(false); });
  value.each_element([](const JsonValue &) { check::that(false); });
}

TEST(test_members_of_what_is_no_object_are_not_there)
{
  for (const auto *json : {"1", R"("a")", "[1]", "null", "true"}) {
    const Value value(json);
    check::that(!value.value["a"] && !value.value.is_object(), json);
    value.value.each_member([](std::string_view, const JsonValue &) { check::that(false); });
  }
}

TEST(test_members_are_visited_in_order)
{
  const Value value(R"({"z":1,"a":2,"m":3})");
  std::string names;
  std::int64_t sum = 0;
  value.value.each_member([&](std::string_view name, const JsonValue &member) {
    names += name;
    sum += member.integer().value_or(0);
  });
  check::equal(names, "zam");
  check::equal(sum, 6);
}

TEST(test_elements_are_visited_in_order)
{
  const Value value(R"([1,"2",{},3])");
  std::string all;
  value.value.each_element(
      [&](const JsonValue &element) { all += std::to_string(element.integer().value_or(0)); });
  check::equal(all, "1203");
}

TEST(test_a_dump_is_compact)
{
  const Value value(R"( { "b" : [ 1 , true , null ] , "a" : "\"" } )");
  check::equal(value.value.dump(), R"({"b":[1,true,null],"a":"\""})");
}

TEST(test_a_copy_outlives_its_document)
{
  JsonNode *copy = nullptr;
  {
    const Value value(R"({"a":{"b":[1,2]}})");
    copy = value.value.copy();
  }
  check::equal(JsonValue(copy).dump(), R"({"a":{"b":[1,2]}})");
  json_node_unref(copy);
}

TEST(test_the_writer_writes_every_kind)
{
  JsonWriter json;
  json.begin_object()
      .member("text", "a\"b\n")
      .member("view", std::string_view("xyz").substr(1, 1))
      .member("yes", true)
      .member("number", std::int64_t{-5})
      .begin_object("inner")
      .end_object()
      .begin_array("list")
      .element("one")
      .element("two")
      .end_array()
      .end_object();
  check::equal(json.text(), R"({"text":"a\"b\n","view":"y","yes":true,"number":-5,"inner":{},)"
                            R"("list":["one","two"]})");
}

TEST(test_a_member_of_json_is_a_value)
{
  JsonWriter json;
  json.begin_object().member_json("a", R"({"b":[1]})").member_json("c", "3").end_object();
  check::equal(json.text(), R"({"a":{"b":[1]},"c":3})");
}

TEST(test_a_member_of_what_is_no_json_becomes_a_string)
{
  JsonWriter json;
  json.begin_object().member_json("a", "{broken").member_json("b", nested(100)).end_object();
  check::equal(json.text(), R"({"a":"{broken","b":")" + nested(100) + "\"}");
}

TEST_MAIN("json")
