#include "models.hpp"

#include <glib.h>

#include <string>

namespace gemini_live {

namespace {

// The first pattern that fits decides.
constexpr struct {
  const char *pattern;
  Family family;
} kFamilies[] = {
    {"gemini-2.5-flash-native-audio*", k25},
    {"gemini-live-2.5-flash-native-audio*", k25},
    {"gemini-3.1-flash-live*", k31},
    {"gemini-3.8-live-extended-thinking*", kThinker},
    {"gemini-3.8-live*", k38},
    {"gemini-3.5-live-translate*", kTranslator},
    {"gemini-3.5-transcribe-live*", kWriter},
};

} // namespace

unsigned family_of(std::string_view model)
{
  const std::string name(model.substr(model.rfind('/') + 1)); // npos + 1 is 0
  for (const auto &[pattern, family] : kFamilies)
    if (g_pattern_match_simple(pattern, name.c_str()))
      return family;
  return 0;
}

} // namespace gemini_live
