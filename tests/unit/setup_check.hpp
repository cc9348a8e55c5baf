// Setups that settings make, or why they make none.
#pragma once

#include "json_check.hpp"

#include "gst/geminilive/wire/setup.hpp"

namespace check {

inline const gemini_live::SetupTarget kGemini{.api_version = "v1beta"};
inline const gemini_live::SetupTarget kVertex{.backend = gemini_live::Backend::vertex,
                                              .project = "my-proj",
                                              .location = "us-central1",
                                              .api_version = "v1beta1"};

// Settings without what a setup asks for by default.
inline gemini_live::Settings bare()
{
  using gemini_live::Setting;
  gemini_live::Settings settings;
  settings.set(Setting::input_transcription, false);
  settings.set(Setting::output_transcription, false);
  settings.set(Setting::resumption, false);
  settings.set(Setting::context_compression, false);
  return settings;
}

inline gemini_live::Settings with(gemini_live::Setting key, gemini_live::SettingValue value,
                                  gemini_live::Settings settings = bare())
{
  settings.set(key, std::move(value));
  return settings;
}

inline std::string setup_of(const gemini_live::Settings &settings,
                            const gemini_live::SetupTarget &target = kGemini,
                            Where where = Where::current())
{
  GError *error = nullptr;
  const auto message = gemini_live::make_setup(settings, target, {}, &error);
  that(message.has_value() && !error, error ? error->message : "nothing came", where);
  return message->message;
}

// The members of a setup beside those of every one.
inline void adds(const gemini_live::Settings &settings, const std::string &members,
                 const gemini_live::SetupTarget &target = kGemini, Where where = Where::current())
{
  const auto setup = setup_of(settings, target, where);
  const auto expected = R"({"setup":{"model":"models/gemini-3.8-live",)" + members + "}}";
  means(setup, expected, where);
}

// Why there is none.
inline std::string refusal_of(const gemini_live::Settings &settings,
                              const gemini_live::SetupTarget &target = kGemini,
                              Where where = Where::current())
{
  GError *error = nullptr;
  const auto message = gemini_live::make_setup(settings, target, {}, &error);
  that(!message && error, message ? message->message : "no error", where);
  that(error->domain == GST_RESOURCE_ERROR && error->code == GST_RESOURCE_ERROR_SETTINGS, where);
  std::string why = error->message;
  g_error_free(error);
  return why;
}

} // namespace check
