// How credentials become a token: what is asked, and what every reply means.
#include "check.hpp"
#include "credentials_for_test.hpp"

#include "gst/geminilive/auth/jwt.hpp"
#include "gst/geminilive/auth/token.hpp"
#include "gst/geminilive/auth/token_cache.hpp"
#include "gst/geminilive/base/json.hpp"

#include <gnutls/abstract.h>

#include <algorithm>

using namespace gemini_live;

namespace {

constexpr gint64 kNow = 1'800'000'000;

Credentials account()
{
  return {.who = ServiceAccount{.email = "robot@acme.example",
                                .key_id = "key-1",
                                .token_uri = "https://auth.example/token?secret",
                                .private_key = Secret(test::rsa_pem())}};
}

Credentials user()
{
  return {.who = AuthorizedUser{.client_id = "c/1",
                                .token_uri = "https://auth.example/token",
                                .client_secret = Secret("s&1"),
                                .refresh_token = Secret("1//r")}};
}

Credentials machine()
{
  return {.who = MetadataServer{"meta.example:80"}};
}

std::string decoded(std::string text)
{
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  gsize size = 0;
  guchar *bytes = g_base64_decode(text.c_str(), &size);
  std::string result(reinterpret_cast<char *>(bytes), size);
  g_free(bytes);
  return result;
}

bool is_signed(const std::string &statement, const std::string &signature)
{
  const auto &pem = test::rsa_pem();
  const auto datum = [](const std::string &text) {
    return gnutls_datum_t{reinterpret_cast<unsigned char *>(const_cast<char *>(text.data())),
                          static_cast<unsigned>(text.size())};
  };
  const auto text = datum(pem), what = datum(statement), proof = datum(signature);
  gnutls_privkey_t secret = nullptr;
  gnutls_pubkey_t key = nullptr;
  gnutls_privkey_init(&secret);
  gnutls_pubkey_init(&key);
  gnutls_privkey_import_x509_raw(secret, &text, GNUTLS_X509_FMT_PEM, nullptr, 0);
  gnutls_pubkey_import_privkey(key, secret, 0, 0);
  const bool good = gnutls_pubkey_verify_data2(key, GNUTLS_SIGN_RSA_SHA256, 0, &what, &proof) >= 0;
  gnutls_pubkey_deinit(key);
  gnutls_privkey_deinit(secret);
  return good;
}

std::string taken(const Credentials &who, const TokenReply &reply,
                  check::Where where = check::Where::current())
{
  auto result = read_token(who, reply, kNow);
  check::that(result.value.has_value(), result.error ? result.error->message : "", where);
  return result.value->text.text() + " until " + std::to_string(result.value->expires - kNow);
}

// The message, with what to do first.
std::string refused(const Credentials &who, const TokenReply &reply, bool retryable = false,
                    check::Where where = check::Where::current())
{
  auto result = read_token(who, reply, kNow);
  check::that(!result.value && result.error, "was taken", where);
  check::that(result.error->domain == GST_RESOURCE_ERROR, "", where);
  check::equal(result.retryable, retryable, "retryable", where);
  check::lacks(result.error->message, "secret", where);
  return result.error->message;
}

TokenReply reply(unsigned status, const char *body, std::optional<gint64> date = {})
{
  return {.status = status, .body = Secret(body), .metadata_flavor = "Google", .date = date};
}

constexpr const char *kGood =
    R"({"access_token":"ya29.t","expires_in":3599,"token_type":"Bearer"})";

} // namespace

TEST(test_a_service_account_signs_a_statement)
{
  const auto request = make_token_request(account(), kNow);
  check::equal(request.url, "https://auth.example/token?secret");
  const auto &form = request.form.text();
  const std::string head =
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
  check::that(form.starts_with(head), form.c_str());
  const auto jwt = form.substr(head.size());
  const auto first = jwt.find('.'), second = jwt.rfind('.');
  check::that(first != second);
  check::equal(decoded(jwt.substr(0, first)), R"({"alg":"RS256","typ":"JWT","kid":"key-1"})");
  const auto claims = decoded(jwt.substr(first + 1, second - first - 1));
  const JsonDocument said(claims);
  check::equal(*said.root()["iss"].text(), "robot@acme.example");
  check::equal(*said.root()["scope"].text(), "https://www.googleapis.com/auth/cloud-platform");
  check::equal(*said.root()["aud"].text(), "https://auth.example/token?secret");
  const auto issued = *said.root()["iat"].integer(), expires = *said.root()["exp"].integer();
  check::that(issued < kNow && issued >= kNow - 60, claims.c_str());
  check::equal(expires - issued, 3600);
  check::that(is_signed(jwt.substr(0, second), decoded(jwt.substr(second + 1))));
}

TEST(test_a_user_sends_what_was_kept_from_the_login)
{
  const auto request = make_token_request(user(), kNow);
  check::equal(request.url, "https://auth.example/token");
  check::equal(request.form.text(), "grant_type=refresh_token&client_id=c%2F1&client_secret=s%261&"
                                    "refresh_token=1%2F%2Fr");
}

TEST(test_a_machine_asks_its_server)
{
  const auto request = make_token_request(machine(), kNow);
  check::equal(request.url, "http://meta.example:80/computeMetadata/v1/instance/service-accounts/"
                            "default/token");
  check::that(request.form.empty());
  check::equal(request.headers.at(0).first, "Metadata-Flavor");
  check::equal(make_project_request({"m"}).url, "http://m/computeMetadata/v1/project/project-id");
}

TEST(test_a_token_is_taken)
{
  for (const auto &who : {account(), user(), machine()})
    check::equal(taken(who, reply(200, kGood)), "ya29.t until 3599");
  check::equal(taken(user(), reply(200, R"({"access_token":"t"})")), "t until 0");
  check::equal(taken(user(), reply(200, R"({"access_token":"t","expires_in":"60"})")),
               "t until 60");
}

TEST(test_a_clock_that_is_off_is_told)
{
  const auto *body =
      R"({"error":"invalid_grant","error_description":"Invalid JWT: Token must be a )"
      R"(short-lived token (60 minutes) and in a reasonable timeframe."})";
  check::contains(
      refused(account(), reply(400, body, kNow + 7200)),
      "Set the clock of this machine: it is 2 hours behind (invalid_grant: Invalid JWT");
  check::contains(refused(account(), reply(400, body, kNow - 600)), "it is 10 minutes ahead");
  check::contains(refused(account(), reply(400, body, kNow)), "Check the clock of this machine");
  check::contains(refused(account(), reply(400, body)), "Check the clock of this machine");
}

TEST(test_a_key_that_is_not_accepted_is_told)
{
  const auto *body = R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})";
  check::contains(refused(account(), reply(400, body, kNow)),
                  "Make a new key for the service account robot@acme.example");
}

TEST(test_a_login_that_has_expired_is_told)
{
  const auto *body = R"({"error":"invalid_grant","error_description":"Token has been expired or )"
                     R"(revoked."})";
  check::contains(refused(user(), reply(400, body)),
                  "Log in again with 'gcloud auth application-default login'");
}

TEST(test_other_refusals_are_shown)
{
  check::contains(refused(user(), reply(401, R"({"error":"invalid_client"})")),
                  "Check the credentials: https://auth.example/token refuses them "
                  "(invalid_client)");
  check::contains(refused(account(), reply(404, "<html>")), "HTTP 404");
  check::contains(refused(account(), reply(302, "")), "HTTP 302");
}

TEST(test_what_may_pass_is_retryable)
{
  for (const unsigned status : {408u, 429u, 500u, 503u})
    check::contains(refused(user(), reply(status, "<html>Busy</html>"), true),
                    "Wait and start again");
}

TEST(test_what_is_no_token_is_refused)
{
  for (const auto *body :
       {"", "<html>", "[]", "{}", R"({"access_token":7})", R"({"access_token":""})",
        R"({"access_token":"a b"})", R"({"access_token":"a\nb"})"})
    check::contains(refused(user(), reply(200, body)), "is no token");
}

TEST(test_what_a_server_says_is_cut)
{
  const auto body =
      R"({"error":"invalid_grant","error_description":")" + std::string(100'000, 'x') + "\"}";
  check::that(refused(user(), reply(400, body.c_str())).size() < 1000);
}

TEST(test_what_is_no_metadata_server_is_not_believed)
{
  auto portal = reply(200, kGood);
  portal.metadata_flavor = "";
  check::contains(refused(machine(), portal), "Set credentials-path");
  const MetadataServer server{"m"};
  check::that(!read_project(server, portal).value);
}

TEST(test_the_project_of_a_machine_is_read)
{
  const MetadataServer server{"m"};
  check::equal(*read_project(server, reply(200, "acme-1")).value, "acme-1");
  for (const auto *name : {"", "a/b", "a b", "<html>"})
    check::contains(read_project(server, reply(200, name)).error->message, "Set project-id");
  check::that(!read_project(server, reply(404, "acme")).value);
}

// What is there, without a turn that goes on.
static Secret cached(const std::string &identity, gint64 now)
{
  const auto claim = claim_token(identity, now, {});
  if (claim.is_turn)
    end_fetch(identity, {});
  return claim.token;
}

TEST(test_tokens_are_kept_while_they_are_good_for_five_minutes)
{
  cache_token("somebody", {Secret("t"), kNow + 3600});
  check::equal(cached("somebody", kNow).text(), "t");
  check::equal(cached("somebody", kNow + 3300).text(), "t");
  check::that(cached("somebody", kNow + 3301).empty());
  check::that(cached("else", kNow).empty());
  forget_cached_token("somebody", Secret("older"));
  check::equal(cached("somebody", kNow).text(), "t", "it is another's");
  forget_cached_token("somebody", Secret("t"));
  check::that(cached("somebody", kNow).empty());
}

TEST(test_only_one_fetches_a_token)
{
  std::vector<std::string> told;
  const auto wait = [&](const Secret &token) { told.push_back(token.text()); };
  check::that(claim_token("anna", kNow, wait).is_turn);
  check::that(!claim_token("anna", kNow, wait).is_turn);
  check::that(!claim_token("anna", kNow, wait).is_turn);
  check::that(claim_token("berta", kNow, wait).is_turn); // somebody else
  check::that(told.empty());
  end_fetch("anna", Secret("t"));
  check::that(told == std::vector<std::string>{"t", "t"});
}

TEST(test_after_a_fetch_that_failed_it_is_the_next_ones_turn)
{
  unsigned told = 0;
  check::that(claim_token("carla", kNow, {}).is_turn);
  check::that(!claim_token("carla", kNow, [&](const Secret &token) {
                 check::that(token.empty());
                 check::that(claim_token("carla", kNow, {}).is_turn);
                 told++;
               }).is_turn);
  end_fetch("carla", {});
  check::equal(told, 1u);
}

TEST(test_who_is_somebody_else_has_another_identity)
{
  const auto all = {account(), user(), machine()};
  for (const auto &one : all)
    for (const auto &other : all)
      check::equal(identity_of(one) == identity_of(other), &one == &other);
  auto revoked = user();
  std::get<AuthorizedUser>(revoked.who).refresh_token = Secret("another");
  check::that(identity_of(revoked) != identity_of(user()));
  check::lacks(identity_of(user()), "1//r");
}

TEST_MAIN("token")
