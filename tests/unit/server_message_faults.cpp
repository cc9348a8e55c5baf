// What the service may say one day, or never should: it harms nothing that stands beside it.
#include "server_message_check.hpp"

#include <algorithm>
#include <random>

using namespace gemini_live;

namespace {

void is_error(std::string_view json, check::Where where = check::Where::current())
{
  std::string error;
  check::that(!parse_server_message(json, error), "it is accepted", where);
  check::that(!error.empty(), "no error", where);
}

// Where a message can hold an object: what stands before and after it.
struct Place {
  const char *path, *before, *after;
};
const Place kObjects[] = {
    {"setupComplete", R"({"setupComplete":)", "}"},
    {"serverContent", R"({"serverContent":)", "}"},
    {"serverContent.modelTurn", R"({"serverContent":{"modelTurn":)", "}}"},
    {"serverContent.modelTurn.parts", R"({"serverContent":{"modelTurn":{"parts":[)", "]}}}"},
    {"serverContent.modelTurn.parts.inlineData",
     R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":)", "}]}}}"},
    {"serverContent.inputTranscription", R"({"serverContent":{"inputTranscription":)", "}}"},
    {"serverContent.interimInputTranscription", R"({"serverContent":{"interimInputTranscription":)",
     "}}"},
    {"serverContent.outputTranscription", R"({"serverContent":{"outputTranscription":)", "}}"},
    {"serverContent.groundingMetadata", R"({"serverContent":{"groundingMetadata":)", "}}"},
    {"serverContent.urlContextMetadata", R"({"serverContent":{"urlContextMetadata":)", "}}"},
    {"toolCall", R"({"toolCall":)", "}"},
    {"toolCall.functionCalls", R"({"toolCall":{"functionCalls":[)", "]}}"},
    {"toolCallCancellation", R"({"toolCallCancellation":)", "}"},
    {"goAway", R"({"goAway":)", "}"},
    {"sessionResumptionUpdate", R"({"sessionResumptionUpdate":)", "}"},
    {"voiceActivity", R"({"voiceActivity":)", "}"},
    {"voiceActivityDetectionSignal", R"({"voiceActivityDetectionSignal":)", "}"},
    {"usageMetadata", R"({"usageMetadata":)", "}"},
    {"error", R"({"error":)", "}"},
};

} // namespace

TEST(test_unknown_keys_are_named_with_their_path)
{
  const struct {
    const char *json, *path;
  } unknown[] = {
      {R"({"newThing":{"a":1}})", "newThing"},
      {R"({"serverContent":{"newThing":1}})", "serverContent.newThing"},
      {R"({"serverContent":{"modelTurn":{"parts":[{"newThing":1}]}}})",
       "serverContent.modelTurn.parts.newThing"},
  };
  for (const auto &[json, path] : unknown) {
    const auto message = parse(json);
    check::that(is_empty(message), json);
    check::equal(message.unknown.size(), 1u, json);
    check::equal(message.unknown[0], path);
  }
}

TEST(test_unknown_keys_are_named_at_every_level)
{
  for (const auto &[path, before, after] : kObjects) {
    // What is handed on as a whole hides nothing.
    const std::string_view where(path);
    if (where.ends_with("Metadata") || where == "error")
      continue;
    const auto message = parse(std::string(before) + R"({"newThing":1})" + after);
    const auto &names = message.unknown;
    const auto expected = std::string(path) + ".newThing";
    check::that(std::find(names.begin(), names.end(), expected) != names.end(),
                "not named: " + expected);
  }
}

TEST(test_known_keys_are_not_named)
{
  check::that(parse(R"({"serverContent":{"modelTurn":{"role":"model","parts":[
      {"text":"a","thought":false,"thoughtSignature":"AAAA"}]}}})")
                  .unknown.empty());
}

TEST(test_null_is_absent)
{
  for (const auto &[path, before, after] : kObjects)
    check::that(is_empty(parse(std::string(before) + "null" + after)), path);
  for (const auto *key : {"generationComplete", "turnComplete", "interrupted", "waitingForInput",
                          "turnCompleteReason", "interactionStatus"})
    check::that(is_empty(parse(R"({"serverContent":{")" + std::string(key) + R"(":null}})")), key);
}

TEST(test_a_value_of_another_type_harms_nothing)
{
  for (const auto &[path, before, after] : kObjects)
    for (const std::string value :
         {R"("text")", "7", "-1.5", "true", "false", "[]", "[[1]]", R"(["a",{},null])",
          R"({"parts":7})", R"({"parts":{"text":"a"}})",
          R"({"functionCalls":{},"ids":"x","text":5,"thought":"x"})"}) {
      // What stands beside it is still read.
      auto json = std::string(before) + value + after;
      json.insert(json.size() - 1, R"(,"interactionStatus":"IDLE")");
      const auto message = parse(json);
      check::equal(message.content.turn_end.interaction_status, "IDLE", json);
      check::that(message.calls.empty() || std::string_view(path) == "toolCall.functionCalls",
                  json);
    }
}

TEST(test_leaves_of_another_type_harm_nothing)
{
  for (const std::string value : {"null", R"("x")", "7", "{}", "[]", "true", R"({"a":[1]})"}) {
    const auto v = [&](const char *key) { return "\"" + std::string(key) + "\":" + value; };
    const auto message =
        parse(R"({"serverContent":{"modelTurn":{)" + v("role") + R"(,"parts":[{)" + v("text") +
              "," + v("thought") + R"(},{"inlineData":{)" + v("mimeType") + "," + v("data") +
              "}}]}," + v("turnCompleteReason") + "," + v("interactionStatus") + "," +
              v("waitingForInput") + R"(,"outputTranscription":{)" + v("text") + "," +
              v("finished") + R"(}},"setupComplete":{)" + v("sessionId") + R"(},"goAway":{)" +
              v("timeLeft") + R"(},"sessionResumptionUpdate":{)" + v("newHandle") + "," +
              v("resumable") + R"(},"voiceActivity":{)" + v("type") + "," + v("audioOffset") +
              R"(},"usageMetadata":{)" + v("promptTokenCount") + R"(},"toolCall":{)" +
              v("functionCalls") + R"(},"toolCallCancellation":{)" + v("ids") + "}}");
    check::that(message.setup_complete && message.resumption && message.usage, value);
    check::equal(message.going_away, std::optional<std::uint64_t>(0), value);
    check::that(message.voice_activity.empty() && message.calls.empty(), value);
  }
}

TEST(test_what_is_no_object_is_refused)
{
  for (const auto *json : {"", "[]", "1", "null", R"("text")", "true", "{", "nonsense", "[{}]"})
    is_error(json);
}

TEST(test_deep_nesting_is_refused)
{
  std::string deep = R"({"serverContent":)";
  for (int i = 0; i < 100'000; i++)
    deep += R"({"a":)";
  is_error(deep);
}

TEST(test_a_message_cut_anywhere_does_no_harm)
{
  const std::string whole = R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":
      "audio/pcm;rate=24000","data":"AAABAP//AgA="}}]},"outputTranscription":{"text":"ä\"🙂"}},
      "goAway":{"timeLeft":"50s"},"usageMetadata":{"totalTokenCount":10}})";
  for (std::size_t size = 0; size < whole.size(); size++) {
    std::string error;
    check::that(!parse_server_message(std::string(whole, 0, size), error));
  }
  std::mt19937 random(2);
  for (int round = 0; round < 5000; round++) {
    auto changed = whole;
    for (auto changes = random() % 4 + 1; changes > 0; changes--)
      changed[random() % changed.size()] = static_cast<char>(random());
    std::string error;
    parse_server_message(changed, error);
  }
}

TEST_MAIN("server_message_faults")
