// What we say, compared by its meaning.
#include "json_check.hpp"

#include "gst/geminilive/wire/client_message.hpp"

#include <random>

using namespace gemini_live;
using check::means;

namespace {

std::string audio_message(std::span<const std::uint8_t> samples)
{
  std::string out;
  write_audio_message(samples, out);
  return out;
}

} // namespace

TEST(test_audio)
{
  const std::uint8_t samples[] = {0, 0, 1, 0, 0xff, 0xff, 2, 0};
  means(audio_message(samples),
        R"({"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":"AAABAP//AgA="}}})");
}

TEST(test_audio_of_any_size_comes_back_from_base64)
{
  std::mt19937 random(1);
  std::string out; // used again, as the engine does
  for (std::size_t size = 0; size <= 1000; size++) {
    std::vector<std::uint8_t> samples(size);
    for (auto &byte : samples)
      byte = static_cast<std::uint8_t>(random());
    write_audio_message(samples, out);
    const auto node = check::parse(out);
    auto *input = json_object_get_object_member(json_node_get_object(node.get()), "realtimeInput");
    auto *audio = json_object_get_object_member(input, "audio");
    const char *data = json_object_get_string_member(audio, "data");
    gsize decoded_size = 0;
    guchar *decoded = g_base64_decode(data, &decoded_size);
    check::equal(decoded_size, size, "size");
    check::that(std::equal(samples.begin(), samples.end(), decoded));
    check::equal(std::string_view(data).size(), (size + 2) / 3 * 4, "padded size");
    g_free(decoded);
  }
}

TEST(test_a_shorter_message_leaves_nothing_of_a_longer_one)
{
  std::string out;
  const std::vector<std::uint8_t> longer(1000, 0xff), shorter(2, 0);
  write_audio_message(longer, out);
  write_audio_message(shorter, out);
  check::equal(out, audio_message(shorter));
}

TEST(test_text)
{
  means(text_message("Hi"), R"({"realtimeInput":{"text":"Hi"}})");
}

TEST(test_text_with_everything_that_needs_care)
{
  for (const std::string text :
       {"\"quoted\" and \\slashed\\", "line\nline\r\n\ttab", "🙂 ä 日本語", "\x01\x1f",
        "</script>", "{\"json\":[1]}", "a%sb%n", ""}) {
    const auto node = check::parse(text_message(text));
    auto *input = json_object_get_object_member(json_node_get_object(node.get()), "realtimeInput");
    check::equal(json_object_get_string_member(input, "text"), text);
    check::equal(json_object_get_size(input), 1u);
  }
}

TEST(test_the_end_of_the_audio)
{
  means(audio_stream_end_message(), R"({"realtimeInput":{"audioStreamEnd":true}})");
}

TEST(test_the_activity_of_the_user)
{
  means(activity_start_message(), R"({"realtimeInput":{"activityStart":{}}})");
  means(activity_end_message(), R"({"realtimeInput":{"activityEnd":{}}})");
}

TEST(test_content)
{
  const struct {
    const char *turns;
    bool complete;
    const char *message;
  } kExamples[] = {
      {R"([{"role":"user","parts":[{"text":"Hello"}]}])", true,
       R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"Hello"}]}],
           "turnComplete":true}})"},
      {R"([{"role":"user","parts":[{"text":"My name is Ada."}]},
           {"role":"model","parts":[{"text":"Nice to meet you."}]}])",
       false,
       R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"My name is Ada."}]},
           {"role":"model","parts":[{"text":"Nice to meet you."}]}],"turnComplete":false}})"},
      {R"({"role":"user","parts":[{"inlineData":{"mimeType":"image/jpeg",
           "data":"/9j/4AAQSkZJRgD/2Q=="}},{"text":"What is this?"}]})",
       true,
       R"({"clientContent":{"turns":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/jpeg",
           "data":"/9j/4AAQSkZJRgD/2Q=="}},{"text":"What is this?"}]}],"turnComplete":true}})"},
      {R"({"role":"user","parts":[{"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgo="}}]})",
       true,
       R"({"clientContent":{"turns":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png",
           "data":"iVBORw0KGgo="}}]}],"turnComplete":true}})"},
      {"[]", true, R"({"clientContent":{"turnComplete":true}})"},
  };
  for (const auto &example : kExamples) {
    std::string why;
    const auto content = parse_content(example.turns, example.complete, why);
    check::that(content.has_value(), why);
    means(content_message(*content), example.message);
  }
}

TEST(test_content_that_the_service_would_end_the_session_for)
{
  const struct {
    const char *turns, *why;
  } kWrong[] = {
      {"", "no JSON"},
      {"[{]", "no JSON"},
      {"\"Hello\"", "no array"},
      {"[1]", "it must be an object"},
      {R"([{"parts":[{"text":"Hello"}]}])", "role"},
      {R"([{"role":"function","parts":[{"text":"Hello"}]}])", "role"},
      {R"([{"role":"user","parts":[{"text":"a"}]},{"role":"model"}])", "parts"},
      {R"([{"role":"user","parts":[]}])", "parts"},
      {R"([{"role":"user","parts":["Hello"]}])", "parts"},
      {R"({"role":"user","parts":"Hello"})", "parts"},
  };
  for (const auto &wrong : kWrong) {
    std::string why;
    check::that(!parse_content(wrong.turns, true, why), wrong.turns);
    check::contains(why, wrong.why);
  }
}

TEST(test_another_context)
{
  const struct {
    std::optional<std::string_view> instruction, tools;
    const char *message;
  } kExamples[] = {
      {std::nullopt,
       R"([{"functionDeclarations":[{"name":"hang_up","description":"End the call.",
           "behavior":"NON_BLOCKING"}]}])",
       R"({"contextUpdate":{"tools":{"tools":[{"functionDeclarations":[{"name":"hang_up",
           "description":"End the call.","behavior":"NON_BLOCKING"}]}]}}})"},
      {std::nullopt, "[]", R"({"contextUpdate":{"tools":{"tools":[]}}})"},
      {"Now answer in French.", std::nullopt,
       R"({"contextUpdate":{"systemInstruction":{"parts":[{"text":"Now answer in French."}]}}})"},
  };
  for (const auto &example : kExamples) {
    std::string why;
    const auto update = parse_context_update(example.instruction, example.tools, why);
    check::that(update.has_value(), why);
    means(context_update_message(*update), example.message);
  }
  std::string why;
  check::that(!parse_context_update(std::nullopt, std::nullopt, why));
  check::that(!parse_context_update("Hi", "{}", why));
  check::contains(why, "must be a list");
}

TEST(test_video)
{
  const std::uint8_t image[] = {0xff, 0xd8, 0xff};
  means(video_message("image/jpeg", image),
        R"({"realtimeInput":{"video":{"mimeType":"image/jpeg","data":"/9j/"}}})");
}

TEST_MAIN("client_message")
