// Lines of a script as commands, and what is said of those that are none.
#include "json_check.hpp"

#include "gst/geminilive/wire/command.hpp"

using namespace gemini_live;

namespace {

Command parse(std::string_view line, check::Where where = check::Where::current())
{
  std::string why;
  auto command = parse_command(line, why);
  check::that(command.has_value(), std::string(line) + ": " + why, where);
  check::equal(why, "", "a reason", where);
  return *command;
}

template <class T>
T parse_as(std::string_view line, check::Where where = check::Where::current())
{
  auto command = parse(line, where);
  check::that(std::holds_alternative<T>(command), line, where);
  return std::get<T>(command);
}

void is_refused(std::string_view line, std::string_view part,
                check::Where where = check::Where::current())
{
  std::string why;
  check::that(!parse_command(line, why), std::string(line) + " is accepted", where);
  check::contains(why, part, where);
}

} // namespace

TEST(test_text)
{
  check::equal(parse_as<TextCommand>(R"({"text":"Hello"})").text, "Hello");
  check::equal(parse_as<TextCommand>(" { \"text\" : \"caf\xc3\xa9 \\\"x\\\"\\n\" } ").text,
               "caf\xc3\xa9 \"x\"\n");
}

TEST(test_content)
{
  const auto content = parse_as<Content>(
      R"({"content":{"turns":[{"role":"user","parts":[{"text":"Hi"}]}],"turnComplete":true}})");
  check::means(content.turns, R"([{"role":"user","parts":[{"text":"Hi"}]}])");
  check::that(content.turn_complete);
  const auto added =
      parse_as<Content>(R"({"content":{"turns":{"role":"model","parts":[{"text":"Hi"}]}}})");
  check::means(added.turns, R"([{"role":"model","parts":[{"text":"Hi"}]}])");
  check::that(!added.turn_complete, "as on the wire, what is absent is false");
  const auto go_on = parse_as<Content>(R"({"content":{"turnComplete":true}})");
  check::equal(go_on.turns, "");
  check::that(go_on.turn_complete);
}

TEST(test_a_picture_in_a_turn_is_base64)
{
  parse_as<Content>(
      R"({"content":{"turns":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/jpeg","data":"/9j_4A=="}}]}]}})");
  is_refused(
      R"({"content":{"turns":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/jpeg","data":"@cat.jpg"}}]}]}})",
      "parts[0].inlineData.data in turns: it must be base64");
}

TEST(test_activity)
{
  check::that(parse_as<ActivityCommand>(R"({"activity":"start"})").start);
  check::that(!parse_as<ActivityCommand>(R"({"activity":"end"})").start);
}

TEST(test_interrupt_and_close)
{
  parse_as<InterruptCommand>(R"({"interrupt":true})");
  parse_as<CloseCommand>(R"({"close":true})");
}

TEST(test_context)
{
  const auto both = parse_as<ContextUpdate>(
      R"({"context":{"system-instruction":"Be brief.","tools":[{"googleSearch":{}}]}})");
  check::equal(both.system_instruction, std::optional<std::string>("Be brief."));
  check::means(*both.tools, R"([{"googleSearch":{}}])");
  const auto clear = parse_as<ContextUpdate>(R"({"context":{"tools":[]}})");
  check::that(!clear.system_instruction);
  check::equal(clear.tools, std::optional<std::string>("[]"));
}

TEST(test_answers_to_calls)
{
  const auto answer = parse_as<ToolResponseCommand>(
      R"({"tool-response":{"id":"call_1","response":{"output":"tea","n":[1]}}})");
  check::equal(answer.id, "call_1");
  check::means(answer.response, R"({"output":"tea","n":[1]})");
  check::equal(
      parse_as<ToolResponseCommand>(R"({"tool-response":{"id":"1","response":"ok"}})").response,
      "\"ok\"");
  const auto failure =
      parse_as<ToolErrorCommand>(R"({"tool-error":{"id":"call_1","message":"out of stock"}})");
  check::equal(failure.id, "call_1");
  check::equal(failure.message, "out of stock");
}

TEST(test_null_is_absent)
{
  parse_as<TextCommand>(R"({"content":null,"text":"Hi","close":null})");
}

TEST(test_what_is_no_command_is_refused)
{
  for (const auto *line :
       {"hello", "{", "{}x", "{\"text\":\"a\"", "{\"text\":\"\xff\"}", "\xff\xfe", "", " ",
        "{'text':'a'}", "{\"text\":\"a\"}{\"text\":\"b\"}", "{\"text\":\"a\"} []"})
    is_refused(line, "it is no JSON");
  is_refused(std::string("{\"text\":\"a\0b\"}", 14), "it is no JSON");
  is_refused(std::string(100'000, '['), "it is no JSON");
  for (const auto *line : {"[]", "\"text\"", "1", "null", R"([{"text":"a"}])"})
    is_refused(line, "it is no object");
  for (const auto *line : {"{}", R"({"text":"a","close":true})", R"({"text":null})"})
    is_refused(line, "one key, whose value is not null");
  for (const auto *line : {R"({"say":"a"})", R"({"Text":"a"})", R"({"":1})"})
    is_refused(line, "no command");
}

TEST(test_values_of_other_types_are_refused)
{
  is_refused(R"({"text":1})", "text is no string");
  is_refused(R"({"text":""})", "text is empty");
  is_refused(R"({"content":[]})", "turns and turnComplete");
  is_refused(R"({"content":{}})", "says nothing");
  is_refused(R"({"content":{"contents":[]}})", "turns and turnComplete");
  is_refused(R"({"content":{"turns":"Hi"}})", "no array");
  is_refused(R"({"content":{"turns":[{"parts":[{"text":"Hi"}]}]}})", "role");
  is_refused(R"({"content":{"turns":[{"role":"user","parts":[]}]}})", "parts");
  is_refused(R"({"content":{"turns":[{"role":"user","parts":[{"txt":"Hi"}]}]}})",
             "[0].parts[0].txt in turns: there is no such field, did you mean \"text\"?");
  is_refused(R"({"content":{"turns":[{"role":"user","parts":["Hi"]}]}})", "must be an object");
  is_refused(R"({"tool-response":{"id":"1"}})", "id of a call and a response");
  is_refused(R"({"tool-response":{"id":"","response":{}}})", "id of a call");
  is_refused(R"({"tool-response":{"id":1,"response":{}}})", "id of a call");
  is_refused(R"({"tool-response":{"id":"1","response":{},"name":"f"}})", "nothing else");
  is_refused(R"({"tool-response":"ok"})", "nothing else");
  is_refused(R"({"tool-error":{"id":"1","message":2}})", "id of a call and a message");
  is_refused(R"({"tool-error":{"id":"1","error":"x"}})", "nothing else");
  is_refused(R"({"activity":true})", "neither start nor end");
  is_refused(R"({"activity":"begin"})", "neither start nor end");
  is_refused(R"({"interrupt":false})", "interrupt is not true");
  is_refused(R"({"close":"yes"})", "close is not true");
  is_refused(R"({"context":"Be brief."})", "system-instruction and tools");
  is_refused(R"({"context":{"systemInstruction":"Be brief."}})", "system-instruction and tools");
  is_refused(R"({"context":{"system-instruction":1}})", "no string");
  is_refused(R"({"context":{}})", "neither");
  is_refused(R"({"context":{"tools":{}}})", "must be a list");
}

TEST(test_a_reason_holds_nothing_of_the_line)
{
  for (const auto *line : {R"({"secretkey":1})", "secretkey", R"({"text":secretkey})",
                           R"({"content":{"secretkey":1}})", R"({"activity":"secretkey"})"}) {
    std::string why;
    check::that(!parse_command(line, why));
    check::lacks(why, "secretkey");
  }
}

TEST(test_a_short_line_is_quoted_whole)
{
  check::equal(quoted("hello"), "hello");
  check::equal(quoted(""), "");
  check::equal(quoted("caf\xc3\xa9"), "caf\xc3\xa9");
  check::equal(quoted(std::string(80, 'x')), std::string(80, 'x'));
}

TEST(test_a_long_line_is_cut_between_characters)
{
  check::equal(quoted(std::string(81, 'x')), std::string(80, 'x') + "…");
  check::equal(quoted(std::string(79, 'x') + "\xc3\xa9"), std::string(79, 'x') + "…");
  check::equal(quoted(std::string(77, 'x') + "\xe2\x82\xac" + "x"),
               std::string(77, 'x') + "\xe2\x82\xac…");
}

TEST(test_what_cannot_be_shown_is_written_out)
{
  check::equal(quoted("a\xff\tb"), "a\\xFF\\x09b");
  check::equal(quoted(std::string_view("\0\x1b[1m", 5)), "\\x00\\x1B[1m");
  check::equal(quoted("\xe2\x82"), "\\xE2\\x82");
  check::equal(quoted("\xc2\x85"), "\\xC2\\x85"); // a control character too
}

TEST_MAIN("command")
