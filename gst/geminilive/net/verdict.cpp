#include "verdict.hpp"

#include <gst/gst.h>

#include <iterator>
#include <string_view>

namespace gemini_live {

namespace {

using Cause = ConnectionEnd::Cause;

constexpr auto kKey = GST_RESOURCE_ERROR_NOT_AUTHORIZED;
constexpr auto kSettings = GST_RESOURCE_ERROR_SETTINGS;
constexpr auto kMissing = GST_RESOURCE_ERROR_NOT_FOUND;
constexpr auto kSpent = GST_RESOURCE_ERROR_NO_SPACE_LEFT;
constexpr auto kBusy = GST_RESOURCE_ERROR_BUSY;
constexpr auto kOpen = GST_RESOURCE_ERROR_OPEN_READ_WRITE;
constexpr auto kRead = GST_RESOURCE_ERROR_READ;

// Close codes begin with 1000, statuses of HTTP are below.
struct Numbers {
  unsigned first, last;
  constexpr Numbers(unsigned one) : first(one), last(one) {}
  constexpr Numbers(unsigned from, unsigned to) : first(from), last(to) {}
  bool hold(unsigned number) const { return first <= number && number <= last; }
};

constexpr Numbers kAny{0, 65535};
constexpr Numbers kAnyStatus{0, 999};

struct Rule {
  Numbers numbers;
  const char *reason; // how it begins; after a *, what is anywhere in it; "" is any
  GstResourceError error;
  bool retryable;
  const char *advice;
};

constexpr const char *kQuota = "Wait a minute or raise the quota";
constexpr const char *kCheckModel = "Check the property model, and api-version with it";
constexpr const char *kNewToken = "Mint a new ephemeral token: this one has expired";

// The first match holds. A close frame cuts its reason at 123 bytes, so mostly beginnings are
// compared; the errors of HTTP are the same texts. Behind each is where users of Google's SDKs have
// seen it. What has nothing behind it is of python-genai 985, js-genai 1429 or livekit/agents 4545.
constexpr Rule kRules[] = {
    {kAny, "API keys are not supported", kKey, false,
     "Set credentials-path, or the API key of an express mode: any other is not taken here"},
    // ↑ gemini-cli 1463, cookbook 1122
    {kAny, "API key", kKey, false, "Check the API key"},
    {kAny, "API Key", kKey, false, "Check the API key"},
    {kAny, "Method doesn't allow unregistered callers", kKey, false, "Set an API key"},
    {kAny, "Permission denied: Consumer", kKey, false,
     "Make a new API key: this one is suspended"}, // generative-ai-docs 356
    {kAny, "Requests from ", kKey, false,
     "Change the restrictions of the API key: it is not for this machine"}, // ai-dart 219
    {kAny, "Requests to this API", kKey, false,
     "Change the restrictions of the API key: it is not for this API"}, // ai-dart 219
    {kAny, "Request had invalid authentication", kKey, false, "Check the credentials"},
    {kAny, "Request is missing required authentication", kKey, false, "Check the credentials"},
    {kAny, "Permission 'aiplatform.", kKey, false,
     "Give the account the role Vertex AI User in the project, and check location and model"},
    // ↑ gemini-php 4, linux-mcp-server 450
    {kAny, "Permission denied on resource project", kKey, false,
     "Check project-id: it is none, or not for this account"}, // training-data-analyst 1811
    {kAny, "Generative Language API has not been used", kKey, false,
     "Enable the Generative Language API for the project"},
    {kAny, "Vertex AI API has not been used", kKey, false,
     "Enable the Vertex AI API (aiplatform.googleapis.com) for the project"},
    // ↑ vertex-ai-samples 476, agent-starter-pack 304
    {kAny, "*API has not been used in project", kKey, false,
     "Enable the API that is named here for the project"}, // under its names to come
    {kAny, "This API method requires billing", kKey, false,
     "Enable billing for the project"}, // wavenet-for-chrome 83, php-docs-samples 1235
    {kAny, "Your project has been denied", kKey, false, "Use another project: this one is denied"},
    {kAny, "User location is not supported", kKey, false,
     "Use Vertex AI, or another network: the Gemini API is not offered at this place"},
    // ↑ gemini-cli 1614, gemini-cli 1993
    {kAny, "models/", kMissing, false, kCheckModel},
    {kAny, "*is not found for API version", kMissing, false,
     kCheckModel}, // tunedModels/… and projects/…
    {kAny, "Publisher Model", kMissing, false,
     "Check model and location: the model is not there, or not for this project"},
    // ↑ gemini-cli 14262, genkit 4688
    {kAny, "You exceeded your current quota", kSpent, false, kQuota},
    {kAny, "Quota exceeded for", kSpent, false, kQuota}, // arb_translate 7
    {kAny, "Resource has been exhausted", kSpent, false, kQuota},
    {kAny, "Resource exhausted", kBusy, true,
     "Wait and start again: the service is busy"}, // gemini-cli 15498, python-genai 2001
    {kAny, "Your project has exceeded its monthly", kSpent, false,
     "Raise the project's spending cap"},
    {kAny, "Your prepayment credits", kSpent, false, "Buy credits: they are used up"},
    {kAny, "Token has been used too many times", kKey, false,
     "Mint a new ephemeral token: this one is used up"},
    {kAny, "auth token has expired", kKey, false, kNewToken},
    {kAny, "Token has expired", kKey, false, kNewToken},
    {1007, "Cannot extract voices", kSettings, false,
     "Set modality to audio: this model only speaks"},
    {1007, "The requested combination of response modalities", kSettings, false,
     "Set modality to what this model can answer in"},
    {1007, "Unsupported language code", kSettings, false,
     "Leave the language to the model: unset the property language"},
    {1007, "", kSettings, false, "Check the settings: the service refused what was sent"},
    {1006, "", kRead, true, "Check the network and start again: the connection was lost"},
    {401, "", kKey, false, "Check the credentials"},
    {403, "", kKey, false, "Check the credentials"},
    {404, "", kMissing, false, "Check base-url and api-version"},
    {408, "", kBusy, true, "Wait and start again: the service is busy"},
    {429, "", kBusy, true, "Wait and start again: the service is busy"},
    {{500, 999}, "", kOpen, true, "Wait and start again: the service is not available"},
    {kAnyStatus, "Request contains an invalid argument", kSettings, false,
     "Check the settings: the service refused what was sent"},
    {kAnyStatus, "", kOpen, false, "Check base-url and the network"},
    {kAny, "", kRead, true, "Start again: the service ended the conversation"},
};

// Of a conversation that was to be carried on, before the others.
constexpr const char *kUnknownHandle =
    "Unset resumption-handle: the service does not know, or no longer, the conversation that it "
    "stands for";
constexpr const char *kForeignHandle =
    "Set model and modality to those of the conversation that resumption-handle stands for";
constexpr const char *kOpenHandle =
    "Close the session that resumption-handle comes from, and start again";

constexpr Rule kRulesOfHandles[] = {
    {1008, "Requested entity was not found", kMissing, false, kUnknownHandle},
    {1008, "BidiGenerateContent session", kMissing, false, kUnknownHandle},
    {1007, "The requested combination of response modalities", kSettings, false, kForeignHandle},
    {kAny, "*models/gemini_api_beyond_live", kSettings, false, kForeignHandle},
    {1011, "Internal error", kBusy, true, kOpenHandle}, // sip-to-ai 14
};

bool fits(const std::string &reason, std::string_view pattern)
{
  return pattern.starts_with('*') ? reason.find(pattern.substr(1)) != reason.npos
                                  : reason.starts_with(pattern);
}

const Rule &rule_for(unsigned number, const std::string &reason, bool resumes = false)
{
  const auto holds = [&](const Rule &rule) {
    return rule.numbers.hold(number) && fits(reason, rule.reason);
  };
  for (const auto &rule : kRulesOfHandles)
    if (resumes && holds(rule))
      return rule;
  for (const auto &rule : kRules)
    if (holds(rule))
      return rule;
  return *std::prev(std::end(kRules)); // it matches everything
}

Verdict fail(GstResourceError code, bool retryable, const std::string &text)
{
  return {ErrorPtr(g_error_new_literal(GST_RESOURCE_ERROR, code, text.c_str())), retryable};
}

std::string after(const char *mark, const std::string &text)
{
  return text.empty() ? text : mark + text;
}

// What a token freezes holds, whatever the settings say; the service does not tell which of them it
// blames.
const char *advice_for_token(const Rule &rule, unsigned code, const std::string &url)
{
  if (!url.ends_with("Constrained"))
    return "";
  if (rule.error == kSettings || rule.error == kMissing)
    return ", or mint a new ephemeral token: what it freezes beats the settings";
  return rule.error == kKey && code == 1008 ? ", or mint a new ephemeral token" : "";
}

Verdict judge_close(const ConnectionEnd &end, const Asked &asked)
{
  // What is no code of a close frame is no status either.
  const auto &rule =
      rule_for(end.code <= kAnyStatus.last ? kAny.last : end.code, end.reason, asked.resumes);
  auto verdict =
      fail(rule.error, rule.retryable,
           std::string(rule.advice) + advice_for_token(rule, end.code, asked.url) +
               " (close code " + std::to_string(end.code) + after(": ", end.reason) + ")");
  verdict.unknown_handle = rule.advice == kUnknownHandle;
  return verdict;
}

Verdict judge_status(const ConnectionEnd &end, const Asked &asked)
{
  const auto &rule = rule_for(end.status, end.reason);
  return fail(rule.error, rule.retryable,
              std::string(rule.advice) + " (HTTP " + std::to_string(end.status) + " " + end.detail +
                  " from " + asked.url + after(": ", end.reason) + ")");
}

Verdict judge_certificate(const ConnectionEnd &end, const Asked &asked)
{
  using enum CertificateFault::Kind;
  const auto fault = end.certificate.value_or(CertificateFault{other, end.detail});
  const auto text = [&]() -> std::string {
    switch (fault.kind) {
    case authority:
      return "Set tls-ca-file if this server is yours: its certificate is of an authority that is "
             "not known here (" +
             fault.detail + ", " + asked.url + ")";
    case host:
      return "Check " + std::string(asked.setting) + ": the certificate of the server is for " +
             fault.detail + ", and not for the host of " + asked.url;
    case expired:
      return "Check the clock of this machine, or renew the certificate of the server: it expired "
             "on " +
             fault.detail + " (" + asked.url + ")";
    case early:
      return "Check the clock of this machine: the certificate of the server is not good until " +
             fault.detail + " (" + asked.url + ")";
    default:
      return "Renew the certificate of the server: " + fault.detail + " (" + asked.url + ")";
    }
  }();
  return fail(kKey, false, text);
}

Verdict judge_proxy(const ConnectionEnd &end, const Asked &asked)
{
  const auto way = " on the way to " + asked.url + after(": ", end.detail);
  const auto who = end.proxy.empty() ? "the system's proxy" : end.proxy;
  if (end.cause == Cause::proxy_asks && end.proxy_has_user)
    return fail(kKey, false,
                "Correct user and password in proxy: it does not take them (" + who + way + ")");
  if (end.cause == Cause::proxy_asks)
    return fail(kKey, false,
                "Set user and password in proxy: it asks for them (" + who + way + ")");
  return fail(kOpen, true, "Check proxy: it does not let us through (" + who + way + ")");
}

} // namespace

Verdict judge(const ConnectionEnd &end, const Asked &asked)
{
  switch (end.cause) {
  case Cause::refused:
    return judge_status(end, asked);
  case Cause::untrusted:
    return judge_certificate(end, asked);
  case Cause::proxy_asks:
  case Cause::proxy:
    return judge_proxy(end, asked);
  case Cause::unreachable:
    return fail(kOpen, true,
                "Check the network and " + std::string(asked.setting) + ": no connection to " +
                    asked.url + " (" + end.detail + ")");
  case Cause::broken:
    return fail(kRead, true,
                "Check what " + std::string(asked.setting) + " leads to: what came from " +
                    asked.url + " is no WebSocket (" + end.detail + ")");
  case Cause::closed:
    break;
  }
  return judge_close(end, asked);
}

ErrorPtr judge_silence(double seconds, const std::string &proxy, const Asked &asked)
{
  if (!proxy.empty())
    return ErrorPtr(g_error_new(GST_RESOURCE_ERROR, kOpen,
                                "Check proxy, or raise connect-timeout: it did not let us through "
                                "within %g s (%s on the way to %s)",
                                seconds, proxy.c_str(), asked.url.c_str()));
  return ErrorPtr(g_error_new(GST_RESOURCE_ERROR, kOpen,
                              "Check the network and %s, or raise connect-timeout: no answer from "
                              "%s within %g s",
                              asked.setting, asked.url.c_str(), seconds));
}

} // namespace gemini_live
