// What the user may set, as one table: from a row come the property on the session and on every
// element, its storage, its default, the merge of what several elements set, and their conflict.
//
// Pure data; not guarded: who holds one under several threads locks it.
#pragma once

#include "../base/header_list.hpp"

#include <glib-object.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace gemini_live {

enum class Setting : unsigned {
  model,
  api_key,
  api_key_file,
  auth_token,
  credentials_path,
  project_id,
  location,
  backend,
  base_url,
  api_version,
  proxy,
  tls_ca_file,
  allow_insecure,
  extra_headers,
  system_instruction,
  system_instruction_file,
  voice,
  language,
  modality,
  temperature,
  top_p,
  top_k,
  max_output_tokens,
  seed,
  thinking_budget,
  thinking_level,
  include_thoughts,
  media_resolution,
  input_transcription,
  output_transcription,
  turn_detection,
  start_sensitivity,
  end_sensitivity,
  prefix_padding,
  silence_duration,
  activity_handling,
  tools,
  config,
  greeting,
  greeting_on,
  tool_timeout,
  tool_command,
  untaken_tools,
  hold_input_during_tool_calls,
  resumption,
  resumption_handle,
  context_compression,
  connect_timeout,
  max_offline_audio,
  drain_timeout,
  count_
};

inline constexpr std::size_t kSettingCount = static_cast<std::size_t>(Setting::count_);

// An enum is an int; a time is a std::uint64_t, in ns; headers are the fields of a GstStructure.
using SettingValue =
    std::variant<std::string, bool, int, std::int64_t, std::uint64_t, double, Secret, HeaderList>;

struct SettingRow {
  // A uri reads back without userinfo and query, JSON without what opens a door.
  enum class Access { read_write, write_only, uri, json };

  Setting key;
  const char *name;
  const char *nick;
  const char *blurb;
  SettingValue initial;
  SettingValue least, most; // of numbers and times
  bool is_optional;         // the initial value means "not set"
  Access access = Access::read_write;
  GType (*enum_type)() = nullptr;
};

std::span<const SettingRow, kSettingCount> setting_rows();
inline const SettingRow &setting_row(Setting key)
{
  return setting_rows()[static_cast<std::size_t>(key)];
}

class Settings {
public:
  // An empty string, an empty list, and the initial value of an optional setting, is "not set".
  void set(Setting key, SettingValue value);
  bool is_set(Setting key) const { return entry(key).value.has_value(); }
  // What was set, else the default.
  const SettingValue &get(Setting key) const;

  const std::string &text(Setting key) const { return std::get<std::string>(get(key)); }
  const Secret &secret(Setting key) const { return std::get<Secret>(get(key)); }
  const HeaderList &headers(Setting key) const { return std::get<HeaderList>(get(key)); }
  bool truth(Setting key) const { return std::get<bool>(get(key)); }
  int choice(Setting key) const { return std::get<int>(get(key)); }
  std::uint64_t time(Setting key) const { return std::get<std::uint64_t>(get(key)); }

  struct Conflict {
    const char *name;
    std::string first, second; // who set the two values
  };
  // Takes over what `other` has set, as set by `owner`. At a conflict nothing more is taken.
  std::optional<Conflict> merge(const Settings &other, const std::string &owner);
  // The first thing that `other` has set and that is not so here.
  std::optional<Conflict> conflict_with(const Settings &other) const;

private:
  struct Entry {
    std::optional<SettingValue> value;
    std::string owner;
  };
  const Entry &entry(Setting key) const { return entries_[static_cast<std::size_t>(key)]; }

  std::array<Entry, kSettingCount> entries_;
};

} // namespace gemini_live
