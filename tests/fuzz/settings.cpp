// What a user sets: the first line is a URL, the second a path, the rest text for the setup.
#include "target.hpp"

#include "gst/geminilive/base/json.hpp"
#include "gst/geminilive/net/endpoint.hpp"
#include "gst/geminilive/wire/setup.hpp"

#include <gst/gst.h>

#include <string>

namespace {

using namespace gemini_live;

void look_at(const std::string &base_url, const std::string &path, bool allow_insecure)
{
  GError *error = nullptr;
  const auto url = endpoint_url(base_url, path, allow_insecure, &error);
  fuzz::claim(url.empty() == (error != nullptr));
  if (error) {
    fuzz::claim(error->domain == GST_RESOURCE_ERROR && error->message[0] != 0);
    g_error_free(error);
    return;
  }
  fuzz::claim(url.starts_with("wss://") || url.starts_with("ws://"));
  fuzz::claim(allow_insecure || url.starts_with("wss://") || is_loopback_url(url));
  const auto shown = redacted_url(url);
  fuzz::claim(shown.find_first_of("?#") == std::string::npos);
  const auto host = shown.find("//") + 2;
  fuzz::claim(shown.substr(host, shown.find('/', host) - host).find('@') == std::string::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
  auto text = fuzz::text_of(data, size);
  // A property holds a string, so up to the first NUL; texts reach us as UTF-8.
  text = text.substr(0, text.find('\0'));
  auto lines = fuzz::lines_of(text);
  lines.resize(5);
  const std::string base_url(lines[0]), path = "/ws/" + std::string(lines[1]);
  look_at(base_url, path, false);
  look_at(base_url, path, true);
  redacted_url(base_url);

  if (!g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr))
    return 0;
  Settings settings;
  settings.set(Setting::model, std::string(lines[2]));
  settings.set(Setting::voice, std::string(lines[3]));
  settings.set(Setting::language, std::string(lines[4]));
  settings.set(Setting::system_instruction, std::string(text));
  GError *error = nullptr;
  const auto made = make_setup(settings, {}, {}, &error);
  fuzz::claim(made.has_value() != (error != nullptr));
  if (!made) {
    g_error_free(error);
    return 0;
  }
  const JsonDocument setup(made->message);
  fuzz::claim(setup.is_valid());
  const auto model = setup.root()["setup"]["model"].text();
  fuzz::claim(model && *model == model_resource(settings.text(Setting::model), {}));
  return 0;
}
