// What the service can say: every key is read, whatever comes with it or instead of it.
#include "check.hpp"

#include "gst/geminilive/wire/server_message.hpp"

#include <algorithm>
#include <functional>
#include <random>

using namespace gemini_live;

namespace {

ServerMessage parse(std::string_view json, check::Where where = check::Where::current())
{
  std::string error;
  auto message = parse_server_message(json, error);
  check::that(message.has_value(), std::string(json.substr(0, 200)) + ": " + error, where);
  return std::move(*message);
}

// Of `{"serverContent": json}`.
ServerContent content(const std::string &json, check::Where where = check::Where::current())
{
  return parse(R"({"serverContent":)" + json + "}", where).content;
}

// Of `{"serverContent":{"modelTurn":{"parts": json}}}`.
std::vector<Part> parts(const std::string &json, check::Where where = check::Where::current())
{
  return content(R"({"modelTurn":{"role":"model","parts":)" + json + "}}", where).parts;
}

template <class T>
const T &only(const std::vector<Part> &all, check::Where where = check::Where::current())
{
  check::equal(all.size(), 1u, "parts", where);
  check::that(std::holds_alternative<T>(all[0]), "another part", where);
  return std::get<T>(all[0]);
}

std::string bytes_of(const SpeechPart &part)
{
  gsize size = 0;
  const auto *data = static_cast<const char *>(g_bytes_get_data(part.samples.get(), &size));
  return size ? std::string(data, size) : std::string();
}

const std::string kSamples{"\0\0\1\0\xff\xff\2\0", 8}; // "AAABAP//AgA="

void is_error(std::string_view json, check::Where where = check::Where::current())
{
  std::string error;
  check::that(!parse_server_message(json, error), "it is accepted", where);
  check::that(!error.empty(), "no error", where);
}

bool is_empty(const ServerMessage &message)
{
  const auto &said = message.content;
  return !message.setup_complete && message.calls.empty() && message.cancelled.empty() &&
         !message.going_away && !message.resumption && message.voice_activity.empty() &&
         !message.usage && !message.error && said.parts.empty() && !said.generation_complete &&
         !said.turn_complete && !said.interrupted && !said.waiting_for_input &&
         said.turn_complete_reason.empty() && said.interaction_status.empty() && !said.input &&
         !said.interim_input && !said.output && !said.grounding && !said.url_context;
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

TEST(test_audio)
{
  const auto gemini =
      parts(R"([{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AAABAP//AgA="}}])");
  check::equal(only<SpeechPart>(gemini).rate, 24000u);
  check::equal(bytes_of(only<SpeechPart>(gemini)), kSamples);
  const auto vertex = parts(R"([{"inlineData":{"mimeType":"audio/pcm","data":"AAABAP//AgA="}}])");
  check::equal(only<SpeechPart>(vertex).rate, 24000u);
}

TEST(test_the_rate_is_that_of_the_mime_type)
{
  const struct {
    const char *mime;
    unsigned rate;
  } rates[] = {
      {"audio/pcm;rate=16000", 16000},          {"audio/pcm; rate=48000", 48000},
      {"audio/pcm;rate=8000;channels=1", 8000}, {"audio/pcm;channels=1;rate=44100", 44100},
      {"audio/pcm;channels=1", 24000},          {"audio/pcm;bitrate=64000;rate=16000", 16000}};
  for (const auto &[mime, rate] : rates) {
    const auto all =
        parts(R"([{"inlineData":{"mimeType":")" + std::string(mime) + R"(","data":"AAA="}}])");
    check::equal(only<SpeechPart>(all).rate, rate, mime);
  }
}

TEST(test_what_is_no_pcm_is_no_speech_and_is_named)
{
  for (const auto *mime : {"audio/mpeg", "image/png", "", "audio/pcm;rate=0", "audio/pcm;rate=x",
                           "audio/pcm;rate=99999999999", "audio/pcm;rate=-1", "audio/pcmu"}) {
    const auto message =
        parse(R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":")" +
              std::string(mime) + R"(","data":"AAA="}}]}}})");
    check::that(message.content.parts.empty(), mime);
    check::equal(message.unknown.size(), 1u, mime);
    check::that(message.unknown[0].starts_with("serverContent.modelTurn.parts.inlineData"),
                message.unknown[0]);
  }
}

TEST(test_audio_of_any_size_comes_from_base64)
{
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 300; size++) {
    std::string samples(size, 0);
    for (auto &byte : samples)
      byte = static_cast<char>(random());
    gchar *data = g_base64_encode(reinterpret_cast<const guchar *>(samples.data()), size);
    const auto all =
        parts(R"([{"inlineData":{"mimeType":"audio/pcm","data":")" + std::string(data) + R"("}}])");
    g_free(data);
    check::equal(bytes_of(only<SpeechPart>(all)), samples);
  }
}

TEST(test_base64_may_be_written_in_several_ways)
{
  for (const auto *data : {"+/+/AAE=", "-_-_AAE=", "-_-_AAE", "+/+/ AAE=", R"(+/+/\r\nAAE=\n)"}) {
    const auto all =
        parts(R"([{"inlineData":{"mimeType":"audio/pcm","data":")" + std::string(data) + R"("}}])");
    check::equal(bytes_of(only<SpeechPart>(all)), std::string_view("\xfb\xff\xbf\0\1", 5), data);
  }
}

TEST(test_audio_that_is_no_base64_is_not_played)
{
  for (const auto *data : {"=", "====", "A", "AAAAA", "!!!!", "AAA*", "ä🙂", "AA=A", "AAAA="}) {
    const auto said =
        content(R"({"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm","data":")" +
                std::string(data) + R"("}}]}})");
    check::that(said.parts.empty(), data);
    check::that(said.unplayable.has_value(), data);
  }
  check::that(
      bytes_of(only<SpeechPart>(parts(R"([{"inlineData":{"mimeType":"audio/pcm","data":""}}])")))
          .empty());
}

TEST(test_text_and_thoughts)
{
  const auto thought = parts(R"([{"text":"Considering the weather.","thought":true}])");
  check::equal(only<TextPart>(thought).text, "Considering the weather.");
  check::that(only<TextPart>(thought).thought);
  const auto before = parts(R"([{"thought":true,"text":"a","thoughtSignature":"AAAA"}])");
  check::that(only<TextPart>(before).thought);
  const auto answer = parts(R"([{"text":"It is sunny."}])");
  check::equal(only<TextPart>(answer).text, "It is sunny.");
  check::that(!only<TextPart>(answer).thought);
}

TEST(test_code)
{
  const auto all = parts(R"([{"executableCode":{"language":"PYTHON","code":"print(1+1)\n"}},
      {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"2\n"}}])");
  check::equal(all.size(), 2u);
  const auto &code = std::get<CodePart>(all[0]);
  check::that(!code.result);
  check::equal(code.json, R"({"language":"PYTHON","code":"print(1+1)\n"})");
  const auto &result = std::get<CodePart>(all[1]);
  check::that(result.result);
  check::contains(result.json, "OUTCOME_OK");
  const auto alone = parts(R"([{"codeExecutionResult":{"outcome":"OUTCOME_OK",
      "output":"Looking up information on Google Search."}}])");
  check::that(only<CodePart>(alone).result);
}

TEST(test_parts_keep_their_order)
{
  const auto all = parts(R"([{"text":"a"},{"inlineData":{"mimeType":"audio/pcm","data":"AAA="}},
      {"text":"b"}])");
  check::equal(all.size(), 3u);
  check::equal(std::get<TextPart>(all[0]).text, "a");
  check::that(std::holds_alternative<SpeechPart>(all[1]));
  check::equal(std::get<TextPart>(all[2]).text, "b");
}

TEST(test_transcripts)
{
  auto said = content(R"({"outputTranscription":{"text":" Hello"}})");
  check::that(said.output && !said.input && !said.interim_input);
  check::equal(said.output->text, " Hello");
  check::that(!said.output->finished);
  said = content(R"({"inputTranscription":{"text":" what time is it"}})");
  check::that(said.input && !said.output);
  check::equal(said.input->text, " what time is it");
  said = content(R"({"interimInputTranscription":{"text":"what ti"}})");
  check::that(said.interim_input && !said.input);
  check::equal(said.interim_input->text, "what ti");
}

TEST(test_transcripts_that_open_and_end_without_words)
{
  auto said = content(R"({"outputTranscription":{}})");
  check::that(said.output && said.output->text.empty() && !said.output->finished);
  said = content(R"({"outputTranscription":{"finished":true}})");
  check::that(said.output && said.output->text.empty() && said.output->finished);
}

TEST(test_transcripts_with_the_newer_fields)
{
  const auto said = content(R"({"inputTranscription":{"text":"hi","finished":true,
      "languageCode":"en","speakerLabel":"1","startOffset":"1s","endOffset":"2s",
      "words":[{"word":"hi","startOffset":"1s","endOffset":"2s"}]}})");
  check::equal(said.input->text, "hi");
  check::that(said.input->finished);
}

TEST(test_each_flag_of_a_turn)
{
  const auto said = content(R"({"generationComplete":true})");
  check::that(said.generation_complete && !said.turn_complete && !said.interrupted);
  check::that(content(R"({"turnComplete":true})").turn_complete);
  check::that(content(R"({"interrupted":true})").interrupted);
  const auto waiting = content(R"({"turnComplete":true,"waitingForInput":true})");
  check::that(waiting.turn_complete && waiting.waiting_for_input && !waiting.interrupted);
  check::that(!content(R"({"turnComplete":false})").turn_complete);
  check::that(content(R"({"turnComplete":"true"})").turn_complete);
}

TEST(test_why_a_turn_is_complete)
{
  check::equal(content(R"({"turnComplete":true,"turnCompleteReason":"NEED_MORE_INPUT"})")
                   .turn_complete_reason,
               "NEED_MORE_INPUT");
  check::equal(
      content(R"({"turnComplete":true,"interactionStatus":"IN_PROGRESS"})").interaction_status,
      "IN_PROGRESS");
  check::equal(content(R"({"turnComplete":true,"interactionStatus":"IDLE"})").interaction_status,
               "IDLE");
}

TEST(test_the_interaction_status_may_stand_beside_a_tool_call)
{
  const auto message = parse(
      R"({"toolCall":{"functionCalls":[{"id":"1","name":"f"}]},"interactionStatus":"IN_PROGRESS"})");
  check::equal(message.content.interaction_status, "IN_PROGRESS");
  check::equal(message.calls.size(), 1u);
}

TEST(test_grounding_and_url_context)
{
  auto said = content(R"({"groundingMetadata":{"webSearchQueries":["weather oslo"]}})");
  check::equal(said.grounding,
               std::optional<std::string>(R"({"webSearchQueries":["weather oslo"]})"));
  said = content(R"({"urlContextMetadata":{"urlMetadata":[{"retrievedUrl":"https://example.org/",
      "urlRetrievalStatus":"URL_RETRIEVAL_STATUS_SUCCESS"}]}})");
  check::that(said.url_context.has_value());
  check::contains(*said.url_context, "https://example.org/");
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
      check::equal(message.content.interaction_status, "IDLE", json);
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

TEST_MAIN("server_message")
