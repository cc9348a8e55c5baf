// The user is not heard: because the application says so, or because the model speaks.

#include "support/harnessed.hpp"
#include "support/pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace {

using gemini_live_simulator::Received;
using test::PadTap;
using test::Pipeline;
using Kind = Received::Kind;
using Samples = std::vector<std::int16_t>;

struct Ear : test::Harnessed {
  explicit Ear(const Properties &properties)
      : Harnessed("geminilivesink", R"({"turns":[]})", properties)
  {
    gst_harness_set_src_caps_str(
        harness, "audio/x-raw,format=S16LE,rate=16000,channels=1,layout=interleaved");
  }

  void hear(const Samples &samples)
  {
    GstBuffer *buffer = gst_buffer_new_memdup(samples.data(), samples.size() * 2);
    fail_unless_equals_int(gst_harness_push(harness, buffer), GST_FLOW_OK);
  }
  void wait_for(std::size_t samples)
  {
    fail_unless(server.wait_for([&](const auto &) { return sent().size() >= samples; }));
  }
  // Until some of it is sent.
  void hear_again(std::int16_t sample)
  {
    bool sent_again = false;
    for (unsigned i = 0; i < 400 && !sent_again; i++) {
      hear(Samples(320, sample));
      sent_again = server.wait_for(
          [&](const auto &) {
            const auto all = sent();
            return !all.empty() && all.back() == sample;
          },
          std::chrono::milliseconds(50));
    }
    fail_unless(sent_again);
  }
  Samples sent() const
  {
    const auto bytes = server.audio();
    Samples samples(bytes.size() / 2);
    if (!samples.empty())
      std::memcpy(samples.data(), bytes.data(), samples.size() * 2);
    return samples;
  }
  bool has_sent(std::int16_t sample) const
  {
    const auto all = sent();
    return std::find(all.begin(), all.end(), sample) != all.end();
  }
};

// The model's mouth in a pipeline of its own, with a second of speech to say.
struct Mouth {
  explicit Mouth(Ear &ear, std::size_t samples = 24000, bool to_the_end = true)
      : pipeline("geminilivesrc name=mouth session-name=talk ! fakesink sync=true"),
        tap(pipeline["mouth"], "src")
  {
    pipeline.set_state(GST_STATE_PAUSED);
    ear.server.send_audio(test::marked_samples(samples));
    if (to_the_end)
      ear.server.send(R"({"serverContent":{"generationComplete":true}})");
    ear.server.send(R"({"usageMetadata":{}})"); // behind it
    gst_message_unref(pipeline.wait_element("usage"));
  }

  // To the end of what there is.
  void speak()
  {
    pipeline.play();
    tap.wait_for([](const auto &all) {
      const auto is_speech = [](const auto &one) { return one.samples.front() != 0; };
      return std::any_of(all.begin(), all.end(), is_speech) && !is_speech(all.back());
    });
  }

  Pipeline pipeline;
  PadTap tap;
};

} // namespace

GST_START_TEST(test_what_is_muted_is_not_sent)
{
  Ear ear({});
  ear.wait_ready();
  ear.hear(Samples(1600, 1));
  g_object_set(ear.element(), "mute", TRUE, nullptr);
  ear.hear(Samples(1600, 2));
  // The service need not wait for silence that does not come.
  fail_unless(ear.server.wait_for(
      [](const auto &all) { return all.back().kind == Kind::audio_stream_end; }));
  ear.hear(Samples(1600, 3));
  g_object_set(ear.element(), "mute", FALSE, nullptr);
  ear.hear(Samples(1600, 4));
  ear.wait_for(3200);
  auto expected = Samples(1600, 1);
  expected.resize(3200, 4);
  fail_unless(ear.sent() == expected);
}
GST_END_TEST;

GST_START_TEST(test_nobody_is_heard_while_the_model_speaks)
{
  Ear ear({{"session-name", "talk"}, {"mute-while-speaking", "true"}, {"tail-mute", "0"}});
  ear.wait_ready();
  ear.hear(Samples(1600, 1)); // nobody else can speak yet
  ear.wait_for(1600);
  Mouth mouth(ear);
  ear.hear(Samples(1600, 2)); // it is about to speak
  mouth.speak();
  ear.hear_again(3);
  fail_unless(!ear.has_sent(2));
  const auto all = ear.sent();
  assert_equals_uint64(static_cast<guint64>(std::count(all.begin(), all.end(), 1)), 1600);
}
GST_END_TEST;

GST_START_TEST(test_the_last_word_lingers)
{
  Ear ear(
      {{"session-name", "talk"}, {"mute-while-speaking", "true"}, {"tail-mute", "60000000000"}});
  ear.wait_ready();
  Mouth mouth(ear);
  mouth.speak();
  for (int i = 0; i < 10; i++)
    ear.hear(Samples(320, 2));
  g_object_set(ear.element(), "tail-mute", guint64{0}, nullptr);
  ear.hear_again(3);
  fail_unless(!ear.has_sent(2));
}
GST_END_TEST;

GST_START_TEST(test_who_waits_for_more_does_not_speak)
{
  // What is less than a period is not played until more of the turn comes.
  Ear ear({{"session-name", "talk"}, {"mute-while-speaking", "true"}, {"tail-mute", "0"}});
  ear.wait_ready();
  Mouth mouth(ear, 4900, false);
  mouth.speak();
  ear.hear_again(3);
}
GST_END_TEST;

GST_START_TEST(test_whom_nobody_hears_nobody_mutes)
{
  // There is no source, so what the model says is let go.
  Ear ear({{"mute-while-speaking", "true"}, {"tail-mute", "60000000000"}});
  ear.wait_ready();
  ear.server.send_audio(test::marked_samples(24000));
  ear.server.send(R"({"serverContent":{"generationComplete":true}})");
  ear.expect("geminilive/generation-complete");
  ear.hear(Samples(1600, 1));
  ear.wait_for(1600);
}
GST_END_TEST;

static Suite *mute_suite()
{
  Suite *suite = suite_create("mute");
  TCase *tcase = tcase_create("mute");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_what_is_muted_is_not_sent);
  tcase_add_test(tcase, test_nobody_is_heard_while_the_model_speaks);
  tcase_add_test(tcase, test_the_last_word_lingers);
  tcase_add_test(tcase, test_who_waits_for_more_does_not_speak);
  tcase_add_test(tcase, test_whom_nobody_hears_nobody_mutes);
  return suite;
}

GST_CHECK_MAIN(mute);
