// An application that is slow learns of the error of a conversation when the next one may have begun.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"

#include <gst/geminilive/geminilive.h>

#include <algorithm>
#include <future>
#include <string>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Simulator;
using test::PadTap;
using test::Pipeline;

// Its error waits behind a handler until go_on().
class Conversation {
public:
  Conversation() : session_(gst_gemini_live_session_new())
  {
    g_object_set(session_, "api-key", "k", "base-url", server_.url().c_str(), nullptr);
    g_signal_connect(session_, "transcript", G_CALLBACK(hear), this);
    g_signal_connect(session_, "error", G_CALLBACK(learn), this);
  }
  ~Conversation() { gst_object_unref(session_); }
  Conversation(const Conversation &) = delete;
  Conversation &operator=(const Conversation &) = delete;

  void add(Pipeline &pipeline, const char *name)
  {
    g_object_set(pipeline[name], "session", session_, nullptr);
  }
  // Returns when it has ended; `events` are those of a source, which wait for no handler.
  void lose_line(const PadTap &events)
  {
    server_.send(R"({"serverContent":{"inputTranscription":{"text":"Hello."}}})");
    heard_.get_future().wait();
    server_.close(1011, "gone");
    events.wait_for([](const auto &all) {
      return std::any_of(all.begin(), all.end(), [](const auto &line) {
        return line.text.find(R"("closed")") != std::string::npos;
      });
    });
  }
  void go_on() { go_on_.set_value(); }
  void wait_error() { told_.get_future().wait(); }

private:
  static void hear(GObject *, const char *, const char *, gboolean final, Conversation *self)
  {
    if (final) // it comes again, as a whole
      return;
    self->heard_.set_value();
    self->go_on_.get_future().wait();
  }
  static void learn(GObject *, GError *, Conversation *self) { self->told_.set_value(); }

  Simulator server_{{.scenario = R"({"turns":[]})"}};
  GstGeminiLiveSession *session_;
  std::promise<void> heard_, go_on_, told_;
};

// A pipeline that hears the model and says what happens.
struct Listener {
  explicit Listener(Conversation &conversation)
  {
    conversation.add(pipeline, "mouth");
    conversation.add(pipeline, "events");
    pipeline.play();
    pipeline.wait_state("ready");
  }

  Pipeline pipeline{
      "geminilivesrc name=mouth ! fakesink geminiliveeventsrc name=events ! fakesink"};
  PadTap events{pipeline["events"], "src", PadTap::Of::text};
};

} // namespace

GST_START_TEST(test_the_error_of_the_last_conversation_is_not_that_of_the_next)
{
  Conversation conversation;
  Listener listener(conversation);
  conversation.lose_line(listener.events);
  listener.pipeline.stop();
  listener.pipeline.play();
  conversation.go_on();
  listener.pipeline.wait_state("ready"); // an error before it fails the test
}
GST_END_TEST;

GST_START_TEST(test_a_pipeline_that_is_ready_again_has_no_error_of_before)
{
  Conversation conversation;
  Listener listener(conversation);
  conversation.lose_line(listener.events);
  // It belongs to the session, but to no conversation yet.
  listener.pipeline.set_state(GST_STATE_READY);
  conversation.go_on();
  conversation.wait_error();
  listener.pipeline.play();
  listener.pipeline.wait_state("ready");
}
GST_END_TEST;

GST_START_TEST(test_who_still_takes_part_in_a_conversation_learns_of_its_error)
{
  Conversation conversation;
  Listener listener(conversation); // the first, since it waits for what only one pipeline is told
  Pipeline other("geminilivetextsrc name=words ! fakesink");
  conversation.add(other, "words");
  other.play();
  conversation.lose_line(listener.events);
  listener.pipeline.stop();
  listener.pipeline.play();
  conversation.go_on();
  const auto text = other.wait_error();
  fail_unless(text.find("gone") != std::string::npos, "%s", text.c_str());
  listener.pipeline.wait_state("ready");
}
GST_END_TEST;

static Suite *late_errors_suite()
{
  Suite *suite = suite_create("late_errors");
  TCase *tcase = tcase_create("late_errors");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_the_error_of_the_last_conversation_is_not_that_of_the_next);
  tcase_add_test(tcase, test_a_pipeline_that_is_ready_again_has_no_error_of_before);
  tcase_add_test(tcase, test_who_still_takes_part_in_a_conversation_learns_of_its_error);
  return suite;
}

GST_CHECK_MAIN(late_errors);
