#include "geminilive-properties.hpp"

#include "net/endpoint.hpp"
#include "wire/shown.hpp"

#include <gst/gst.h>

namespace gemini_live {

namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

GParamSpec *make_pspec(const SettingRow &row)
{
  const bool readable = row.access != SettingRow::Access::write_only;
  const auto flags = static_cast<GParamFlags>((readable ? G_PARAM_READWRITE : G_PARAM_WRITABLE) |
                                              GST_PARAM_MUTABLE_READY | G_PARAM_STATIC_STRINGS);
  return std::visit(
      Overloaded{
          [&](const std::string &initial) {
            return g_param_spec_string(row.name, row.nick, row.blurb,
                                       initial.empty() ? nullptr : initial.c_str(), flags);
          },
          [&](bool initial) {
            return g_param_spec_boolean(row.name, row.nick, row.blurb, initial, flags);
          },
          [&](int initial) {
            return row.enum_type
                       ? g_param_spec_enum(row.name, row.nick, row.blurb, row.enum_type(), initial,
                                           flags)
                       : g_param_spec_int(row.name, row.nick, row.blurb, std::get<int>(row.least),
                                          std::get<int>(row.most), initial, flags);
          },
          [&](std::int64_t initial) {
            return g_param_spec_int64(row.name, row.nick, row.blurb,
                                      std::get<std::int64_t>(row.least),
                                      std::get<std::int64_t>(row.most), initial, flags);
          },
          [&](std::uint64_t initial) {
            return g_param_spec_uint64(row.name, row.nick, row.blurb,
                                       std::get<std::uint64_t>(row.least),
                                       std::get<std::uint64_t>(row.most), initial, flags);
          },
          [&](double initial) {
            return g_param_spec_double(row.name, row.nick, row.blurb, std::get<double>(row.least),
                                       std::get<double>(row.most), initial, flags);
          },
          [&](const Secret &) {
            return g_param_spec_string(row.name, row.nick, row.blurb, nullptr, flags);
          },
          [&](const HeaderList &) {
            return g_param_spec_boxed(row.name, row.nick, row.blurb, GST_TYPE_STRUCTURE, flags);
          }},
      row.initial);
}

gboolean add_header(GQuark name, const GValue *value, gpointer list)
{
  GValue text = G_VALUE_INIT;
  g_value_init(&text, G_TYPE_STRING);
  // A launch line makes numbers of what looks like one.
  const bool can_be_said = g_value_transform(value, &text) && g_value_get_string(&text);
  static_cast<HeaderList *>(list)->emplace_back(
      g_quark_to_string(name), Secret(can_be_said ? g_value_get_string(&text) : ""));
  g_value_unset(&text);
  return TRUE;
}

HeaderList headers_of(const GstStructure *structure)
{
  HeaderList list;
  if (structure)
    gst_structure_foreach(structure, add_header, &list);
  return list;
}

} // namespace

void install_setting_properties(GObjectClass *klass, guint first_id)
{
  for (const auto &row : setting_rows())
    g_object_class_install_property(klass, first_id + static_cast<guint>(row.key), make_pspec(row));
}

std::optional<Setting> setting_of(guint id, guint first_id)
{
  if (id < first_id || id >= first_id + kSettingCount)
    return std::nullopt;
  return static_cast<Setting>(id - first_id);
}

void set_setting(Settings &settings, Setting key, const GValue *value)
{
  std::visit(
      Overloaded{
          [&](const std::string &) {
            const char *text = g_value_get_string(value);
            settings.set(key, std::string(text ? text : ""));
          },
          [&](bool) { settings.set(key, g_value_get_boolean(value) != FALSE); },
          [&](int) {
            settings.set(key, G_VALUE_HOLDS_ENUM(value) ? g_value_get_enum(value)
                                                        : g_value_get_int(value));
          },
          [&](std::int64_t) { settings.set(key, std::int64_t{g_value_get_int64(value)}); },
          [&](std::uint64_t) { settings.set(key, std::uint64_t{g_value_get_uint64(value)}); },
          [&](double) { settings.set(key, g_value_get_double(value)); },
          [&](const Secret &) {
            const char *text = g_value_get_string(value);
            settings.set(key, Secret(text ? text : ""));
          },
          [&](const HeaderList &) {
            settings.set(key, headers_of(gst_value_get_structure(value)));
          }},
      setting_row(key).initial);
}

namespace {

// As others may see it.
std::string shown_text(const std::string &text, SettingRow::Access access)
{
  switch (access) {
  case SettingRow::Access::uri:
    return redacted_url(text);
  case SettingRow::Access::json:
    return text.starts_with('@') ? text : without_secrets(text); // a path
  default:
    return text;
  }
}

} // namespace

void get_setting(const Settings &settings, Setting key, GValue *value)
{
  std::visit(Overloaded{[&](const std::string &text) {
                          const auto shown = shown_text(text, setting_row(key).access);
                          g_value_set_string(value, text.empty() ? nullptr : shown.c_str());
                        },
                        [&](bool truth) { g_value_set_boolean(value, truth); },
                        [&](int number) {
                          if (G_VALUE_HOLDS_ENUM(value))
                            g_value_set_enum(value, number);
                          else
                            g_value_set_int(value, number);
                        },
                        [&](std::int64_t number) { g_value_set_int64(value, number); },
                        [&](std::uint64_t time) { g_value_set_uint64(value, time); },
                        [&](double number) { g_value_set_double(value, number); },
                        // Not readable.
                        [](const Secret &) {}, [](const HeaderList &) {}},
             settings.get(key));
}

} // namespace gemini_live
