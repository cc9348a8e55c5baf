// A child process per text, a cache, and the built-in stand-in.
#include "voice.hpp"

#include "glib.hpp"

#include <cctype>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string_view>
#include <utility>

namespace gemini_live_simulator {
namespace {

std::uint32_t little_endian(const std::uint8_t *bytes, unsigned count)
{
  std::uint32_t value = 0;
  for (unsigned i = 0; i < count; ++i)
    value |= static_cast<std::uint32_t>(bytes[i]) << 8 * i;
  return value;
}

bool is_vowel(char c)
{
  return std::string_view("aeiouyAEIOUY").find(c) != std::string_view::npos;
}

// How strongly a mouth in the shape of an open vowel lets a frequency pass.
double resonance(double frequency)
{
  double sum = 0;
  for (const double formant : {650.0, 1100.0, 2500.0}) {
    const double distance = (frequency - formant) / 120;
    sum += 1 / (1 + distance * distance);
  }
  return sum;
}

// A vowel that swells and fades, its pitch falling a little.
void append_burst(Samples &out, double pitch, unsigned milliseconds)
{
  const auto count = Voice::rate / 1000 * milliseconds;
  const int harmonics = static_cast<int>(3600 / pitch);
  double phase = 0;
  for (unsigned i = 0; i < count; ++i) {
    const double at = static_cast<double>(i) / count;
    const double envelope = std::sin(std::numbers::pi * at);
    phase += 2 * std::numbers::pi * pitch * (1.05 - 0.1 * at) / Voice::rate;
    double wave = 0;
    for (int harmonic = 1; harmonic <= harmonics; ++harmonic)
      wave += std::sin(phase * harmonic) * resonance(pitch * harmonic);
    out.push_back(static_cast<std::int16_t>(3500 * envelope * wave));
  }
}

} // namespace

struct Voice::State {
  struct Job { // rides on the asynchronous call
    std::weak_ptr<State> state;
    std::string text;
  };

  std::map<std::string, Spoken> spoken;
  std::map<std::string, std::vector<Done>> waiting;
  ObjectPtr<GCancellable> cancellable{g_cancellable_new()};

  void finish(const std::string &text, Samples samples)
  {
    if (samples.empty())
      samples = tone_speech(text);
    const auto ready = std::make_shared<const Samples>(std::move(samples));
    spoken[text] = ready;
    const auto dones = std::move(waiting[text]);
    waiting.erase(text);
    for (const auto &done : dones)
      done(ready);
  }

  static void on_spoken(GObject *source, GAsyncResult *result, gpointer data)
  {
    const std::unique_ptr<Job> job(static_cast<Job *>(data));
    GBytes *out = nullptr;
    const bool good =
        g_subprocess_communicate_finish(G_SUBPROCESS(source), result, &out, nullptr, nullptr);
    const BytesPtr wav(out);
    const auto state = job->state.lock();
    if (!state)
      return;
    Samples samples;
    if (good && out && g_subprocess_get_successful(G_SUBPROCESS(source))) {
      gsize size = 0;
      const auto *bytes = static_cast<const std::uint8_t *>(g_bytes_get_data(out, &size));
      samples = samples_of_wav({bytes, bytes + size}, rate);
    }
    state->finish(job->text, std::move(samples));
  }
};

Voice::Voice() : state_(std::make_shared<State>()) {}

Voice::~Voice()
{
  g_cancellable_cancel(state_->cancellable.get());
}

void Voice::speak(const std::string &text, Done done)
{
  if (const auto known = state_->spoken.find(text); known != state_->spoken.end()) {
    done(known->second);
    return;
  }
  auto &waiting = state_->waiting[text];
  waiting.push_back(std::move(done));
  if (waiting.size() > 1)
    return;
  const ObjectPtr<GSubprocess> process(g_subprocess_new(
      static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                    G_SUBPROCESS_FLAGS_STDERR_SILENCE),
      nullptr, "espeak-ng", "--stdin", "--stdout", "-v", "en", "-s", "165", nullptr));
  if (!process) {
    state_->finish(text, {});
    return;
  }
  // By stdin: a text may begin with a dash.
  const BytesPtr in(g_bytes_new(text.data(), text.size()));
  g_subprocess_communicate_async(process.get(), in.get(), state_->cancellable.get(),
                                 &State::on_spoken, new State::Job{state_, text});
}

Samples tone_speech(const std::string &text)
{
  Samples out;
  bool in_vowel = false;
  unsigned syllables = 0;
  for (const char c : text) {
    if (is_vowel(c) && !in_vowel)
      append_burst(out, 110 + 15 * (syllables++ % 4), 150);
    in_vowel = is_vowel(c);
    if (c == ' ')
      out.insert(out.end(), Voice::rate * 40 / 1000, 0);
    if (c == '.' || c == ',' || c == '?' || c == '!')
      out.insert(out.end(), Voice::rate * 150 / 1000, 0);
  }
  if (syllables == 0)
    append_burst(out, 110, 200);
  return out;
}

Samples samples_of_wav(const std::vector<std::uint8_t> &wav, unsigned to_rate)
{
  if (wav.size() < 12 || std::memcmp(wav.data(), "RIFF", 4) != 0 ||
      std::memcmp(wav.data() + 8, "WAVE", 4) != 0)
    return {};
  unsigned from_rate = 0;
  for (std::size_t at = 12; at + 8 <= wav.size();) {
    const auto *chunk = wav.data() + at;
    const std::size_t rest = wav.size() - at - 8;
    const std::size_t size = little_endian(chunk + 4, 4);
    if (std::memcmp(chunk, "fmt ", 4) == 0 && rest >= 16) {
      if (little_endian(chunk + 10, 2) != 1 || little_endian(chunk + 22, 2) != 16)
        return {};
      from_rate = little_endian(chunk + 12, 4);
    }
    // Written to a pipe, the size of the data is not known beforehand: take what there is.
    if (std::memcmp(chunk, "data", 4) == 0 && from_rate > 0)
      return resample(samples_from_bytes({chunk + 8, std::min(size, rest)}), from_rate, to_rate);
    if (size > rest)
      return {};
    at += 8 + size + size % 2;
  }
  return {};
}

} // namespace gemini_live_simulator
