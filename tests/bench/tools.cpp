// What calls of the model cost: memory, time, and the audio that goes on meanwhile.
//
//   memory:    growth over 10,000 calls, one after the other, when 1,000 of them are over
//   parallel:  200 calls in one message, each answered by a timer after 100 ms, until the service has all
//              answers
//   gap:       audio output while a handler blocks for 10 s and the model speaks
//
// The service of the first is a process of its own, so that its log does not count.
//
// usage: tools SIMULATOR

#include "simulator/simulator.hpp"
#include "soak/process.hpp"
#include "support/pipeline.hpp"
#include "support/stats.hpp"

#include <gst/geminilive/geminilive.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <future>
#include <string>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::PadTap;
using test::Pipeline;

constexpr const char *kQuiet = R"({"turns":[]})";
constexpr unsigned kCalls = 10'000, kWarm = 1'000, kParallel = 200;
constexpr unsigned kTimer = 100; // ms
constexpr GstClockTime kBlocked = 10 * GST_SECOND;

double milliseconds(std::int64_t microseconds)
{
  return static_cast<double>(microseconds) / 1000;
}

GstGeminiLiveSession *open_session(const std::string &url)
{
  auto *session = gst_gemini_live_session_new();
  g_object_set(session, "api-key", "k", "base-url", url.c_str(), "model",
               "gemini-2.5-flash-native-audio-latest", nullptr);
  GError *error = nullptr;
  if (!gst_gemini_live_session_open(session, &error))
    g_error("%s", error->message);
  return session;
}

// Asks once more for each turn that is complete.
struct Asker {
  std::atomic<unsigned> turns = 0;
  std::promise<void> warm, done;
  std::shared_future<void> go_on;
};

void measure_memory(const char *simulator)
{
  std::string turns;
  for (unsigned i = 0; i < kCalls; i++)
    turns += R"(,{"on":"text","tool":{"name":"look","args":{"at":"sky"}},"say":""})";
  const soak::Server server(
      simulator, (R"({"profile":"gemini-2.5","turns":[)" + turns.substr(1) + "]}").c_str());
  auto *session = open_session(server.url());
  Asker asker;
  std::promise<void> go_on;
  asker.go_on = go_on.get_future();
  g_signal_connect(session, "tool-call",
                   G_CALLBACK(+[](GstGeminiLiveSession *self, const char *id, const char *,
                                  const char *, gpointer) -> gboolean {
                     return gst_gemini_live_session_send_tool_response(self, id, "\"blue\"",
                                                                       nullptr);
                   }),
                   nullptr);
  g_signal_connect(session, "turn-complete",
                   G_CALLBACK(+[](GstGeminiLiveSession *self, guint64, const char *, Asker *to) {
                     const auto turn = ++to->turns;
                     if (turn == kWarm) {
                       to->warm.set_value();
                       to->go_on.wait();
                     }
                     if (turn == kCalls)
                       to->done.set_value();
                     else
                       gst_gemini_live_session_send_text(self, "look", nullptr);
                   }),
                   &asker);
  gst_gemini_live_session_send_text(session, "look", nullptr);
  asker.warm.get_future().wait();
  const auto before = soak::Holdings::at_rest(true);
  const auto start = g_get_monotonic_time();
  go_on.set_value();
  asker.done.get_future().wait();
  const auto time = g_get_monotonic_time() - start;
  const auto after = soak::Holdings::at_rest(true);
  std::printf("memory: %u calls, after the first %u: %+.0f KiB resident, %.2f ms a call\n", kCalls,
              kWarm,
              (static_cast<double>(after.resident) - static_cast<double>(before.resident)) / 1024,
              milliseconds(time) / (kCalls - kWarm));
  gst_gemini_live_session_close(session);
  g_object_unref(session);
}

struct Timed {
  GstGeminiLiveSession *session;
  std::string id;
};

gboolean answer(gpointer data)
{
  auto *timed = static_cast<Timed *>(data);
  gst_gemini_live_session_send_tool_response(timed->session, timed->id.c_str(), "1", nullptr);
  return G_SOURCE_REMOVE;
}

void measure_parallel()
{
  Simulator server({.scenario = kQuiet});
  auto *session = open_session(server.url());
  GMainLoop *loop = g_main_loop_new(nullptr, FALSE);
  GThread *timers = g_thread_new(
      "timers",
      [](gpointer data) -> gpointer {
        g_main_loop_run(static_cast<GMainLoop *>(data));
        return nullptr;
      },
      loop);
  g_signal_connect(session, "tool-call",
                   G_CALLBACK(+[](GstGeminiLiveSession *self, const char *id, const char *,
                                  const char *, gpointer) -> gboolean {
                     g_timeout_add_full(G_PRIORITY_DEFAULT, kTimer, answer, new Timed{self, id},
                                        [](gpointer data) { delete static_cast<Timed *>(data); });
                     return TRUE;
                   }),
                   nullptr);
  server.wait_for([](const auto &all) { return all.size() >= 2; });
  std::string calls;
  for (unsigned i = 0; i < kParallel; i++)
    calls += R"(,{"id":")" + std::to_string(i) + R"(","name":"look"})";
  const auto start = g_get_monotonic_time();
  server.send(R"({"toolCall":{"functionCalls":[)" + calls.substr(1) + "]}}");
  const auto is_answer = [](const auto &one) { return one.kind == Received::Kind::tool_response; };
  server.wait_for([&](const auto &all) {
    return std::count_if(all.begin(), all.end(), is_answer) >= std::ptrdiff_t{kParallel};
  });
  std::printf("parallel: %u calls, answered after %u ms each: all after %.1f ms\n", kParallel,
              kTimer, milliseconds(server.received().back().at - start));
  g_main_loop_quit(loop);
  g_thread_join(timers);
  g_main_loop_unref(loop);
  gst_gemini_live_session_close(session);
  g_object_unref(session);
}

void measure_gap()
{
  Simulator server({.scenario = kQuiet});
  Pipeline pipeline("geminilivesrc name=mouth post-messages=false api-key=k base-url=" +
                    server.url() + " ! fakesink sync=true");
  PadTap tap(pipeline["mouth"], "src");
  g_signal_connect(pipeline["mouth"], "tool-call",
                   G_CALLBACK(+[](GstElement *, const char *, const char *, const char *,
                                  PadTap *passed) -> gboolean {
                     const auto end = passed->buffers().back().pts + kBlocked;
                     passed->wait_for([&](const auto &all) { return all.back().pts > end; });
                     return TRUE;
                   }),
                   &tap);
  pipeline.play();
  server.wait_for([](const auto &all) { return all.size() >= 2; });
  tap.wait_for([](const auto &all) { return all.size() > 50; });
  server.send(R"({"toolCall":{"functionCalls":[{"id":"a","name":"look"}]}})");
  server.send(R"({"serverContent":{"turnComplete":true}})");
  server.send_audio(test::marked_samples(24'000 * 8));
  server.send(R"({"serverContent":{"turnComplete":true}})");
  tap.wait_for([](const auto &all) { return all.back().pts > all[50].pts + kBlocked; });
  GstClockTime lost = 0;
  std::int64_t longest = 0;
  const auto all = tap.buffers();
  for (std::size_t i = 51; i < all.size(); i++) {
    lost += all[i].pts - (all[i - 1].pts + all[i - 1].duration);
    longest = std::max(longest, all[i].at - all[i - 1].at);
  }
  const auto underruns = test::stat_of(pipeline["mouth"], "underruns");
  std::printf("gap: handler blocks 10 s: %.1f ms missing, %" G_GUINT64_FORMAT
              " underruns, longest time between periods of 20 ms: %.1f ms\n",
              static_cast<double>(lost) / GST_MSECOND, underruns, milliseconds(longest));
}

} // namespace

int main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  measure_memory(argv[1]);
  measure_parallel();
  measure_gap();
  return 0;
}
