// What a launch line sets reaches the service, and what opens the conversation for the user.

#include "simulator/simulator.hpp"
#include "support/pipeline.hpp"
#include "support/session.hpp"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <json-glib/json-glib.h>

#include <algorithm>
#include <string>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::at;
using test::Pipeline;

constexpr const char *kQuiet = R"({"turns":[]})";

// The setup that a line sends, without the defaults.
std::string setup_of(const std::string &settings, const char *profile = "gemini-3.8")
{
  Simulator server({.profile = profile, .scenario = kQuiet});
  Pipeline pipeline("geminilivesrc input-transcription=false output-transcription=false "
                    "context-compression=false resumption=false " +
                    settings + at(server) + "! fakesink");
  pipeline.play();
  pipeline.wait_state("ready");
  return server.received().at(1).json;
}

void assert_means(const std::string &actual, const std::string &expected)
{
  JsonNode *first = json_from_string(actual.c_str(), nullptr);
  JsonNode *second = json_from_string(expected.c_str(), nullptr);
  fail_unless(first && second && json_node_equal(first, second), "%s instead of %s", actual.c_str(),
              expected.c_str());
  json_node_unref(first);
  json_node_unref(second);
}

std::vector<std::string> texts_of(const Simulator &server)
{
  std::vector<std::string> texts;
  for (const auto &one : server.received())
    if (one.kind == Received::Kind::text)
      texts.push_back(one.text);
  return texts;
}

bool has_text(const std::vector<Received> &all)
{
  return std::any_of(all.begin(), all.end(),
                     [](const auto &one) { return one.kind == Received::Kind::text; });
}

// Of a conversation that was left.
std::string handle_from(const Simulator &server)
{
  Pipeline pipeline("geminilivesrc name=mouth" + at(server) + "! fakesink");
  GAsyncQueue *handles = g_async_queue_new_full(g_free);
  // A signal may still be under way at the end, and holds the queue so long.
  g_signal_connect_data(
      pipeline["mouth"], "event", G_CALLBACK(+[](GObject *, const gchar *json, GAsyncQueue *to) {
        JsonNode *node = json_from_string(json, nullptr);
        auto *event = json_node_get_object(node);
        if (json_object_has_member(event, "handle"))
          g_async_queue_push(to, g_strdup(json_object_get_string_member(event, "handle")));
        json_node_unref(node);
      }),
      g_async_queue_ref(handles),
      [](gpointer queue, GClosure *) { g_async_queue_unref(static_cast<GAsyncQueue *>(queue)); },
      GConnectFlags{});
  pipeline.play();
  auto *first = static_cast<gchar *>(g_async_queue_timeout_pop(handles, 20 * G_TIME_SPAN_SECOND));
  g_async_queue_unref(handles);
  fail_unless(first != nullptr);
  std::string handle = first;
  g_free(first);
  pipeline.stop();
  return handle;
}

} // namespace

GST_START_TEST(test_a_launch_line_can_set_everything)
{
  assert_means(
      setup_of("model=gemini-2.5-flash-native-audio-latest voice=Puck language=en-US "
               "temperature=0.5 top-p=0.25 top-k=40 max-output-tokens=2048 seed=7 "
               "thinking-budget=0 include-thoughts=true media-resolution=low "
               "start-sensitivity=high end-sensitivity=low prefix-padding=200000000 "
               "silence-duration=600000000 activity-handling=no-interruption "
               "turn-detection=manual system-instruction=brief "
               R"(tools="[{\"name\":\"f\"}]" config="{\"labels\":{\"a\":\"b\"}}")",
               "gemini-2.5"),
      R"({"setup":{"model":"models/gemini-2.5-flash-native-audio-latest","generationConfig":{
          "responseModalities":["AUDIO"],
          "speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Puck"}},
                          "languageCode":"en-US"},
          "temperature":0.5,"topP":0.25,"topK":40,"maxOutputTokens":2048,"seed":7,
          "mediaResolution":"MEDIA_RESOLUTION_LOW",
          "thinkingConfig":{"thinkingBudget":0,"includeThoughts":true}},
          "systemInstruction":{"parts":[{"text":"brief"}]},
          "tools":[{"functionDeclarations":[{"name":"f"}]}],
          "realtimeInputConfig":{"activityHandling":"NO_INTERRUPTION",
            "automaticActivityDetection":{"disabled":true,
              "startOfSpeechSensitivity":"START_SENSITIVITY_HIGH",
              "endOfSpeechSensitivity":"END_SENSITIVITY_LOW",
              "prefixPaddingMs":200,"silenceDurationMs":600}},
          "labels":{"a":"b"}}})");
}
GST_END_TEST;

GST_START_TEST(test_a_launch_line_can_leave_everything_to_the_model)
{
  assert_means(setup_of("temperature=-1 top-p=-1 top-k=-1 max-output-tokens=-1 seed=-1 "
                        "thinking-budget=-2 thinking-level=default media-resolution=default "
                        "start-sensitivity=default end-sensitivity=default "
                        "activity-handling=default turn-detection=server prefix-padding=-1 "
                        "silence-duration=18446744073709551615"),
               R"({"setup":{"model":"models/gemini-3.8-live",
                            "generationConfig":{"responseModalities":["AUDIO"]}}})");
}
GST_END_TEST;

GST_START_TEST(test_json_may_be_in_files)
{
  gchar *folder = g_dir_make_tmp("gemini-live-XXXXXX", nullptr);
  const auto path = [&](const char *name) { return std::string(folder) + "/" + name; };
  const auto tools = path("tools.json"), config = path("config.json");
  g_file_set_contents(tools.c_str(), "[\n  {\"googleSearch\": {}}\n]\n", -1, nullptr);
  g_file_set_contents(config.c_str(), "{\"temperature\": 1, \"systemInstruction\": \"@nothing\"}",
                      -1, nullptr);
  assert_means(setup_of("tools=@" + tools + " config=@" + config),
               R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":{
                   "responseModalities":["AUDIO"],"temperature":1},
                   "systemInstruction":{"role":"user","parts":[{"text":"@nothing"}]},
                   "tools":[{"googleSearch":{}}]}})");
  g_unlink(tools.c_str());
  g_unlink(config.c_str());
  g_rmdir(folder);
  g_free(folder);
}
GST_END_TEST;

GST_START_TEST(test_a_greeting_makes_the_model_begin)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"Good morning."}]})"});
  Pipeline pipeline("geminilivesrc greeting=Greet\\ me." + at(server) + "! fakesink sync=true");
  pipeline.play();
  GstMessage *said = pipeline.wait_element("turn-complete");
  gst_message_unref(said);
  const auto texts = texts_of(server);
  fail_unless_equals_int(static_cast<int>(texts.size()), 1);
  assert_equals_string(texts[0].c_str(), "Greet me.");
}
GST_END_TEST;

GST_START_TEST(test_a_conversation_that_is_carried_on_is_not_greeted)
{
  Simulator server({.scenario = kQuiet});
  const auto handle = handle_from(server);
  Pipeline pipeline("geminilivesrc name=mouth greeting=Hello." + at(server) + "! fakesink");
  const auto config = R"({"sessionResumption":{"handle":")" + handle + "\"}}";
  g_object_set(pipeline["mouth"], "config", config.c_str(), nullptr);
  pipeline.play();
  pipeline.wait_state("ready");
  gboolean sent = FALSE;
  g_signal_emit_by_name(pipeline["mouth"], "send-text", "typed", &sent);
  fail_unless(server.wait_for(has_text));
  const auto texts = texts_of(server);
  assert_equals_string(texts[0].c_str(), "typed");
}
GST_END_TEST;

GST_START_TEST(test_a_greeting_comes_before_what_was_typed)
{
  Simulator server({.scenario = kQuiet});
  Pipeline pipeline("appsrc name=keys caps=text/x-raw,format=utf8 format=time ! geminilivetextsink"
                    " greeting=First." +
                    at(server));
  pipeline.set_state(GST_STATE_PAUSED);
  pipeline.push("keys", "Second.");
  pipeline.play();
  fail_unless(server.wait_for([&](const auto &) { return texts_of(server).size() == 2; }));
  const auto texts = texts_of(server);
  assert_equals_string(texts[0].c_str(), "First.");
}
GST_END_TEST;

GST_START_TEST(test_a_greeting_can_wait_for_the_first_audio)
{
  Simulator server({.scenario = kQuiet});
  Pipeline pipeline("audiotestsrc is-live=true ! audio/x-raw,rate=16000 ! valve name=valve "
                    "drop=true ! geminilivesink greeting=Hello. greeting-on=first-buffer" +
                    at(server) + " async=false geminilivesrc ! fakesink");
  pipeline.play();
  pipeline.wait_state("ready");
  fail_if(has_text(server.received()));
  g_object_set(pipeline["valve"], "drop", FALSE, nullptr);
  fail_unless(server.wait_for(has_text));
  const auto all = server.received();
  const auto first_of = [&](Received::Kind kind) {
    return std::find_if(all.begin(), all.end(), [&](const auto &one) { return one.kind == kind; });
  };
  fail_unless(first_of(Received::Kind::audio) < first_of(Received::Kind::text));
  // Only once.
  const auto heard = all.size();
  fail_unless(server.wait_for([&](const auto &more) { return more.size() >= heard + 20; }));
  fail_unless_equals_int(static_cast<int>(texts_of(server).size()), 1);
}
GST_END_TEST;

GST_START_TEST(test_a_greeting_is_nothing_for_a_model_that_only_listens)
{
  test::Session session;
  g_object_set(session.object, "model", "gemini-3.5-live-translate-preview", "greeting", "Hello.",
               nullptr);
  GError *error = nullptr;
  fail_if(gst_gemini_live_session_open(session.object, &error));
  fail_unless(g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
  fail_unless(g_str_has_prefix(error->message, "Leave greeting unset"), "%s", error->message);
  g_error_free(error);
}
GST_END_TEST;

GST_START_TEST(test_a_greeting_can_be_left_to_the_application)
{
  Simulator server({.scenario = kQuiet});
  Pipeline pipeline("geminilivesrc name=mouth greeting=Hello. greeting-on=manual" + at(server) +
                    "! fakesink");
  pipeline.play();
  pipeline.wait_state("ready");
  gchar *greeting = nullptr;
  g_object_get(pipeline["mouth"], "greeting", &greeting, nullptr);
  gboolean sent = FALSE;
  g_signal_emit_by_name(pipeline["mouth"], "send-text", greeting, &sent);
  g_free(greeting);
  fail_unless(sent);
  fail_unless(server.wait_for(has_text));
  fail_unless_equals_int(static_cast<int>(texts_of(server).size()), 1);
}
GST_END_TEST;

GST_START_TEST(test_a_greeting_is_no_line_of_the_user)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"Good morning."}]})"});
  Pipeline pipeline("geminilivesrc greeting=Greet\\ me." + at(server) +
                    "! fakesink sync=true "
                    "geminilivetextsrc which=conversation ! appsink name=lines sync=false");
  pipeline.play();
  GstSample *sample = nullptr;
  std::string line;
  while (line.empty()) {
    g_signal_emit_by_name(pipeline["lines"], "pull-sample", &sample);
    fail_unless(sample != nullptr);
    GstMapInfo map;
    gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ);
    line.assign(reinterpret_cast<const char *>(map.data), map.size);
    gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
    gst_sample_unref(sample);
  }
  assert_equals_string(line.c_str(), "model: Good morning.\n");
}
GST_END_TEST;

GST_START_TEST(test_the_answer_to_a_greeting_is_waited_for)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"Good morning."}]})"});
  Pipeline pipeline("audiotestsrc num-buffers=1 wave=silence ! audio/x-raw,rate=16000 ! "
                    "geminilivesink greeting=Greet\\ me." +
                    at(server) + " geminilivesrc ! fakesink sync=true");
  pipeline.play();
  gst_message_unref(pipeline.wait_element("turn-complete"));
  pipeline.wait_eos();
}
GST_END_TEST;

static Suite *setup_suite()
{
  Suite *suite = suite_create("setup");
  TCase *tcase = tcase_create("setup");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_a_launch_line_can_set_everything);
  tcase_add_test(tcase, test_a_launch_line_can_leave_everything_to_the_model);
  tcase_add_test(tcase, test_json_may_be_in_files);
  tcase_add_test(tcase, test_a_greeting_makes_the_model_begin);
  tcase_add_test(tcase, test_a_conversation_that_is_carried_on_is_not_greeted);
  tcase_add_test(tcase, test_a_greeting_comes_before_what_was_typed);
  tcase_add_test(tcase, test_a_greeting_can_wait_for_the_first_audio);
  tcase_add_test(tcase, test_a_greeting_is_nothing_for_a_model_that_only_listens);
  tcase_add_test(tcase, test_a_greeting_can_be_left_to_the_application);
  tcase_add_test(tcase, test_a_greeting_is_no_line_of_the_user);
  tcase_add_test(tcase, test_the_answer_to_a_greeting_is_waited_for);
  return suite;
}

GST_CHECK_MAIN(setup);
