#include "config.hpp"

#include "access.hpp"

#include "../base/file.hpp"
#include "../base/json.hpp"
#include "../geminilive-enums.h"
#include "../net/endpoint.hpp"
#include "../net/proxy.hpp"
#include "../wire/setup.hpp"

#include <gst/gst.h>

namespace gemini_live {

namespace {

constexpr std::size_t kMostText = 16 << 20; // bytes of a file; more is no setup

// JSON is UTF-8, so what is none cannot be said.
bool is_utf8(const std::string &text, const char *name, GError **error)
{
  if (g_utf8_validate_len(text.data(), text.size(), nullptr))
    return true;
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Set %s to text in UTF-8: it is none", name);
  return false;
}

bool are_utf8(const Settings &settings, GError **error)
{
  for (const auto &row : setting_rows())
    if (const auto *text = std::get_if<std::string>(&settings.get(row.key));
        text && !is_utf8(*text, row.name, error))
      return false;
  return true;
}

// What the engine must know of a setup, whoever said it.
void read_setup(Engine::Config &config)
{
  const JsonDocument document(config.setup);
  const auto setup = document.root()["setup"];
  config.manual_activity =
      setup["realtimeInputConfig"]["automaticActivityDetection"]["disabled"].truth();
  config.model = setup["model"].text().value_or("");
  if (!config.forced) {
    config.no_text = find_refusal("realtimeInput.text", config.model, config.target);
    config.no_content = find_refusal("clientContent", config.model, config.target);
    config.no_system =
        find_refusal("clientContent.turns[].role", config.model, config.target, "system");
  }
  config.seeds_history = setup["historyConfig"]["initialHistoryInClientContent"].truth();
  const auto resumption = setup["sessionResumption"];
  config.keeps_handle = bool(resumption);
  config.first_handle = Secret(resumption["handle"].text().value_or(""));
  config.request.quoted = config.first_handle;
  if (!config.first_handle.empty())
    config.greeting.clear(); // the conversation is open already
  // Some models send transcripts that nobody asked for.
  config.input_transcripts = bool(setup["inputAudioTranscription"]);
  config.output_transcripts = bool(setup["outputAudioTranscription"]);
}

constexpr std::uint64_t kLongestOnset = 10 * kSecond; // what it could say is kept in memory

// How this machine finds out when the user speaks.
VoiceDetector::Settings voice_of(const Settings &settings)
{
  VoiceDetector::Settings voice;
  switch (settings.choice(Setting::start_sensitivity)) {
  case GST_GEMINI_LIVE_START_SENSITIVITY_HIGH:
    voice.start_percent = 80;
    break;
  case GST_GEMINI_LIVE_START_SENSITIVITY_LOW:
    voice.start_percent = 97;
    break;
  }
  switch (settings.choice(Setting::end_sensitivity)) {
  case GST_GEMINI_LIVE_END_SENSITIVITY_HIGH:
    voice.stay_percent = 92;
    break;
  case GST_GEMINI_LIVE_END_SENSITIVITY_LOW:
    voice.stay_percent = 75;
    break;
  }
  if (settings.is_set(Setting::prefix_padding))
    voice.onset = settings.time(Setting::prefix_padding);
  if (settings.is_set(Setting::silence_duration))
    voice.silence = settings.time(Setting::silence_duration);
  return voice;
}

// How the service should detect turns is of no use to who detects them here.
bool is_told_how(const std::string &setup)
{
  const JsonDocument document(setup);
  const auto detection =
      document.root()["setup"]["realtimeInputConfig"]["automaticActivityDetection"];
  return json_object_get_size(json_node_get_object(detection.node())) > 1;
}

bool can_detect(const Settings &settings, const Engine::Config &config, GError **error)
{
  const char *why = nullptr;
  if (!VoiceDetector::is_available())
    why = "Build with SpeexDSP, or set turn-detection to server or manual: this build cannot "
          "detect a voice by itself";
  else if (!config.manual_activity || (!config.forced && is_told_how(config.setup)))
    why = "Leave realtimeInputConfig.automaticActivityDetection out of config and set "
          "start-sensitivity, end-sensitivity, prefix-padding or silence-duration, or set "
          "turn-detection to server: with local the service does not detect turns";
  else if (settings.is_set(Setting::prefix_padding) &&
           settings.time(Setting::prefix_padding) > kLongestOnset)
    why = "Set prefix-padding to at most 10 s: with turn-detection local it is the speech that is "
          "waited for before any of it is sent";
  if (why)
    g_set_error_literal(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, why);
  return !why;
}

// Absolute, as GTlsFileDatabase wants it; empty if there is none.
std::optional<std::string> ca_file_of(const Settings &settings, GError **error)
{
  const auto &path = settings.text(Setting::tls_ca_file);
  if (path.empty())
    return path;
  const CharPtr absolute(g_canonicalize_filename(path.c_str(), nullptr));
  GError *failure = nullptr;
  GList *anchors = g_tls_certificate_list_new_from_file(absolute.get(), &failure);
  const ErrorPtr owned(failure);
  if (anchors) {
    g_list_free_full(anchors, g_object_unref);
    return absolute.get();
  }
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ,
              "Set tls-ca-file to a PEM file of certificates: %s",
              failure ? failure->message : ("'" + path + "' holds none").c_str());
  return std::nullopt;
}

bool is_version(const Settings &settings, GError **error)
{
  const auto &version = settings.text(Setting::api_version);
  if (version.empty() || g_regex_match_simple("^v[0-9][a-z0-9]*$", version.c_str(),
                                              G_REGEX_DOLLAR_ENDONLY, GRegexMatchFlags{}))
    return true;
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Set api-version to a version as v1beta, v1alpha or v1, not \"%s\"", version.c_str());
  return false;
}

// What stays on this machine leaves it by a proxy that is elsewhere.
bool keeps_to_itself(const Settings &settings, const std::string &url, const std::string &proxy,
                     GError **error)
{
  if (proxy.empty() || !url.starts_with("ws:") || settings.truth(Setting::allow_insecure) ||
      is_loopback_url(proxy))
    return true;
  g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
              "Use https in base-url, unset proxy, or set allow-insecure: '%s' would get the "
              "credentials in the clear",
              redacted_url(proxy).c_str());
  return false;
}

std::optional<Route> route_of(const Settings &settings, const std::string &url, GError **error)
{
  const auto &proxy = settings.text(Setting::proxy);
  if ((!proxy.empty() && !is_proxy_uri(proxy, error)) ||
      !keeps_to_itself(settings, url, proxy, error))
    return std::nullopt;
  auto ca_file = ca_file_of(settings, error);
  if (!ca_file)
    return std::nullopt;
  return Route{.ca_file = std::move(*ca_file),
               .proxy = Secret(proxy),
               // The system's proxy would look for the simulator on its own machine.
               .direct = is_loopback_url(url)};
}

} // namespace

std::optional<Settings> with_files(Settings settings, GError **error)
{
  const auto read = [&](const char *path, Setting from, Setting to) {
    std::string why;
    const auto contents = read_file(path, kMostText, why);
    if (!contents.bytes) {
      g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ, "Make %s readable: %s",
                  setting_row(from).name, why.c_str());
      return false;
    }
    std::string text(contents.bytes.get(), contents.size);
    if (!is_utf8(text, setting_row(from).name, error))
      return false;
    if (from == to && text.empty()) {
      g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS,
                  "Write JSON into the file of %s, or unset it: the file is empty",
                  setting_row(from).name);
      return false;
    }
    settings.set(to, std::move(text));
    return true;
  };
  if (const auto path = settings.text(Setting::system_instruction_file);
      !path.empty() && !settings.is_set(Setting::system_instruction) &&
      !read(path.c_str(), Setting::system_instruction_file, Setting::system_instruction))
    return std::nullopt;
  for (const auto json : {Setting::tools, Setting::config})
    if (const auto text = settings.text(json);
        text.starts_with('@') && !read(text.c_str() + 1, json, json))
      return std::nullopt;
  return settings;
}

std::optional<Engine::Config> make_engine_config(const Settings &settings,
                                                 std::string_view added_tools, const char *name,
                                                 GError **error)
{
  if (!are_utf8(settings, error) || !is_version(settings, error))
    return std::nullopt;
  auto access = find_access(settings, error);
  if (!access)
    return std::nullopt;
  auto route = route_of(settings, access->url, error);
  if (!route)
    return std::nullopt;
  const auto resolved = with_files(settings, error);
  const auto &target = access->target;
  const auto setup = resolved ? make_setup(*resolved, target, added_tools, error) : std::nullopt;
  if (!setup)
    return std::nullopt;
  const auto greeting_on = settings.choice(Setting::greeting_on);
  Engine::Config config{
      .name = name,
      .warnings = std::move(access->warnings),
      .request = {.url = access->url,
                  .headers = std::move(access->headers),
                  .query = std::move(access->query),
                  .route = std::move(*route)},
      .model = {},
      .target = target,
      .credentials = std::move(access->credentials),
      .shown_url = redacted_url(access->url),
      .setup = setup->message,
      .greeting = greeting_on == GST_GEMINI_LIVE_GREETING_ON_MANUAL
                      ? std::string()
                      : settings.text(Setting::greeting),
      .greets_first_audio = greeting_on == GST_GEMINI_LIVE_GREETING_ON_FIRST_BUFFER,
      .manual_activity = false,
      .voice = {},
      .seeds_history = false,
      .keeps_handle = false,
      .first_handle = {},
      .forced = setup->forced,
      .no_text = {},
      .no_content = {},
      .no_system = {},
      .connect_timeout = settings.time(Setting::connect_timeout),
      .drain_timeout = settings.time(Setting::drain_timeout),
      .max_offline_audio = settings.time(Setting::max_offline_audio),
      .input_transcripts = false,
      .output_transcripts = false,
      .has_source = false,
      .feeds = {},
      .tools = make_tool_policy(settings, *setup, target),
  };
  read_setup(config);
  if (!config.greeting.empty() && !config.no_text.empty()) {
    g_set_error(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, "Leave greeting unset. %s",
                config.no_text.c_str());
    return std::nullopt;
  }
  if (settings.choice(Setting::turn_detection) == GST_GEMINI_LIVE_TURN_DETECTION_LOCAL) {
    if (!can_detect(settings, config, error))
      return std::nullopt;
    config.voice = voice_of(settings);
  }
  return config;
}

} // namespace gemini_live
