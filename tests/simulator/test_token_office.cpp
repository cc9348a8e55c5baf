// Who gets a token of the simulator, and who does not. The statements are signed elsewhere: see
// pair/credentials; here is what must be refused.
#include "json.hpp"
#include "token_office.hpp"

#include <gst/check/gstcheck.h>

using namespace gemini_live_simulator;

namespace {

constexpr std::int64_t now = 1'800'000'000;

std::string error_of(const HttpReply &reply)
{
  const auto json = JsonDocument::parse(reply.body);
  fail_unless(json.has_value(), "%s", reply.body.c_str());
  return json->root().get("error").string();
}

} // namespace

GST_START_TEST(a_user_gets_a_token)
{
  TokenOffice office("http://127.0.0.1:1", 600);
  const auto json = JsonDocument::parse(office.authorized_user());
  fail_unless(json.has_value());
  const auto user = json->root();
  const auto form = [&](const char *grant, const std::string &token) {
    return std::string("grant_type=") + grant + "&client_id=" + user.get("client_id").string() +
           "&client_secret=" + user.get("client_secret").string() + "&refresh_token=" + token;
  };
  const auto token = user.get("refresh_token").string();
  const auto reply = office.exchange(form("refresh_token", token), now);
  fail_unless_equals_int(static_cast<int>(reply.status), 200);
  const auto issued = JsonDocument::parse(reply.body)->root().get("access_token").string();
  fail_unless(office.accepts("Bearer " + issued, now));
  fail_unless(office.accepts("Bearer " + issued, now + 599));
  fail_if(office.accepts("Bearer " + issued, now + 600));
  fail_if(office.accepts(issued, now));
  fail_if(office.accepts("Bearer x", now));
  office.revoke_all();
  fail_if(office.accepts("Bearer " + issued, now));

  fail_unless(error_of(office.exchange(form("refresh_token", "other"), now)) == "invalid_grant");
  fail_unless(error_of(office.exchange(form("password", token), now)) == "unsupported_grant_type");
  fail_unless(error_of(office.exchange("grant_type=refresh_token", now)) == "invalid_client");
  fail_unless(error_of(office.exchange("", now)) == "unsupported_grant_type");
}
GST_END_TEST;

GST_START_TEST(what_is_no_signed_statement_is_refused)
{
  TokenOffice office("http://127.0.0.1:1", 600);
  const std::string form =
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
  for (const char *statement : {"", "a", "a.b", "a.b.c", "e30.e30.e30", "e30.e30.", "..",
                                "eyJhbGciOiJSUzI1NiJ9.e30.e30", "eyJhbGciOiJub25lIn0.e30.e30"})
    fail_unless(error_of(office.exchange(form + statement, now)) == "invalid_grant", "%s",
                statement);
}
GST_END_TEST;

GST_START_TEST(a_machine_is_told_who_it_is)
{
  TokenOffice office("http://127.0.0.1:1", 600);
  fail_unless(office.tell_machine("project/project-id", now).body == "simulated-project");
  fail_unless(office.tell_machine("instance/service-accounts/default/token", now).status == 200);
  fail_unless(office.tell_machine("instance/zone", now).status == 404);
}
GST_END_TEST;

static Suite *token_office_suite()
{
  Suite *suite = suite_create("token_office");
  TCase *tcase = tcase_create("token_office");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, a_user_gets_a_token);
  tcase_add_test(tcase, what_is_no_signed_statement_is_refused);
  tcase_add_test(tcase, a_machine_is_told_who_it_is);
  return suite;
}

GST_CHECK_MAIN(token_office);
