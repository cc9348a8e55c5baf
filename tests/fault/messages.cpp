// Messages that are not understood. The first is one warning; the conversation goes on without them.
// Valid JSON that says nothing useful is tolerated in silence.

#include "trial.hpp"

using test::Connection;
using test::Trial;
using namespace std::string_view_literals;

namespace {

std::string repeat(std::string_view part, std::size_t count)
{
  std::string all;
  all.reserve(part.size() * count);
  for (std::size_t i = 0; i < count; i++)
    all += part;
  return all;
}

struct Message {
  const char *name;
  std::string (*text)();
};

constexpr Message kNotUnderstood[] = {
    {"an_empty_message_is_one_warning", [] { return std::string(); }},
    {"a_blank_message_is_one_warning", [] { return std::string("  \n\t "); }},
    {"a_word_is_one_warning", [] { return std::string("hello"); }},
    {"html_is_one_warning", [] { return std::string("<html><body>Sorry</body></html>"); }},
    {"half_an_object_is_one_warning", [] { return std::string(R"({"serverContent":{)"); }},
    {"a_member_without_a_value_is_one_warning", [] { return std::string(R"({"a":})"); }},
    {"a_member_without_quotes_is_one_warning", [] { return std::string("{a:1}"); }},
    {"single_quotes_are_one_warning", [] { return std::string("{'a':1}"); }},
    {"a_comment_is_one_warning", [] { return std::string("/* x */{}"); }},
    {"text_behind_the_object_is_one_warning", [] { return std::string("{} x"); }},
    {"an_unclosed_string_is_one_warning", [] { return std::string(R"({"a":"b)"); }},
    {"an_array_is_one_warning", [] { return std::string("[{}]"); }},
    {"a_number_is_one_warning", [] { return std::string("7"); }},
    {"a_string_is_one_warning", [] { return std::string("\"setupComplete\""); }},
    {"a_truth_is_one_warning", [] { return std::string("true"); }},
    {"null_is_one_warning", [] { return std::string("null"); }},
    {"200000_nested_arrays_are_one_warning", [] { return repeat("[", 200'000); }},
    {"200000_closed_nested_arrays_are_one_warning",
     [] { return "{\"a\":" + repeat("[", 200'000) + repeat("]", 200'000) + "}"; }},
    {"200000_nested_objects_are_one_warning", [] { return repeat("{\"a\":", 200'000); }},
    {"200000_nested_objects_in_content_are_one_warning",
     [] {
       return R"({"serverContent":)" + repeat("{\"a\":", 200'000) + "1" + repeat("}", 200'000) +
              "}";
     }},
    {"nesting_hidden_behind_a_quote_in_a_comment_is_one_warning",
     [] { return "/*\"*/" + repeat("[", 200'000); }},
    {"utf16_is_one_warning", [] { return std::string("{\0}\0"sv); }},
    {"a_raw_nul_is_one_warning", [] { return std::string("{\"a\":\"b\0c\"}"sv); }},
    {"a_raw_nul_behind_the_object_is_one_warning", [] { return std::string("{}\0{"sv); }},
    {"a_lone_high_surrogate_is_one_warning", [] { return std::string(R"({"a":"\ud800"})"); }},
    {"a_lone_low_surrogate_is_one_warning", [] { return std::string(R"({"a":"\udc00"})"); }},
    {"a_high_surrogate_before_a_letter_is_one_warning",
     [] {
       return std::string(R"({"serverContent":{"outputTranscription":{"text":"\ud83dXY"}}})");
     }},
    {"a_high_surrogate_before_another_escape_is_one_warning",
     [] {
       return std::string(R"({"serverContent":{"outputTranscription":{"text":"\ud83d\n"}}})");
     }},
    {"surrogates_in_the_wrong_order_are_one_warning",
     [] { return std::string(R"({"a":"\udc00\ud800"})"); }},
    {"a_long_word_is_one_warning", [] { return repeat("word", 100'000); }},
};

// Only a binary message can carry these.
constexpr Message kNoUtf8[] = {
    {"bytes_that_are_no_utf8_are_one_warning", [] { return std::string("{\"a\":\"\xff\xfe\"}"); }},
    {"an_encoded_surrogate_is_one_warning", [] { return std::string("{\"a\":\"\xed\xa0\x80\"}"); }},
    {"an_overlong_character_is_one_warning", [] { return std::string("{\"a\":\"\xc0\xaf\"}"); }},
    {"noise_is_one_warning", [] { return repeat("\x80\xff\x01{\"", 1000); }},
    {"compressed_bytes_are_one_warning", [] { return std::string("\x1f\x8b\x08\0\0\0"sv); }},
};

constexpr Message kTolerated[] = {
    {"an_empty_object_is_tolerated", [] { return std::string("{}"); }},
    {"a_byte_order_mark_is_tolerated", [] { return std::string("\xef\xbb\xbf{}"); }},
    {"unknown_keys_are_tolerated",
     [] { return std::string(R"({"brandNew":{"a":[1,2]},"serverContent":{"newer":7}})"); }},
    {"duplicate_keys_are_tolerated",
     [] {
       return std::string(R"({"usageMetadata":{"totalTokenCount":1,"totalTokenCount":2},)"
                          R"("serverContent":{"outputTranscription":{"text":"a"}},)"
                          R"("serverContent":{"outputTranscription":{"text":"b"}}})");
     }},
    {"an_escaped_nul_is_tolerated",
     [] {
       return std::string(
           R"({"serverContent":{"outputTranscription":{"text":"a\u0000b"}},"\u0000":1})");
     }},
    {"a_pair_of_surrogates_is_tolerated",
     [] { return std::string(R"({"serverContent":{"inputTranscription":{"text":"🙂"}}})"); }},
    {"an_escaped_pair_of_surrogates_is_tolerated",
     [] {
       return std::string(
           R"({"serverContent":{"inputTranscription":{"text":"\\uD83D\uD83D\uDE42\\ud83d"}}})");
     }},
    {"escaped_control_characters_are_tolerated",
     [] {
       return std::string(R"({"serverContent":{"outputTranscription":{"text":"\u0001\u007f"}}})");
     }},
    {"sixty_levels_are_tolerated",
     [] { return "{\"a\":" + repeat("[", 60) + repeat("]", 60) + "}"; }},
    {"brackets_in_a_string_are_tolerated", [] { return "{\"a\":\"" + repeat("[", 1000) + "\"}"; }},
    {"numbers_out_of_range_are_tolerated",
     [] {
       return std::string(
           R"({"usageMetadata":{"promptTokenCount":9223372036854775808,"totalTokenCount":1e400,)"
           R"("responseTokenCount":"999999999999999999999999","thoughtsTokenCount":-5}})");
     }},
    {"durations_that_are_none_are_tolerated",
     [] {
       return std::string(
           R"({"goAway":{"timeLeft":"soon"},"voiceActivity":{"type":"ACTIVITY_START",)"
           R"("audioOffset":"-1s"}})");
     }},
    {"an_empty_key_is_tolerated", [] { return std::string(R"({"":{"":""}})"); }},
    {"a_million_keys_are_tolerated",
     [] {
       std::string all = "{";
       for (unsigned i = 0; i < 100'000; i++)
         all += "\"key" + std::to_string(i) + "\":0,";
       return all + "\"last\":0}";
     }},
    {"a_second_setup_complete_is_tolerated", [] { return std::string(R"({"setupComplete":{}})"); }},
};

// In the place of each object, list, text, number or truth of the protocol.
constexpr const char *kWrong[] = {"null", "\"x\"",  "7",   "-1.5",    "[]",         "{}",
                                  "[[]]", "[null]", "[7]", "[\"x\"]", "{\"x\":{}}", "[{}]"};
constexpr const char *kPlaces[] = {
    R"({"serverContent":%})",
    R"({"serverContent":{"modelTurn":%}})",
    R"({"serverContent":{"modelTurn":{"parts":%}}})",
    R"({"serverContent":{"modelTurn":{"parts":[%]}}})",
    R"({"serverContent":{"modelTurn":{"parts":[{"text":%}]}}})",
    R"({"serverContent":{"modelTurn":{"parts":[{"thought":%,"text":%}]}}})",
    R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":%}]}}})",
    R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":%,"data":"AAA="}}]}}})",
    R"({"serverContent":{"modelTurn":{"parts":[{"executableCode":%}]}}})",
    R"({"serverContent":{"modelTurn":{"parts":[{"codeExecutionResult":{"output":%}}]}}})",
    R"({"serverContent":{"inputTranscription":%}})",
    R"({"serverContent":{"inputTranscription":{"text":%,"finished":%}}})",
    R"({"serverContent":{"interimInputTranscription":{"text":%}}})",
    R"({"serverContent":{"outputTranscription":%}})",
    R"({"serverContent":{"outputTranscription":{"text":%,"finished":%}}})",
    R"({"serverContent":{"turnCompleteReason":%,"interactionStatus":%}})",
    R"({"serverContent":{"groundingMetadata":%,"urlContextMetadata":%}})",
    R"({"setupComplete":%})",
    R"({"setupComplete":{"sessionId":%}})",
    R"({"toolCall":%})",
    R"({"toolCall":{"functionCalls":%}})",
    R"({"toolCall":{"functionCalls":[{"id":%,"name":%,"args":%}]}})",
    R"({"toolCallCancellation":%})",
    R"({"toolCallCancellation":{"ids":%}})",
    R"({"goAway":%})",
    R"({"goAway":{"timeLeft":%}})",
    R"({"sessionResumptionUpdate":%})",
    R"({"sessionResumptionUpdate":{"newHandle":%,"resumable":%}})",
    R"({"voiceActivity":%})",
    R"({"voiceActivity":{"type":%,"audioOffset":%}})",
    R"({"voiceActivityDetectionSignal":{"vadSignalType":%}})",
    R"({"usageMetadata":%})",
    R"({"usageMetadata":{"promptTokenCount":%,"promptTokensDetails":%}})",
    R"({"interactionStatus":%})",
    R"({"error":%})",
};

std::string filled(std::string text, std::string_view value)
{
  for (std::size_t at = 0; (at = text.find('%', at)) != std::string::npos; at += value.size())
    text.replace(at, 1, value);
  return text;
}

void expect_one_warning(const Message &row, Trial &trial)
{
  trial.run_to_last_words();
  trial.expect_warnings(1);
  const auto &warning = trial.warnings()[0];
  trial.expect(warning, "Check what base-url leads to");
  trial.expect(warning, "a message of " + std::to_string(row.text().size()) + " bytes");
  fail_unless(warning.domain == GST_STREAM_ERROR && warning.code == GST_STREAM_ERROR_DECODE,
              "%s: code %d", row.name, warning.code);
  fail_unless(warning.text.size() < 400, "%s: %s", row.name, warning.text.c_str());
  fail_unless(g_utf8_validate(warning.text.c_str(), -1, nullptr), "%s", row.name);
}

} // namespace

// Twice the same: once is told.
GST_START_TEST(test_not_understood)
{
  const auto &row = kNotUnderstood[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    test::say_first_words(peer);
    peer.send_text(row.text());
    peer.send_binary(row.text());
    test::say_last_words(peer);
  });
  expect_one_warning(row, trial);
}
GST_END_TEST;

GST_START_TEST(test_no_utf8)
{
  const auto &row = kNoUtf8[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    test::say_first_words(peer);
    peer.send_binary(row.text());
    peer.send_binary(row.text());
    test::say_last_words(peer);
  });
  expect_one_warning(row, trial);
}
GST_END_TEST;

GST_START_TEST(test_tolerated)
{
  const auto &row = kTolerated[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    test::say_first_words(peer);
    peer.send_binary(row.text());
    test::say_last_words(peer);
  });
  trial.run_to_last_words();
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(wrong_types_everywhere_are_tolerated)
{
  Trial trial("wrong types", [](Connection &peer) {
    test::say_first_words(peer);
    for (const auto *place : kPlaces)
      for (const auto *wrong : kWrong)
        peer.send_binary(filled(place, wrong));
    test::say_last_words(peer);
  });
  trial.run_to_last_words();
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(a_message_before_setup_complete_that_is_not_understood_is_one_warning)
{
  Trial trial("before setupComplete", [](Connection &peer) {
    test::begin(peer);
    peer.send_text("hello");
    peer.send_binary(R"({"setupComplete":{}})");
    peer.wait_for("\"realtimeInput\"");
    peer.send_binary(test::audio_message(test::first_words()));
    test::say_last_words(peer);
  });
  trial.run_to_last_words();
  trial.expect_warnings(1);
}
GST_END_TEST;

GST_START_TEST(a_server_of_another_protocol_is_one_warning_and_one_error)
{
  test::expect_no_consent("a_server_of_another_protocol_is_one_warning_and_one_error", {"HELO"}, 1);
}
GST_END_TEST;

static Suite *messages_suite()
{
  Suite *suite = suite_create("messages");
  TCase *tcase = tcase_create("messages");
  suite_add_tcase(suite, tcase);
  test::add_rows(tcase, kNotUnderstood, test_not_understood);
  test::add_rows(tcase, kNoUtf8, test_no_utf8);
  test::add_rows(tcase, kTolerated, test_tolerated);
  tcase_add_test(tcase, wrong_types_everywhere_are_tolerated);
  tcase_add_test(tcase, a_message_before_setup_complete_that_is_not_understood_is_one_warning);
  tcase_add_test(tcase, a_server_of_another_protocol_is_one_warning_and_one_error);
  return suite;
}

GST_CHECK_MAIN(messages);
