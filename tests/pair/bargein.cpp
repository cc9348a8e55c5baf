// The user interrupts the model.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"

#include <algorithm>
#include <future>
#include <string>
#include <thread>
#include <utility>

#include <gst/base/gstbasesrc.h>
#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Simulator;
using test::PadTap;
using test::Pipeline;

struct Conversation {
  explicit Conversation(const std::string &rest = "", const std::string &properties = "")
      : server({.scenario = R"({"turns":[]})"}),
        pipeline("geminilivesrc name=mouth api-key=k base-url=" + server.url() + " " + properties +
                 " ! fakesink name=speaker sync=true " + rest),
        tap(pipeline["mouth"], "src")
  {
    pipeline.play();
    pipeline.wait_state("ready");
  }

  // Ten seconds of speech, of which some have left the source when this returns.
  void speak()
  {
    server.send_audio(test::marked_samples(240000));
    tap.wait_for(
        [](const auto &passed) { return !passed.empty() && passed.back().samples[0] != 0; });
  }

  Simulator server;
  Pipeline pipeline;
  PadTap tap;
};

guint64 field(GstMessage *message, const char *name)
{
  guint64 value = 0;
  fail_unless(gst_structure_get_uint64(gst_message_get_structure(message), name, &value), "%s",
              name);
  return value;
}

constexpr std::int16_t kUnheard = 32000; // more than any marked sample

bool is_audible(const test::Sample &buffer)
{
  return std::any_of(buffer.samples.begin(), buffer.samples.end(),
                     [](std::int16_t sample) { return sample != 0; });
}

// They are short, so whoever looks late finds silence behind them.
bool has_last_words(const std::vector<test::Sample> &all)
{
  return std::any_of(all.begin(), all.end(),
                     [](const auto &one) { return one.samples.back() == 1234; });
}

// What an appsink of that name has, when it comes.
std::string next_text(Pipeline &pipeline, const char *name)
{
  GstSample *sample = nullptr;
  g_signal_emit_by_name(pipeline[name], "try-pull-sample", 20 * GST_SECOND, &sample);
  fail_unless(sample != nullptr);
  GstBuffer *buffer = gst_sample_get_buffer(sample);
  std::string text(gst_buffer_get_size(buffer), ' ');
  gst_buffer_extract(buffer, 0, text.data(), text.size());
  gst_sample_unref(sample);
  return text;
}

GstPadProbeReturn hold(GstPad *, GstPadProbeInfo *, gpointer)
{
  return GST_PAD_PROBE_OK;
}

} // namespace

GST_START_TEST(test_an_interruption_empties_the_source)
{
  Conversation talk;
  talk.speak();
  talk.server.send(R"({"serverContent":{"interrupted":true}})");
  GstMessage *message = talk.pipeline.wait_element("interrupted");
  const auto passed = talk.tap.buffers().size();
  const auto heard = field(message, "heard"), discarded = field(message, "discarded");
  assert_equals_uint64(field(message, "turn"), 1);
  gst_message_unref(message);
  // One period may have been on its way and one may hold the fade; then there is silence.
  talk.tap.wait_for([&](const auto &all) { return all.size() >= passed + 10; });
  const auto all = talk.tap.buffers();
  const auto stale =
      std::count_if(all.begin() + static_cast<std::ptrdiff_t>(passed), all.end(), is_audible);
  fail_unless(stale <= 2, "%d stale periods", static_cast<int>(stale));
  fail_unless(discarded > 5 * GST_SECOND && discarded < 10 * GST_SECOND);
  fail_unless(heard < 5 * GST_SECOND);
}
GST_END_TEST;

GST_START_TEST(test_the_next_turn_is_heard_from_its_beginning)
{
  Conversation talk;
  talk.speak();
  for (const char *message :
       {R"({"serverContent":{"interrupted":true}})", R"({"serverContent":{"turnComplete":true}})"})
    talk.server.send(message);
  gst_message_unref(talk.pipeline.wait_element("turn-complete"));
  const auto before = talk.tap.buffers().size();
  const std::vector<std::int16_t> answer(4800, 1234);
  talk.server.send_audio(answer);
  talk.server.send(R"({"serverContent":{"generationComplete":true}})");
  talk.tap.wait_for([&](const auto &all) {
    return all.size() > before + 5 && all.back().samples[0] == 0 &&
           std::any_of(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
                       [](const auto &one) { return one.samples[0] == 1234; });
  });
  std::size_t heard = 0;
  for (const auto sample : talk.tap.samples())
    heard += sample == 1234 ? 1 : 0;
  fail_unless(heard >= answer.size(), "%zu samples", heard);
}
GST_END_TEST;

GST_START_TEST(test_audio_with_the_interruption_is_stale)
{
  Conversation talk;
  talk.speak();
  // What comes in the message of the interruption, or before the turn is complete, is not heard.
  g_autofree gchar *base64 =
      g_base64_encode(reinterpret_cast<const guchar *>(std::string(9600, '\x7f').data()), 9600);
  const auto audio = R"({"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm","data":")" +
                     std::string(base64) + R"("}}]})";
  talk.server.send(R"({"serverContent":)" + audio + R"(,"interrupted":true}})");
  talk.server.send(R"({"serverContent":)" + audio + "}}");
  talk.server.send(R"({"serverContent":{"turnComplete":true}})");
  gst_message_unref(talk.pipeline.wait_element("turn-complete"));
  const auto passed = talk.tap.buffers().size();
  talk.tap.wait_for([&](const auto &all) { return all.size() >= passed + 10; });
  for (const auto sample : talk.tap.samples())
    fail_if(sample == 0x7f7f); // which no marked sample is
}
GST_END_TEST;

GST_START_TEST(test_words_that_were_not_heard_are_not_shown)
{
  Conversation talk("geminilivetextsrc name=words which=conversation ! appsink name=end");
  talk.server.send(R"({"serverContent":{"outputTranscription":{"text":"heard"}}})");
  talk.speak();
  talk.server.send(R"({"serverContent":{"outputTranscription":{"text":" unheard"}}})");
  talk.server.send_audio(test::marked_samples(24000));
  talk.server.send(R"({"serverContent":{"interrupted":true}})");
  const auto shown = next_text(talk.pipeline, "end");
  assert_equals_string(shown.c_str(), "model: heard\n");
}
GST_END_TEST;

// They come with audio that is dropped.
GST_START_TEST(test_words_behind_the_interruption_are_not_shown)
{
  Conversation talk("geminilivetextsrc which=conversation ! appsink name=end");
  talk.server.send(R"({"serverContent":{"outputTranscription":{"text":"heard"}}})");
  talk.speak();
  talk.server.send(
      R"({"serverContent":{"interrupted":true,"outputTranscription":{"text":" with it"}}})");
  talk.server.send(R"({"serverContent":{"outputTranscription":{"text":" late"}}})");
  talk.server.send(R"({"serverContent":{"turnComplete":true}})");
  talk.server.send(R"({"serverContent":{"outputTranscription":{"text":"Next."}}})");
  talk.server.send_audio(test::marked_samples(2400));
  talk.server.send(R"({"serverContent":{"turnComplete":true}})");
  for (const char *line : {"model: heard\n", "model: Next.\n"}) {
    const auto shown = next_text(talk.pipeline, "end");
    assert_equals_string(shown.c_str(), line);
  }
}
GST_END_TEST;

// Its end is never said, so it ends where the next answer begins.
GST_START_TEST(test_what_was_said_of_an_interrupted_turn_is_told)
{
  Conversation talk;
  talk.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"One."}]}}})");
  talk.server.send(
      R"({"serverContent":{"interrupted":true,"turnCompleteReason":"NEED_MORE_INPUT"}})");
  GstMessage *message = nullptr;
  do {
    gst_clear_message(&message);
    talk.server.send(R"({"serverContent":{"modelTurn":{"parts":[{"text":"Two."}]}},)"
                     R"("usageMetadata":{"totalTokenCount":1}})");
    message = talk.pipeline.wait([](GstMessage *one) {
      return gst_message_has_name(one, "geminilive/usage") ||
             gst_message_has_name(one, "geminilive/turn-complete");
    });
  } while (gst_message_has_name(message, "geminilive/usage"));
  const auto *fields = gst_message_get_structure(message);
  assert_equals_string(gst_structure_get_string(fields, "reason"), "NEED_MORE_INPUT");
  gst_message_unref(message);
}
GST_END_TEST;

GST_START_TEST(test_a_voice_interrupts_the_model)
{
  Simulator server({.scenario = R"({"turns":[
      {"on":"start","speed":0,"say":"This is a very long speech that goes on and on, about nothing at all, and then some more, until somebody at last has the courage to speak up."},
      {"on":"speech","heard":"Stop.","say":"All right."}]})"});
  Pipeline pipeline(
      "filesrc location=/usr/share/sounds/alsa/Front_Center.wav ! wavparse ! audioconvert ! "
      "audioresample name=user ! geminilivesink api-key=k base-url=" +
      server.url() + " geminilivesrc name=mouth ! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  // The user begins when the model is heard.
  GstPad *voice = gst_element_get_static_pad(pipeline["user"], "src");
  const auto silence =
      gst_pad_add_probe(voice, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, hold, nullptr, nullptr);
  pipeline.play();
  tap.wait_for([](const auto &all) { return std::any_of(all.begin(), all.end(), is_audible); });
  gst_pad_remove_probe(voice, silence);
  gst_object_unref(voice);
  GstMessage *message = pipeline.wait_element("interrupted");
  fail_unless(field(message, "discarded") > 0);
  gst_message_unref(message);
  pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_the_application_silences_the_model)
{
  Conversation talk;
  talk.speak();
  g_signal_emit_by_name(talk.pipeline["mouth"], "interrupt");
  GstMessage *message = talk.pipeline.wait_element("interrupted");
  const auto passed = talk.tap.buffers().size();
  assert_equals_uint64(field(message, "turn"), 1);
  const auto discarded = field(message, "discarded");
  gst_message_unref(message);
  // The service does not know and goes on, but nobody hears the rest.
  talk.server.send_audio(std::vector<std::int16_t>(24000, kUnheard));
  talk.server.send(R"({"serverContent":{"turnComplete":true}})");
  gst_message_unref(talk.pipeline.wait_element("turn-complete"));
  talk.server.send_audio(std::vector<std::int16_t>(4800, 1234));
  talk.tap.wait_for(has_last_words);
  const auto all = talk.tap.buffers();
  const auto stale =
      std::count_if(all.begin() + static_cast<std::ptrdiff_t>(passed), all.end(),
                    [](const auto &one) { return is_audible(one) && one.samples.back() != 1234; });
  fail_unless(stale <= 3, "%d stale periods", static_cast<int>(stale));
  // Nothing else of the ten seconds has left the source, however long that took.
  const auto before =
      std::count_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(passed), is_audible);
  fail_unless(discarded + static_cast<guint64>(before + 1) * 20 * GST_MSECOND >= 10 * GST_SECOND);
  for (const auto sample : talk.tap.samples())
    fail_unless(sample != kUnheard);
}
GST_END_TEST;

GST_START_TEST(test_there_is_nothing_to_silence)
{
  Conversation talk;
  g_signal_emit_by_name(talk.pipeline["mouth"], "interrupt");
  // What is sent shows that it has been carried out.
  gboolean sent = FALSE;
  g_signal_emit_by_name(talk.pipeline["mouth"], "send-text", "hello", &sent);
  fail_unless(sent && talk.server.wait_for([](const auto &all) {
    return all.back().kind == gemini_live_simulator::Received::Kind::text;
  }));
  talk.server.send_audio(std::vector<std::int16_t>(4800, 1234));
  talk.tap.wait_for(has_last_words);
  for (GstMessage *message : talk.pipeline.drain()) {
    fail_unless(!gst_message_has_name(message, "geminilive/interrupted"));
    gst_message_unref(message);
  }
}
GST_END_TEST;

GstPadProbeReturn tell(GstPad *, GstPadProbeInfo *info, gpointer flushed)
{
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_FLUSH_START)
    return GST_PAD_PROBE_OK;
  static_cast<std::promise<void> *>(flushed)->set_value();
  return GST_PAD_PROBE_REMOVE;
}

// A sink that takes nothing of the first turn until it has been interrupted, and a queue that holds it.
struct Behind {
  explicit Behind(bool flush)
      : server({.scenario = R"({"turns":[]})"}),
        pipeline("geminilivesrc name=mouth api-key=k base-url=" + server.url() +
                 " flush-on-interrupt=" + (flush ? "true" : "false") +
                 " ! queue max-size-time=0 max-size-buffers=0 ! fakesink name=end sync=true"),
        out(pipeline["mouth"], "src"), in(pipeline["end"], "sink")
  {
    pipeline.play();
    pipeline.wait_state("ready");
    in.wait_for([](const auto &all) { return !all.empty(); });
    std::promise<void> waits, flushed, *waiting = &waits;
    GstPad *pad = gst_element_get_static_pad(pipeline["end"], "sink");
    const auto held = gst_pad_add_probe(
        pad, GstPadProbeType(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
        [](GstPad *, GstPadProbeInfo *, gpointer data) {
          if (auto *&first = *static_cast<std::promise<void> **>(data))
            std::exchange(first, nullptr)->set_value();
          return GST_PAD_PROBE_OK;
        },
        &waiting, nullptr);
    waits.get_future().wait(); // with silence
    if (flush)
      gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_FLUSH, tell, &flushed, nullptr);
    server.send_audio(test::marked_samples(240000));
    out.wait_for([](const auto &all) { return !all.empty() && all.back().samples[0] != 0; });
    server.send(R"({"serverContent":{"interrupted":true}})");
    server.send(R"({"serverContent":{"turnComplete":true}})");
    gst_message_unref(pipeline.wait_element("turn-complete"));
    if (flush)
      flushed.get_future().wait();
    gst_pad_remove_probe(pad, held);
    gst_object_unref(pad);
    server.send_audio(std::vector<std::int16_t>(4800, 1234));
    server.send(R"({"serverContent":{"generationComplete":true}})");
    in.wait_for(
        [](const auto &all) { return has_last_words(all) && all.back().samples.back() == 0; });
  }

  // Of the first turn, and of the second.
  std::size_t stale() const
  {
    std::size_t count = 0;
    for (const auto sample : in.samples())
      count += sample != 0 && sample != 1234 ? 1 : 0;
    return count;
  }
  std::size_t fresh() const
  {
    const auto all = in.samples();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), 1234));
  }

  Simulator server;
  Pipeline pipeline;
  PadTap out, in;
};

GST_START_TEST(test_a_flush_empties_what_is_downstream)
{
  Behind behind(true);
  assert_equals_uint64(behind.stale(), 0);
  fail_unless(behind.fresh() >= 4800, "%zu samples", behind.fresh());
  // The timeline goes on, with one mark where something is missing.
  const auto all = behind.in.buffers();
  const auto holes =
      std::count_if(all.begin() + 1, all.end(), [](const auto &one) { return one.discont; });
  fail_unless_equals_int(static_cast<int>(holes), 1);
  for (std::size_t i = 1; i < all.size(); i++)
    fail_unless(all[i].pts >= all[i - 1].pts + all[i - 1].duration);
}
GST_END_TEST;

GST_START_TEST(test_a_flush_ends_though_the_source_stops_meanwhile)
{
  Conversation talk("", "flush-on-interrupt=true");
  PadTap end(talk.pipeline["speaker"], "sink");
  struct Flush {
    GstElement *source;
    std::thread stopping;
  } flush{talk.pipeline["mouth"], {}};
  GstPad *in = gst_element_get_static_pad(talk.pipeline["speaker"], "sink");
  gst_pad_add_probe(
      in, GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      [](GstPad *, GstPadProbeInfo *info, gpointer data) {
        if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_FLUSH_START)
          return GST_PAD_PROBE_OK;
        auto &[source, stopping] = *static_cast<Flush *>(data);
        stopping =
            std::thread([element = source] { gst_element_set_state(element, GST_STATE_READY); });
        while (GST_PAD_IS_ACTIVE(GST_BASE_SRC_PAD(source)))
          std::this_thread::yield();
        return GST_PAD_PROBE_REMOVE;
      },
      &flush, nullptr);
  gst_object_unref(in);
  talk.speak();
  talk.server.send(R"({"serverContent":{"interrupted":true}})");
  gst_message_unref(talk.pipeline.wait([&](GstMessage *message) {
    GstState state = GST_STATE_VOID_PENDING;
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_STATE_CHANGED ||
        GST_MESSAGE_SRC(message) != GST_OBJECT(flush.source))
      return false;
    gst_message_parse_state_changed(message, nullptr, &state, nullptr);
    return state == GST_STATE_READY;
  }));
  flush.stopping.join();
  const auto before = end.buffers().size();
  gst_element_set_state(flush.source, GST_STATE_PLAYING);
  end.wait_for([&](const auto &all) { return all.size() > before + 5; });
}
GST_END_TEST;

GST_START_TEST(test_nothing_is_flushed_unless_asked_for)
{
  Behind behind(false);
  fail_unless(behind.stale() > 0);
  fail_unless(behind.fresh() >= 4800, "%zu samples", behind.fresh());
  const auto all = behind.in.buffers();
  fail_unless(
      std::none_of(all.begin() + 1, all.end(), [](const auto &one) { return one.discont; }));
}
GST_END_TEST;

static Suite *bargein_suite()
{
  Suite *suite = suite_create("barge-in");
  TCase *tcase = tcase_create("barge-in");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_an_interruption_empties_the_source);
  tcase_add_test(tcase, test_the_next_turn_is_heard_from_its_beginning);
  tcase_add_test(tcase, test_audio_with_the_interruption_is_stale);
  tcase_add_test(tcase, test_words_that_were_not_heard_are_not_shown);
  tcase_add_test(tcase, test_words_behind_the_interruption_are_not_shown);
  tcase_add_test(tcase, test_what_was_said_of_an_interrupted_turn_is_told);
  tcase_add_test(tcase, test_a_voice_interrupts_the_model);
  tcase_add_test(tcase, test_the_application_silences_the_model);
  tcase_add_test(tcase, test_there_is_nothing_to_silence);
  tcase_add_test(tcase, test_a_flush_empties_what_is_downstream);
  tcase_add_test(tcase, test_a_flush_ends_though_the_source_stops_meanwhile);
  tcase_add_test(tcase, test_nothing_is_flushed_unless_asked_for);
  return suite;
}

GST_CHECK_MAIN(bargein);
