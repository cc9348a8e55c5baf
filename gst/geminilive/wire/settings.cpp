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

const std::string kUnset;

const std::array<SettingRow, kSettingCount> kRows = {{
    {Setting::model, "model", "Model", "Short name or full resource name of the model",
     std::string("gemini-3.8-live")},
    {Setting::api_key, "api-key", "API Key",
     "API key (default: the environment's GOOGLE_API_KEY, then GEMINI_API_KEY)", kUnset,
     Access::write_only},
    {Setting::api_key_file, "api-key-file", "API Key File", "File that holds the API key", kUnset},
    {Setting::base_url, "base-url", "Base URL",
     "http(s) or ws(s) URL of the service, may have a path prefix; the service path is appended "
     "(default: the environment's GOOGLE_GEMINI_BASE_URL, then Google's)",
     kUnset, Access::uri},
    {Setting::api_version, "api-version", "API Version",
     "Version in the service path (default: v1beta)", kUnset},
    {Setting::tls_ca_file, "tls-ca-file", "TLS CA File", "PEM file with extra trust anchors",
     kUnset},
    {Setting::allow_insecure, "allow-insecure", "Allow Insecure",
     "Send credentials over plain ws or http to other hosts than this one", false},
    {Setting::system_instruction, "system-instruction", "System Instruction",
     "What the model is told before the conversation", kUnset},
    {Setting::system_instruction_file, "system-instruction-file", "System Instruction File",
     "File that holds the system instruction", kUnset},
    {Setting::voice, "voice", "Voice", "Name of a prebuilt voice", kUnset},
    {Setting::language, "language", "Language", "BCP-47 code of the language to speak", kUnset},
    {Setting::modality, "modality", "Modality", "How the model answers", 0, Access::read_write,
     gst_gemini_live_modality_get_type},
    {Setting::input_transcription, "input-transcription", "Input Transcription",
     "Ask for a transcript of the user's speech", true},
    {Setting::output_transcription, "output-transcription", "Output Transcription",
     "Ask for a transcript of the model's speech", true},
    {Setting::context_compression, "context-compression", "Context Compression",
     "Let the oldest turns go when the context is full, so that a session has no fixed end", true},
    {Setting::connect_timeout, "connect-timeout", "Connect Timeout",
     "Time from the start of the connection to the service's consent (ns, 0 = no limit)", 15_s},
    {Setting::max_offline_audio, "max-offline-audio", "Maximum Offline Audio",
     "Audio kept while there is no connection (ns)", 30_s},
    {Setting::drain_timeout, "drain-timeout", "Drain Timeout",
     "After the end of the input, how long to wait for the service (ns)", 30_s},
}};

} // namespace

std::span<const SettingRow, kSettingCount> setting_rows()
{
  return kRows;
}

void Settings::set(Setting key, SettingValue value)
{
  auto &slot = entries_[static_cast<std::size_t>(key)].value;
  if (const auto *text = std::get_if<std::string>(&value); text && text->empty())
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
