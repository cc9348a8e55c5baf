// What the ends of connections mean: each close code, reason and status that the service is known
// to give.
#include "check.hpp"

#include "gst/geminilive/net/verdict.hpp"

#include <gst/gst.h>

using namespace gemini_live;

namespace {

using Cause = ConnectionEnd::Cause;

constexpr const char *kUrl = "wss://example.org/ws/service";

struct Close {
  unsigned code;
  const char *reason;
  bool retryable;
};

// "fresh" and "resume" may succeed with the same settings, "no" and "a new token" cannot.
constexpr Close kCloses[] = {
    {1000, "", true},
    {1000, "any", true},
    {1001, "", true},
    {1005, "", true},
    {1006, "", true},
    {1012, "", true},
    {1013, "", true},
    {1014, "", true},
    {1006, "keepalive ping timeout", true},
    {1011, "keepalive ping timeout", true},
    {1007, "API key not valid. Please pass a valid API key.", false},
    {1007, "API Key not found. Please pass a valid API key.", false},
    {1007, "API key expired. Please renew the API key.", false},
    {1007,
     "Invalid JSON payload received. Unknown name \"proactivity\" at 'setup': Cannot find field.",
     false},
    {1007, "Invalid value at 'tool_response.function_responses[0].scheduling'", false},
    {1007, "Request contains an invalid argument.", false},
    {1007, "Cannot extract voices from a non-audio request.", false},
    {1007,
     "The requested combination of response modalities (TEXT) is not supported by the model. "
     "models/m",
     false},
    {1007, "Thinking level is not supported for this model.", false},
    {1007, "Thinking level must be specified for this model.", false},
    {1007, "Thinking level MINIMAL is not supported for this model.", false},
    {1007, "thinking_config is not supported by this model.", false},
    {1007, "BLOCKING function calls are not supported for this model", false},
    {1007, "Function response scheduling is not supported for this model", false},
    {1007, "Unsupported language code 'xx' for model models/m", false},
    {1007, "Sample rate changed from previously 16000 to 24000, which is not supported.", false},
    {1007, "translation_config is not supported in the live api.", false},
    {1007, "Invalid resource field value in the request.", false},
    {1007, "The input token count exceeds the context window.", false},
    {1007, "", false},
    {1008,
     "models/X is not found for API version v1beta, or is not supported for bidiGenerateContent.",
     false},
    {1008, "Request had invalid authentication credentials. Expected OAuth 2 access token", false},
    {1008, "Method doesn't allow unregistered callers (callers without established identity).",
     false},
    {1008, "Generative Language API has not been used in project 1 before or it is disabled.",
     false},
    {1008, "Your project has been denied access.", false},
    {1008, "Vertex AI API has not been used in project p before or it is disabled.", false},
    {1008, "Agent Platform API has not been used in project 1 before or it is disabled.", false},
    {1008, "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform", false},
    {1008, "Permission denied on resource project p.", false},
    {1008, "Permission denied: Consumer 'api_key:…' has been suspended.", false},
    {1008, "This API method requires billing to be enabled.", false},
    {1008, "API keys are not supported by this API. Expected OAuth2 access token", false},
    {1008, "Publisher Model `projects/p/locations/l/publishers/google/models/m` was not", false},
    {1011, "Quota exceeded for aiplatform.googleapis.com/bidi_gen_concurrent_reqs", false},
    {1011, "Resource exhausted. Please try again later.", true},
    {1008, "Requested entity was not found.", true},
    {1008, "BidiGenerateContent session not found", true},
    {1008, "BidiGenerateContent session history not found", true},
    {1008, "BidiGenerateContent session expired", true},
    {1008,
     "Connection aborted because the client failed to close the connection after receiving a "
     "GoAway signal once the session durat",
     true},
    {1008, "Operation is not implemented, or supported, or enabled.", true},
    {1008, "The operation was aborted.", true},
    {1011, "Internal error encountered.", true},
    {1011, "Internal error occurred.", true},
    {1011, "The service is currently unavailable.", true},
    {1011, "Deadline expired before operation could complete.", true},
    {1011, "RPC::DEADLINE_EXCEEDED", true},
    {1011, "Thread was cancelled when writing StartStep status to channel.", true},
    {1011, "", true},
    {1011, "You exceeded your current quota, please check your plan.", false},
    {1011, "Resource has been exhausted (e.g. check quota).", false},
    {1011, "Your project has exceeded its monthly spending cap.", false},
    {1011, "Your prepayment credits are depleted.", false},
    {1011, "Token has been used too many times", false},
    {1011, "auth token has expired", false},
    {1011, "Token has expired", false},
};

Verdict closed(unsigned code, const char *reason)
{
  ConnectionEnd end;
  end.code = code;
  end.reason = reason;
  return judge(end, {.url = kUrl});
}

Verdict refused(unsigned status)
{
  ConnectionEnd end;
  end.cause = Cause::refused;
  end.status = status;
  end.detail = "Some Phrase";
  return judge(end, {.url = kUrl});
}

bool says_what_to_do(std::string_view text)
{
  for (const auto *verb : {"Buy ", "Change ", "Check ", "Correct ", "Enable ", "Give ", "Leave ",
                           "Make ", "Mint ", "Raise ", "Renew ", "Set ", "Start ", "Use ", "Wait "})
    if (text.starts_with(verb))
      return true;
  return false;
}

} // namespace

TEST(test_every_close_has_an_error_with_its_code_and_reason)
{
  for (const auto &[code, reason, retryable] : kCloses) {
    const auto verdict = closed(code, reason);
    check::that(verdict.error != nullptr, reason);
    check::that(verdict.error->domain == GST_RESOURCE_ERROR, reason);
    check::that(says_what_to_do(verdict.error->message), verdict.error->message);
    check::contains(verdict.error->message, std::to_string(code));
    check::contains(verdict.error->message, reason);
  }
}

TEST(test_every_close_is_retryable_or_not)
{
  for (const auto &[code, reason, retryable] : kCloses)
    check::equal(closed(code, reason).retryable, retryable,
                 std::to_string(code) + " " + std::string(reason));
}

TEST(test_a_reason_that_was_cut_is_still_known)
{
  check::that(!closed(1011, "You exceeded your current quota, plea").retryable);
  check::equal(closed(1007, "API key not valid. Plea").error->code,
               GST_RESOURCE_ERROR_NOT_AUTHORIZED);
}

TEST(test_the_kind_of_error)
{
  const struct {
    unsigned code;
    const char *reason;
    GstResourceError error;
  } kinds[] = {
      {1007, "API key not valid.", GST_RESOURCE_ERROR_NOT_AUTHORIZED},
      {1007, "API Key not found.", GST_RESOURCE_ERROR_NOT_AUTHORIZED},
      {1008, "Method doesn't allow unregistered callers", GST_RESOURCE_ERROR_NOT_AUTHORIZED},
      {1008, "models/X is not found", GST_RESOURCE_ERROR_NOT_FOUND},
      {1008, "tunedModels/X is not found for API version v1beta", GST_RESOURCE_ERROR_NOT_FOUND},
      {1007, "Invalid value at 'setup'", GST_RESOURCE_ERROR_SETTINGS},
      {1011, "Resource has been exhausted", GST_RESOURCE_ERROR_NO_SPACE_LEFT},
  };
  for (const auto &[code, reason, error] : kinds)
    check::equal(closed(code, reason).error->code, static_cast<int>(error), reason);
}

TEST(test_what_a_token_freezes_may_be_to_blame)
{
  const auto told = [](unsigned code, const char *reason) {
    ConnectionEnd end;
    end.code = code;
    end.reason = reason;
    return std::string(judge(end, {.url = std::string(kUrl) + "Constrained"}).error->message);
  };
  const char *model = "models/X is not found for API version v1beta";
  check::equal(told(1008, model),
               "Check the property model, and api-version with it, or mint a new ephemeral token: "
               "what it freezes beats the settings (close code 1008: models/X is not found for API "
               "version v1beta)");
  check::lacks(closed(1008, model).error->message, "token");
  check::contains(told(1007, "The requested combination of response modalities (TEXT)"),
                  "mint a new ephemeral token: what it freezes beats the settings");
  check::contains(told(1008, "Request had invalid authentication credentials."),
                  "Check the credentials, or mint a new ephemeral token (");
  for (const char *reason : {"Token has expired", "The service is currently unavailable."})
    check::equal(told(1011, reason), closed(1011, reason).error->message);
}

TEST(test_a_reason_is_no_format)
{
  check::contains(closed(1007, "100%s %n %d").error->message, "100%s %n %d");
}

TEST(test_a_code_nobody_knows_is_judged_too)
{
  for (const unsigned code : {0u, 1002u, 1003u, 1009u, 1010u, 1015u, 3000u, 4999u}) {
    const auto verdict = closed(code, "strange");
    check::that(says_what_to_do(verdict.error->message));
    check::contains(verdict.error->message, std::to_string(code));
  }
}

TEST(test_every_status)
{
  const struct {
    unsigned status;
    bool retryable;
  } statuses[] = {{400, false}, {401, false}, {403, false}, {404, false}, {408, true},
                  {429, true},  {500, true},  {502, true},  {503, true},  {504, true}};
  for (const auto &[status, retryable] : statuses) {
    const auto verdict = refused(status);
    const std::string text = verdict.error->message;
    check::equal(verdict.retryable, retryable, text);
    check::that(verdict.error->domain == GST_RESOURCE_ERROR && says_what_to_do(text), text);
    for (const auto &part : {std::to_string(status), std::string("Some Phrase"), std::string(kUrl)})
      check::contains(text, part);
  }
}

TEST(test_the_kind_of_a_status)
{
  check::equal(refused(401).error->code, static_cast<int>(GST_RESOURCE_ERROR_NOT_AUTHORIZED));
  check::equal(refused(403).error->code, static_cast<int>(GST_RESOURCE_ERROR_NOT_AUTHORIZED));
  check::equal(refused(404).error->code, static_cast<int>(GST_RESOURCE_ERROR_NOT_FOUND));
}

TEST(test_a_conversation_that_cannot_be_carried_on)
{
  const struct {
    unsigned code;
    const char *reason;
    GstResourceError error;
    bool retryable;
    const char *advice;
  } rows[] = {
      {1008, "Requested entity was not found.", GST_RESOURCE_ERROR_NOT_FOUND, false,
       "Unset resumption-handle"},
      {1008, "BidiGenerateContent session expired", GST_RESOURCE_ERROR_NOT_FOUND, false,
       "Unset resumption-handle"},
      {1007,
       "The requested combination of response modalities (AUDIO, TEXT) is not supported by the "
       "model. models/gemini_api_beyond_live",
       GST_RESOURCE_ERROR_SETTINGS, false, "Set model and modality to those"},
      {1008, "not supported by the model. models/gemini_api_beyond_live",
       GST_RESOURCE_ERROR_SETTINGS, false, "Set model and modality to those"},
      {1011, "Internal error encountered.", GST_RESOURCE_ERROR_BUSY, true, "Close the session"},
  };
  for (const auto &row : rows) {
    const ConnectionEnd end{.cause = Cause::closed, .code = row.code, .reason = row.reason};
    const auto verdict = judge(end, {.url = kUrl, .resumes = true});
    check::equal(verdict.error->code, static_cast<int>(row.error), row.reason);
    check::equal(verdict.retryable, row.retryable, row.reason);
    check::that(std::string_view(verdict.error->message).starts_with(row.advice), row.reason);
    check::equal(verdict.unknown_handle, row.error == GST_RESOURCE_ERROR_NOT_FOUND, row.reason);
    // Nobody is told of a handle that there is not.
    const auto plain = judge(end, {.url = kUrl});
    check::that(!std::string_view(plain.error->message).starts_with(row.advice), row.reason);
  }
  // What has nothing to do with the handle is told as ever.
  for (const auto &[reason, setting] : {std::pair{"API key not valid.", "API key"},
                                        {"models/x is not found for API version", "model"}}) {
    const ConnectionEnd end{.cause = Cause::closed, .code = 1008, .reason = reason};
    const auto verdict = judge(end, {.url = kUrl, .resumes = true});
    check::contains(verdict.error->message, setting);
    check::that(!verdict.unknown_handle, reason);
  }
}

TEST(test_a_certificate_that_is_not_trusted_is_not_tried_again)
{
  ConnectionEnd end;
  end.cause = Cause::untrusted;
  end.certificate = {{CertificateFault::Kind::authority, "unknown issuer"}};
  const auto verdict = judge(end, {.url = kUrl});
  const std::string text = verdict.error->message;
  check::that(!verdict.retryable && says_what_to_do(text), text);
  for (const auto *part : {"tls-ca-file", "unknown issuer", kUrl})
    check::contains(text, part);
}

TEST(test_each_fault_of_a_certificate_is_told_with_its_detail)
{
  using enum CertificateFault::Kind;
  for (const auto kind : {authority, host, expired, early, other}) {
    const auto verdict = judge({.cause = Cause::untrusted, .certificate = {{kind, "so it is"}}},
                               {.url = kUrl, .setting = "its setting"});
    const std::string text = verdict.error->message;
    check::that(!verdict.retryable && says_what_to_do(text), text);
    for (const auto *part : {"so it is", kUrl})
      check::contains(text, part);
    check::equal(text.find("its setting") != std::string::npos, kind == host, text);
  }
}

TEST(test_a_proxy_is_told_with_its_name_and_what_is_wrong_with_it)
{
  const struct {
    Cause cause;
    bool has_user, retryable;
    const char *advice;
  } rows[] = {
      {Cause::proxy, false, true, "Check proxy: "},
      {Cause::proxy_asks, false, false, "Set user and password in proxy: "},
      {Cause::proxy_asks, true, false, "Correct user and password in proxy: "},
  };
  for (const auto &[cause, has_user, retryable, advice] : rows)
    for (const std::string proxy : {"http://p:1", ""}) {
      const auto verdict = judge(
          {.cause = cause, .detail = "why", .proxy = proxy, .proxy_has_user = has_user}, {kUrl});
      const std::string text = verdict.error->message;
      check::that(text.starts_with(advice) && verdict.retryable == retryable, text);
      for (const std::string &part : {proxy.empty() ? "the system's proxy" : proxy,
                                      std::string(" on the way to ") + kUrl + ": why"})
        check::contains(text, part);
    }
}

TEST(test_silence_is_told_of_the_proxy_while_it_has_not_let_us_through)
{
  const std::string direct = judge_silence(1.5, "", {kUrl, "its setting"})->message;
  check::contains(direct, "Check the network and its setting, or raise connect-timeout");
  check::contains(direct, "no answer from " + std::string(kUrl) + " within 1.5 s");
  const std::string proxied = judge_silence(1.5, "http://p:1", {kUrl})->message;
  check::contains(proxied, "Check proxy, or raise connect-timeout");
  check::contains(proxied, "within 1.5 s (http://p:1 on the way to " + std::string(kUrl));
}

TEST(test_a_refusal_is_judged_by_its_words_before_its_number)
{
  const auto verdict = judge({.cause = Cause::refused,
                              .reason = "You exceeded your current quota, please",
                              .status = 403,
                              .detail = "Forbidden"},
                             {kUrl});
  check::equal(verdict.error->code, static_cast<int>(GST_RESOURCE_ERROR_NO_SPACE_LEFT));
  check::contains(verdict.error->message, "HTTP 403 Forbidden");
  check::contains(verdict.error->message, "You exceeded your current quota, please");
}

TEST(test_what_is_no_error_of_google_says_nothing)
{
  for (const auto *body : {"", "<html>403</html>", "{}", "[]", "[[]]", "{\"error\":\"no\"}",
                           "{\"error\":{\"message\":7}}", "{\"error\":{\"mess"})
    check::equal(google_error(body), std::string(), body);
  check::equal(google_error(R"({"error":{"message":"No.\nNever\u0007"}})"),
               std::string("No. Never "));
  check::that(google_error(R"({"error":{"message":")" + std::string(9000, 'x') + "\"}}").size() <
              1000);
}

TEST(test_what_quotes_a_secret_is_shown_without_it)
{
  const Secret key("AIzaHushHush"), header("Bearer ya29.hushhush"),
      query("access_token=t/hush-hush");
  check::equal(key.hidden_in("api_key:AIzaHushHush, AIzaHushHush"), std::string("api_key:…, …"));
  check::equal(key.hidden_in("is cut in api_key:AIzaHu"), std::string("is cut in api_key:…"));
  check::equal(header.hidden_in("Bearer of ya29.hushhush"), std::string("Bearer of …"));
  check::equal(query.hidden_in("t/hush-hush"), std::string("…"));
  check::equal(Secret("a").hidden_in("a word"), std::string("a word"));
  check::equal(Secret().hidden_in("a word"), std::string("a word"));
}

TEST(test_what_is_no_websocket_is_named)
{
  ConnectionEnd end;
  end.cause = Cause::broken;
  end.detail = "a masked frame";
  const auto verdict = judge(end, {.url = kUrl});
  const std::string text = verdict.error->message;
  check::that(verdict.retryable && says_what_to_do(text), text);
  for (const auto *part : {"base-url", "a masked frame", kUrl})
    check::contains(text, part);
}

TEST(test_a_host_that_is_not_reached_may_be_reached_later)
{
  ConnectionEnd end;
  end.cause = Cause::unreachable;
  end.detail = "Connection refused";
  const auto verdict = judge(end, {.url = kUrl});
  const std::string text = verdict.error->message;
  check::that(verdict.retryable && says_what_to_do(text), text);
  for (const auto *part : {"network", "Connection refused", kUrl})
    check::contains(text, part);
}

TEST_MAIN("verdict")
