#include "verdict.hpp"

#include <gst/gst.h>

namespace gemini_live {

namespace {

struct CloseRule {
  unsigned code;      // 0: any
  const char *reason; // how it begins; "" is any
  GstResourceError error;
  bool retryable;
  const char *advice;
};

// The first match holds. The service says everything with a close frame and cuts its reason at 123
// bytes, so only the beginning can be compared. Codes and texts are as reported for the service by
// users of Google's SDKs in 2025 and 2026 (python-genai 985, js-genai 1429, livekit/agents 4545).
constexpr CloseRule kCloseRules[] = {
    {1007, "API key", GST_RESOURCE_ERROR_NOT_AUTHORIZED, false, "Check the API key"},
    {1007, "API Key", GST_RESOURCE_ERROR_NOT_AUTHORIZED, false, "Check the API key"},
    {1007, "Cannot extract voices", GST_RESOURCE_ERROR_SETTINGS, false,
     "Set modality to audio: this model only speaks"},
    {1007, "The requested combination of response modalities", GST_RESOURCE_ERROR_SETTINGS, false,
     "Set modality to what this model can answer in"},
    {1007, "Unsupported language code", GST_RESOURCE_ERROR_SETTINGS, false,
     "Leave the language to the model: unset the property language"},
    {1007, "", GST_RESOURCE_ERROR_SETTINGS, false,
     "Check the settings: the service refused what was sent"},
    {1008, "models/", GST_RESOURCE_ERROR_NOT_FOUND, false,
     "Check the property model, and api-version with it"},
    {1008, "Method doesn't allow unregistered callers", GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
     "Set an API key"},
    {1008, "Request had invalid authentication", GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
     "Check the credentials"},
    {1008, "Generative Language API has not been used", GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
     "Enable the Generative Language API for the project"},
    {1008, "Your project has been denied", GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
     "Use another project: this one is denied"},
    {1011, "You exceeded your current quota", GST_RESOURCE_ERROR_NO_SPACE_LEFT, false,
     "Wait a minute or raise the quota"},
    {1011, "Resource has been exhausted", GST_RESOURCE_ERROR_NO_SPACE_LEFT, false,
     "Wait a minute or raise the quota"},
    {1011, "Your project has exceeded its monthly", GST_RESOURCE_ERROR_NO_SPACE_LEFT, false,
     "Raise the project's spending cap"},
    {1011, "Your prepayment credits", GST_RESOURCE_ERROR_NO_SPACE_LEFT, false,
     "Buy credits: they are used up"},
    {1011, "Token has been used too many times", GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
     "Mint a new ephemeral token: this one is used up"},
    {1011, "auth token has expired", GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
     "Mint a new ephemeral token: this one has expired"},
    {1011, "Token has expired", GST_RESOURCE_ERROR_NOT_AUTHORIZED, false,
     "Mint a new ephemeral token: this one has expired"},
    {1006, "", GST_RESOURCE_ERROR_READ, true,
     "Check the network and start again: the connection was lost"},
    {0, "", GST_RESOURCE_ERROR_READ, true, "Start again: the service ended the conversation"},
};

// What a token freezes holds, whatever the settings say; the service does not tell which of them it
// blames.
const char *advice_for_token(const CloseRule &rule, const std::string &url)
{
  const bool blames_what_is_set =
      rule.error == GST_RESOURCE_ERROR_SETTINGS || rule.error == GST_RESOURCE_ERROR_NOT_FOUND;
  const bool knows_nobody = rule.error == GST_RESOURCE_ERROR_NOT_AUTHORIZED && rule.code == 1008;
  if (!url.ends_with("Constrained"))
    return "";
  return blames_what_is_set ? ", or mint a new ephemeral token: what it freezes beats the settings"
         : knows_nobody     ? ", or mint a new ephemeral token"
                            : "";
}

Verdict judge_close(const ConnectionEnd &end, const std::string &url)
{
  for (const auto &rule : kCloseRules) {
    if ((rule.code != 0 && rule.code != end.code) || !end.reason.starts_with(rule.reason))
      continue;
    return {ErrorPtr(g_error_new(GST_RESOURCE_ERROR, rule.error, "%s%s (close code %u%s%s)",
                                 rule.advice, advice_for_token(rule, url), end.code,
                                 end.reason.empty() ? "" : ": ", end.reason.c_str())),
            rule.retryable};
  }
  g_assert_not_reached(); // the last rule matches everything
}

Verdict judge_status(const ConnectionEnd &end, const std::string &url)
{
  const char *advice = "Check base-url and the network";
  GstResourceError code = GST_RESOURCE_ERROR_OPEN_READ_WRITE;
  bool retryable = false;
  switch (end.status) {
  case 401:
  case 403:
    advice = "Check the credentials";
    code = GST_RESOURCE_ERROR_NOT_AUTHORIZED;
    break;
  case 404:
    advice = "Check base-url and api-version";
    code = GST_RESOURCE_ERROR_NOT_FOUND;
    break;
  case 408:
  case 429:
    advice = "Wait and start again: the service is busy";
    code = GST_RESOURCE_ERROR_BUSY;
    retryable = true;
    break;
  default:
    if (end.status >= 500) {
      advice = "Wait and start again: the service is not available";
      retryable = true;
    }
    break;
  }
  return {ErrorPtr(g_error_new(GST_RESOURCE_ERROR, code, "%s (HTTP %u %s from %s)", advice,
                               end.status, end.detail.c_str(), url.c_str())),
          retryable};
}

} // namespace

Verdict judge(const ConnectionEnd &end, const std::string &url)
{
  switch (end.cause) {
  case ConnectionEnd::Cause::refused:
    return judge_status(end, url);
  case ConnectionEnd::Cause::untrusted:
    return {ErrorPtr(g_error_new(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                                 "Set tls-ca-file if this server is yours: its certificate is not "
                                 "trusted (%s, %s)",
                                 end.detail.c_str(), url.c_str())),
            false};
  case ConnectionEnd::Cause::proxy_asks:
    return {ErrorPtr(g_error_new(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                                 "Set user and password in proxy: it asks for them on the way to "
                                 "%s (%s)",
                                 url.c_str(), end.detail.c_str())),
            false};
  case ConnectionEnd::Cause::proxy:
    return {ErrorPtr(g_error_new(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE,
                                 "Check proxy: it does not let us through to %s (%s)", url.c_str(),
                                 end.detail.c_str())),
            true};
  case ConnectionEnd::Cause::unreachable:
    return {ErrorPtr(g_error_new(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE,
                                 "Check the network and base-url: no connection to %s (%s)",
                                 url.c_str(), end.detail.c_str())),
            true};
  case ConnectionEnd::Cause::broken:
    return {ErrorPtr(g_error_new(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
                                 "Check what base-url leads to: what came from %s is no WebSocket "
                                 "(%s)",
                                 url.c_str(), end.detail.c_str())),
            true};
  case ConnectionEnd::Cause::closed:
    break;
  }
  return judge_close(end, url);
}

} // namespace gemini_live
