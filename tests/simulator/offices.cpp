// From libsoup's messages to those who decide, and back.
#include "offices.hpp"

#include "access.hpp"
#include "glib.hpp"

namespace gemini_live_simulator {
namespace {

bool is_at(std::string_view path, std::string_view place)
{
  return path == place || (place.ends_with('/') && path.starts_with(place));
}

bool is_posted(SoupServerMessage *message)
{
  return g_str_equal(soup_server_message_get_method(message), SOUP_METHOD_POST);
}

const char *header_of(SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one(soup_server_message_get_request_headers(message), name);
}

std::string_view body_of(SoupServerMessage *message)
{
  const auto *body = soup_server_message_get_request_body(message);
  return {body->data ? body->data : "", static_cast<std::size_t>(body->length)};
}

void set_date(SoupMessageHeaders *headers, std::int64_t now)
{
  GDateTime *date = g_date_time_new_from_unix_utc(now);
  const CharPtr text(soup_date_time_to_string(date, SOUP_DATE_HTTP));
  g_date_time_unref(date);
  soup_message_headers_replace(headers, "Date", text.get());
}

} // namespace

Offices::Offices(TokenOffice *access, EphemeralTokens &ephemeral, const Clock &clock)
    : access_(access), ephemeral_(ephemeral), clock_(clock)
{
}

std::vector<const char *> Offices::paths() const
{
  std::vector<const char *> all(EphemeralTokens::paths.begin(), EphemeralTokens::paths.end());
  if (access_)
    all.insert(all.end(), {TokenOffice::path, TokenOffice::metadata_path});
  return all;
}

bool Offices::serves(std::string_view path) const
{
  for (const char *place : paths())
    if (is_at(path, place))
      return true;
  return false;
}

void Offices::answer(SoupServerMessage *message)
{
  const std::string_view path = g_uri_get_path(soup_server_message_get_uri(message));
  const bool of_machine = path.starts_with(TokenOffice::metadata_path);
  const auto reply = !serves(path)               ? HttpReply{404, "", "text/plain"}
                     : of_machine                ? answer_machine(message, path)
                     : path == TokenOffice::path ? answer_access(message)
                                                 : answer_ephemeral(message);
  set_date(soup_server_message_get_response_headers(message), clock_.now_seconds());
  soup_server_message_set_status(message, reply.status, nullptr);
  soup_server_message_set_response(message, reply.type, SOUP_MEMORY_COPY, reply.body.data(),
                                   reply.body.size());
}

HttpReply Offices::answer_access(SoupServerMessage *message)
{
  ++requests_;
  if (!is_posted(message))
    return {405, "", "text/plain"};
  return access_->exchange(body_of(message), clock_.now_seconds());
}

HttpReply Offices::answer_machine(SoupServerMessage *message, std::string_view path)
{
  ++requests_;
  soup_message_headers_replace(soup_server_message_get_response_headers(message), "Metadata-Flavor",
                               "Google");
  if (is_posted(message))
    return {405, "", "text/plain"};
  const char *flavor = header_of(message, "Metadata-Flavor");
  if (!flavor || !g_str_equal(flavor, "Google"))
    return {403, "Missing Metadata-Flavor:Google header.", "text/plain"};
  path.remove_prefix(std::string_view(TokenOffice::metadata_path).size());
  return access_->tell_machine(path, clock_.now_seconds());
}

// Tokens can be minted, and neither listed nor looked at.
HttpReply Offices::answer_ephemeral(SoupServerMessage *message)
{
  if (!is_posted(message))
    return {404, "", "text/plain"};
  Access caller;
  read_credentials(caller, header_of(message, "x-goog-api-key"), nullptr,
                   g_uri_get_query(soup_server_message_get_uri(message)));
  return ephemeral_.mint(caller, body_of(message), clock_.now());
}

} // namespace gemini_live_simulator
