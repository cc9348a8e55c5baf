// A server that answers the handshake with a refusal: each is one error with the status, with what its
// body says and with what to do.

#include "trial.hpp"

#include <cstdlib>

using test::Connection;
using test::RudePeer;
using test::Trial;

namespace {

constexpr const char *kHtml = "<!DOCTYPE html><html><title>Error 404 (Not Found)!!1</title>"
                              "<p>The requested URL was not found on this server.</html>\n";

struct Status {
  const char *name;
  const char *line;
  const char *body;
  unsigned status;
  GstResourceError error;
  bool retryable;
  const char *advice;
};

constexpr auto kOpen = GST_RESOURCE_ERROR_OPEN_READ_WRITE;
constexpr auto kKey = GST_RESOURCE_ERROR_NOT_AUTHORIZED;
constexpr const char *kUrl = "Check base-url and the network";
constexpr const char *kJson = R"({"error":{"code":400,"message":"No."}})";

constexpr Status kStatuses[] = {
    {"a_200_is_one_error", "200 OK", "hello", 200, kOpen, false, kUrl},
    {"a_204_is_one_error", "204 No Content", "", 204, kOpen, false, kUrl},
    {"a_301_is_one_error", "301 Moved Permanently\r\nLocation: /else", "", 301, kOpen, false, kUrl},
    {"a_400_is_one_error", "400 Bad Request", kJson, 400, kOpen, false, kUrl},
    {"a_401_is_one_error", "401 Unauthorized\r\nWWW-Authenticate: Bearer", kJson, 401, kKey, false,
     "Check the credentials"},
    {"a_401_that_asks_for_a_password_is_one_error",
     "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"", "", 401, kKey, false,
     "Check the credentials"},
    {"a_403_is_one_error", "403 Forbidden", kJson, 403, kKey, false, "Check the credentials"},
    {"a_404_with_html_is_one_error", "404 Not Found\r\nContent-Type: text/html", kHtml, 404,
     GST_RESOURCE_ERROR_NOT_FOUND, false, "Check base-url and api-version"},
    {"a_407_is_one_error", "407 Proxy Authentication Required", "", 407, kKey, false,
     "Set user and password in proxy"},
    {"a_408_is_one_error", "408 Request Timeout", "", 408, GST_RESOURCE_ERROR_BUSY, true, "Wait"},
    {"a_429_is_one_error", "429 Too Many Requests\r\nRetry-After: 30", kJson, 429,
     GST_RESOURCE_ERROR_BUSY, true, "Wait and start again: the service is busy"},
    {"a_500_is_one_error", "500 Internal Server Error", "", 500, kOpen, true, "Wait"},
    {"a_503_is_one_error", "503 Service Unavailable", "", 503, kOpen, true,
     "Wait and start again: the service is not available"},
    {"a_599_is_one_error", "599 Nobody Knows", "", 599, kOpen, true, "Wait"},
    {"a_status_phrase_that_is_no_utf8_is_one_error", "403 Verbot\xe4n", "", 403, kKey, false,
     "Check the credentials"},
    {"a_status_without_a_phrase_is_one_error", "403 ", "", 403, kKey, false,
     "Check the credentials"},
};

// The errors of Google's APIs, each as its body has it.
struct Refusal {
  const char *name;
  const char *line;
  const char *message; // how it begins; the rest is of no account
  GstResourceError error;
  bool retryable;
  const char *advice;
};

constexpr Refusal kRefusals[] = {
    {"a_key_that_is_not_valid_is_told", "400 Bad Request",
     "API key not valid. Please pass a valid API key.", kKey, false, "Check the API key"},
    {"a_key_where_tokens_are_taken_is_told", "401 Unauthorized",
     "API keys are not supported by this API. Expected OAuth2 access token or other", kKey, false,
     "Set credentials-path, or the API key of an express mode: any other is not taken here"},
    {"a_token_that_is_not_valid_is_told", "401 Unauthorized",
     "Request had invalid authentication credentials. Expected OAuth 2 access token", kKey, false,
     "Check the credentials"},
    {"a_missing_token_is_told", "401 Unauthorized",
     "Request is missing required authentication credential.", kKey, false,
     "Check the credentials"},
    {"a_missing_role_is_told", "403 Forbidden",
     "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/p",
     kKey, false, "Give the account the role Vertex AI User in the project"},
    {"a_project_that_is_none_is_told", "403 Forbidden",
     "Permission denied on resource project mine.", kKey, false,
     "Check project-id: it is none, or not for this account"},
    {"an_api_that_is_not_enabled_is_told", "403 Forbidden",
     "Vertex AI API has not been used in project mine before or it is disabled.", kKey, false,
     "Enable the Vertex AI API (aiplatform.googleapis.com) for the project"},
    {"an_api_of_another_name_that_is_not_enabled_is_told", "403 Forbidden",
     "Agent Platform API has not been used in project 1 before or it is disabled.", kKey, false,
     "Enable the API that is named here for the project"},
    {"a_project_without_billing_is_told", "403 Forbidden",
     "This API method requires billing to be enabled. Please enable billing on project #1", kKey,
     false, "Enable billing for the project"},
    {"a_key_of_other_machines_is_told", "403 Forbidden", "Requests from referer  are blocked.",
     kKey, false, "Change the restrictions of the API key: it is not for this machine"},
    {"a_key_of_other_apis_is_told", "403 Forbidden",
     "Requests to this API generativelanguage.googleapis.com method m are blocked.", kKey, false,
     "Change the restrictions of the API key: it is not for this API"},
    {"a_place_without_the_service_is_told", "400 Bad Request",
     "User location is not supported for the API use.", kKey, false,
     "Use Vertex AI, or another network"},
    {"a_model_that_is_not_in_the_region_is_told", "404 Not Found",
     "Publisher Model `projects/p/locations/l/publishers/google/models/m` was not found or your",
     GST_RESOURCE_ERROR_NOT_FOUND, false, "Check model and location"},
    {"a_model_that_is_unknown_is_told", "404 Not Found",
     "models/m is not found for API version v1beta, or is not supported for",
     GST_RESOURCE_ERROR_NOT_FOUND, false, "Check the property model"},
    {"a_quota_that_is_used_up_is_told", "429 Too Many Requests",
     "You exceeded your current quota, please check your plan and billing details.",
     GST_RESOURCE_ERROR_NO_SPACE_LEFT, false, "Wait a minute or raise the quota"},
    {"a_quota_of_vertex_that_is_used_up_is_told", "429 Too Many Requests",
     "Quota exceeded for aiplatform.googleapis.com/bidi_gen_concurrent_reqs_per_project",
     GST_RESOURCE_ERROR_NO_SPACE_LEFT, false, "Wait a minute or raise the quota"},
    {"a_service_that_is_crowded_is_told", "429 Too Many Requests",
     "Resource exhausted. Please try again later.", GST_RESOURCE_ERROR_BUSY, true,
     "Wait and start again: the service is busy"},
    {"credits_that_are_used_up_are_told", "429 Too Many Requests",
     "Your prepayment credits are depleted.", GST_RESOURCE_ERROR_NO_SPACE_LEFT, false,
     "Buy credits"},
    {"an_argument_that_is_invalid_is_told", "400 Bad Request",
     "Request contains an invalid argument.", GST_RESOURCE_ERROR_SETTINGS, false,
     "Check the settings"},
};

std::string google_error(const char *message)
{
  return std::string("{\n  \"error\": {\n    \"code\": 403,\n    \"message\": \"") + message +
         "\",\n    \"status\": \"PERMISSION_DENIED\",\n    \"details\": []\n  }\n}\n";
}

std::string chunked(const char *line, const std::string &body)
{
  const auto half = body.size() / 2;
  char sizes[2][17];
  g_snprintf(sizes[0], sizeof sizes[0], "%zx", half);
  g_snprintf(sizes[1], sizeof sizes[1], "%zx", body.size() - half);
  return std::string("HTTP/1.1 ") + line + "\r\nTransfer-Encoding: chunked\r\n\r\n" + sizes[0] +
         "\r\n" + body.substr(0, half) + "\r\n" + sizes[1] + "\r\n" + body.substr(half) +
         "\r\n0\r\n\r\n";
}

std::string http(const Status &row)
{
  return std::string("HTTP/1.1 ") + row.line +
         "\r\nContent-Length: " + std::to_string(std::string_view(row.body).size()) + "\r\n\r\n" +
         row.body;
}

} // namespace

GST_START_TEST(test_status)
{
  const auto &row = kStatuses[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    peer.read_head();
    peer.answer(http(row));
  });
  const auto error = trial.run_to_error();
  trial.expect(error, row.advice);
  trial.expect(error, "HTTP " + std::to_string(row.status));
  trial.expect(error, trial.peer().url().substr(4));
  fail_unless(error.code == row.error, "%s: code %d", row.name, error.code);
  fail_unless(error.status == row.status, "%s: http-status", row.name);
  fail_unless(error.close_code == 0, "%s: close-code", row.name);
  fail_unless(error.retryable == row.retryable, "%s: retryable", row.name);
  fail_unless(error.text.find('<') == std::string::npos, "%s: %s", row.name, error.text.c_str());
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(test_refusal)
{
  const auto &row = kRefusals[__i__];
  const auto body = google_error(row.message);
  Trial trial(row.name, [&](Connection &peer) {
    peer.read_head();
    peer.send_bytewise(std::string("HTTP/1.1 ") + row.line +
                       "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  });
  const auto error = trial.run_to_error();
  fail_unless(error.text.starts_with(row.advice), "%s: %s", row.name, error.text.c_str());
  trial.expect(error, std::string("(HTTP ") + row.line + " from ws");
  trial.expect(error, std::string(": ") + row.message);
  fail_unless(error.code == row.error, "%s: code %d", row.name, error.code);
  fail_unless(error.retryable == row.retryable, "%s: retryable", row.name);
  fail_unless(error.status == std::strtoul(row.line, nullptr, 10), "%s: http-status", row.name);
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(a_body_in_chunks_is_read)
{
  for (const std::string &body :
       {google_error("Your prepayment credits are depleted."),
        "[" + google_error("Your prepayment credits are depleted.") + "]"}) {
    Trial trial("chunks", [&](Connection &peer) {
      peer.read_head();
      peer.answer(chunked("429 Too Many Requests", body));
    });
    trial.expect(trial.run_to_error(), "Buy credits: they are used up (HTTP 429 Too Many Requests");
  }
}
GST_END_TEST;

GST_START_TEST(a_body_that_is_cut_leaves_the_status)
{
  Trial trial("cut", [&](Connection &peer) {
    peer.read_head();
    peer.answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 500\r\n\r\n{\"error\":{\"mess");
  });
  trial.expect(trial.run_to_error(), "Check the credentials (HTTP 403 Forbidden from ws");
}
GST_END_TEST;

GST_START_TEST(a_body_that_never_comes_leaves_the_status)
{
  Trial trial("never", [&](Connection &peer) {
    peer.read_head();
    peer.answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 500\r\n\r\n");
    peer.stall();
  });
  trial.expect(trial.run_to_error(), "Check the credentials (HTTP 403 Forbidden from ws");
}
GST_END_TEST;

// As the service does with a key that it has suspended.
GST_START_TEST(a_key_that_is_quoted_in_the_body_is_hidden)
{
  const auto body =
      google_error("Permission denied: Consumer 'api_key:secret' has been suspended.");
  Trial trial("quoted", [&](Connection &peer) {
    peer.read_head();
    peer.answer(chunked("403 Forbidden", body));
  });
  const auto error = trial.run_to_error(); // which holds no key
  trial.expect(error, "Make a new API key: this one is suspended");
  trial.expect(error, "Consumer 'api_key:…' has been suspended.");
}
GST_END_TEST;

GST_START_TEST(a_302_is_one_error_and_the_key_goes_nowhere_else)
{
  for (const char *status : {"302 Found", "307 Temporary Redirect", "308 Permanent Redirect"}) {
    RudePeer other([](Connection &peer) { peer.upgrade(); });
    Trial trial(status, [&](Connection &peer) {
      peer.read_head();
      peer.answer(std::string("HTTP/1.1 ") + status + "\r\nLocation: " + other.url() +
                  "/elsewhere\r\nContent-Length: 0\r\n\r\n");
    });
    const auto error = trial.run_to_error();
    trial.expect(error, kUrl);
    trial.expect(error, std::string("HTTP ") + status);
    fail_unless(trial.peer().heads().size() == 1, "%s", status);
    fail_unless(trial.peer().heads()[0].find("secret") != std::string::npos, "%s", status);
    fail_unless(other.heads().empty(), "%s: the other host was asked", status);
  }
}
GST_END_TEST;

GST_START_TEST(a_refusal_without_an_end_is_one_error)
{
  for (const char *length : {"Content-Length: 9223372036854775807", "Transfer-Encoding: chunked"}) {
    Trial trial(length, [&](Connection &peer) {
      peer.read_head();
      peer.send(std::string("HTTP/1.1 404 Not Found\r\n") + length + "\r\n\r\n");
      for (;;)
        peer.send("8\r\n<html>\r\n\r\n");
    });
    const auto error = trial.run_to_error();
    trial.expect(error, "HTTP 404 Not Found");
    fail_unless(error.code == GST_RESOURCE_ERROR_NOT_FOUND, "%s", length);
  }
}
GST_END_TEST;

// The pipeline changes its elements' states one after the other, and an answer may be quicker.
GST_START_TEST(a_refusal_before_all_elements_are_there_is_one_error)
{
  Trial trial("early", [](Connection &peer) {
    peer.read_head();
    peer.answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  });
  trial.pipeline().set_state(GST_STATE_READY);
  gst_element_set_state(trial.pipeline()["ear"], GST_STATE_PAUSED);
  trial.wait([](GstMessage *m) { return GST_MESSAGE_TYPE(m) == GST_MESSAGE_ERROR; });
  trial.expect(trial.run_to_error(), "HTTP 404 Not Found");
  fail_unless(trial.peer().heads().size() == 1);
}
GST_END_TEST;

static Suite *refusals_suite()
{
  Suite *suite = suite_create("refusals");
  TCase *tcase = tcase_create("refusals");
  suite_add_tcase(suite, tcase);
  test::add_rows(tcase, kStatuses, test_status);
  test::add_rows(tcase, kRefusals, test_refusal);
  tcase_add_test(tcase, a_body_in_chunks_is_read);
  tcase_add_test(tcase, a_body_that_is_cut_leaves_the_status);
  tcase_add_test(tcase, a_body_that_never_comes_leaves_the_status);
  tcase_add_test(tcase, a_key_that_is_quoted_in_the_body_is_hidden);
  tcase_add_test(tcase, a_302_is_one_error_and_the_key_goes_nowhere_else);
  tcase_add_test(tcase, a_refusal_without_an_end_is_one_error);
  tcase_add_test(tcase, a_refusal_before_all_elements_are_there_is_one_error);
  return suite;
}

GST_CHECK_MAIN(refusals);
