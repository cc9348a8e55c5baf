// What the service can say: every key is read, whatever comes with it.
#include "server_message_check.hpp"

using namespace gemini_live;

TEST(test_setup_complete)
{
  const auto message = parse("{\n  \"setupComplete\": {}\n}\n"); // as it is on the wire
  check::that(message.setup_complete);
  check::that(message.unknown.empty());
}

TEST(test_setup_complete_with_a_session)
{
  const auto message =
      parse(R"({"setupComplete":{"sessionId":"4b1f0f0e-0000-4000-8000-000000000000"}})");
  check::that(message.setup_complete);
  check::that(message.unknown.empty());
}

TEST(test_an_empty_message_says_nothing)
{
  for (const auto *json : {"{}", R"({"serverContent":{}})", "{\n}\n"}) {
    const auto message = parse(json);
    check::that(is_empty(message) && message.unknown.empty(), json);
  }
}

TEST(test_resumption)
{
  auto message = parse(R"({"sessionResumptionUpdate":{"newHandle":"2e780bb8","resumable":true}})");
  check::that(message.resumption.has_value());
  check::equal(message.resumption->handle, "2e780bb8");
  check::that(message.resumption->resumable);
  message = parse(R"({"sessionResumptionUpdate":{}})");
  check::that(message.resumption.has_value());
  check::equal(message.resumption->handle, "");
  check::that(!message.resumption->resumable);
  message = parse(R"({"sessionResumptionUpdate":
      {"newHandle":"h2","resumable":true,"lastConsumedClientMessageIndex":"17"}})");
  check::equal(message.resumption->handle, "h2");
}

TEST(test_the_interaction_status_may_stand_beside_a_tool_call)
{
  const auto message = parse(
      R"({"toolCall":{"functionCalls":[{"id":"1","name":"f"}]},"interactionStatus":"IN_PROGRESS"})");
  check::equal(message.content.turn_end.interaction_status, "IN_PROGRESS");
  check::equal(message.calls.size(), 1u);
}

TEST(test_usage_as_the_gemini_api_names_it)
{
  const auto message = parse(R"({"serverContent":{"turnComplete":true},"usageMetadata":{
      "promptTokenCount":550,"responseTokenCount":49,"totalTokenCount":599,
      "cachedContentTokenCount":7,"toolUsePromptTokenCount":8,"thoughtsTokenCount":9,
      "promptTokensDetails":[{"modality":"TEXT","tokenCount":320},{"modality":"AUDIO","tokenCount":230}],
      "responseTokensDetails":[{"modality":"AUDIO","tokenCount":49}]}})");
  check::that(message.content.turn_complete && message.usage.has_value());
  const auto &usage = *message.usage;
  const auto count = [](std::int64_t value) { return std::optional(value); };
  check::equal(usage.prompt, count(550));
  check::equal(usage.response, count(49));
  check::equal(usage.total, count(599));
  check::equal(usage.cached, count(7));
  check::equal(usage.tool_use, count(8));
  check::equal(usage.thoughts, count(9));
  check::contains(usage.details, "responseTokensDetails");
}

TEST(test_usage_as_vertex_names_it)
{
  const auto message = parse(R"({"serverContent":{"turnComplete":true,"groundingMetadata":{}},
      "usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":3,"totalTokenCount":15,
      "promptTokensDetails":[{"modality":"TEXT","tokenCount":12}],
      "candidatesTokensDetails":[{"modality":"TEXT","tokenCount":3},{"modality":"AUDIO"}],
      "trafficType":"ON_DEMAND"}})");
  check::equal(message.usage->response, std::optional<std::int64_t>(3));
  check::that(!message.usage->cached && !message.usage->thoughts && !message.usage->tool_use);
  check::contains(message.usage->details, "ON_DEMAND");
  check::that(!message.content.grounding, "an empty one says nothing");
}

TEST(test_numbers_may_be_strings)
{
  const auto message =
      parse(R"({"usageMetadata":{"promptTokenCount":"550","totalTokenCount":"x"}})");
  check::equal(message.usage->prompt, std::optional<std::int64_t>(550));
  check::that(!message.usage->total);
}

TEST(test_tool_calls)
{
  const auto one = parse(R"({"toolCall":{"functionCalls":[
      {"name":"set_light","args":{"on":true},"id":"fc_3880303533621599938"}]}})");
  check::equal(one.calls.size(), 1u);
  check::equal(one.calls[0].id, "fc_3880303533621599938");
  check::equal(one.calls[0].name, "set_light");
  check::equal(one.calls[0].args, R"({"on":true})");
  const auto two = parse(R"({"toolCall":{"functionCalls":[
      {"id":"call_229188","name":"order","args":{"item":"tea"}},
      {"id":"fc_5817","name":"set_light","args":{"on":false}}]}})");
  check::equal(two.calls.size(), 2u);
  check::equal(two.calls[0].id, "call_229188");
  check::equal(two.calls[1].id, "fc_5817");
}

TEST(test_an_id_is_whatever_it_is)
{
  const auto message = parse(R"({"toolCall":{"functionCalls":[{"id":7,"name":"f"}]},
                                 "toolCallCancellation":{"ids":[7,"a"]}})");
  check::equal(message.calls[0].id, "7");
  check::that(message.cancelled == std::vector<std::string>{"7", "a"});
}

TEST(test_tool_calls_without_id_or_arguments)
{
  const auto message = parse(R"({"toolCall":{"functionCalls":[{"name":"hang_up"}]}})");
  check::equal(message.calls.size(), 1u);
  check::equal(message.calls[0].id, "");
  check::equal(message.calls[0].args, "{}");
  for (const auto *args : {"null", "[]", R"("x")", "1"})
    check::equal(
        parse(R"({"toolCall":{"functionCalls":[{"name":"f","args":)" + std::string(args) + "}]}}")
            .calls[0]
            .args,
        "{}");
}

TEST(test_what_is_no_call_is_none)
{
  const auto message =
      parse(R"({"toolCall":{"functionCalls":[null,"x",5,[],{"id":"1","name":"f"}]}})");
  check::equal(message.calls.size(), 1u);
  check::equal(message.calls[0].name, "f");
}

TEST(test_cancelled_calls)
{
  const auto message = parse(R"({"toolCallCancellation":{"ids":["call_229188","b"]}})");
  check::equal(message.cancelled.size(), 2u);
  check::equal(message.cancelled[0], "call_229188");
  check::equal(message.cancelled[1], "b");
}

TEST(test_going_away)
{
  check::equal(parse(R"({"goAway":{"timeLeft":"50s"}})").going_away,
               std::optional<std::uint64_t>(50'000'000'000));
  for (const auto *now : {R"({"goAway":{}})", R"({"goAway":{"timeLeft":"0s"}})"})
    check::equal(parse(now).going_away, std::optional<std::uint64_t>(0));
}

TEST(test_voice_activity)
{
  auto message = parse(R"({"voiceActivity":{"type":"ACTIVITY_START","audioOffset":"0.200s"}})");
  check::equal(message.voice_activity.size(), 1u);
  check::that(message.voice_activity[0].start);
  check::equal(message.voice_activity[0].offset, std::optional<std::uint64_t>(200'000'000));
  message = parse(R"({"voiceActivity":{"type":"ACTIVITY_END","audioOffset":"5s"}})");
  check::that(!message.voice_activity[0].start);
  message = parse(R"({"voiceActivity":{"voiceActivityType":"ACTIVITY_START"}})");
  check::that(message.voice_activity[0].start && !message.voice_activity[0].offset);
  message = parse(R"({"voiceActivityDetectionSignal":{"vadSignalType":"VAD_SIGNAL_TYPE_SOS"}})");
  check::that(message.voice_activity[0].start);
  message = parse(R"({"voiceActivityDetectionSignal":{"vadSignalType":"VAD_SIGNAL_TYPE_EOS"}})");
  check::that(!message.voice_activity[0].start);
  message = parse(R"({"serverContent":{"speechState":"SPEECH"}})");
  check::that(message.voice_activity.at(0).start);
  message = parse(R"({"serverContent":{"speechState":"NON_SPEECH"}})");
  check::that(!message.voice_activity.at(0).start);
  message = parse(R"({"voiceActivity":{"type":"TYPE_UNSPECIFIED"}})");
  check::that(message.voice_activity.empty());
}

TEST(test_an_error_in_a_message)
{
  const auto message = parse(R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}})");
  check::equal(message.error,
               std::optional<std::string>(R"({"code":429,"status":"RESOURCE_EXHAUSTED"})"));
}

TEST(test_one_message_may_say_several_things)
{
  const auto message = parse(R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":
      {"mimeType":"audio/pcm;rate=24000","data":"AAABAP//AgA="}}]},
      "outputTranscription":{"text":" done."},"generationComplete":true},
      "usageMetadata":{"totalTokenCount":10}})");
  check::equal(bytes_of(only<SpeechPart>(message.content.parts)), kSamples);
  check::equal(message.content.output->text, " done.");
  check::that(message.content.generation_complete);
  check::equal(message.usage->total, std::optional<std::int64_t>(10));
}

TEST(test_one_message_may_say_everything)
{
  const auto message = parse(R"({"setupComplete":{"sessionId":"s"},
      "serverContent":{"interrupted":true,"turnComplete":true,"inputTranscription":{"text":"i"},
        "outputTranscription":{"text":"o"},"modelTurn":{"parts":[{"text":"t"}]}},
      "toolCall":{"functionCalls":[{"id":"1","name":"f"}]},
      "toolCallCancellation":{"ids":["0"]},"goAway":{"timeLeft":"1s"},
      "sessionResumptionUpdate":{"newHandle":"h","resumable":true},
      "usageMetadata":{"totalTokenCount":1},"voiceActivity":{"type":"ACTIVITY_START"},
      "voiceActivityDetectionSignal":{"vadSignalType":"VAD_SIGNAL_TYPE_SOS"}})");
  const auto &said = message.content;
  check::that(message.setup_complete && said.interrupted && said.turn_complete);
  check::that(said.input && said.output && said.parts.size() == 1);
  check::that(message.calls.size() == 1 && message.cancelled.size() == 1);
  check::that(message.going_away && message.resumption && message.usage);
  check::equal(message.voice_activity.size(), 2u);
  check::that(message.unknown.empty());
}

TEST_MAIN("server_message")
