// What the user may set: the table, what is set, and how settings of several elements meet.
#include "check.hpp"

#include "gst/geminilive/wire/settings.hpp"

#include <gst/geminilive/geminilive-enumtypes.h>

#include <set>

using namespace gemini_live;

namespace {

// An enum has a # before it.
std::string as_text(const SettingRow &row, const SettingValue &value)
{
  if (const auto *text = std::get_if<std::string>(&value))
    return *text;
  if (const auto *truth = std::get_if<bool>(&value))
    return *truth ? "TRUE" : "FALSE";
  if (const auto *number = std::get_if<int>(&value))
    return (row.enum_type ? "#" : "") + std::to_string(*number);
  if (const auto *number = std::get_if<std::int64_t>(&value))
    return std::to_string(*number);
  if (const auto *number = std::get_if<double>(&value))
    return std::to_string(*number).substr(0, 4);
  if (const auto *secret = std::get_if<Secret>(&value))
    return secret->text();
  if (const auto *headers = std::get_if<HeaderList>(&value))
    return headers->empty() ? "" : headers->front().first;
  return std::to_string(std::get<std::uint64_t>(value));
}

// Two more values of the same type that set it.
SettingValue other_value(const SettingValue &value, int which = 1)
{
  if (std::holds_alternative<std::string>(value))
    return "other " + std::to_string(which);
  if (const auto *truth = std::get_if<bool>(&value))
    return which == 1 ? !*truth : *truth;
  if (const auto *number = std::get_if<int>(&value))
    return *number + which;
  if (const auto *number = std::get_if<std::int64_t>(&value))
    return *number + which;
  if (const auto *number = std::get_if<double>(&value))
    return *number + 1 + which / 4.0;
  if (std::holds_alternative<Secret>(value))
    return Secret("other " + std::to_string(which));
  if (std::holds_alternative<HeaderList>(value))
    return HeaderList{{"x-other", Secret(std::to_string(which))}};
  return std::get<std::uint64_t>(value) + static_cast<std::uint64_t>(which);
}

} // namespace

TEST(test_names_and_defaults_are_those_of_the_contract)
{
  const struct {
    const char *name, *initial;
  } expected[] = {
      {"model", "gemini-3.8-live"},
      {"api-key", ""},
      {"api-key-file", ""},
      {"auth-token", ""},
      {"credentials-path", ""},
      {"project-id", ""},
      {"location", ""},
      {"backend", "#0"},
      {"proxy", ""},
      {"base-url", ""},
      {"api-version", ""},
      {"tls-ca-file", ""},
      {"allow-insecure", "FALSE"},
      {"extra-headers", ""},
      {"system-instruction", ""},
      {"system-instruction-file", ""},
      {"voice", ""},
      {"language", ""},
      {"modality", "#0"},
      {"temperature", "-1.0"},
      {"top-p", "-1.0"},
      {"top-k", "-1"},
      {"max-output-tokens", "-1"},
      {"seed", "-1"},
      {"thinking-budget", "-2"},
      {"thinking-level", "#0"},
      {"include-thoughts", "FALSE"},
      {"media-resolution", "#0"},
      {"turn-detection", "#0"},
      {"start-sensitivity", "#0"},
      {"end-sensitivity", "#0"},
      {"prefix-padding", "18446744073709551615"},
      {"silence-duration", "18446744073709551615"},
      {"activity-handling", "#0"},
      {"tools", ""},
      {"config", ""},
      {"greeting", ""},
      {"greeting-on", "#0"},
      {"input-transcription", "TRUE"},
      {"output-transcription", "TRUE"},
      {"context-compression", "TRUE"},
      {"connect-timeout", "15000000000"},
      {"max-offline-audio", "30000000000"},
      {"drain-timeout", "30000000000"},
  };
  for (const auto &[name, initial] : expected) {
    const SettingRow *found = nullptr;
    for (const auto &row : setting_rows())
      if (std::string_view(row.name) == name)
        found = &row;
    check::that(found, name);
    check::equal(as_text(*found, found->initial), initial, name);
  }
}

TEST(test_every_row_stands_at_its_key)
{
  std::size_t index = 0;
  for (const auto &row : setting_rows()) {
    check::equal(static_cast<std::size_t>(row.key), index++, row.name);
    check::that(&setting_row(row.key) == &row, row.name);
  }
  check::equal(index, kSettingCount);
}

TEST(test_every_row_can_be_a_property)
{
  std::set<std::string> names;
  for (const auto &row : setting_rows()) {
    check::that(names.insert(row.name).second, row.name);
    check::that(g_param_spec_is_valid_name(row.name), row.name);
    check::that(*row.nick && *row.blurb, row.name);
    check::that(!row.enum_type || std::holds_alternative<int>(row.initial), row.name);
    const bool has_range = !row.enum_type && !std::holds_alternative<std::string>(row.initial) &&
                           !std::holds_alternative<bool>(row.initial) &&
                           !std::holds_alternative<Secret>(row.initial) &&
                           !std::holds_alternative<HeaderList>(row.initial);
    if (!has_range)
      continue;
    check::equal(row.least.index(), row.initial.index(), row.name);
    check::equal(row.most.index(), row.initial.index(), row.name);
    check::that(row.least <= row.initial && row.initial <= row.most, row.name);
  }
}

TEST(test_secrets_cannot_be_read_back)
{
  for (const auto &row : setting_rows())
    if (std::holds_alternative<Secret>(row.initial) ||
        std::holds_alternative<HeaderList>(row.initial))
      check::that(row.access == SettingRow::Access::write_only, row.name);
  check::that(std::holds_alternative<Secret>(setting_row(Setting::api_key).initial));
  check::that(setting_row(Setting::base_url).access == SettingRow::Access::uri);
  check::that(setting_row(Setting::proxy).access == SettingRow::Access::uri);
  check::that(setting_row(Setting::tools).access == SettingRow::Access::json);
  check::that(setting_row(Setting::config).access == SettingRow::Access::json);
  check::that(setting_row(Setting::modality).enum_type == gst_gemini_live_modality_get_type);
}

TEST(test_nothing_is_set_at_first)
{
  const Settings settings;
  for (const auto &row : setting_rows()) {
    check::that(!settings.is_set(row.key), row.name);
    check::that(settings.get(row.key) == row.initial, row.name);
  }
}

TEST(test_what_was_set_is_got)
{
  Settings settings;
  for (const auto &row : setting_rows()) {
    const auto value = other_value(row.initial);
    settings.set(row.key, value);
    check::that(settings.is_set(row.key), row.name);
    check::that(settings.get(row.key) == value, row.name);
  }
  check::equal(settings.text(Setting::voice), "other 1");
  check::equal(settings.truth(Setting::input_transcription), false);
  check::equal(settings.choice(Setting::modality), 1);
  check::equal(settings.time(Setting::drain_timeout), 30'000'000'001u);
}

TEST(test_an_empty_string_is_not_set)
{
  Settings settings;
  settings.set(Setting::model, std::string("m"));
  settings.set(Setting::model, std::string());
  check::that(!settings.is_set(Setting::model));
  check::equal(settings.text(Setting::model), "gemini-3.8-live");
}

TEST(test_a_default_that_was_set_is_set)
{
  Settings settings;
  settings.set(Setting::input_transcription, true);
  check::that(settings.is_set(Setting::input_transcription));
}

TEST(test_the_initial_value_of_an_optional_setting_is_not_set)
{
  const struct {
    Setting key;
    SettingValue some, none;
  } optional[] = {
      {Setting::temperature, 0.5, -1.0},
      {Setting::top_k, 1, -1},
      {Setting::seed, std::int64_t{5}, std::int64_t{-1}},
      {Setting::thinking_budget, -1, -2},
      {Setting::thinking_level, 1, 0},
      {Setting::prefix_padding, std::uint64_t{0}, std::uint64_t{GST_CLOCK_TIME_NONE}},
  };
  for (const auto &[key, some, none] : optional) {
    Settings settings;
    settings.set(key, some);
    check::that(settings.is_set(key), setting_row(key).name);
    settings.set(key, none);
    check::that(!settings.is_set(key), setting_row(key).name);
  }
  Settings settings;
  settings.set(Setting::turn_detection, 0); // the first value of this one is a choice
  check::that(settings.is_set(Setting::turn_detection));
}

TEST(test_who_leaves_a_setting_to_the_model_does_not_mind_another)
{
  Settings session, sink, source;
  sink.set(Setting::temperature, -1.0);
  sink.set(Setting::silence_duration, std::uint64_t{GST_CLOCK_TIME_NONE});
  source.set(Setting::temperature, 0.5);
  source.set(Setting::silence_duration, std::uint64_t{1});
  check::that(!session.merge(sink, "sink"));
  check::that(!session.merge(source, "source"));
  check::that(session.get(Setting::temperature) == SettingValue(0.5));
}

TEST(test_merging_takes_over_what_is_set_and_nothing_else)
{
  Settings session, element;
  session.set(Setting::voice, std::string("Puck"));
  element.set(Setting::language, std::string("de-DE"));
  check::that(!session.merge(element, "sink"));
  check::equal(session.text(Setting::voice), "Puck");
  check::equal(session.text(Setting::language), "de-DE");
  check::that(!session.is_set(Setting::model));
}

TEST(test_the_same_value_twice_is_no_conflict)
{
  Settings session, sink, source;
  sink.set(Setting::voice, std::string("Puck"));
  source.set(Setting::voice, std::string("Puck"));
  check::that(!session.merge(sink, "sink"));
  check::that(!session.merge(source, "source"));
}

TEST(test_every_setting_can_conflict_and_names_itself_and_both_elements)
{
  for (const auto &row : setting_rows()) {
    Settings session, sink, source;
    const auto first = other_value(row.initial);
    sink.set(row.key, first);
    source.set(row.key, other_value(row.initial, 2));
    check::that(!session.merge(sink, "sink"), row.name);
    const auto conflict = session.merge(source, "source");
    check::that(conflict.has_value(), row.name);
    check::equal(conflict->name, row.name);
    check::equal(conflict->first, "sink");
    check::equal(conflict->second, "source");
    check::that(session.get(row.key) == first, row.name);
  }
}

TEST(test_at_a_conflict_nothing_more_is_taken)
{
  Settings session, sink, source;
  sink.set(Setting::voice, std::string("Puck"));
  session.merge(sink, "sink");
  source.set(Setting::voice, std::string("Kore"));
  source.set(Setting::drain_timeout, std::uint64_t{1}); // a later row
  check::that(session.merge(source, "source").has_value());
  check::that(!session.is_set(Setting::drain_timeout));
}

TEST(test_a_running_session_agrees_with_what_it_has)
{
  Settings running, element;
  running.set(Setting::voice, std::string("Puck"));
  check::that(!running.conflict_with(element));
  element.set(Setting::voice, std::string("Puck"));
  element.set(Setting::model, std::string("gemini-3.8-live")); // its default
  element.set(Setting::input_transcription, true);
  check::that(!running.conflict_with(element));
}

TEST(test_a_running_session_cannot_be_changed)
{
  Settings sink, running, element;
  sink.set(Setting::voice, std::string("Puck"));
  running.merge(sink, "sink");
  element.set(Setting::voice, std::string("Kore"));
  auto conflict = running.conflict_with(element);
  check::that(conflict.has_value());
  check::equal(conflict->name, "voice");
  check::equal(conflict->first, "sink");
  element.set(Setting::voice, std::string());
  element.set(Setting::language, std::string("de-DE"));
  conflict = running.conflict_with(element);
  check::that(conflict.has_value());
  check::equal(conflict->name, "language");
  check::that(!conflict->first.empty());
}

TEST_MAIN("settings")
