#include "settings.hpp"

#include "../geminilive-enumtypes.h"

#include <utility>

namespace gemini_live {

namespace {

using Access = SettingRow::Access;

constexpr std::uint64_t operator""_s(unsigned long long seconds)
{
  return seconds * 1'000'000'000;
}

constexpr std::uint64_t kNone = G_MAXUINT64; // GST_CLOCK_TIME_NONE

// The kinds of rows.

SettingRow text(Setting key, const char *name, const char *nick, const char *blurb,
                const char *initial = "", Access access = Access::read_write)
{
  return {key, name, nick, blurb, std::string(initial), {}, {}, false, access};
}

SettingRow secret(Setting key, const char *name, const char *nick, const char *blurb)
{
  return {key, name, nick, blurb, Secret(), {}, {}, false, Access::write_only};
}

SettingRow headers(Setting key, const char *name, const char *nick, const char *blurb)
{
  return {key, name, nick, blurb, HeaderList(), {}, {}, false, Access::write_only};
}

SettingRow truth(Setting key, const char *name, const char *nick, const char *blurb, bool initial)
{
  return {key, name, nick, blurb, initial, {}, {}, false};
}

// The first value is the initial one.
SettingRow choice(Setting key, const char *name, const char *nick, const char *blurb,
                  GType (*type)())
{
  return {key, name, nick, blurb, 0, {}, {}, false, Access::read_write, type};
}

// The first value is "default": not set.
SettingRow optional_choice(Setting key, const char *name, const char *nick, const char *blurb,
                           GType (*type)())
{
  return {key, name, nick, blurb, 0, {}, {}, true, Access::read_write, type};
}

// A number that is not set while it has its least value.
template <class T>
SettingRow optional_number(Setting key, const char *name, const char *nick, const char *blurb,
                           T unset, T most)
{
  return {key, name, nick, blurb, unset, unset, most, true};
}

SettingRow time(Setting key, const char *name, const char *nick, const char *blurb,
                std::uint64_t initial)
{
  return {key, name, nick, blurb, initial, std::uint64_t{0}, std::uint64_t{G_MAXINT64}, false};
}

SettingRow optional_time(Setting key, const char *name, const char *nick, const char *blurb)
{
  return {key, name, nick, blurb, kNone, std::uint64_t{0}, kNone, true};
}

const std::array<SettingRow, kSettingCount> kRows = {{
    text(Setting::model, "model", "Model", "Short name or full resource name of the model",
         "gemini-3.8-live"),
    secret(Setting::api_key, "api-key", "API Key",
           "API key (default: the environment's GOOGLE_API_KEY, then GEMINI_API_KEY)"),
    text(Setting::api_key_file, "api-key-file", "API Key File", "File that holds the API key"),
    secret(Setting::auth_token, "auth-token", "Auth Token",
           "Ephemeral token of the Gemini API, auth_tokens/…, instead of a key"),
    text(Setting::credentials_path, "credentials-path", "Credentials Path",
         "JSON file of Google credentials, for Vertex AI (default: the Application Default "
         "Credentials)"),
    text(Setting::project_id, "project-id", "Project ID",
         "Google Cloud project, for Vertex AI (default: that of the credentials, then the "
         "environment's GOOGLE_CLOUD_PROJECT, then that of the machine)"),
    text(Setting::location, "location", "Location",
         "Region of Vertex AI, or global, us or eu (default: the environment's "
         "GOOGLE_CLOUD_LOCATION, then us-central1)"),
    choice(Setting::backend, "backend", "Backend",
           "Which service is asked; auto is Vertex AI if credentials-path, project-id or the "
           "environment says so",
           gst_gemini_live_backend_get_type),
    text(Setting::base_url, "base-url", "Base URL",
         "http(s) or ws(s) URL of the service, may have a path prefix; the service path is "
         "appended (default: the environment's GOOGLE_GEMINI_BASE_URL or, of Vertex AI, "
         "GOOGLE_VERTEX_BASE_URL, then Google's)",
         "", Access::uri),
    text(Setting::api_version, "api-version", "API Version",
         "Version in the service path (default: v1beta, of Vertex AI v1beta1)"),
    text(Setting::proxy, "proxy", "Proxy",
         "URI of a proxy, http or socks5, may have user and password (default: the system's)", "",
         Access::uri),
    text(Setting::tls_ca_file, "tls-ca-file", "TLS CA File", "PEM file with extra trust anchors"),
    truth(Setting::allow_insecure, "allow-insecure", "Allow Insecure",
          "Send credentials over plain ws or http to other hosts than this one", false),
    headers(Setting::extra_headers, "extra-headers", "Extra Headers",
            "HTTP headers to send when connecting, beside our own"),
    text(Setting::system_instruction, "system-instruction", "System Instruction",
         "What the model is told before the conversation"),
    text(Setting::system_instruction_file, "system-instruction-file", "System Instruction File",
         "File that holds the system instruction"),
    text(Setting::voice, "voice", "Voice", "Name of a prebuilt voice"),
    text(Setting::language, "language", "Language", "BCP-47 code of the language to speak"),
    choice(Setting::modality, "modality", "Modality",
           "How the model answers; a model that only writes is asked for text unless this is set",
           gst_gemini_live_modality_get_type),
    optional_number(Setting::temperature, "temperature", "Temperature",
                    "Randomness of the answers, from 0 to 2 (-1 = the model's default)", -1.0, 2.0),
    optional_number(Setting::top_p, "top-p", "Top P",
                    "Tokens are chosen from the most likely ones whose probabilities add up to "
                    "this, from 0 to 1 (-1 = the model's default)",
                    -1.0, 1.0),
    optional_number(Setting::top_k, "top-k", "Top K",
                    "Tokens are chosen from this many of the most likely ones (-1 = the model's "
                    "default)",
                    -1, G_MAXINT32),
    optional_number(Setting::max_output_tokens, "max-output-tokens", "Maximum Output Tokens",
                    "Longest answer, in tokens (-1 = the model's default)", -1, G_MAXINT32),
    optional_number(Setting::seed, "seed", "Seed",
                    "Start of the random numbers, for answers that can be repeated (-1 = random)",
                    std::int64_t{-1}, std::int64_t{G_MAXINT32}),
    optional_number(Setting::thinking_budget, "thinking-budget", "Thinking Budget",
                    "Tokens to think with, for models that take a budget (-2 = the model's "
                    "default, -1 = as many as the model likes, 0 = none)",
                    -2, G_MAXINT32),
    optional_choice(Setting::thinking_level, "thinking-level", "Thinking Level",
                    "How much the model thinks, for models that take a level",
                    gst_gemini_live_thinking_level_get_type),
    truth(Setting::include_thoughts, "include-thoughts", "Include Thoughts",
          "Ask for summaries of what the model thinks", false),
    optional_choice(Setting::media_resolution, "media-resolution", "Media Resolution",
                    "How closely the model looks at pictures",
                    gst_gemini_live_media_resolution_get_type),
    truth(Setting::input_transcription, "input-transcription", "Input Transcription",
          "Ask for a transcript of the user's speech", true),
    truth(Setting::output_transcription, "output-transcription", "Output Transcription",
          "Ask for a transcript of the model's speech", true),
    choice(Setting::turn_detection, "turn-detection", "Turn Detection",
           "Who says when the user speaks", gst_gemini_live_turn_detection_get_type),
    optional_choice(Setting::start_sensitivity, "start-sensitivity", "Start Sensitivity",
                    "How easily a sound is taken for the start of speech",
                    gst_gemini_live_start_sensitivity_get_type),
    optional_choice(Setting::end_sensitivity, "end-sensitivity", "End Sensitivity",
                    "How easily a pause is taken for the end of speech",
                    gst_gemini_live_end_sensitivity_get_type),
    optional_time(
        Setting::prefix_padding, "prefix-padding", "Prefix Padding",
        "Speech that is needed before it counts as such (ns, in whole ms; "
        "18446744073709551615 = the service's default, 100 ms with local turn-detection)"),
    optional_time(
        Setting::silence_duration, "silence-duration", "Silence Duration",
        "Silence after which the user's turn is taken for ended (ns, in whole ms; "
        "18446744073709551615 = the service's default, 700 ms with local turn-detection)"),
    optional_choice(Setting::activity_handling, "activity-handling", "Activity Handling",
                    "What the user's speech does to the model's",
                    gst_gemini_live_activity_handling_get_type),
    text(Setting::tools, "tools", "Tools",
         "JSON array of function declarations and Tool objects, or @ and the path of a file that "
         "holds it",
         "", Access::json),
    text(Setting::config, "config", "Configuration",
         "JSON object with anything a Live setup can say, as the service's setup or as the SDKs' "
         "LiveConnectConfig, merged over the other settings; or @ and the path of a file that "
         "holds it",
         "", Access::json),
    text(Setting::greeting, "greeting", "Greeting",
         "Text that is sent for the user to make the model open the conversation"),
    choice(Setting::greeting_on, "greeting-on", "Greeting On", "When the greeting is sent",
           gst_gemini_live_greeting_on_get_type),
    time(Setting::tool_timeout, "tool-timeout", "Tool Timeout",
         "How long a call of the model waits for its answer (ns, 0 = no limit)", 60_s),
    text(Setting::tool_command, "tool-command", "Tool Command",
         "Program that answers the calls that no handler takes: its argument is the function's "
         "name, "
         "its input the arguments as JSON, its output the answer"),
    choice(Setting::untaken_tools, "untaken-tools", "Untaken Tools",
           "What happens to a call that nobody takes", gst_gemini_live_untaken_tools_get_type),
    choice(Setting::hold_input_during_tool_calls, "hold-input-during-tool-calls",
           "Hold Input During Tool Calls", "When the user's voice waits for the answer to a call",
           gst_gemini_live_hold_input_get_type),
    truth(Setting::resumption, "resumption", "Resumption",
          "Ask for handles with which the conversation can be carried on over another connection, "
          "and keep the newest",
          true),
    secret(Setting::resumption_handle, "resumption-handle", "Resumption Handle",
           "Handle of a conversation to carry on"),
    truth(Setting::context_compression, "context-compression", "Context Compression",
          "Let the oldest turns go when the context is full, so that a session has no fixed end",
          true),
    time(Setting::connect_timeout, "connect-timeout", "Connect Timeout",
         "Time from the start of the connection to the service's consent (ns, 0 = no limit)", 15_s),
    time(Setting::max_offline_audio, "max-offline-audio", "Maximum Offline Audio",
         "Audio kept while there is no connection (ns)", 30_s),
    time(Setting::drain_timeout, "drain-timeout", "Drain Timeout",
         "After the end of the input, how long to wait for the service (ns)", 30_s),
}};

} // namespace

std::span<const SettingRow, kSettingCount> setting_rows()
{
  return kRows;
}

void Settings::set(Setting key, SettingValue value)
{
  auto &slot = entries_[static_cast<std::size_t>(key)].value;
  const auto &row = setting_row(key);
  const bool is_empty = std::visit(
      [](const auto &held) {
        if constexpr (requires { held.empty(); })
          return held.empty();
        return false;
      },
      value);
  if (is_empty || (row.is_optional && value == row.initial))
    slot.reset();
  else
    slot = std::move(value);
}

const SettingValue &Settings::get(Setting key) const
{
  const auto &value = entry(key).value;
  return value ? *value : setting_row(key).initial;
}

std::optional<Settings::Conflict> Settings::merge(const Settings &other, const std::string &owner)
{
  for (std::size_t i = 0; i < kSettingCount; i++) {
    const auto &theirs = other.entries_[i].value;
    auto &ours = entries_[i];
    if (!theirs)
      continue;
    if (ours.value && *ours.value != *theirs)
      return Conflict{kRows[i].name, ours.owner, owner};
    if (!ours.value)
      ours = {theirs, owner};
  }
  return std::nullopt;
}

std::optional<Settings::Conflict> Settings::conflict_with(const Settings &other) const
{
  for (const auto &row : kRows)
    if (other.is_set(row.key) && other.get(row.key) != get(row.key)) {
      const auto &owner = entry(row.key).owner;
      return Conflict{row.name, owner.empty() ? "the running session" : owner,
                      other.entry(row.key).owner};
    }
  return std::nullopt;
}

} // namespace gemini_live
