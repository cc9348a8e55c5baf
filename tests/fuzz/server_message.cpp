// Messages of the service, one a line: read, and their content played and written down.
#include "target.hpp"

#include "gst/geminilive/base/json.hpp"
#include "gst/geminilive/engine/text_feed.hpp"
#include "gst/geminilive/engine/transcript.hpp"
#include "gst/geminilive/engine/turns.hpp"
#include "gst/geminilive/media/playout.hpp"
#include "gst/geminilive/wire/server_message.hpp"
#include "gst/geminilive/wire/tool_response.hpp"

#include <array>
#include <memory>

namespace {

using namespace gemini_live;

constexpr std::int64_t kStep = 700'000; // microseconds between two messages

class Listener {
public:
  void hear(ServerMessage &message)
  {
    now_ += kStep;
    auto &content = message.content;
    if (content.interrupted) {
      turns_.interrupt(now_, Turns::Interruption::by_service);
      playout_.clear();
    }
    if (content.input)
      input_.add(content.input->text, turns_.of_input(now_));
    if (content.output) {
      const auto turn = turns_.of_output();
      output_.begin(turn);
      output_.add(content.output->text, turn);
      playout_.add_caption({turn, content.output->text, content.output->finished});
    }
    for (auto &part : content.parts)
      hear(part);
    for (const auto &call : message.calls)
      fuzz::claim(
          JsonDocument(tool_response_message(call.id, call.name, tool_error("no"))).is_valid());
    if (content.generation_complete)
      playout_.finish(turns_.last());
    if (content.turn_complete) {
      playout_.finish(turns_.complete());
      output_.finish();
    }
    for (int i = 0; i < 4; i++)
      play();
  }

  void hear_out()
  {
    playout_.finish(G_MAXUINT64);
    for (int i = 0; i < 500 && !playout_.is_empty(); i++)
      play();
    const auto counts = playout_.counts();
    fuzz::claim(counts.played <= counts.received);
    for (auto &feed : feeds_)
      while (feed->take())
        ;
    input_.finish();
    output_.finish();
  }

private:
  void hear(Part &part)
  {
    const auto content = turns_.content(now_);
    if (content.abandoned)
      playout_.finish(*content.abandoned);
    if (content.stale)
      return;
    if (auto *speech = std::get_if<SpeechPart>(&part))
      playout_.add_speech(content.turn, speech->rate, std::move(speech->samples));
    else if (const auto *text = std::get_if<TextPart>(&part))
      offer(text->thought ? TextFeed::Kind::thought : TextFeed::Kind::answer, text->text);
    else
      fuzz::claim(!std::get<CodePart>(part).json.empty());
  }

  void play()
  {
    const auto slice = playout_.pull(start_);
    fuzz::claim(slice.samples == bytes_in(Playout::kPeriod, slice.rate) / kSampleBytes);
    fuzz::claim(!slice.bytes ||
                g_bytes_get_size(slice.bytes.get()) == slice.samples * kSampleBytes);
    start_ += Playout::kPeriod;
    for (const auto &caption : slice.captions)
      offer(caption.end ? TextFeed::Kind::output_end : TextFeed::Kind::output, caption.text);
  }

  void offer(TextFeed::Kind kind, std::string_view text)
  {
    for (auto &feed : feeds_)
      feed->offer(kind, text);
  }

  static std::unique_ptr<TextFeed> feed(TextFeed::Which which)
  {
    return std::make_unique<TextFeed>(which, [] {});
  }

  std::int64_t now_ = 0;
  std::uint64_t start_ = 0;
  Turns turns_;
  Transcript input_, output_;
  Playout playout_;
  std::array<std::unique_ptr<TextFeed>, 3> feeds_ = {feed(TextFeed::Which::answer),
                                                     feed(TextFeed::Which::thought),
                                                     feed(TextFeed::Which::conversation)};
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
  Listener listener;
  for (const auto line : fuzz::lines_of(fuzz::text_of(data, size))) {
    std::string error;
    if (auto message = parse_server_message(line, error))
      listener.hear(*message);
    else
      fuzz::claim(!error.empty());
  }
  listener.hear_out();
  return 0;
}
