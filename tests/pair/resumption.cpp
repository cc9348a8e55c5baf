// A conversation is carried on over another connection, by whoever has its handle.

#include "support/pipeline.hpp"
#include "support/session.hpp"

#include <string>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using Kind = Received::Kind;

// Of which every session is at its own turn.
constexpr const char *kTwoTurns =
    R"({"turns":[{"on":"text","say":"One."},{"on":"text","say":"Two."}]})";

bool is_update(const std::string &line)
{
  return line.starts_with(R"({"event":"resumption")");
}

struct Talk {
  Talk(const Simulator &server,
       std::initializer_list<std::pair<const char *, const char *>> settings)
      : object(gst_gemini_live_session_new())
  {
    g_object_set(object, "api-key", "k", "base-url", server.url().c_str(), nullptr);
    for (const auto &[name, value] : settings)
      gst_util_set_object_arg(G_OBJECT(object), name, value);
    test::rest_at_exit();
    test::watch(object, &log);
    g_signal_connect(object, "event",
                     G_CALLBACK(+[](GObject *, const char *json, test::Log *to) { to->add(json); }),
                     &log);
  }
  ~Talk() { gst_object_unref(object); }

  void open() { open_again(1); }
  void open_again(std::size_t time = 2)
  {
    GError *error = nullptr;
    fail_unless(gst_gemini_live_session_open(object, &error), "%s", error ? error->message : "");
    log.wait_for_count(
        [](const std::string &line) { return line == R"({"event":"state","state":"ready"})"; },
        time);
  }
  void close()
  {
    gst_gemini_live_session_close(object);
    log.wait_for(R"({"event":"state","state":"closed"})");
  }
  void say(const char *text)
  {
    fail_unless(gst_gemini_live_session_send_text(object, text, nullptr));
  }
  std::string handle() const
  {
    g_autofree gchar *handle = gst_gemini_live_session_dup_resumption_handle(object);
    return handle ? handle : "";
  }
  void expect_error(const std::string &begin)
  {
    const auto is_error = [](const std::string &line) { return line.starts_with("error "); };
    fail_unless(gst_gemini_live_session_open(object, nullptr));
    log.wait_for_count(is_error, 1);
    for (const auto &line : log.lines())
      fail_unless(!is_error(line) || line.starts_with("error " + begin), "%s", line.c_str());
  }
  // Of a message of the service.
  void wait_for_update(const char *handle)
  {
    log.wait_for(std::string(R"({"event":"resumption","resumable":true,"handle":")") + handle +
                 "\"}");
  }

  test::Log &log = test::lasting_log();
  GstGeminiLiveSession *object;
};

std::string setup_of(const Simulator &server, unsigned connection)
{
  for (const auto &one : server.received(Kind::setup))
    if (one.connection == connection)
      return one.json;
  return {};
}

} // namespace

GST_START_TEST(test_a_conversation_goes_on_in_another_session)
{
  Simulator server({.scenario = kTwoTurns});
  std::string handle;
  {
    Talk first(server, {});
    first.open();
    first.say("Count.");
    first.log.wait_for("output final One.");
    first.log.wait_for("turn 1 complete");
    first.close();
    handle = first.handle(); // also afterwards
    fail_unless(!handle.empty());
  }
  Talk second(server, {{"resumption-handle", handle.c_str()}, {"greeting", "Say hello."}});
  second.open();
  fail_unless(setup_of(server, 2).find(R"("sessionResumption":{"handle":")" + handle + "\"}") !=
              std::string::npos);
  second.say("Go on.");
  second.log.wait_for("output final Two.");
  assert_equals_uint64(server.received(Kind::text).size(), 2); // without another greeting
  fail_unless(second.handle() != handle, "there is a newer one");
}
GST_END_TEST;

GST_START_TEST(test_a_good_handle_is_kept_until_there_is_a_better_one)
{
  Simulator server({.profile = "gemini-2.5", .scenario = R"({"turns":[]})"});
  Talk talk(server, {});
  fail_unless(talk.handle().empty(), "nothing was opened");
  talk.open();
  server.send(R"({"sessionResumptionUpdate":{"newHandle":"first","resumable":true}})");
  talk.wait_for_update("first");
  fail_unless(talk.handle() == "first");
  for (const char *worthless : {"{}", R"({"resumable":true})", R"({"newHandle":"x"})"})
    server.send(std::string(R"({"sessionResumptionUpdate":)") + worthless + "}");
  talk.log.wait_for_count(is_update, 4);
  fail_unless(talk.handle() == "first");
  server.send(R"({"sessionResumptionUpdate":{"newHandle":"second","resumable":true}})");
  talk.wait_for_update("second");
  fail_unless(talk.handle() == "second");
}
GST_END_TEST;

GST_START_TEST(test_a_handle_is_good_until_the_service_gives_another)
{
  Simulator server({.profile = "gemini-2.5", .scenario = kTwoTurns});
  std::string handle;
  {
    Talk first(server, {});
    first.open();
    first.say("Count.");
    first.log.wait_for("turn 1 complete");
    first.log.wait_for_count(
        [](const std::string &line) { return line.find("\"resumable\":true") != line.npos; }, 1);
    first.close();
    handle = first.handle();
  }
  Talk second(server, {{"resumption-handle", handle.c_str()}});
  second.open();
  fail_unless(!second.handle().empty());
}
GST_END_TEST;

GST_START_TEST(test_a_handle_stays_until_another_conversation_begins)
{
  Simulator server({.scenario = R"({"turns":[]})"});
  Talk talk(server, {});
  talk.open();
  server.send(R"({"sessionResumptionUpdate":{"newHandle":"good","resumable":true}})");
  talk.wait_for_update("good");
  talk.close();
  g_object_set(talk.object, "base-url", "http://127.0.0.1:1", nullptr);
  talk.expect_error("");
  fail_unless(talk.handle() == "good");
  gst_gemini_live_session_close(talk.object);
  g_object_set(talk.object, "base-url", server.url().c_str(), "resumption", FALSE, nullptr);
  talk.open_again();
  fail_unless(talk.handle().empty());
}
GST_END_TEST;

GST_START_TEST(test_nothing_is_kept_where_nobody_wants_it)
{
  Simulator server({.scenario = kTwoTurns}); // of a model that gives handles unasked
  Talk talk(server, {{"resumption", "false"}});
  talk.open();
  talk.say("Count.");
  talk.log.wait_for("turn 1 complete");
  talk.log.wait_for_count(is_update, 1);
  fail_unless(setup_of(server, 1).find("sessionResumption") == std::string::npos);
  fail_unless(talk.handle().empty());
}
GST_END_TEST;

GST_START_TEST(test_a_handle_that_nobody_knows)
{
  Simulator server({.scenario = kTwoTurns});
  Talk talk(server, {{"resumption-handle", "2e780bb8-0000-4000-8000-000000000000"}});
  talk.expect_error("Unset resumption-handle");
  for (const auto &line : talk.log.lines())
    fail_unless(line.find("2e780bb8") == line.npos, "the handle is in: %s", line.c_str());
  fail_unless(talk.handle().empty(), "it is of no use");
}
GST_END_TEST;

GST_START_TEST(test_a_handle_whose_session_is_open)
{
  Simulator server({.scenario = kTwoTurns});
  Talk first(server, {});
  first.open();
  first.log.wait_for_count(is_update, 1);
  Talk second(server, {{"resumption-handle", first.handle().c_str()}});
  second.expect_error("Close the session that resumption-handle comes from");
}
GST_END_TEST;

GST_START_TEST(test_a_handle_of_another_model)
{
  Simulator server({.scenario = kTwoTurns});
  Talk first(server, {});
  first.open();
  first.log.wait_for_count(is_update, 1);
  first.close();
  Talk second(server, {{"model", "gemini-2.5-flash-native-audio-latest"},
                       {"resumption-handle", first.handle().c_str()}});
  second.expect_error("Set model and modality to those of the conversation");
}
GST_END_TEST;

GST_START_TEST(test_a_launch_line_carries_on)
{
  Simulator server({.scenario = kTwoTurns});
  Talk first(server, {});
  first.open();
  first.say("Count.");
  first.log.wait_for("turn 1 complete");
  first.close();
  test::Pipeline pipeline(
      "geminilivetextsrc ! fakesink geminilivetextsink name=typed api-key=k base-url=" +
      server.url() + " resumption-handle=" + first.handle() + " fakesrc num-buffers=0 ! typed.");
  pipeline.play();
  pipeline.wait_state("ready");
  fail_unless(setup_of(server, 2).find(first.handle()) != std::string::npos);
  // Nobody reads it back.
  GParamSpec *pspec =
      g_object_class_find_property(G_OBJECT_GET_CLASS(pipeline["typed"]), "resumption-handle");
  fail_unless((pspec->flags & G_PARAM_READABLE) == 0);
}
GST_END_TEST;

static Suite *resumption_suite()
{
  Suite *suite = suite_create("resumption");
  TCase *tcase = tcase_create("resumption");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, test_a_conversation_goes_on_in_another_session);
  tcase_add_test(tcase, test_a_good_handle_is_kept_until_there_is_a_better_one);
  tcase_add_test(tcase, test_a_handle_is_good_until_the_service_gives_another);
  tcase_add_test(tcase, test_a_handle_stays_until_another_conversation_begins);
  tcase_add_test(tcase, test_nothing_is_kept_where_nobody_wants_it);
  tcase_add_test(tcase, test_a_handle_that_nobody_knows);
  tcase_add_test(tcase, test_a_handle_whose_session_is_open);
  tcase_add_test(tcase, test_a_handle_of_another_model);
  tcase_add_test(tcase, test_a_launch_line_carries_on);
  return suite;
}

GST_CHECK_MAIN(resumption);
