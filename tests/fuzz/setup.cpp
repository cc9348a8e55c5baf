// What a user configures: the first line is a model, perhaps with "vertex " before it; the rest is
// the setting `config`, and once more the setting `tools`.
#include "target.hpp"

#include "gst/geminilive/base/json.hpp"
#include "gst/geminilive/wire/setup.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <string>

namespace {

using namespace gemini_live;

void look_at(const Settings &settings, const SetupTarget &target)
{
  GError *error = nullptr;
  const auto made = make_setup(settings, target, {}, &error);
  fuzz::claim(made.has_value() != (error != nullptr));
  if (error) {
    fuzz::claim(error->domain == GST_RESOURCE_ERROR && error->message[0] != 0);
    g_error_free(error);
    return;
  }
  const JsonDocument setup(made->message);
  fuzz::claim(setup.is_valid());
  fuzz::claim(setup.root()["setup"]["model"].text().has_value());
  fuzz::claim(!setup.root()["setup"]["x-force"]);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
  auto text = fuzz::text_of(data, size);
  // A property holds a string, so up to the first NUL; texts reach us as UTF-8.
  text = text.substr(0, text.find('\0'));
  if (!g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr))
    return 0;
  auto model = fuzz::lines_of(text).front();
  const auto json = text.substr(std::min(text.size(), model.size() + 1));
  constexpr std::string_view kVertex = "vertex ";
  SetupTarget target{.api_version = "v1beta"};
  if (model.starts_with(kVertex)) {
    model.remove_prefix(kVertex.size());
    target = {
        .backend = Backend::vertex, .project = "p", .location = "l", .api_version = "v1beta1"};
  }
  Settings settings;
  settings.set(Setting::model, std::string(model));
  settings.set(Setting::config, std::string(json));
  look_at(settings, target);
  settings.set(Setting::tools, std::string(json));
  settings.set(Setting::config, std::string(R"({"x-force":true})"));
  look_at(settings, target);
  settings.set(Setting::config, std::string());
  look_at(settings, target);
  return 0;
}
