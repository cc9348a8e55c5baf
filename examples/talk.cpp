// A spoken conversation with the model: its transcript as it comes, its recording, its measures.
//
//   talk               by microphone and speaker until Ctrl-C; without them, by a recorded voice
//   talk --simulated   by the recorded voice; fails unless every utterance is answered and one of
//                      them interrupts the model
//
// Shows geminilivesink and geminilivesrc in one pipeline without a link between them, their
// messages on the bus and their stats, and how to record both sides in step: conversation.wav has
// the user on the left and the model on the right. Everything here but voice.cpp runs on the main
// thread.

#include "voice.hpp"

#include <glib-unix.h>
#include <gst/gst.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

constexpr const char *kRecording = "conversation.wav";

// The recorded voice, with the silence before each utterance in periods of 20 ms. The third one is
// spoken while the model still answers the second.
struct Utterance {
  int silence;
  const char *file;
};
constexpr Utterance kUtterances[] = {{50, "/usr/share/sounds/alsa/Front_Center.wav"},
                                     {250, "/usr/share/sounds/alsa/Rear_Left.wav"},
                                     {225, "/usr/share/sounds/alsa/Side_Right.wav"}};
constexpr int kLastSilence = 100;

// So that the service, too, has something to be interrupted in.
constexpr const char *kInstruction =
    "The user tests loudspeakers and says where they stand. Answer the first and the third time in "
    "one short sentence, the second time with a story of one minute about that loudspeaker.";

// One line per utterance; on a terminal the words appear as they come.
class Console {
public:
  void show_piece(const std::string &speaker, const std::string &text)
  {
    if (is_terminal_)
      print(speaker, text);
  }
  void show_whole(const std::string &speaker, const std::string &text)
  {
    if (speaker != open_)
      print(speaker, text);
    end_line();
  }
  void end_line()
  {
    if (!open_.empty())
      std::puts("");
    open_.clear();
  }

private:
  void print(const std::string &speaker, const std::string &text)
  {
    if (speaker != open_) {
      end_line();
      std::printf("%s:%s", speaker.c_str(), text.starts_with(' ') ? "" : " ");
      open_ = speaker;
    }
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  }

  const bool is_terminal_ = isatty(STDOUT_FILENO) != 0;
  std::string open_; // whose line has no end yet
};

struct Talk {
  GstElement *pipeline = nullptr;
  GMainLoop *loop = nullptr;
  Console console;
  Voice user{500 * GST_MSECOND};
  Voice model{100 * GST_MSECOND};
  std::vector<GstClockTime> interruptions; // running time
  bool is_ending = false;                  // Ctrl-C came
  bool has_failed = false;
};

// An autoaudio element that finds no device takes a fake one.
bool finds_device(const char *factory)
{
  GstElement *element = gst_element_factory_make(factory, nullptr);
  if (!element)
    return false;
  bool found = gst_element_set_state(element, GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS;
  for (const GList *child = GST_BIN_CHILDREN(element); child; child = child->next)
    found = found && !g_str_has_prefix(GST_OBJECT_NAME(child->data), "fake");
  gst_element_set_state(element, GST_STATE_NULL);
  gst_object_unref(element);
  return found;
}

std::string describe_recorded_voice()
{
  const std::string into = " ! audio/x-raw,format=S16LE,rate=24000,channels=1 ! voice.";
  const auto silence = [&into](int periods) {
    return " audiotestsrc wave=silence samplesperbuffer=480 num-buffers=" +
           std::to_string(periods) + into;
  };
  std::string line = "concat name=voice ! tee name=user";
  for (const auto &utterance : kUtterances)
    line += silence(utterance.silence) + " filesrc location=" + utterance.file +
            " ! wavparse ! audioconvert ! audioresample" + into;
  return line + silence(kLastSilence);
}

// Each side goes into the conversation and into the recording. audiointerleave may wait 2 s for a
// side that is late, and the queues before it hold as much; nobody else waits, since only the file
// is behind it. The queue before the speaker is short, for what is in it is heard even after an
// interruption.
std::string describe_pipeline(bool has_devices)
{
  const std::string convert = " ! audioconvert ! audioresample ! ";
  const std::string record = " ! queue max-size-time=0 max-size-bytes=0 max-size-buffers=0" +
                             convert + "audio/x-raw,format=S16LE,rate=24000,channels=1,";
  std::string line =
      has_devices ? "autoaudiosrc name=microphone ! tee name=user" : describe_recorded_voice();
  line += " user." + convert + "geminilivesink name=to_model";
  line += " geminilivesrc name=from_model ! tee name=model";
  if (has_devices)
    line += " model. ! queue max-size-time=40000000" + convert + "autoaudiosink";
  line += " user." + record + "channel-mask=(bitmask)1 ! both.sink_0";
  line += " model." + record + "channel-mask=(bitmask)2 ! both.sink_1";
  line += " audiointerleave name=both latency=2000000000 ! wavenc ! filesink location=";
  return line + kRecording;
}

std::string seconds(GstClockTime time)
{
  char text[32];
  g_snprintf(text, sizeof text, "%.1f s", static_cast<double>(time) / GST_SECOND);
  return text;
}

void fail(Talk &talk, const char *sentence)
{
  if (std::exchange(talk.has_failed, true))
    return;
  talk.console.end_line();
  std::fprintf(stderr, "talk: %s\n", sentence);
}

void show_transcript(Talk &talk, const GstStructure *event)
{
  const bool is_user = g_str_equal(gst_structure_get_string(event, "direction"), "input");
  const char *speaker = is_user ? "user" : "model";
  const char *text = gst_structure_get_string(event, "text");
  gboolean final = FALSE;
  gboolean interim = FALSE;
  gst_structure_get_boolean(event, "final", &final);
  gst_structure_get_boolean(event, "interim", &interim);
  if (final)
    talk.console.show_whole(speaker, text);
  else if (!interim)
    talk.console.show_piece(speaker, text);
}

void show_interruption(Talk &talk, const GstStructure *event)
{
  talk.interruptions.push_back(gst_element_get_current_running_time(talk.pipeline));
  guint64 heard = 0;
  gst_structure_get_uint64(event, "heard", &heard);
  talk.console.end_line();
  std::printf("(interrupted after %s)\n", seconds(heard).c_str());
}

gboolean on_message(GstBus *, GstMessage *message, gpointer data)
{
  auto &talk = *static_cast<Talk *>(data);
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    GError *error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    fail(talk, error->message);
    g_error_free(error);
    g_main_loop_quit(talk.loop);
  } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
    g_main_loop_quit(talk.loop);
  } else if (gst_message_has_name(message, "geminilive/transcript")) {
    show_transcript(talk, gst_message_get_structure(message));
  } else if (gst_message_has_name(message, "geminilive/interrupted")) {
    show_interruption(talk, gst_message_get_structure(message));
  }
  return G_SOURCE_CONTINUE;
}

// The first Ctrl-C closes the microphone, and the model says the rest; the second ends everything.
gboolean on_ctrl_c(gpointer data)
{
  auto &talk = *static_cast<Talk *>(data);
  GstElement *microphone = gst_bin_get_by_name(GST_BIN(talk.pipeline), "microphone");
  const bool was_ending = std::exchange(talk.is_ending, true);
  gst_element_send_event(was_ending ? talk.pipeline : microphone, gst_event_new_eos());
  gst_object_unref(microphone);
  return G_SOURCE_CONTINUE;
}

void run(Talk &talk)
{
  talk.loop = g_main_loop_new(nullptr, FALSE);
  GstBus *bus = gst_element_get_bus(talk.pipeline);
  gst_bus_add_watch(bus, on_message, &talk);
  gst_element_set_state(talk.pipeline, GST_STATE_PLAYING);
  g_main_loop_run(talk.loop);
  gst_bus_remove_watch(bus);
  gst_object_unref(bus);
  g_main_loop_unref(talk.loop);
  talk.console.end_line();
}

using Times = std::vector<GstClockTime>;

// From the end of each utterance to the beginning of the answer.
Times measure_answers(const Talk &talk)
{
  Times times;
  const auto answers = talk.model.stretches();
  for (const auto &utterance : talk.user.stretches())
    for (const auto &answer : answers)
      if (answer.begin > utterance.end) {
        times.push_back(answer.begin - utterance.end);
        break;
      }
  return times;
}

// From each interruption to the end of the speech that it cut off.
Times measure_silences(const Talk &talk)
{
  Times times;
  const auto speech = talk.model.stretches();
  for (const auto interruption : talk.interruptions) {
    GstClockTime end = interruption;
    for (const auto &stretch : speech)
      if (stretch.begin < interruption)
        end = std::max(end, stretch.end);
    times.push_back(end - interruption);
  }
  return times;
}

guint64 get_count(const Talk &talk, const char *name)
{
  GstStructure *stats = nullptr;
  gst_child_proxy_get(GST_CHILD_PROXY(talk.pipeline), "from_model::stats", &stats, nullptr);
  guint64 count = 0;
  gst_structure_get_uint64(stats, name, &count);
  gst_structure_free(stats);
  return count;
}

std::string list(const Times &times)
{
  std::string line;
  for (const auto time : times)
    line += (line.empty() ? "" : ", ") + std::to_string(time / GST_MSECOND) + " ms";
  return line.empty() ? "-" : line;
}

void print_table(const Talk &talk)
{
  const auto row = [](const char *name, const std::string &value) {
    std::printf("%-32s%s\n", name, value.c_str());
  };
  const auto count = [&talk](const char *name) { return std::to_string(get_count(talk, name)); };
  std::puts("");
  row("turns", count("turns"));
  row("interruptions", count("interruptions"));
  row("end of speech to first audio", list(measure_answers(talk)));
  row("interrupted to silence", list(measure_silences(talk)));
  row("model speech heard", seconds(get_count(talk, "audio-played")));
  row("model speech cut off", seconds(get_count(talk, "audio-discarded")));
  row("recording", kRecording);
}

void check(Talk &talk)
{
  const auto utterances = std::size(kUtterances);
  if (get_count(talk, "turns") < utterances || measure_answers(talk).size() < utterances)
    fail(talk, "An utterance was not answered.");
  else if (talk.interruptions.empty())
    fail(talk, "No utterance interrupted the model.");
}

} // namespace

int main(int argc, char **argv)
{
  gst_init(&argc, &argv);
  std::setvbuf(stdout, nullptr, _IOLBF, 0); // lines as they come, into a pipe as well
  const bool is_simulated = argc > 1 && g_str_equal(argv[1], "--simulated");
  const bool has_devices =
      !is_simulated && finds_device("autoaudiosrc") && finds_device("autoaudiosink");

  Talk talk;
  GError *error = nullptr;
  talk.pipeline = gst_parse_launch(describe_pipeline(has_devices).c_str(), &error);
  if (error) {
    std::fprintf(stderr, "talk: %s\n", error->message);
    return EXIT_FAILURE;
  }
  talk.user.listen_at(talk.pipeline, "to_model", "sink");
  talk.model.listen_at(talk.pipeline, "from_model", "src");
  if (has_devices) {
    std::puts("Speak, best with headphones. Ctrl-C ends the conversation.");
    g_unix_signal_add(SIGINT, on_ctrl_c, &talk);
  } else {
    gst_child_proxy_set(GST_CHILD_PROXY(talk.pipeline), "from_model::system-instruction",
                        kInstruction, nullptr);
    if (!is_simulated)
      std::puts("No microphone and speaker found, a recorded voice speaks.");
  }
  run(talk);
  if (!talk.has_failed)
    print_table(talk);
  if (is_simulated && !talk.has_failed)
    check(talk);
  gst_element_set_state(talk.pipeline, GST_STATE_NULL);
  gst_object_unref(talk.pipeline);
  return talk.has_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
