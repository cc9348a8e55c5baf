// The service ends a conversation with a close frame. Whatever its code and its reason, the user
// gets one error with both and with what to do; what was said before is still played.

// GstCheck has a macro called fail.
#include <chrono>
#include <future>

#include "trial.hpp"

using test::Complaint;
using test::Connection;
using test::Trial;

namespace {

struct Close {
  const char *name;
  unsigned code;
  const char *reason;
  GstResourceError error;
  bool retryable;
  const char *advice;
};

constexpr auto kRead = GST_RESOURCE_ERROR_READ;
constexpr auto kSettings = GST_RESOURCE_ERROR_SETTINGS;
constexpr auto kKey = GST_RESOURCE_ERROR_NOT_AUTHORIZED;
constexpr auto kQuota = GST_RESOURCE_ERROR_NO_SPACE_LEFT;
constexpr const char *kAgain = "Start again";
constexpr const char *kCheckSettings = "Check the settings";

constexpr Close kCloses[] = {
    {"a_normal_close_is_an_error", 1000, "", kRead, true, kAgain},
    {"a_normal_close_with_a_reason_is_an_error", 1000, "bye", kRead, true, kAgain},
    {"a_close_with_1001_is_an_error", 1001, "going away", kRead, true, kAgain},
    {"a_close_with_1002_is_an_error", 1002, "protocol error", kRead, true, kAgain},
    {"a_close_with_1003_is_an_error", 1003, "unsupported", kRead, true, kAgain},
    {"a_close_with_1004_is_an_error", 1004, "", kRead, true, kAgain},
    {"a_close_with_1008_of_no_known_reason_is_an_error", 1008, "no", kRead, true, kAgain},
    {"a_close_with_1009_is_an_error", 1009, "too big", kRead, true, kAgain},
    {"a_close_with_1010_is_an_error", 1010, "extension", kRead, true, kAgain},
    {"a_close_with_1012_is_an_error", 1012, "service restart", kRead, true, kAgain},
    {"a_close_with_1013_is_an_error", 1013, "try again later", kRead, true, kAgain},
    {"a_close_with_1014_is_an_error", 1014, "bad gateway", kRead, true, kAgain},
    {"a_close_with_1016_is_an_error", 1016, "", kRead, true, kAgain},
    {"a_close_with_2999_is_an_error", 2999, "", kRead, true, kAgain},
    {"a_close_with_3000_is_an_error", 3000, "unauthorized", kRead, true, kAgain},
    {"a_close_with_3999_is_an_error", 3999, "", kRead, true, kAgain},
    {"a_close_with_4999_is_an_error", 4999, "private", kRead, true, kAgain},
    {"a_close_with_5000_is_an_error", 5000, "", kRead, true, kAgain},
    {"a_close_with_65535_is_an_error", 65535, "", kRead, true, kAgain},
    {"a_close_with_999_is_an_error", 999, "", kRead, true, kAgain},
    {"an_invalid_key_is_named", 1007, "API key not valid. Please pass a valid API key.", kKey,
     false, "Check the API key"},
    {"an_unknown_key_is_named", 1007, "API Key not found. Please pass a valid API key.", kKey,
     false, "Check the API key"},
    {"an_expired_key_is_named", 1007, "API key expired. Please renew the API key.", kKey, false,
     "Check the API key"},
    {"an_unknown_name_is_shown", 1007,
     "Invalid JSON payload received. Unknown name \"x\" at 'setup': Cannot find field.", kSettings,
     false, kCheckSettings},
    {"an_invalid_value_is_shown", 1007, "Invalid value at 'setup.generation_config.seed'",
     kSettings, false, kCheckSettings},
    {"an_invalid_argument_is_shown", 1007, "Request contains an invalid argument.", kSettings,
     false, kCheckSettings},
    {"a_model_that_only_speaks_is_named", 1007, "Cannot extract voices from a non-audio request.",
     kSettings, false, "Set modality to audio"},
    {"modalities_that_do_not_combine_are_named", 1007,
     "The requested combination of response modalities (TEXT) is not supported by the model.",
     kSettings, false, "Set modality"},
    {"a_thinking_level_that_is_refused_is_shown", 1007,
     "Thinking level is not supported for this model.", kSettings, false, kCheckSettings},
    {"a_single_thinking_level_that_is_refused_is_shown", 1007,
     "Thinking level MINIMAL is not supported for this model.", kSettings, false, kCheckSettings},
    {"a_thinking_level_that_is_missing_is_shown", 1007,
     "Thinking level must be specified for this model.", kSettings, false, kCheckSettings},
    {"a_thinking_config_that_is_refused_is_shown", 1007,
     "thinking_config is not supported by this model.", kSettings, false, kCheckSettings},
    {"blocking_calls_that_are_refused_are_shown", 1007,
     "BLOCKING function calls are not supported for this model", kSettings, false, kCheckSettings},
    {"a_scheduling_that_is_refused_is_shown", 1007,
     "Function response scheduling is not supported for this model", kSettings, false,
     kCheckSettings},
    {"a_language_that_is_refused_is_named", 1007,
     "Unsupported language code 'xx' for model models/m", kSettings, false, "unset the property"},
    {"a_change_of_rate_is_shown", 1007,
     "Sample rate changed from previously 16000 to 24000, which is not supported.", kSettings,
     false, kCheckSettings},
    {"a_field_that_vertex_refuses_is_shown", 1007, "seed is not supported in the live api.",
     kSettings, false, kCheckSettings},
    {"a_model_path_that_vertex_refuses_is_shown", 1007, "Invalid resource field value in the r",
     kSettings, false, kCheckSettings},
    {"an_unknown_model_is_named", 1008,
     "models/x is not found for API version v1beta, or is not supported for bidiGenerateContent.",
     GST_RESOURCE_ERROR_NOT_FOUND, false, "Check the property model"},
    {"invalid_credentials_are_named", 1008,
     "Request had invalid authentication credentials. Expected OAuth 2 access token", kKey, false,
     "Check the credentials"},
    {"a_missing_key_is_named", 1008,
     "Method doesn't allow unregistered callers (callers without established identity).", kKey,
     false, "Set an API key"},
    {"a_disabled_service_is_named", 1008,
     "Generative Language API has not been used in project 1 before or it is disabled.", kKey,
     false, "Enable the Generative Language API"},
    {"a_service_of_vertex_that_is_disabled_is_named", 1008,
     "Vertex AI API has not been used in project mine before or it is disabled. Enable it by", kKey,
     false, "Enable the Vertex AI API"},
    {"a_role_that_is_missing_is_named", 1008,
     "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/p",
     kKey, false, "Give the account the role Vertex AI User"},
    {"a_project_that_is_none_is_named", 1008, "Permission denied on resource project mine.", kKey,
     false, "Check project-id"},
    {"a_project_without_billing_is_named", 1008,
     "This API method requires billing to be enabled. Please enable billing on project #1", kKey,
     false, "Enable billing for the project"},
    {"a_model_that_is_not_in_the_region_is_named", 1008,
     "Publisher Model `projects/p/locations/l/publishers/google/models/m` was not found or your",
     GST_RESOURCE_ERROR_NOT_FOUND, false, "Check model and location"},
    {"a_key_where_tokens_are_taken_is_named", 1008,
     "API keys are not supported by this API. Expected OAuth2 access token or other authenticatio",
     kKey, false, "Set credentials-path"},
    {"a_quota_of_vertex_that_is_used_up_is_named", 1011,
     "Quota exceeded for aiplatform.googleapis.com/bidi_gen_concurrent_reqs_per_project", kQuota,
     false, "Wait a minute or raise the quota"},
    {"a_service_that_is_crowded_is_named", 1011, "Resource exhausted. Please try again later.",
     GST_RESOURCE_ERROR_BUSY, true, "Wait and start again"},
    {"a_denied_project_is_named", 1008, "Your project has been denied access.", kKey, false,
     "Use another project"},
    {"a_lost_session_is_shown", 1008, "BidiGenerateContent session not found", kRead, true, kAgain},
    {"a_lost_history_is_shown", 1008, "BidiGenerateContent session history not found", kRead, true,
     kAgain},
    {"an_expired_session_is_shown", 1008, "BidiGenerateContent session expired", kRead, true,
     kAgain},
    {"an_unknown_entity_is_shown", 1008, "Requested entity was not found.", kRead, true, kAgain},
    {"a_go_away_that_was_ignored_is_shown", 1008,
     "Connection aborted because the client failed to close the connection after receiving a "
     "GoAway signal once the session durat",
     kRead, true, kAgain},
    {"an_operation_that_is_missing_is_shown", 1008,
     "Operation is not implemented, or supported, or enabled.", kRead, true, kAgain},
    {"an_aborted_operation_is_shown", 1008, "The operation was aborted.", kRead, true, kAgain},
    {"an_internal_error_is_shown", 1011, "Internal error encountered.", kRead, true, kAgain},
    {"another_internal_error_is_shown", 1011, "Internal error occurred.", kRead, true, kAgain},
    {"a_service_that_is_unavailable_is_shown", 1011, "The service is currently unavailable.", kRead,
     true, kAgain},
    {"a_deadline_is_shown", 1011, "Deadline expired before operation could complete.", kRead, true,
     kAgain},
    {"another_deadline_is_shown", 1011, "RPC::DEADLINE_EXCEEDED", kRead, true, kAgain},
    {"a_cancelled_thread_is_shown", 1011,
     "Thread was cancelled when writing StartStep status to channel.", kRead, true, kAgain},
    {"a_ping_timeout_is_shown", 1011, "keepalive ping timeout", kRead, true, kAgain},
    {"a_used_up_quota_is_named", 1011, "You exceeded your current quota, please check your plan",
     kQuota, false, "raise the quota"},
    {"an_exhausted_resource_is_named", 1011, "Resource has been exhausted (e.g. check quota).",
     kQuota, false, "raise the quota"},
    {"a_spending_cap_is_named", 1011, "Your project has exceeded its monthly spending cap", kQuota,
     false, "spending cap"},
    {"used_up_credits_are_named", 1011, "Your prepayment credits are depleted.", kQuota, false,
     "Buy credits"},
    {"a_used_up_token_is_named", 1011, "Token has been used too many times", kKey, false,
     "Mint a new ephemeral token"},
    {"a_token_that_expired_while_in_use_is_named", 1011, "auth token has expired", kKey, false,
     "Mint a new ephemeral token"},
    {"an_expired_token_is_named", 1011, "Token has expired", kKey, false,
     "Mint a new ephemeral token"},
    {"a_reason_of_123_bytes_is_shown_whole", 1011,
     "123456789.123456789.123456789.123456789.123456789.123456789."
     "123456789.123456789.123456789.123456789.123456789.123456789.end",
     kRead, true, kAgain},
    {"a_reason_in_any_script_is_shown", 1011, "größer ☃ 🙂", kRead, true, kAgain},
};

void expect_one_error(const Close &row, Trial &trial, bool played)
{
  const auto error = trial.run_to_error();
  trial.expect(error, row.advice);
  trial.expect(error, "close code " + std::to_string(row.code));
  trial.expect(error, row.reason);
  fail_unless(error.code == row.error, "%s: code %d", row.name, error.code);
  fail_unless(error.close_code == row.code, "%s: close-code", row.name);
  fail_unless(error.reason == row.reason, "%s: close-reason", row.name);
  fail_unless(error.retryable == row.retryable, "%s: retryable", row.name);
  if (played)
    trial.expect_heard(test::first_words());
  trial.expect_warnings(0);
}

// Frames that are no good close: what of their code the error shows.
struct BadClose {
  const char *name;
  std::string_view payload;
  const char *shown;
};

using namespace std::string_view_literals;

constexpr BadClose kBadCloses[] = {
    {"a_close_without_a_code_is_an_error", ""sv, "close code 1005"},
    {"a_close_that_says_1005_is_an_error", "\x03\xed"sv, "close code 1005"},
    {"a_close_that_says_1006_is_an_error", "\x03\xee"sv, "close code 1006"},
    {"a_close_that_says_1015_is_an_error", "\x03\xf7"sv, "close code 1015"},
    {"a_close_with_half_a_code_is_an_error", "\x03"sv, "invalid WebSocket response"},
    {"a_close_with_the_code_zero_is_an_error", "\0\0"sv, "invalid WebSocket response"},
    {"a_close_reason_that_is_no_utf8_is_an_error", "\x03\xf3\xff\xfe"sv, "close code 1011"},
};

} // namespace

GST_START_TEST(test_close)
{
  const auto &row = kCloses[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    test::say_first_words(peer);
    peer.close(row.code, row.reason);
  });
  expect_one_error(row, trial, true);
}
GST_END_TEST;

GST_START_TEST(test_bad_close)
{
  const auto &row = kBadCloses[__i__];
  Trial trial(row.name, [&](Connection &peer) {
    test::say_first_words(peer);
    peer.send_frame({.opcode = 8}, row.payload);
  });
  const auto error = trial.run_to_error();
  trial.expect(error, row.shown);
  trial.expect_heard(test::first_words());
  trial.expect_warnings(0);
}
GST_END_TEST;

GST_START_TEST(a_close_instead_of_setup_complete_is_an_error)
{
  const Close row{"a_close_instead_of_setup_complete_is_an_error",
                  1007,
                  "API key not valid. Please pass a valid API key.",
                  kKey,
                  false,
                  "Check the API key"};
  Trial trial(row.name, [&](Connection &peer) {
    test::begin(peer);
    peer.close(row.code, row.reason);
  });
  expect_one_error(row, trial, false);
}
GST_END_TEST;

GST_START_TEST(a_handle_that_the_service_quotes_is_hidden)
{
  Trial trial(
      "a_handle_that_the_service_quotes_is_hidden",
      [](Connection &peer) {
        test::begin(peer);
        peer.close(1008, "BidiGenerateContent session not found: 2e780bb8-0000");
      },
      "resumption-handle=2e780bb8-0000");
  const auto error = trial.run_to_error();
  trial.expect(error, "Unset resumption-handle");
  trial.expect(error, "session not found: …");
}
GST_END_TEST;

GST_START_TEST(a_close_before_the_setup_is_an_error)
{
  const Close row{"a_close_before_the_setup_is_an_error",
                  1008,
                  "Method doesn't allow unregistered callers",
                  kKey,
                  false,
                  "Set an API key"};
  Trial trial(row.name, [&](Connection &peer) {
    const auto head = peer.read_head();
    peer.send(Connection::upgrade_answer(Connection::key_of(head)) +
              Connection::frame_bytes({.opcode = 8}, "\x03\xf0" + std::string(row.reason)));
  });
  expect_one_error(row, trial, false);
}
GST_END_TEST;

// libsoup would wait 5 s for the peer to hang up.
constexpr gint64 kAtOnce = 4 * G_USEC_PER_SEC;

GST_START_TEST(a_close_with_the_line_kept_open_is_an_error_at_once)
{
  Trial trial("line kept open", [](Connection &peer) {
    test::say_first_words(peer);
    peer.close(1011, "Internal error encountered.");
    peer.stall();
  });
  trial.play();
  trial.wait_heard(100);
  const auto before = g_get_monotonic_time();
  const auto error = trial.run_to_error();
  fail_unless(g_get_monotonic_time() - before < kAtOnce);
  trial.expect(error, "close code 1011: Internal error encountered.");
  trial.expect_heard(test::first_words());
}
GST_END_TEST;

GST_START_TEST(a_close_is_answered_with_its_code)
{
  std::promise<std::string> answer;
  Trial trial("answer", [&](Connection &peer) {
    test::say_first_words(peer);
    peer.close(1001, "going away");
    for (;;)
      if (auto frame = peer.read_frame(); frame.opcode == 8) {
        answer.set_value(frame.payload.substr(0, 2));
        return;
      }
  });
  trial.expect(trial.run_to_error(), "close code 1001: going away");
  auto answered = answer.get_future();
  fail_unless(answered.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  fail_unless(answered.get() == "\x03\xe9");
}
GST_END_TEST;

GST_START_TEST(what_comes_after_a_close_is_not_played)
{
  Trial trial("after a close", [](Connection &peer) {
    test::say_first_words(peer);
    peer.close(1011, "Internal error encountered.");
    peer.send_binary(test::audio_message(test::last_words()));
  });
  trial.expect(trial.run_to_error(), "close code 1011");
  trial.expect_heard(test::first_words());
}
GST_END_TEST;

static Suite *closes_suite()
{
  Suite *suite = suite_create("closes");
  TCase *tcase = tcase_create("closes");
  suite_add_tcase(suite, tcase);
  test::add_rows(tcase, kCloses, test_close);
  test::add_rows(tcase, kBadCloses, test_bad_close);
  tcase_add_test(tcase, a_close_instead_of_setup_complete_is_an_error);
  tcase_add_test(tcase, a_handle_that_the_service_quotes_is_hidden);
  tcase_add_test(tcase, a_close_before_the_setup_is_an_error);
  tcase_add_test(tcase, a_close_with_the_line_kept_open_is_an_error_at_once);
  tcase_add_test(tcase, a_close_is_answered_with_its_code);
  tcase_add_test(tcase, what_comes_after_a_close_is_not_played);
  return suite;
}

GST_CHECK_MAIN(closes);
