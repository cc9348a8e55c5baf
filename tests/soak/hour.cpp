// An hour of conversation on a clock that is moved by hand: a question every so often, and its
// answer played to the end. Nothing may be lost, and nothing may be left behind.
//
// usage: soak-hour SIMULATOR
#include "process.hpp"

#include "simulator/pcm.hpp"
#include "simulator/voice.hpp"
#include "support/pipeline.hpp"

#include <gst/check/gsttestclock.h>

#include <atomic>
#include <vector>

namespace {

constexpr GstClockTime kHour = 3600 * GST_SECOND;
constexpr GstClockTime kWarmUp = 360 * GST_SECOND;
constexpr GstClockTime kAfterwards =
    10 * GST_SECOND; // from one answer's arrival to the next question
constexpr const char *kScenario =
    R"({"speed":0,"turns":[{"on":"speech","heard":"What now?","say":"This goes on for an hour."}]})";

class Conversation {
public:
  explicit Conversation(const std::string &url)
      : clock_(GST_TEST_CLOCK(gst_test_clock_new())),
        pipeline_("appsrc name=voice format=time block=true max-bytes=64000 "
                  "caps=audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved ! "
                  "geminilivesink api-key=k base-url=" +
                  url + " geminilivesrc name=mouth ! fakesink name=speaker sync=false async=false")
  {
    gst_pipeline_use_clock(GST_PIPELINE(pipeline_.get()), GST_CLOCK(clock_));
    GstPad *pad = gst_element_get_static_pad(pipeline_["mouth"], "src");
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, count_audible, &audible_, nullptr);
    gst_object_unref(pad);
    auto samples = gemini_live_simulator::resample(
        gemini_live_simulator::tone_speech("what comes next in this long conversation"),
        gemini_live_simulator::Voice::rate, 16000);
    samples.resize(samples.size() + 2 * 16000); // the silence that ends a question
    question_ = gst_buffer_new_memdup(samples.data(), samples.size() * sizeof samples[0]);
    pipeline_.play();
    pipeline_.wait_state("ready");
  }
  ~Conversation()
  {
    pipeline_.stop();
    gst_buffer_unref(question_);
    gst_object_unref(clock_);
  }

  GstClockTime now() const { return gst_clock_get_time(GST_CLOCK(clock_)); }
  unsigned turns() const { return turns_; }

  // One question and its answer.
  void turn()
  {
    GstFlowReturn flow = GST_FLOW_OK;
    g_signal_emit_by_name(pipeline_["voice"], "push-buffer", question_, &flow);
    if (flow != GST_FLOW_OK)
      g_error("the question is not taken");
    gst_message_unref(pipeline_.wait_element("generation-complete"));
    const auto silent = audible_.load();
    pass(kAfterwards);
    if (audible_ < silent + 20)
      g_error("the answer of turn %u is not heard", turns_);
    turns_++;
  }

private:
  static GstPadProbeReturn count_audible(GstPad *, GstPadProbeInfo *info, gpointer count)
  {
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    if (!GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_GAP) &&
        gst_buffer_memcmp(buffer, 0, "\0\0", 2))
      ++*static_cast<std::atomic<unsigned> *>(count);
    return GST_PAD_PROBE_OK;
  }

  // The clock goes on whenever everybody who follows it waits for it.
  void pass(GstClockTime time)
  {
    const auto until = now() + time;
    while (now() < until)
      gst_test_clock_crank(clock_);
  }

  GstTestClock *clock_;
  test::Pipeline pipeline_;
  GstBuffer *question_;
  std::atomic<unsigned> audible_ = 0;
  unsigned turns_ = 0;
};

} // namespace

int main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  if (argc != 2)
    g_error("usage: %s SIMULATOR", argv[0]);
  const soak::Server server(argv[1], kScenario);
  Conversation conversation(server.url());
  while (conversation.now() < kWarmUp)
    conversation.turn();
  const auto before = soak::Holdings::at_rest(true);
  const auto end = kHour * static_cast<GstClockTime>(soak::times());
  while (conversation.now() < end)
    conversation.turn();
  const auto after = soak::Holdings::at_rest(true);
  g_print("%u turns\n", conversation.turns());
  return same(before, after) ? 0 : 1;
}
