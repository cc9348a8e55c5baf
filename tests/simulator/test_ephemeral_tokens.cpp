// What an ephemeral token opens, and what nobody gets one for: over HTTP and by the constrained
// method.
#include "client_for_test.hpp"
#include "ephemeral_tokens.hpp"
#include "simulator.hpp"
#include "talk_for_test.hpp"

#include <gst/check/gstcheck.h>

using namespace gemini_live_simulator;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t now = 1'800'000'000 * second; // 2027-01-15T08:00:00Z

struct Minted {
  explicit Minted(const std::string &request)
  {
    const auto reply = office.mint({.has_key = true, .key = "k"}, request, now);
    fail_unless(reply.status == 200, "%s", reply.body.c_str());
    const auto name = JsonDocument::parse(reply.body)->root().get("name").string();
    fail_unless(name.starts_with("auth_tokens/"), "%s", name.c_str());
    token = office.find(name);
    fail_unless(token != nullptr);
  }

  // Why it does not open the door so many seconds later.
  std::string refusal(std::int64_t later, bool resumes = false) const
  {
    const auto refused = token->refuse(resumes, now + later * second);
    fail_unless(!refused || refused->code == 1011);
    return refused ? refused->reason : "";
  }

  EphemeralTokens office{"k"};
  EphemeralToken *token;
};

struct Answer {
  unsigned status;
  std::string body;
};

Answer ask(const char *method, const std::string &url, const char *key, const std::string &body)
{
  const ObjectPtr<SoupSession> session(soup_session_new());
  const ObjectPtr<SoupMessage> message(soup_message_new(method, url.c_str()));
  if (key)
    soup_message_headers_append(soup_message_get_request_headers(message.get()), "x-goog-api-key",
                                key);
  if (!body.empty()) {
    const BytesPtr bytes(g_bytes_new(body.data(), body.size()));
    soup_message_set_request_body_from_bytes(message.get(), "application/json", bytes.get());
  }
  const BytesPtr reply(soup_session_send_and_read(session.get(), message.get(), nullptr, nullptr));
  fail_unless(reply != nullptr);
  gsize size = 0;
  const auto *text = static_cast<const char *>(g_bytes_get_data(reply.get(), &size));
  return {soup_message_get_status(message.get()), std::string(text ? text : "", size)};
}

void expect_refusal(const Answer &answer, unsigned status, const char *name,
                    const std::string &message)
{
  fail_unless_equals_int(static_cast<int>(answer.status), static_cast<int>(status));
  const auto json = JsonDocument::parse(answer.body);
  fail_unless(json.has_value(), "%s", answer.body.c_str());
  const Json error = json->root().get("error");
  fail_unless(error.get("code").number() == status);
  fail_unless(error.get("status").string() == name, "%s", answer.body.c_str());
  fail_unless(error.get("message").string().starts_with(message), "%s", answer.body.c_str());
}

Options keyed(const std::string &scenario)
{
  auto options = with_scenario(scenario);
  options.api_key = "secret";
  return options;
}

std::string constrained(const std::string &token)
{
  return std::string(ClientForTest::path) + "Constrained?access_token=" + token;
}

const std::string pinned_model = R"("bidiGenerateContentSetup":{"model":"models/gemini-3.8-live"})";

} // namespace

GST_START_TEST(is_minted_over_http)
{
  Simulator simulator(keyed(R"({"turns":[]})"));
  for (const char *path : EphemeralTokens::paths) {
    const auto url = simulator.url() + path;
    const auto answer = ask("POST", url, "secret", R"({"uses":1})");
    fail_unless_equals_int(static_cast<int>(answer.status), 200);
    const auto name = JsonDocument::parse(answer.body)->root().get("name").string();
    ClientForTest client(simulator.url(), constrained(name));
    client.send(bare_setup);
    fail_unless(client.wait_for("setupComplete"));
    fail_unless_equals_int(static_cast<int>(ask("POST", url, "secret", "").status), 200);
    fail_unless_equals_int(static_cast<int>(ask("POST", url + "?key=secret", nullptr, "{}").status),
                           200);
    // Neither the list nor a token can be looked at.
    fail_unless_equals_int(static_cast<int>(ask("GET", url, "secret", "").status), 404);
    fail_unless_equals_int(static_cast<int>(ask("GET", url + "/x", "secret", "").status), 404);
    fail_unless_equals_int(static_cast<int>(ask("POST", url + "/x", "secret", "{}").status), 404);
  }
}
GST_END_TEST;

GST_START_TEST(is_minted_for_the_right_key_only)
{
  Simulator simulator(keyed(R"({"turns":[]})"));
  const auto url = simulator.url() + EphemeralTokens::paths[0];
  expect_refusal(ask("POST", url, nullptr, "{}"), 403, "PERMISSION_DENIED",
                 "Method doesn't allow unregistered callers");
  expect_refusal(ask("POST", url, "other", "{}"), 400, "INVALID_ARGUMENT",
                 "API key not valid. Please pass a valid API key.");
}
GST_END_TEST;

GST_START_TEST(is_not_minted_for_a_request_that_is_wrong)
{
  EphemeralTokens office("");
  const auto refused = [&](const std::string &request, const std::string &message) {
    const auto reply = office.mint({.has_key = true, .key = "k"}, request, now);
    expect_refusal({reply.status, reply.body}, 400, "INVALID_ARGUMENT", message);
  };
  const std::string invalid = "Invalid JSON payload received. ";
  refused("[]", invalid + "Unexpected token.");
  refused("{", invalid + "Unexpected token.");
  refused(R"({"liveConnectConstraints":{}})",
          invalid + R"(Unknown name "liveConnectConstraints" at 'auth_token')");
  refused(R"({"bidiGenerateContentSetup":{"modell":"m"}})",
          invalid + R"(Unknown name "modell" at 'auth_token.bidi_generate_content_setup')");
  refused(R"({"bidiGenerateContentSetup":{"setup":{}}})", invalid + R"(Unknown name "setup")");
  refused(R"({"uses":"many"})", "Invalid value at 'auth_token.uses' (TYPE_INT32)");
  refused(R"({"uses":-1})", "Invalid value at 'auth_token.uses' (TYPE_INT32)");
  refused(R"({"expireTime":"soon"})", "Invalid value at 'auth_token.expire_time'");
  refused(R"({"newSessionExpireTime":60})",
          "Invalid value at 'auth_token.new_session_expire_time'");
  for (const char *mask :
       {"temperature", "model,", "model.x", "generationConfig.heat", "generation_config"})
    refused(std::string(R"({"fieldMask":")") + mask + "\"}",
            "Invalid value at 'auth_token.field_mask'");
  refused(R"({"expireTime":"2027-01-16T04:00:00Z"})", "Maximum lifetime is 20h");
  refused(R"({"newSessionExpireTime":"2027-01-16T04:00:00Z"})", "Maximum lifetime is 20h");
}
GST_END_TEST;

GST_START_TEST(opens_one_conversation_soon_if_nothing_else_is_said)
{
  const Minted minted("{}");
  fail_unless(minted.refusal(59) == "");
  fail_unless(minted.refusal(60) == "Token has expired");
  fail_unless(minted.refusal(1799, true) == "");
  fail_unless(minted.refusal(1800, true) == "Token has expired");
  minted.token->count_conversation();
  fail_unless(minted.refusal(0) == "Token has been used too many times");
  fail_unless(minted.refusal(0, true) == ""); // who goes on is not counted
}
GST_END_TEST;

GST_START_TEST(opens_as_much_as_was_asked_for)
{
  const Minted minted(R"({"uses":"2","expireTime":"2027-01-15T09:00:00.5+00:00",)"
                      R"("new_session_expire_time":"2027-01-15T08:30:00Z"})");
  fail_unless(minted.token->expires() == now + 3600 * second + second / 2);
  fail_unless(minted.refusal(1799) == "" && minted.refusal(1800) != "");
  for (int i = 0; i < 2; ++i) {
    fail_unless(minted.refusal(0) == "");
    minted.token->count_conversation();
  }
  fail_unless(minted.refusal(0) == "Token has been used too many times");

  const Minted endless(R"({"uses":0})");
  for (int i = 0; i < 100; ++i)
    endless.token->count_conversation();
  fail_unless(endless.refusal(0) == "");
}
GST_END_TEST;

GST_START_TEST(holds_what_it_freezes)
{
  const std::string setup =
      R"({"setup":{"model":"models/a","generation_config":{"temperature":1,"responseModalities":["AUDIO"]},)"
      R"("systemInstruction":{"parts":[{"text":"client"}]},"sessionResumption":{"handle":"h"}}})";
  const std::string own =
      R"("bidiGenerateContentSetup":{"model":"models/b","generationConfig":{"temperature":0}})";
  const struct {
    std::string request, expected;
  } rows[] = {
      {"{}", setup},
      // All of it, and no word of the client's but the handle.
      {"{" + own + "}",
       R"({"setup":{"model":"models/b","generationConfig":{"temperature":0,"responseModalities":["TEXT"]},)"
       R"("sessionResumption":{"handle":"h"}}})"},
      {"{" + own + R"(,"fieldMask":"model,generationConfig.temperature"})",
       R"({"setup":{"generation_config":{"responseModalities":["AUDIO"],"temperature":0},)"
       R"("systemInstruction":{"parts":[{"text":"client"}]},"sessionResumption":{"handle":"h"},)"
       R"("model":"models/b"}})"},
      // What is frozen and not set is unset.
      {R"({"fieldMask":"systemInstruction,sessionResumption,tools"})",
       R"({"setup":{"model":"models/a","generation_config":{"temperature":1,"responseModalities":["AUDIO"]},)"
       R"("sessionResumption":{"handle":"h"}}})"},
  };
  for (const auto &[request, expected] : rows) {
    const auto holds = Minted(request).token->constrain(setup);
    fail_unless(holds == expected, "%s: %s", request.c_str(), holds.c_str());
  }
}
GST_END_TEST;

GST_START_TEST(refuses_at_the_door)
{
  Simulator simulator(keyed(R"({"turns":[]})"));
  const auto refused = [&](const std::string &where, std::vector<ClientForTest::Header> headers,
                           unsigned code, const std::string &reason) {
    ClientForTest client(simulator.url(), where, std::move(headers));
    fail_unless(client.connected());
    client.send(bare_setup);
    fail_unless(client.wait_closed());
    fail_unless_equals_int(static_cast<int>(client.close_code()), static_cast<int>(code));
    const auto said = client.close_reason();
    fail_unless(said.starts_with(reason), "%s", said.c_str());
  };
  const std::string nobody = "Request had invalid authentication credentials.";
  const std::string path = ClientForTest::path;
  const auto good = simulator.mint_token("{}"), header = "Token " + good;
  refused(constrained("auth_tokens/x"), {}, 1008, nobody);
  refused(path + "Constrained", {}, 1008, nobody);
  refused(path + "Constrained?key=secret", {}, 1008, nobody);
  refused(path + "Constrained", {{"authorization", header.c_str()}}, 1008, nobody);
  refused(path + "?access_token=" + good, {}, 1008, "Method doesn't allow unregistered callers");
  refused(constrained(simulator.mint_token("{" + pinned_model + "}")), {}, 1007,
          "The requested combination of response modalities (TEXT) is not supported by the model.");
  const std::string other =
      R"({"bidiGenerateContentSetup":{"model":"models/llama"},"fieldMask":"model"})";
  refused(constrained(simulator.mint_token(other)), {}, 1008, "models/llama is not found");

  const auto once = simulator.mint_token("{}");
  ClientForTest first(simulator.url(), constrained(once));
  first.send(bare_setup);
  fail_unless(first.wait_for("setupComplete"));
  refused(constrained(once), {}, 1011, "Token has been used too many times");
  simulator.advance_clock(std::chrono::seconds(61));
  refused(constrained(good), {}, 1011, "Token has expired");
}
GST_END_TEST;

GST_START_TEST(goes_on_with_a_conversation_until_it_expires)
{
  Simulator simulator(with_scenario(R"({"turns":[]})"));
  const auto token = simulator.mint_token("{}");
  std::string handle;
  {
    ClientForTest client(simulator.url(), constrained(token));
    client.send(full_setup);
    fail_unless(client.wait_for("newHandle"));
    for (const auto &message : client.messages())
      if (const auto json = JsonDocument::parse(message.text))
        if (const Json update = json->root().get("sessionResumptionUpdate"); update.exists())
          handle = update.get("newHandle").string();
    client.close();
    fail_unless(client.wait_closed());
  }
  simulator.advance_clock(std::chrono::seconds(600));
  auto setup = full_setup;
  const std::string empty = R"("sessionResumption":{})";
  setup.replace(setup.find(empty), empty.size(),
                R"("sessionResumption":{"handle":")" + handle + "\"}");
  ClientForTest client(simulator.url(), constrained(token));
  client.send(setup);
  fail_unless(client.wait_for("setupComplete"));
  simulator.advance_clock(std::chrono::seconds(1200));
  fail_unless(client.wait_closed());
  fail_unless_equals_int(static_cast<int>(client.close_code()), 1011);
  fail_unless(client.close_reason() == "auth token has expired");
  ClientForTest late(simulator.url(), constrained(token));
  late.send(setup);
  fail_unless(late.wait_closed());
  fail_unless(late.close_reason() == "Token has expired");
}
GST_END_TEST;

// With no hand at the clock.
GST_START_TEST(expires_by_itself)
{
  Simulator simulator(with_scenario(R"({"turns":[]})"));
  GDateTime *soon = g_date_time_new_from_unix_utc(g_get_real_time() / second + 3);
  const CharPtr time(g_date_time_format_iso8601(soon));
  g_date_time_unref(soon);
  const auto token = simulator.mint_token(std::string(R"({"expireTime":")") + time.get() + "\"}");
  ClientForTest client(simulator.url(), constrained(token));
  client.send(bare_setup);
  fail_unless(client.wait_for("setupComplete"));
  fail_unless(client.wait_closed());
  fail_unless(client.close_reason() == "auth token has expired");
}
GST_END_TEST;

static Suite *ephemeral_tokens_suite()
{
  Suite *suite = suite_create("ephemeral_tokens");
  TCase *tcase = tcase_create("ephemeral_tokens");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, is_minted_over_http);
  tcase_add_test(tcase, is_minted_for_the_right_key_only);
  tcase_add_test(tcase, is_not_minted_for_a_request_that_is_wrong);
  tcase_add_test(tcase, opens_one_conversation_soon_if_nothing_else_is_said);
  tcase_add_test(tcase, opens_as_much_as_was_asked_for);
  tcase_add_test(tcase, holds_what_it_freezes);
  tcase_add_test(tcase, refuses_at_the_door);
  tcase_add_test(tcase, goes_on_with_a_conversation_until_it_expires);
  tcase_add_test(tcase, expires_by_itself);
  return suite;
}

GST_CHECK_MAIN(ephemeral_tokens);
