#include "sign_in.hpp"

#include "../auth/token_cache.hpp"
#include "../net/endpoint.hpp"
#include "../net/verdict.hpp"

#include <gst/gst.h>

namespace gemini_live {

namespace {

std::optional<gint64> date_of(const HttpReply &reply)
{
  const auto text = reply.header("Date");
  GDateTime *date = text.empty() ? nullptr : soup_date_time_new_from_http_string(text.c_str());
  if (!date)
    return std::nullopt;
  const auto seconds = g_date_time_to_unix(date);
  g_date_time_unref(date);
  return seconds;
}

TokenReply reply_of(const HttpReply &reply)
{
  return {.status = reply.status,
          .body = reply.body,
          .metadata_flavor = reply.header("Metadata-Flavor"),
          .date = date_of(reply)};
}

// A proxy knows nothing of our machine's metadata server, nor of our loopback; what is not encrypted
// is one of these.
Route route_to(const std::string &url, const Route &route)
{
  if (url.starts_with("http:"))
    return {.direct = true};
  Route own = route;
  own.direct = is_loopback_url(url);
  return own;
}

} // namespace

gint64 unix_seconds()
{
  return g_get_real_time() / G_USEC_PER_SEC;
}

SignIn::SignIn(Credentials credentials, bool wants_project, Route route, std::shared_ptr<Loop> loop)
    : credentials_(std::move(credentials)), wants_project_(wants_project), route_(std::move(route)),
      loop_(std::move(loop))
{
}

std::string SignIn::whom() const
{
  return redacted_url(token_url(credentials_));
}

void SignIn::start(Done done)
{
  done_ = std::move(done);
  look_for_token();
}

void SignIn::look_for_token()
{
  const auto now = unix_seconds();
  const auto claim =
      claim_token(identity_of(credentials_), now,
                  [weak = weak_from_this(), loop = std::weak_ptr(loop_)](const Secret &token) {
                    if (const auto ours = loop.lock())
                      ours->post([weak, token] {
                        if (const auto self = weak.lock())
                          self->take_fetched(token);
                      });
                  });
  is_turn_ = claim.is_turn;
  if (is_turn_)
    send(make_token_request(credentials_, now), &SignIn::take_token);
  else if (!claim.token.empty())
    use_cached(claim.token);
}

// Somebody else's fetch is over.
void SignIn::take_fetched(const Secret &token)
{
  if (!done_)
    return;
  if (token.empty())
    look_for_token();
  else
    use_cached(token);
}

void SignIn::use_cached(const Secret &token)
{
  result_.token = token;
  result_.was_cached = true;
  go_on();
}

void SignIn::end_turn(const Secret &token)
{
  if (std::exchange(is_turn_, false))
    end_fetch(identity_of(credentials_), token);
}

void SignIn::send(TokenRequest request, Reply reply)
{
  const auto weak = weak_from_this();
  call_ = std::make_shared<HttpCall>(HttpCall::Events{.replied =
                                                          [weak, reply](const HttpReply &what) {
                                                            if (const auto self = weak.lock())
                                                              (self.get()->*reply)(what);
                                                          },
                                                      .failed =
                                                          [weak](const ConnectionEnd &how) {
                                                            if (const auto self = weak.lock())
                                                              self->fail(how);
                                                          }},
                                     loop_);
  auto route = route_to(request.url, route_);
  call_->start({.url = std::move(request.url),
                .headers = std::move(request.headers),
                .form = std::move(request.form),
                .route = std::move(route)});
}

void SignIn::take_token(const HttpReply &reply)
{
  auto token = read_token(credentials_, reply_of(reply), unix_seconds());
  if (!token.value) {
    fail(std::move(token.error), token.retryable);
    return;
  }
  result_.token = token.value->text;
  cache_token(identity_of(credentials_), std::move(*token.value));
  end_turn(result_.token);
  go_on();
}

void SignIn::take_project(const HttpReply &reply)
{
  auto project = read_project(std::get<MetadataServer>(credentials_.who), reply_of(reply));
  if (!project.value) {
    fail(std::move(project.error), project.retryable);
    return;
  }
  result_.project = std::move(*project.value);
  go_on();
}

void SignIn::go_on()
{
  const auto *server = std::get_if<MetadataServer>(&credentials_.who);
  if (wants_project_ && server && result_.project.empty())
    send(make_project_request(*server), &SignIn::take_project);
  else
    finish(std::move(result_));
}

void SignIn::finish(Result result)
{
  end_turn({});
  if (const auto done = std::exchange(done_, nullptr))
    done(std::move(result));
}

void SignIn::fail(ErrorPtr error, bool retryable)
{
  finish({.token = {}, .error = std::move(error), .retryable = retryable});
}

// Nobody has named credentials, so this is no fault of the network.
ErrorPtr SignIn::no_machine(const std::string &why) const
{
  return ErrorPtr(g_error_new(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                              "Set credentials-path, or log in with 'gcloud auth "
                              "application-default login': there are no Application Default "
                              "Credentials, and no metadata server (%s: %s)",
                              whom().c_str(), why.c_str()));
}

void SignIn::fail(const ConnectionEnd &how)
{
  if (how.cause == ConnectionEnd::Cause::unreachable && credentials_.of_machine()) {
    fail(no_machine(how.detail), false);
    return;
  }
  auto verdict = judge(how, asked());
  fail(std::move(verdict.error), verdict.retryable);
}

Asked SignIn::asked() const
{
  return {.url = whom(), .setting = "the token_uri of the credentials"};
}

ErrorPtr SignIn::timed_out(double seconds) const
{
  if (credentials_.of_machine())
    return no_machine("no answer");
  return judge_silence(seconds, call_ ? call_->awaited_proxy() : "", asked());
}

void SignIn::abandon()
{
  if (call_)
    call_->abandon();
  call_.reset();
  done_ = nullptr;
  end_turn({});
}

} // namespace gemini_live
