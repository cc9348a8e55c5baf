// What the service says of a turn: voice, words, and how the turn goes on.
#include "server_message_check.hpp"

#include <random>

using namespace gemini_live;

namespace {

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

} // namespace

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
  check::that(waiting.turn_complete && waiting.turn_end.waiting_for_input && !waiting.interrupted);
  check::that(!content(R"({"turnComplete":false})").turn_complete);
  check::that(content(R"({"turnComplete":"true"})").turn_complete);
}

TEST(test_why_a_turn_is_complete)
{
  check::equal(
      content(R"({"turnComplete":true,"turnCompleteReason":"NEED_MORE_INPUT"})").turn_end.reason,
      "NEED_MORE_INPUT");
  check::equal(content(R"({"turnComplete":true,"interactionStatus":"IN_PROGRESS"})")
                   .turn_end.interaction_status,
               "IN_PROGRESS");
  check::equal(
      content(R"({"turnComplete":true,"interactionStatus":"IDLE"})").turn_end.interaction_status,
      "IDLE");
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

TEST_MAIN("server_content")
