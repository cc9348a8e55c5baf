#include "shown.hpp"

#include <glib.h>

#include <algorithm>
#include <cstdint>
#include <span>

namespace gemini_live {

namespace {

constexpr std::string_view kSecrets[] = {"handle", "newHandle", "new_handle", "sdkBlob", "apiKey"};
// Everything within them, but for names. The last two are of `retrieval`, which is passed on as the user
// wrote it.
constexpr std::string_view kVaults[] = {"headers", "authConfig", "apiAuth", "api_auth"};
constexpr std::string_view kMedia[] = {"data",      "voiceSampleAudio", "consentAudio",
                                       "imageData", "thoughtSignature", "signature"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names)
{
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Without what may hold a password or a key.
std::string shown_url(std::string_view url)
{
  const auto scheme = url.find("://");
  const auto host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto end = std::min(url.find_first_of("/?#", host), url.size());
  const auto user = url.substr(host, end - host).rfind('@') + 1; // npos + 1 is 0
  const auto rest = url.substr(host + user);
  return std::string(url.substr(0, host)).append(rest.substr(0, rest.find('?')));
}

// Copies a text token by token. Only strings are understood, and which of them are names.
class Censor {
public:
  Censor(std::string_view rest, bool shortens) : rest_(rest), shortens_(shortens) {}

  std::string run()
  {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '"')
        add_string();
      else
        add(c);
    }
    return std::move(out_);
  }

private:
  void add(char c)
  {
    rest_.remove_prefix(1);
    if (c == '{' || c == '[')
      depth_++;
    else if ((c == '}' || c == ']') && depth_ > 0 && --depth_ == vault_at_)
      vault_at_ = kNowhere;
    if (!shortens_ || !g_ascii_isspace(c))
      out_ += c;
  }

  void add_string()
  {
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != '"')
      end += rest_[end] == '\\' ? 2 : 1;
    const bool is_whole = end < rest_.size();
    const auto text = rest_.substr(1, std::min(end, rest_.size()) - 1);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    const auto next = rest_.find_first_not_of(" \t\r\n");
    const bool is_name = next != std::string_view::npos && rest_[next] == ':';
    out_ += '"';
    out_ += is_name ? std::string(text) : shown_value(text);
    if (is_whole)
      out_ += '"';
    if (!is_name)
      return;
    name_ = text;
    if (vault_at_ == kNowhere && is_one_of(name_, kVaults))
      vault_at_ = depth_;
  }

  std::string shown_value(std::string_view text) const
  {
    constexpr std::size_t kShown = 16;
    if (vault_at_ != kNowhere || is_one_of(name_, kSecrets))
      return "***";
    if (shortens_ && is_one_of(name_, kMedia) && text.size() > kShown)
      return std::string(text.substr(0, kShown)) + "… " + std::to_string(text.size());
    if (name_ == "url")
      return shown_url(text);
    return std::string(text);
  }

  static constexpr std::size_t kNowhere = SIZE_MAX;

  std::string_view rest_;
  const bool shortens_;
  std::string_view name_; // the last one
  std::size_t depth_ = 0;
  std::size_t vault_at_ = kNowhere; // the depth at which one of kVaults began
  std::string out_;
};

} // namespace

std::string shown_message(std::string_view json)
{
  return Censor(json, true).run();
}

std::string without_secrets(std::string_view json)
{
  return Censor(json, false).run();
}

} // namespace gemini_live
