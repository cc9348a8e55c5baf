// Speech as base64, one message a line, and the user's samples on their way out.
//
// A line may begin with a digit and a blank, which selects the rate.
#include "target.hpp"

#include "gst/geminilive/base/json.hpp"
#include "gst/geminilive/media/playout.hpp"
#include "gst/geminilive/wire/client_message.hpp"
#include "gst/geminilive/wire/server_message.hpp"

#include <algorithm>
#include <cstring>

namespace {

using namespace gemini_live;

constexpr const char *kRates[] = {"",           ";rate=8000",   ";rate=16000", ";rate=24000",
                                  ";rate=1000", ";rate=384000", ";rate=22051", ";rate=x"};

// JSON cannot hold these as they are, and another fuzz target looks at JSON.
std::string unquoted(std::string_view text)
{
  std::string plain(text);
  std::erase_if(plain, [](char c) { return c < ' ' || c == '"' || c == '\\' || c == 127; });
  return plain;
}

void hear(std::string_view line, Playout &playout)
{
  std::size_t rate = 0;
  if (line.size() > 1 && line[1] == ' ' && line[0] >= '0' && line[0] < '8') {
    rate = static_cast<std::size_t>(line[0] - '0');
    line.remove_prefix(2);
  }
  std::string error;
  auto message = parse_server_message(
      std::string(
          R"({"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm)") +
          kRates[rate] + R"(","data":")" + unquoted(line) + R"("}}]}}})",
      error);
  fuzz::claim(message.has_value());
  for (auto &part : message->content.parts) {
    auto &speech = std::get<SpeechPart>(part);
    fuzz::claim(g_bytes_get_size(speech.samples.get()) <= line.size() / 4 * 3 + 3);
    fuzz::claim(playout.add_speech(1, speech.rate, std::move(speech.samples)));
  }
}

void play(Playout &playout)
{
  playout.finish(1);
  for (int i = 0; i < 10'000 && !playout.is_empty(); i++) {
    const auto slice = playout.pull(std::nullopt);
    fuzz::claim(!slice.bytes ||
                g_bytes_get_size(slice.bytes.get()) == slice.samples * kSampleBytes);
  }
  const auto counts = playout.counts();
  fuzz::claim(playout.is_empty() && counts.discarded == 0 && playout.queued() == 0);
  fuzz::claim(counts.played == counts.received);
}

void send(const std::uint8_t *data, std::size_t size)
{
  std::string text;
  write_audio_message({data, size}, text);
  const JsonDocument document(text);
  const auto encoded = document.root()["realtimeInput"]["audio"]["data"].text();
  fuzz::claim(encoded.has_value());
  gsize length = 0;
  guchar *decoded = g_base64_decode(std::string(*encoded).c_str(), &length);
  fuzz::claim(length == size && (size == 0 || std::memcmp(decoded, data, size) == 0));
  g_free(decoded);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
  send(data, size);
  const auto text = fuzz::text_of(data, size);
  if (!g_utf8_validate(text.data(), static_cast<gssize>(size), nullptr))
    return 0;
  Playout playout;
  for (const auto line : fuzz::lines_of(text))
    hear(line, playout);
  play(playout);
  return 0;
}
