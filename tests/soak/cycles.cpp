// A pair that goes to PLAYING and back to NULL 500 times leaves nothing behind.
//
// usage: soak-cycles SIMULATOR
#include "process.hpp"

#include "support/pipeline.hpp"

namespace {

constexpr int kWarmUp = 50;
constexpr int kCycles = 500;

void cycle(test::Pipeline &pipeline)
{
  pipeline.play();
  pipeline.wait_state("ready");
  pipeline.stop();
}

} // namespace

int main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  if (argc != 2)
    g_error("usage: %s SIMULATOR", argv[0]);
  const soak::Server server(argv[1], R"({"turns":[]})");
  soak::Holdings before, after;
  {
    test::Pipeline pipeline(
        "audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! geminilivesink api-key=k base-url=" +
        server.url() + " geminilivesrc ! fakesink async=false");
    for (int i = 0; i < kWarmUp; i++)
      cycle(pipeline);
    before = soak::Holdings::at_rest(false);
    for (int i = kWarmUp; i < kCycles * soak::times(); i++)
      cycle(pipeline);
    after = soak::Holdings::at_rest(false);
  }
  return same(before, after) ? 0 : 1;
}
