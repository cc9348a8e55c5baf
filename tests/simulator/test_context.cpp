// What a client adds to the context beside what it says: pictures, history, instructions.
#include "client_for_test.hpp"
#include "simulator.hpp"
#include "talk_for_test.hpp"

#include <gst/check/gstcheck.h>

using namespace gemini_live_simulator;
using Kind = Received::Kind;

GST_START_TEST(sees)
{
  Simulator simulator(scenario("gemini-3.8", R"({"on":"video","say":"I see you.","speed":0})"));
  ClientForTest client(simulator.url());
  client.send(setup_message(R"("outputAudioTranscription":{})"));
  const std::string frame =
      R"({"realtimeInput":{"video":{"mimeType":"image/jpeg","data":"/9j/4AAQSkZJRgD/2Q=="}}})";
  client.send(frame);
  fail_unless(client.wait_for("turnComplete"));
  client.send(frame); // nothing is left to say
  client.send(text_message("and now"));
  fail_unless(client.wait_for("turnComplete", 2));
  fail_unless(client.output_text() == "I see you.You said: and now");
  const auto frames = simulator.received(Kind::video);
  fail_unless_equals_int(static_cast<int>(frames.size()), 2);
  fail_unless_equals_int(static_cast<int>(frames[0].data.size()), 13);
  fail_unless(frames[0].json == frame);
}
GST_END_TEST;

GST_START_TEST(history_first)
{
  for (const char *profile : profiles) {
    Simulator simulator(
        scenario(profile, R"({"on":"text","say":"I know: {history}"})", R"(,"bundle":true)"));
    ClientForTest client(simulator.url());
    client.send(setup_message(
        R"("historyConfig":{"initialHistoryInClientContent":true},"outputAudioTranscription":{})"));
    client.send(text_message("too early, nobody answers"));
    client.send(R"({"clientContent":{"turns":[{"role":"user","parts":[{"text":"I am Ada."}]},)"
                R"({"role":"model","parts":[{"text":"Hello Ada."}]}]}})");
    client.send(R"({"clientContent":{"turnComplete":true}})");
    client.send(text_message("who am I"));
    fail_unless(client.wait_for("turnComplete"));
    fail_unless(client.output_text() == "I know: I am Ada. Hello Ada.", "%s",
                client.output_text().c_str());
    client.send(user_content("more"));
    if (std::string(profile) == "gemini-3.1")
      expect_close(client, 1007, "Request contains an invalid argument.");
    else
      fail_unless(client.wait_for("turnComplete", 2));
  }
}
GST_END_TEST;

GST_START_TEST(content_without_an_answer)
{
  Simulator simulator(scenario("gemini-3.8",
                               R"({"on":"start","say":"A long story, which goes on for)"
                               R"( quite a while, unless somebody stops it."},)"
                               R"({"on":"text","say":"{history} {text}","speed":0})"));
  ClientForTest client(simulator.url());
  client.send(setup_message(R"("outputAudioTranscription":{})"));
  fail_unless(client.wait_for("inlineData"));
  client.send(user_content("it rains", false)); // interrupts, too
  fail_unless(client.wait_for("turnComplete"));
  fail_unless(client.find("interrupted") >= 0);
  client.send(R"({"clientContent":{"turnComplete":true}})");
  fail_unless(client.wait_for("generationComplete"));
  fail_unless(client.output_text().ends_with("it rains "), "%s", client.output_text().c_str());
}
GST_END_TEST;

GST_START_TEST(context_can_change)
{
  const std::string say = R"("say":"{system-instruction}; {functions}","bundle":true})";
  Simulator simulator(scenario("gemini-3.8", R"({"on":"text",)" + say + R"(,{"on":"text",)" + say +
                                                 R"(,{"on":"text",)" + say));
  const std::string settings =
      R"("systemInstruction":{"parts":[{"text":"Be brief."}]},"tools":[{"functionDeclarations":)"
      R"([{"name":"a"},{"name":"b"}]}],"outputAudioTranscription":{})";
  std::string handle;
  {
    ClientForTest client(simulator.url());
    client.send(setup_message(settings));
    client.send(text_message("1"));
    fail_unless(client.wait_for("turnComplete"));
    fail_unless(client.output_text() == "Be brief.; a, b");
    client.send(R"({"contextUpdate":{"systemInstruction":{"parts":[{"text":"Be kind."}]},)"
                R"("tools":{"tools":[]}}})");
    client.send(text_message("2"));
    fail_unless(client.wait_for("turnComplete", 2));
    fail_unless(client.output_text() == "Be brief.; a, bBe kind.; ");
    fail_unless(client.wait_for("sessionResumptionUpdate", 3));
    handle = last_handle(client);
    client.close();
    fail_unless(simulator.wait_for([](const auto &all) { return has(all, Kind::close); }));
  }
  fail_unless_equals_int(static_cast<int>(simulator.received(Kind::context_update).size()), 1);
  ClientForTest client(simulator.url());
  client.send(setup_message(settings + R"(,"sessionResumption":{"handle":")" + handle + "\"}"));
  client.send(text_message("3"));
  fail_unless(client.wait_for("turnComplete"));
  fail_unless(client.output_text() == "Be kind.; ");
  client.send(R"({"contextUpdate":{"tools":[]}})");
  expect_close(client, 1007, "Invalid value at 'context_update.tools' (TYPE_MESSAGE), a list");
}
GST_END_TEST;

GST_START_TEST(system_role_on_vertex)
{
  Simulator simulator(
      scenario("vertex", R"({"on":"text","say":"{system-instruction}","speed":0})"));
  ClientForTest client(simulator.url());
  client.send(setup_message(R"("outputAudioTranscription":{})", "models/gemini-live-2.5-flash"));
  client.send(R"({"clientContent":{"turns":[{"role":"system","parts":[{"text":"Sing."}]}]}})");
  client.send(text_message("go"));
  fail_unless(client.wait_for("turnComplete"));
  fail_unless(client.output_text() == "Sing.");
}
GST_END_TEST;

GST_START_TEST(affective_dialog_breaks_late)
{
  Simulator simulator(scenario("gemini-3.8", ""));
  for (const std::string &message : {text_message("x"), user_content("x")}) {
    ClientForTest client(simulator.url());
    client.send(R"({"setup":{"model":"models/gemini-3.8-live","generationConfig":)"
                R"({"enableAffectiveDialog":true}}})");
    fail_unless(client.wait_for("setupComplete"));
    client.send(message);
    expect_close(client, 1007, "Request contains an invalid argument.");
  }
}
GST_END_TEST;

static Suite *context_suite()
{
  Suite *suite = suite_create("context");
  TCase *tests = tcase_create("general");
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  tcase_add_test(tests, sees);
  tcase_add_test(tests, history_first);
  tcase_add_test(tests, content_without_an_answer);
  tcase_add_test(tests, context_can_change);
  tcase_add_test(tests, system_role_on_vertex);
  tcase_add_test(tests, affective_dialog_breaks_late);
  return suite;
}

GST_CHECK_MAIN(context)
