// Compares the table of docs/settings.md with the settings of the code. If a change is meant,
// --update writes the table anew.
//
// usage: settings-doc FILE [--update]

#include "gst/geminilive/wire/settings.hpp"

#include <gst/gst.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

namespace {

using namespace gemini_live;

constexpr std::string_view kBegin = "<!-- settings -->\n", kEnd = "<!-- end of settings -->\n";

template <class Visit>
void each_word(const SettingRow &row, Visit visit)
{
  auto *type = static_cast<GEnumClass *>(g_type_class_ref(row.enum_type()));
  for (guint i = 0; i < type->n_values; i++)
    visit(type->values[i]);
  g_type_class_unref(type);
}

std::string time_of(std::uint64_t time)
{
  if (time == GST_CLOCK_TIME_NONE)
    return "none";
  return time % GST_SECOND == 0 ? std::to_string(time / GST_SECOND) + " s" : std::to_string(time);
}

std::string number_of(const SettingValue &value)
{
  std::ostringstream text;
  if (const auto *number = std::get_if<int>(&value))
    text << *number;
  else if (const auto *large = std::get_if<std::int64_t>(&value))
    text << *large;
  else if (const auto *real = std::get_if<double>(&value))
    text << *real;
  return text.str();
}

std::string type_of(const SettingRow &row)
{
  if (std::holds_alternative<std::string>(row.initial))
    return "string";
  if (std::holds_alternative<Secret>(row.initial))
    return "string, write-only";
  if (std::holds_alternative<HeaderList>(row.initial))
    return "GstStructure, write-only";
  if (std::holds_alternative<bool>(row.initial))
    return "boolean";
  if (std::holds_alternative<std::uint64_t>(row.initial))
    return "uint64, ns";
  if (std::holds_alternative<std::int64_t>(row.initial))
    return "int64";
  if (std::holds_alternative<double>(row.initial))
    return "double";
  return row.enum_type ? "enum" : "int";
}

std::string initial_of(const SettingRow &row)
{
  if (const auto *text = std::get_if<std::string>(&row.initial))
    return text->empty() ? "" : "`" + *text + "`";
  if (const auto *truth = std::get_if<bool>(&row.initial))
    return *truth ? "TRUE" : "FALSE";
  if (const auto *time = std::get_if<std::uint64_t>(&row.initial))
    return time_of(*time);
  if (!row.enum_type)
    return number_of(row.initial);
  std::string nick;
  each_word(row, [&](const GEnumValue &value) {
    if (value.value == std::get<int>(row.initial))
      nick = "`" + std::string(value.value_nick) + "`";
  });
  return nick;
}

std::string range_of(const SettingRow &row)
{
  if (row.enum_type) {
    std::string nicks;
    each_word(row, [&](const GEnumValue &value) {
      nicks += (nicks.empty() ? "`" : " `") + std::string(value.value_nick) + "`";
    });
    return nicks;
  }
  const auto least = number_of(row.least), most = number_of(row.most);
  if (least.empty() && !std::holds_alternative<std::uint64_t>(row.initial))
    return "";
  return std::holds_alternative<std::uint64_t>(row.initial) ? "0 or more" : least + " to " + most;
}

std::string table()
{
  std::string text = "| setting | type | default | range | meaning |\n|---|---|---|---|---|\n";
  for (const auto &row : setting_rows())
    text += "| `" + std::string(row.name) + "` | " + type_of(row) + " | " + initial_of(row) +
            " | " + range_of(row) + " | " + row.blurb + " |\n";
  return text;
}

std::string read(const char *path)
{
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

} // namespace

int main(int argc, char **argv)
{
  if (argc < 2)
    return 2;
  auto text = read(argv[1]);
  const auto begin = text.find(kBegin), end = text.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos) {
    std::cerr << argv[1] << " has no place for the table\n";
    return 1;
  }
  const auto from = begin + kBegin.size();
  const auto expected = table();
  if (text.substr(from, end - from) == expected)
    return 0;
  if (argc > 2 && std::string_view(argv[2]) == "--update") {
    std::ofstream(argv[1]) << text.replace(from, end - from, expected);
    return 0;
  }
  std::cerr << "Run settings-doc " << argv[1] << " --update: the table should be\n" << expected;
  return 1;
}
