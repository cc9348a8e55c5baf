#include "connection_end.hpp"

#include "../base/json.hpp"

#include <algorithm>

namespace gemini_live {

namespace {

using enum ConnectionEnd::Cause;

std::string valid(std::string_view text)
{
  const CharPtr mended(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
  return mended.get();
}

// Some proxies say 401 where they mean 407; of that GLib tells the number only in its words.
bool asks_for_user(const GError *error)
{
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) ||
         g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED) ||
         (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED) &&
          g_str_has_suffix(error->message, " 401"));
}

bool is_of_proxy(const GError *error)
{
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED) ||
         g_error_matches(error, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED);
}

bool names_host(std::string_view text, std::string_view host)
{
  const auto belongs = [](char c) { return g_ascii_isalnum(c) || c == '-' || c == '.'; };
  for (auto at = text.find(host); at != text.npos; at = text.find(host, at + 1)) {
    const auto end = at + host.size();
    if ((at == 0 || !belongs(text[at - 1])) && (end == text.size() || !belongs(text[end])))
      return true;
  }
  return false;
}

// The resolver names whom it does not know, in each of its languages.
bool does_not_know_another_host(const GError *error, SoupMessage *message)
{
  if (!error || error->domain != G_RESOLVER_ERROR)
    return false;
  const CharPtr host(g_hostname_to_ascii(g_uri_get_host(soup_message_get_uri(message))));
  return host && !names_host(error->message, host.get());
}

// Statuses while the proxy still has to let us through are its own.
ConnectionEnd::Cause cause_of_status(unsigned status, bool at_proxy)
{
  if (status == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED ||
      (at_proxy && status == SOUP_STATUS_UNAUTHORIZED))
    return proxy_asks;
  if (at_proxy)
    return proxy;
  return status == SOUP_STATUS_NONE || status == SOUP_STATUS_SWITCHING_PROTOCOLS ? unreachable
                                                                                 : refused;
}

ConnectionEnd::Cause cause_of(SoupMessage *message, const GError *error)
{
  if (g_error_matches(error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return untrusted;
  if (asks_for_user(error))
    return proxy_asks;
  if (is_of_proxy(error) || does_not_know_another_host(error, message))
    return proxy;
  return cause_of_status(soup_message_get_status(message), way_of(message).at_proxy);
}

std::string shown_status(SoupMessage *message)
{
  const char *phrase = soup_message_get_reason_phrase(message);
  return valid(phrase ? phrase : "");
}

} // namespace

ConnectionEnd failure_of(SoupMessage *message, const GError *error)
{
  const auto &way = way_of(message);
  ConnectionEnd how{.cause = cause_of(message, error),
                    .status = soup_message_get_status(message),
                    .detail = error ? error->message : "",
                    .proxy = way.proxy,
                    .proxy_has_user = way.proxy_has_user,
                    .certificate = way.certificate};
  if (how.cause == refused)
    how.detail = shown_status(message);
  else if (how.status >= SOUP_STATUS_OK && (how.cause == proxy || how.cause == proxy_asks))
    how.detail = "HTTP " + std::to_string(how.status) + " " + shown_status(message);
  return how;
}

std::string google_error(std::string_view body)
{
  constexpr std::size_t kMost = 500;
  const JsonDocument document(body);
  if (!document.is_valid())
    return {};
  std::string text;
  const auto read = [&text](const JsonValue &value) {
    if (text.empty())
      text = valid(value["error"]["message"].text().value_or("").substr(0, kMost));
  };
  if (document.root().is_array()) // as streams of replies begin
    document.root().each_element(read);
  else
    read(document.root());
  std::replace_if(
      text.begin(), text.end(), [](char c) { return g_ascii_iscntrl(c); }, ' ');
  return text;
}

} // namespace gemini_live
