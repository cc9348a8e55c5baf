// Scripts: commands in, events out, over pipes as a shell has them; and what is seen meanwhile.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"

#include <json-glib/json-glib.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::at;
using test::PadTap;
using test::Pipeline;
using Kind = Received::Kind;

// The two ends of a pipe.
struct Pipe {
  Pipe() { fail_unless(pipe(ends) == 0); }
  ~Pipe()
  {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe &) = delete;
  Pipe &operator=(const Pipe &) = delete;

  int reader() const { return ends[0]; }
  int writer() const { return ends[1]; }
  void close_reader() { close_end(0); }
  void close_writer() { close_end(1); }

private:
  void close_end(int which)
  {
    if (ends[which] >= 0)
      close(ends[which]);
    ends[which] = -1;
  }

  int ends[2] = {-1, -1};
};

// A pipeline that is driven by lines, and nothing but lines.
struct Script {
  explicit Script(const Simulator &server, const std::string &more = "")
      : pipeline("fdsrc fd=" + std::to_string(commands.reader()) + " ! geminiliveeventsink" +
                 at(server) + "geminiliveeventsrc ! fdsink fd=" + std::to_string(events.writer()) +
                 " " + more),
        lines(fdopen(dup(events.reader()), "r"))
  {
    pipeline.play();
  }
  ~Script()
  {
    pipeline.stop();
    std::fclose(lines);
  }

  void say(const std::string &line)
  {
    const auto text = line + "\n";
    fail_unless(write(commands.writer(), text.data(), text.size()) ==
                static_cast<ssize_t>(text.size()));
  }
  // The next line that begins so; an empty one if there are no more.
  std::string wait_for(const std::string &beginning)
  {
    char *line = nullptr;
    std::size_t size = 0;
    std::string found;
    while (found.empty() && getline(&line, &size, lines) > 0)
      if (std::string_view(line).starts_with(beginning))
        found = line;
    free(line);
    return found;
  }
  void expect(const std::string &beginning)
  {
    const auto line = wait_for(beginning);
    fail_unless(!line.empty(), "%s did not come", beginning.c_str());
  }

  Pipe commands, events;
  Pipeline pipeline;
  FILE *lines;
};

constexpr const char *kWholeAnswer =
    R"({"event":"transcript","direction":"output","text":"Good day.","final":true)";

GstMessage *wait_warning(Pipeline &pipeline)
{
  return pipeline.wait(
      [](GstMessage *message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING; });
}

} // namespace

GST_START_TEST(test_a_script_holds_a_conversation)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"Good day."},
                                             {"on":"text","say":"Good bye."}]})"});
  Script script(server);
  script.expect(R"({"event":"state","state":"connecting")");
  script.expect(R"({"event":"state","state":"ready")");
  script.say(R"({"text":"Hello"})");
  script.expect(kWholeAnswer);
  script.expect(R"({"event":"turn-complete","turn":1)");
  script.say("this is no command");
  gst_message_unref(wait_warning(script.pipeline));
  script.say(R"({"text":"Bye"})");
  script.expect(R"({"event":"turn-complete","turn":2)");
  script.commands.close_writer();
  script.pipeline.wait_eos();
  std::vector<std::string> texts;
  for (const auto &one : server.received())
    if (one.kind == Kind::text)
      texts.push_back(one.text);
  fail_unless(texts == std::vector<std::string>({"Hello", "Bye"}));
}
GST_END_TEST;

GST_START_TEST(test_the_events_end_with_the_answer_to_the_last_command)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"Good day."}]})"});
  Script script(server);
  script.say(R"({"text":"Hello"})");
  script.commands.close_writer();
  script.expect(kWholeAnswer);
  script.expect(R"({"event":"turn-complete","turn":1)");
  script.pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_close_ends_both_ways)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Script script(server);
  script.expect(R"({"event":"state","state":"ready")");
  script.say(R"({"close":true})");
  script.expect(R"({"event":"state","state":"closed")");
  script.pipeline.wait_eos();
}
GST_END_TEST;

GST_START_TEST(test_a_script_answers_calls)
{
  Simulator server({.scenario = R"({"turns":[
      {"on":"text","tool":{"name":"order","args":{"item":"tea"}},"say":"Here it is."},
      {"on":"text","tool":{"name":"order","args":{"item":"rum"}},"say":"There is none."}]})"});
  Script script(server);
  const auto id_of = [](const std::string &event) {
    JsonNode *node = json_from_string(event.c_str(), nullptr);
    std::string id = json_object_get_string_member(json_node_get_object(node), "id");
    json_node_unref(node);
    return id;
  };
  script.say(R"({"text":"Tea, please."})");
  const auto tea = script.wait_for(R"({"event":"tool-call")");
  fail_unless(tea.find(R"("name":"order","args":{"item":"tea"})") != std::string::npos, "%s",
              tea.c_str());
  script.say(R"({"tool-response":{"id":")" + id_of(tea) + R"(","response":{"output":"done"}}})");
  script.expect(R"({"event":"tool-result")");
  script.say(R"({"tool-response":{"id":")" + id_of(tea) + R"(","response":{"output":"again"}}})");
  gst_message_unref(wait_warning(script.pipeline));
  script.say(R"({"text":"Rum, please."})");
  const auto rum = script.wait_for(R"({"event":"tool-call")");
  script.say(R"({"tool-error":{"id":")" + id_of(rum) + R"(","message":"out of stock"}})");
  const auto is_answer = [](const auto &one) { return one.kind == Kind::tool_response; };
  fail_unless(server.wait_for(
      [&](const auto &all) { return std::count_if(all.begin(), all.end(), is_answer) >= 2; }));
  std::vector<std::string> answers;
  for (const auto &one : server.received())
    if (is_answer(one))
      answers.push_back(one.json);
  fail_unless(answers.size() == 2);
  fail_unless(answers[0].find(R"({"output":"done"})") != std::string::npos);
  fail_unless(answers[1].find(R"({"error":"out of stock"})") != std::string::npos);
}
GST_END_TEST;

GST_START_TEST(test_interrupt_silences_the_model)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Script script(server, "geminilivesrc name=mouth ! fakesink sync=true");
  PadTap tap(script.pipeline["mouth"], "src");
  script.expect(R"({"event":"state","state":"ready")");
  server.send_audio(test::marked_samples(240000));
  script.expect(R"({"event":"turn-started","turn":1)");
  tap.wait_for([](const auto &all) { return !all.empty() && all.back().samples[0] != 0; });
  script.say(R"({"interrupt":true})");
  script.expect(R"({"event":"interrupted","turn":1)");
  const auto passed = tap.buffers().size();
  tap.wait_for(
      [&](const auto &all) { return all.size() > passed + 10 && all.back().samples[0] == 0; });
}
GST_END_TEST;

GST_START_TEST(test_pieces_of_speech_say_when_they_are_heard)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"Good day."}]})"});
  Script script(server, "geminilivesrc ! fakesink sync=true");
  script.say(R"({"text":"Hello"})");
  const auto piece = script.wait_for(R"({"event":"transcript","direction":"output")");
  fail_unless(piece.find(R"("start":)") != std::string::npos, "%s", piece.c_str());
}
GST_END_TEST;

GST_START_TEST(test_a_source_that_is_late_misses_nothing)
{
  Simulator server({.scenario = R"({"turns":[{"on":"start","say":"Good day."}]})"});
  Pipeline pipeline("appsrc ! geminilivetextsink name=typed" + at(server) +
                    "geminiliveeventsrc name=events ! fakesink geminilivetextsrc name=text ! "
                    "fakesink");
  PadTap events(pipeline["events"], "src", PadTap::Of::text);
  PadTap text(pipeline["text"], "src", PadTap::Of::text);
  pipeline.set_state(GST_STATE_READY);
  // The sink connects, long before the others take part.
  fail_unless(gst_element_set_state(pipeline["typed"], GST_STATE_PAUSED) !=
              GST_STATE_CHANGE_FAILURE);
  gst_message_unref(pipeline.wait_element("turn-complete"));
  pipeline.play();
  events.wait_for([](const auto &all) { return all.size() >= 5; });
  const auto beginning = events.buffers().front().text;
  assert_equals_string(beginning.c_str(), "{\"event\":\"state\",\"state\":\"connecting\"}\n");
  text.wait_for([](const auto &all) { return !all.empty(); });
  const auto words = text.buffers().front().text;
  fail_unless(words.starts_with("Good"), "%s", words.c_str());
}
GST_END_TEST;

GST_START_TEST(test_events_go_into_a_file)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"Good day."}]})"});
  g_autofree gchar *path = g_build_filename(g_get_tmp_dir(), "geminilive-events-XXXXXX", nullptr);
  close(g_mkstemp(path));
  Pipeline pipeline("appsrc name=typed ! geminilivetextsink" + at(server) +
                    "geminiliveeventsrc ! filesink location=" + path);
  pipeline.play();
  pipeline.push("typed", "Hello");
  pipeline.end("typed");
  pipeline.wait_eos();
  pipeline.stop();
  g_autofree gchar *text = nullptr;
  fail_unless(g_file_get_contents(path, &text, nullptr, nullptr));
  unlink(path);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  fail_unless(g_strv_length(lines) > 5);
  for (char **one = lines; one[1]; one++) {
    JsonNode *node = json_from_string(*one, nullptr);
    fail_unless(node && JSON_NODE_HOLDS_OBJECT(node), "%s", *one);
    json_node_unref(node);
  }
}
GST_END_TEST;

GST_START_TEST(test_what_nobody_takes_is_bounded)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Pipeline pipeline("geminiliveeventsrc name=events" + at(server) + "! fakesink");
  PadTap tap(pipeline["events"], "src", PadTap::Of::text);
  pipeline.set_state(GST_STATE_PAUSED); // a live source gives nothing here
  pipeline.wait_state("ready");
  const auto large =
      R"({"serverContent":{"groundingMetadata":{"x":")" + std::string(1024 * 1024, 'x') + R"("}}})";
  for (int i = 0; i < 20; i++)
    server.send(large);
  GstMessage *message = wait_warning(pipeline);
  GError *error = nullptr;
  gst_message_parse_warning(message, &error, nullptr);
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT));
  g_error_free(error);
  gst_message_unref(message);
  server.send(R"({"goAway":{"timeLeft":"50s"}})");
  gst_message_unref(pipeline.wait_element("going-away"));
  // What there was room for is given all the same, and what comes now too.
  pipeline.play();
  tap.wait_for([](const auto &all) { return all.size() >= 15; });
  server.send(R"({"goAway":{"timeLeft":"40s"}})");
  tap.wait_for([](const auto &all) {
    return all.back().text == "{\"event\":\"going-away\",\"time-left\":40000000000}\n";
  });
}
GST_END_TEST;

GST_START_TEST(test_the_model_sees_what_it_is_asked_about)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"Good day."}]})"});
  Script script(server,
                "videotestsrc is-live=true ! video/x-raw,width=64,height=48,framerate=30/1 ! "
                "jpegenc ! geminilivevideosink max-framerate=10/1");
  fail_unless(server.wait_for([](const auto &all) {
    return std::count_if(all.begin(), all.end(),
                         [](const auto &one) { return one.kind == Kind::video; }) >= 5;
  }));
  const auto all = server.received();
  const auto first =
      std::find_if(all.begin(), all.end(), [](const auto &one) { return one.kind == Kind::video; });
  fail_unless(first->data.size() > 100 && first->data[0] == 0xff && first->data[1] == 0xd8);
  // The camera goes on; what was typed is at its end, so the conversation is.
  g_object_set(script.pipeline.get(), "message-forward", TRUE, nullptr);
  script.say(R"({"text":"What do you see?"})");
  script.commands.close_writer();
  script.expect(kWholeAnswer);
  gst_message_unref(script.pipeline.wait(
      [](GstMessage *message) { return gst_message_has_name(message, "GstBinForwarded"); }));
}
GST_END_TEST;

static Suite *script_suite()
{
  Suite *suite = suite_create("script");
  TCase *tcase = tcase_create("script");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_a_script_holds_a_conversation);
  tcase_add_test(tcase, test_the_events_end_with_the_answer_to_the_last_command);
  tcase_add_test(tcase, test_close_ends_both_ways);
  tcase_add_test(tcase, test_a_script_answers_calls);
  tcase_add_test(tcase, test_interrupt_silences_the_model);
  tcase_add_test(tcase, test_pieces_of_speech_say_when_they_are_heard);
  tcase_add_test(tcase, test_a_source_that_is_late_misses_nothing);
  tcase_add_test(tcase, test_events_go_into_a_file);
  tcase_add_test(tcase, test_what_nobody_takes_is_bounded);
  tcase_add_test(tcase, test_the_model_sees_what_it_is_asked_about);
  return suite;
}

GST_CHECK_MAIN(script);
