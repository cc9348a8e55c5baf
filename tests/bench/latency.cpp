// How long a sample takes, each way, against the simulator on loopback.
//
//   up:    microphone buffer at the sink pad → its message read by the server
//   down:  message given to the server to send → its samples in the playout
//   stop:  `interrupted` given to the server to send → last stale sample leaving the source pad
//
// The times of the last two include the server's own queue, so they are upper bounds.

#include "gst/geminilive/engine/engine.hpp"
#include "gst/geminilive/net/endpoint.hpp"
#include "gst/geminilive/wire/client_message.hpp"
#include "gst/geminilive/wire/setup.hpp"
#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using gemini_live::Engine;
using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::PadTap;
using test::Pipeline;

constexpr const char *kQuietServer = R"({"turns":[]})";

void print(const char *name, std::vector<double> milliseconds)
{
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto at = [&](double share) {
    return milliseconds[static_cast<std::size_t>(share *
                                                 static_cast<double>(milliseconds.size() - 1))];
  };
  std::printf("%-46s p50 %7.3f  p99 %7.3f  max %7.3f ms  (%zu)\n", name, at(0.5), at(0.99),
              milliseconds.back(), milliseconds.size());
}

// The microphone gives 20 ms, which is a chunk, so all that is measured is beyond the chunk.
void measure_up()
{
  constexpr std::size_t kBuffers = 500;
  Simulator server({.scenario = kQuietServer});
  Pipeline pipeline("audiotestsrc is-live=true samplesperbuffer=320 wave=white-noise ! "
                    "audio/x-raw,rate=16000 ! geminilivesink name=ear api-key=k base-url=" +
                    server.url());
  PadTap tap(pipeline["ear"], "sink");
  pipeline.play();
  pipeline.wait_state("ready");
  tap.wait_for([](const auto &passed) { return passed.size() >= kBuffers; });
  server.wait_for([](const auto &all) { return all.size() >= kBuffers + 2; });
  std::vector<double> times;
  const auto passed = tap.buffers();
  std::size_t index = 0;
  for (const auto &one : server.received())
    if (one.kind == Received::Kind::audio && index < passed.size()) {
      // What waited for the connection says nothing.
      if (index > 50)
        times.push_back(static_cast<double>(one.at - passed[index].at) / 1000);
      index++;
    }
  print("up: sink pad to server", times);
}

void measure_down()
{
  Simulator server({.scenario = kQuietServer});
  auto engine =
      Engine::start({.name = "bench",
                     .request = {.url = gemini_live::endpoint_url(
                                     server.url(),
                                     "/ws/google.ai.generativelanguage.v1beta.GenerativeService."
                                     "BidiGenerateContent",
                                     false, nullptr),
                                 .headers = {{"x-goog-api-key", gemini_live::Secret("k")}},
                                 .route = {.direct = true}},
                     .shown_url = "bench",
                     .setup = gemini_live::make_setup({}, {}, {}, nullptr)->message,
                     .connect_timeout = 10 * gemini_live::kSecond,
                     .drain_timeout = gemini_live::kSecond,
                     .max_offline_audio = gemini_live::kSecond,
                     .input_transcripts = true,
                     .output_transcripts = true,
                     .has_source = true},
                    [](const auto &, gemini_live::Event) {});
  server.wait_for([](const auto &all) { return all.size() >= 2; });
  const auto speech = test::marked_samples(5760); // 240 ms, as the service sends it
  std::vector<double> times;
  for (int i = 0; i < 300; i++) {
    const auto before = engine->playout().counts().received;
    const auto start = g_get_monotonic_time();
    server.send_audio(speech);
    while (engine->playout().counts().received == before)
      g_thread_yield();
    times.push_back(static_cast<double>(g_get_monotonic_time() - start) / 1000);
    engine->playout().clear();
  }
  engine->close();
  print("down: server to playout, 240 ms a message", times);
}

void measure_stop()
{
  Simulator server({.scenario = kQuietServer});
  Pipeline pipeline("geminilivesrc name=mouth post-messages=false api-key=k base-url=" +
                    server.url() + " ! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  pipeline.play();
  server.wait_for([](const auto &all) { return all.size() >= 2; });
  std::vector<double> times;
  for (int i = 0; i < 50; i++) {
    const auto before = tap.buffers().size();
    server.send_audio(test::marked_samples(48000));
    const auto is_speech = [](const test::Sample &one) { return one.samples[0] != 0; };
    tap.wait_for([&](const auto &all) { return all.size() > before + 5 && is_speech(all.back()); });
    const auto sent = g_get_monotonic_time();
    server.send(R"({"serverContent":{"interrupted":true,"turnComplete":true}})");
    tap.wait_for([&](const auto &all) { return !is_speech(all.back()); });
    const auto all = tap.buffers();
    const auto last = std::find_if(all.rbegin(), all.rend(), is_speech);
    times.push_back(static_cast<double>(std::max<std::int64_t>(last->at - sent, 0)) / 1000);
  }
  print("stop: interrupted to last stale sample", times);
}

} // namespace

int main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  measure_up();
  measure_down();
  measure_stop();
  return 0;
}
