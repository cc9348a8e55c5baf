// Signing in: from credentials to a conversation, and what is said if nothing comes of it. The
// simulator checks every statement and lets nobody in without a token of its own.

#include "support/rude_peer.hpp"
#include "support/talk.hpp"

#include <future>
#include <memory>
#include <vector>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::Received;
using gemini_live_simulator::Simulator;
using test::account_at;
using test::issuing;
using test::quiet;
using test::RudePeer;
using test::Talk;
using test::TextFile;

std::string model_in(const Simulator &server)
{
  const auto setups = server.received(Received::Kind::setup);
  fail_if(setups.empty());
  const auto &json = setups.back().json;
  const auto begin = json.find("\"model\":\"") + 9;
  return json.substr(begin, json.find('"', begin) - begin);
}

void expect_model(const Simulator &server, const char *project, const char *location)
{
  const auto expected = std::string("projects/") + project + "/locations/" + location +
                        "/publishers/google/models/gemini-3.8-live";
  const auto model = model_in(server);
  fail_unless(model == expected, "%s", model.c_str());
}

} // namespace

GST_START_TEST(a_service_account_signs_in)
{
  Simulator server(issuing());
  const TextFile file(server.service_account());
  Talk talk(server.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
  talk.open_and_close();
  expect_model(server, "simulated-project", "us-central1");
}
GST_END_TEST;

GST_START_TEST(a_user_signs_in)
{
  Simulator server(issuing());
  const TextFile file(server.authorized_user());
  Talk talk(server.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), "project-id", "mine",
               "location", "eu", nullptr);
  talk.open_and_close();
  expect_model(server, "mine", "eu");
}
GST_END_TEST;

GST_START_TEST(a_machine_signs_in_and_knows_the_project)
{
  Simulator server(issuing());
  Talk talk(server.url());
  g_setenv("GCE_METADATA_HOST", server.url().substr(7).c_str(), TRUE);
  g_setenv("CLOUDSDK_CONFIG", "/nonexistent", TRUE);
  g_unsetenv("GOOGLE_APPLICATION_CREDENTIALS");
  gst_util_set_object_arg(G_OBJECT(talk.object), "backend", "vertex");
  talk.open_and_close();
  expect_model(server, "simulated-project", "us-central1");
}
GST_END_TEST;

GST_START_TEST(a_token_serves_all_conversations_of_the_process)
{
  Simulator server(issuing());
  const TextFile file(server.service_account());
  for (int i = 0; i < 3; i++) {
    Talk talk(server.url());
    g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
    talk.open_and_close();
  }
  fail_unless_equals_int(static_cast<int>(server.token_requests()), 1);
  // One that is good no more is replaced at once.
  server.revoke_tokens();
  Talk talk(server.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
  talk.open_and_close();
  fail_unless_equals_int(static_cast<int>(server.token_requests()), 2);
}
GST_END_TEST;

// They are on several loop threads.
GST_START_TEST(conversations_that_open_at_once_share_one_request)
{
  Simulator server(issuing());
  const TextFile file(server.service_account());
  std::vector<std::unique_ptr<Talk>> talks;
  for (int i = 0; i < 6; i++) {
    talks.push_back(std::make_unique<Talk>(server.url()));
    g_object_set(talks.back()->object, "credentials-path", file.path().c_str(), nullptr);
  }
  for (const auto &talk : talks)
    talk->open();
  for (const auto &talk : talks)
    talk->log.wait_for("state 2");
  fail_unless_equals_int(static_cast<int>(server.token_requests()), 1);
}
GST_END_TEST;

GST_START_TEST(who_waits_for_a_request_that_is_given_up_asks_himself)
{
  Simulator signer(issuing());
  std::promise<void> asked;
  unsigned requests = 0; // the peer's thread
  RudePeer endpoint([&](auto &peer) {
    peer.read_head();
    if (++requests > 1) {
      peer.answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    asked.set_value();
    peer.read_to_end();
  });
  const TextFile file(account_at(endpoint.url() + "/token", signer));
  Talk first(signer.url()), second(signer.url());
  for (const auto *talk : {&first, &second})
    g_object_set(talk->object, "credentials-path", file.path().c_str(), nullptr);
  first.open();
  asked.get_future().wait();
  second.open();
  second.log.wait_for("state 1");
  gst_gemini_live_session_close(first.object);
  first.log.wait_for("state 0");
  second.log.wait_for_count(
      [](const auto &line) { return line.starts_with("error Check the credentials: "); }, 1);
  fail_unless_equals_int(static_cast<int>(endpoint.heads().size()), 2);
}
GST_END_TEST;

GST_START_TEST(a_token_for_less_than_five_minutes_serves_no_other_conversation)
{
  for (const auto &[lifetime, requests] : {std::pair(299, 2), {600, 1}}) {
    auto options = issuing();
    options.token_lifetime = lifetime;
    Simulator server(options);
    const TextFile file(server.service_account());
    for (int i = 0; i < 2; i++) {
      Talk talk(server.url());
      g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
      talk.open_and_close();
    }
    fail_unless_equals_int(static_cast<int>(server.token_requests()), requests);
  }
}
GST_END_TEST;

GST_START_TEST(a_conversation_outlives_its_token)
{
  auto options = issuing();
  options.scenario = {};
  Simulator server(options);
  const TextFile file(server.service_account());
  Talk talk(server.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
  talk.open();
  talk.log.wait_for("state 2");
  server.advance_clock(std::chrono::hours(2));
  fail_unless(gst_gemini_live_session_send_text(talk.object, "Hello", nullptr));
  talk.log.wait_for("output final You said: Hello");
  fail_unless_equals_int(static_cast<int>(server.token_requests()), 1);
}
GST_END_TEST;

GST_START_TEST(a_key_opens_vertex_ai)
{
  auto options = issuing();
  options.api_key = "k";
  Simulator server(options);
  Talk talk(server.url());
  g_object_set(talk.object, "api-key", "k", nullptr);
  gst_util_set_object_arg(G_OBJECT(talk.object), "backend", "vertex");
  talk.open_and_close();
  const auto model = model_in(server);
  fail_unless(model == "publishers/google/models/gemini-3.8-live", "%s", model.c_str());
  fail_unless_equals_int(static_cast<int>(server.token_requests()), 0);
}
GST_END_TEST;

GST_START_TEST(a_clock_that_is_off_is_told)
{
  for (const auto &[hours, text] : {std::pair(2, "2 hours behind"), {-2, "2 hours ahead"}}) {
    Simulator server(issuing(hours * 3600));
    const TextFile file(server.service_account());
    Talk talk(server.url());
    g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
    talk.expect_error(std::string("Set the clock of this machine: it is ") + text);
  }
}
GST_END_TEST;

GST_START_TEST(an_account_that_nobody_knows_is_told)
{
  Simulator server(issuing()), other(issuing());
  const TextFile file(account_at(server.url() + "/token", other));
  Talk talk(server.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
  talk.expect_error("Make a new key for the service account "
                    "robot@simulator.iam.gserviceaccount.com: this one is not accepted "
                    "(invalid_grant: Invalid JWT Signature.)");
}
GST_END_TEST;

namespace {

// What a token endpoint answers instead.
void expect_of_endpoint(RudePeer::Script script, const char *begin,
                        GstClockTime patience = 20 * GST_SECOND)
{
  Simulator signer(issuing());
  RudePeer endpoint(std::move(script));
  const TextFile file(account_at(endpoint.url() + "/token", signer));
  Talk talk(signer.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), "connect-timeout",
               guint64{patience}, nullptr);
  talk.expect_error(begin);
}

void answer(RudePeer::Connection &peer, const char *status, const std::string &body)
{
  peer.read_head();
  peer.answer(std::string("HTTP/1.1 ") + status +
              "\r\nContent-Type: text/html\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\nConnection: close\r\n\r\n" + body);
}

} // namespace

GST_START_TEST(an_endpoint_that_answers_with_a_page_is_told)
{
  expect_of_endpoint([](auto &peer) { answer(peer, "200 OK", "<html>Log in</html>"); },
                     "Check where the credentials come from: what http://127.0.0.1");
}
GST_END_TEST;

GST_START_TEST(an_endpoint_that_refuses_is_told)
{
  expect_of_endpoint([](auto &peer) { answer(peer, "403 Forbidden", "<html>No</html>"); },
                     "Check the credentials: http://127.0.0.1");
}
GST_END_TEST;

GST_START_TEST(an_endpoint_that_is_busy_is_told)
{
  expect_of_endpoint([](auto &peer) { answer(peer, "503 Service Unavailable", ""); },
                     "Wait and start again: http://127.0.0.1");
}
GST_END_TEST;

GST_START_TEST(an_endpoint_that_is_slow_is_told)
{
  expect_of_endpoint(
      [](auto &peer) {
        peer.read_head();
        peer.read_to_end();
      },
      "Check the network and the token_uri of the credentials, or raise connect-timeout: no answer "
      "from http://127.0.0.1",
      GST_SECOND);
}
GST_END_TEST;

GST_START_TEST(an_endpoint_without_an_end_is_cut)
{
  expect_of_endpoint(
      [](auto &peer) {
        peer.read_head();
        peer.answer("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
        for (;;)
          peer.send(std::string(65536, 'x'));
      },
      "Check where the credentials come from");
}
GST_END_TEST;

GST_START_TEST(an_endpoint_that_is_down_is_told)
{
  Simulator signer(issuing());
  const TextFile file(account_at("http://127.0.0.1:1/token", signer));
  Talk talk(signer.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
  talk.expect_error("Check the network and the token_uri of the credentials: no connection to "
                    "http://127.0.0.1:1/token (");
}
GST_END_TEST;

GST_START_TEST(no_credentials_at_all_is_told)
{
  Talk talk("http://127.0.0.1:1");
  g_setenv("GCE_METADATA_HOST", "127.0.0.1:1", TRUE);
  g_setenv("CLOUDSDK_CONFIG", "/nonexistent", TRUE);
  g_unsetenv("GOOGLE_APPLICATION_CREDENTIALS");
  g_object_set(talk.object, "project-id", "mine", nullptr);
  talk.expect_error("Set credentials-path, or log in with 'gcloud auth application-default login'");
}
GST_END_TEST;

GST_START_TEST(a_metadata_server_that_is_silent_is_none)
{
  RudePeer silent([](auto &peer) {
    peer.read_head();
    peer.read_to_end();
  });
  Talk talk("http://127.0.0.1:1");
  g_setenv("GCE_METADATA_HOST", silent.url().substr(7).c_str(), TRUE);
  g_setenv("CLOUDSDK_CONFIG", "/nonexistent", TRUE);
  g_unsetenv("GOOGLE_APPLICATION_CREDENTIALS");
  g_object_set(talk.object, "project-id", "mine", "connect-timeout", guint64{GST_SECOND / 2},
               nullptr);
  talk.expect_error("Set credentials-path, or log in with 'gcloud auth application-default login'");
}
GST_END_TEST;

GST_START_TEST(a_close_while_signing_in_is_a_close)
{
  Simulator signer(issuing());
  RudePeer endpoint([](auto &peer) {
    peer.read_head();
    peer.read_to_end();
  });
  const TextFile file(account_at(endpoint.url() + "/token", signer));
  Talk talk(signer.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
  talk.open();
  talk.log.wait_for("state 1");
  gst_gemini_live_session_close(talk.object);
  talk.log.wait_for("state 0");
}
GST_END_TEST;

GST_START_TEST(an_ephemeral_token_goes_into_the_query)
{
  RudePeer peer([](auto &connection) { answer(connection, "403 Forbidden", ""); });
  Talk talk(peer.url());
  g_object_set(talk.object, "auth-token", "auth_tokens/hush", nullptr);
  talk.expect_error("Check the credentials (HTTP 403");
  const auto heads = peer.heads();
  fail_unless(heads.at(0).find("BidiGenerateContentConstrained?access_token=auth_tokens/hush ") !=
                  std::string::npos,
              "%s", heads[0].c_str());
  for (const auto &line : talk.log.lines())
    fail_if(line.find("hush") != std::string::npos, "%s", line.c_str());
}
GST_END_TEST;

GST_START_TEST(a_token_serves_one_conversation)
{
  Simulator server(quiet());
  const auto token = server.mint_token("{}");
  Talk talk(server.url());
  g_object_set(talk.object, "auth-token", token.c_str(), nullptr);
  talk.open_and_close();
  Talk again(server.url());
  g_object_set(again.object, "auth-token", token.c_str(), nullptr);
  again.expect_error("Mint a new ephemeral token: this one is used up (close code 1011: Token has "
                     "been used too many times)");
}
GST_END_TEST;

GST_START_TEST(a_token_that_has_expired_is_told)
{
  Simulator server(quiet());
  const auto at_all = server.mint_token(R"({"expireTime":"2026-01-01T00:00:00Z"})"),
             to_begin = server.mint_token("{}");
  server.advance_clock(std::chrono::seconds(61));
  for (const auto &token : {at_all, to_begin}) {
    Talk talk(server.url());
    g_object_set(talk.object, "auth-token", token.c_str(), nullptr);
    talk.expect_error(
        "Mint a new ephemeral token: this one has expired (close code 1011: Token has "
        "expired)");
  }
}
GST_END_TEST;

GST_START_TEST(a_token_that_expires_ends_the_conversation)
{
  Simulator server(quiet());
  Talk talk(server.url());
  g_object_set(talk.object, "auth-token", server.mint_token("{}").c_str(), nullptr);
  talk.open();
  talk.log.wait_for("state 2");
  server.advance_clock(std::chrono::minutes(31));
  talk.log.wait_for("error Mint a new ephemeral token: this one has expired (close code 1011: auth "
                    "token has expired)");
  talk.log.wait_for("state 0");
}
GST_END_TEST;

GST_START_TEST(a_token_that_nobody_minted_is_told)
{
  Simulator server(quiet());
  Talk talk(server.url());
  g_object_set(talk.object, "auth-token", "auth_tokens/made-up", nullptr);
  talk.expect_error("Check the credentials, or mint a new ephemeral token (close code 1008: ");
}
GST_END_TEST;

GST_START_TEST(a_token_for_another_model_beats_the_settings)
{
  Simulator server({.scenario = R"({"turns":[{"on":"text","say":"{system-instruction}"}]})"});
  const auto speak = [&](const char *model) {
    return server.mint_token(std::string(R"({"bidiGenerateContentSetup":{"model":")") + model +
                             R"(","systemInstruction":{"parts":[{"text":"Be brief."}]}},)" +
                             R"("fieldMask":"model,systemInstruction"})");
  };
  Talk refused(server.url());
  g_object_set(refused.object, "auth-token", speak("models/llama").c_str(), nullptr);
  refused.expect_error("Check the property model, and api-version with it, or mint a new ephemeral "
                       "token: what it freezes beats the settings (close code 1008: models/llama ");
  // One that is served is not mentioned: what it was minted with holds.
  Talk talk(server.url());
  g_object_set(talk.object, "auth-token", speak("models/gemini-3.1-live").c_str(), "model",
               "gemini-3.8-live", "system-instruction", "Be long.", nullptr);
  talk.open();
  fail_unless(gst_gemini_live_session_send_text(talk.object, "Hello", nullptr));
  talk.log.wait_for("output final Be brief.");
}
GST_END_TEST;

GST_START_TEST(a_token_with_half_a_setup_is_told)
{
  Simulator server(quiet());
  Talk talk(server.url());
  const auto token =
      server.mint_token(R"({"bidiGenerateContentSetup":{"model":"models/gemini-3.8-live"}})");
  g_object_set(talk.object, "auth-token", token.c_str(), nullptr);
  talk.expect_error("Set modality to what this model can answer in, or mint a new ephemeral token: "
                    "what it freezes beats the settings (close code 1007: The requested "
                    "combination of response modalities (TEXT)");
}
GST_END_TEST;

GST_START_TEST(extra_headers_are_sent)
{
  RudePeer peer([](auto &connection) { answer(connection, "403 Forbidden", ""); });
  Talk talk(peer.url());
  GstStructure *headers = gst_structure_new("headers", "x-team", G_TYPE_INT, 7, "x-word",
                                            G_TYPE_STRING, "a b", nullptr);
  g_object_set(talk.object, "api-key", "k", "extra-headers", headers, nullptr);
  gst_structure_free(headers);
  talk.expect_error("Check the credentials (HTTP 403");
  const auto head = peer.heads().at(0);
  for (const auto *line : {"x-team: 7\r\n", "x-word: a b\r\n", "x-goog-api-key: k\r\n"})
    fail_unless(head.find(line) != std::string::npos, "%s", head.c_str());
}
GST_END_TEST;

static Suite *credentials_suite()
{
  Suite *suite = suite_create("credentials");
  TCase *tcase = tcase_create("credentials");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, a_service_account_signs_in);
  tcase_add_test(tcase, a_user_signs_in);
  tcase_add_test(tcase, a_machine_signs_in_and_knows_the_project);
  tcase_add_test(tcase, a_token_serves_all_conversations_of_the_process);
  tcase_add_test(tcase, conversations_that_open_at_once_share_one_request);
  tcase_add_test(tcase, who_waits_for_a_request_that_is_given_up_asks_himself);
  tcase_add_test(tcase, a_token_for_less_than_five_minutes_serves_no_other_conversation);
  tcase_add_test(tcase, a_conversation_outlives_its_token);
  tcase_add_test(tcase, a_key_opens_vertex_ai);
  tcase_add_test(tcase, a_clock_that_is_off_is_told);
  tcase_add_test(tcase, an_account_that_nobody_knows_is_told);
  tcase_add_test(tcase, an_endpoint_that_answers_with_a_page_is_told);
  tcase_add_test(tcase, an_endpoint_that_refuses_is_told);
  tcase_add_test(tcase, an_endpoint_that_is_busy_is_told);
  tcase_add_test(tcase, an_endpoint_that_is_slow_is_told);
  tcase_add_test(tcase, an_endpoint_without_an_end_is_cut);
  tcase_add_test(tcase, an_endpoint_that_is_down_is_told);
  tcase_add_test(tcase, no_credentials_at_all_is_told);
  tcase_add_test(tcase, a_metadata_server_that_is_silent_is_none);
  tcase_add_test(tcase, a_close_while_signing_in_is_a_close);
  tcase_add_test(tcase, an_ephemeral_token_goes_into_the_query);
  tcase_add_test(tcase, a_token_serves_one_conversation);
  tcase_add_test(tcase, a_token_that_has_expired_is_told);
  tcase_add_test(tcase, a_token_that_expires_ends_the_conversation);
  tcase_add_test(tcase, a_token_that_nobody_minted_is_told);
  tcase_add_test(tcase, a_token_for_another_model_beats_the_settings);
  tcase_add_test(tcase, a_token_with_half_a_setup_is_told);
  tcase_add_test(tcase, extra_headers_are_sent);
  return suite;
}

GST_CHECK_MAIN(credentials);
