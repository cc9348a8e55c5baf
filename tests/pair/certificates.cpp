// Certificates that are not good, of the service and of the token endpoint: what is wrong with one is
// told, and nothing is sent to who has it.

#include "support/talk.hpp"

#include <ctime>

#include <gst/check/gstcheck.h>

namespace {

using gemini_live_simulator::CertificatePlan;
using gemini_live_simulator::Options;
using gemini_live_simulator::Simulator;
using test::Talk;
using test::TextFile;

std::string day(int from_today)
{
  const auto when = std::time(nullptr) + from_today * 24 * 60 * 60;
  char text[11];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&when));
  return text;
}

struct Row {
  CertificatePlan plan;
  bool trusted;
  std::string service, endpoint; // how the errors begin
  std::string detail;
};

Row self_signed()
{
  const std::string text = "Set tls-ca-file if this server is yours: its certificate is of an "
                           "authority that is not known here (self-signed by CN=localhost, ";
  return {{}, false, text, text, "127.0.0.1"};
}

Row expired()
{
  const auto text = "Check the clock of this machine, or renew the certificate of the server: it "
                    "expired on " +
                    day(-2);
  return {{.first_day = -9, .last_day = -2}, true, text, text, "127.0.0.1"};
}

Row not_yet_valid()
{
  const auto text =
      "Check the clock of this machine: the certificate of the server is not good until " + day(2);
  return {{.first_day = 2, .last_day = 9}, true, text, text, "127.0.0.1"};
}

Row of_another_host()
{
  const std::string text = ": the certificate of the server is for other.example, and not for the "
                           "host of ";
  return {{.host = "other.example"},
          true,
          "Check base-url" + text,
          "Check the token_uri of the credentials" + text,
          "127.0.0.1"};
}

Options secure(const CertificatePlan &plan)
{
  return {.tls = true, .scenario = R"({"turns":[]})", .issues_tokens = true, .certificate = plan};
}

void expect_of_service(const Row &row)
{
  Simulator server(secure(row.plan));
  Talk talk(server.url());
  g_object_set(talk.object, "api-key", "hush-hush", "tls-ca-file",
               row.trusted ? server.ca_file().c_str() : "", nullptr);
  const auto error = talk.expect_error(row.service);
  fail_unless(error.find(row.detail) != std::string::npos, "%s", error.c_str());
  fail_unless(server.received().empty());
}

void expect_of_endpoint(const Row &row)
{
  Simulator server(secure(row.plan));
  const TextFile file(server.service_account());
  Talk talk(server.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), "tls-ca-file",
               row.trusted ? server.ca_file().c_str() : "", nullptr);
  const auto error = talk.expect_error(row.endpoint);
  fail_unless(error.find(server.url().substr(8) + "/token") != std::string::npos, "%s",
              error.c_str());
  fail_unless_equals_int(static_cast<int>(server.token_requests()), 0);
}

void expect_ready(Talk &talk, const Simulator &server, const std::string &ca_file)
{
  g_object_set(talk.object, "tls-ca-file", ca_file.c_str(), nullptr);
  talk.open_and_close();
  fail_if(server.received().empty());
}

} // namespace

GST_START_TEST(a_certificate_of_nobody_is_told)
{
  expect_of_service(self_signed());
}
GST_END_TEST;

GST_START_TEST(an_expired_certificate_is_told)
{
  expect_of_service(expired());
}
GST_END_TEST;

GST_START_TEST(a_certificate_of_tomorrow_is_told)
{
  expect_of_service(not_yet_valid());
}
GST_END_TEST;

GST_START_TEST(a_certificate_of_another_host_is_told)
{
  expect_of_service(of_another_host());
}
GST_END_TEST;

GST_START_TEST(a_certificate_of_nobody_is_told_of_the_token_endpoint)
{
  expect_of_endpoint(self_signed());
}
GST_END_TEST;

GST_START_TEST(an_expired_certificate_is_told_of_the_token_endpoint)
{
  expect_of_endpoint(expired());
}
GST_END_TEST;

GST_START_TEST(a_certificate_of_tomorrow_is_told_of_the_token_endpoint)
{
  expect_of_endpoint(not_yet_valid());
}
GST_END_TEST;

GST_START_TEST(a_certificate_of_another_host_is_told_of_the_token_endpoint)
{
  expect_of_endpoint(of_another_host());
}
GST_END_TEST;

GST_START_TEST(a_file_of_anchors_serves_the_service_and_the_token_endpoint)
{
  Simulator server(secure({}));
  const TextFile file(server.service_account());
  Talk talk(server.url());
  g_object_set(talk.object, "credentials-path", file.path().c_str(), nullptr);
  expect_ready(talk, server, server.ca_file());
  fail_unless_equals_int(static_cast<int>(server.token_requests()), 1);
}
GST_END_TEST;

GST_START_TEST(the_anchors_of_another_are_of_no_use)
{
  Simulator server(secure({})), other(secure({}));
  Talk talk(server.url());
  g_object_set(talk.object, "api-key", "hush-hush", "tls-ca-file", other.ca_file().c_str(),
               nullptr);
  talk.expect_error("Set tls-ca-file if this server is yours");
  fail_unless(server.received().empty());
}
GST_END_TEST;

GST_START_TEST(a_file_of_several_anchors_is_read_to_its_end)
{
  Simulator server(secure({})), other(secure({}));
  std::string both;
  for (const auto &path : {other.ca_file(), server.ca_file()}) {
    g_autofree gchar *pem = nullptr;
    fail_unless(g_file_get_contents(path.c_str(), &pem, nullptr, nullptr));
    both += pem;
  }
  const TextFile file(both);
  Talk talk(server.url());
  g_object_set(talk.object, "api-key", "hush-hush", nullptr);
  expect_ready(talk, server, file.path().c_str());
}
GST_END_TEST;

static Suite *certificates_suite()
{
  Suite *suite = suite_create("certificates");
  TCase *tcase = tcase_create("certificates");
  suite_add_tcase(suite, tcase);
  tcase_add_test(tcase, a_certificate_of_nobody_is_told);
  tcase_add_test(tcase, an_expired_certificate_is_told);
  tcase_add_test(tcase, a_certificate_of_tomorrow_is_told);
  tcase_add_test(tcase, a_certificate_of_another_host_is_told);
  tcase_add_test(tcase, a_certificate_of_nobody_is_told_of_the_token_endpoint);
  tcase_add_test(tcase, an_expired_certificate_is_told_of_the_token_endpoint);
  tcase_add_test(tcase, a_certificate_of_tomorrow_is_told_of_the_token_endpoint);
  tcase_add_test(tcase, a_certificate_of_another_host_is_told_of_the_token_endpoint);
  tcase_add_test(tcase, a_file_of_anchors_serves_the_service_and_the_token_endpoint);
  tcase_add_test(tcase, the_anchors_of_another_are_of_no_use);
  tcase_add_test(tcase, a_file_of_several_anchors_is_read_to_its_end);
  return suite;
}

GST_CHECK_MAIN(certificates);
