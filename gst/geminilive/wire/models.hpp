// Families of models, and how each calls functions.
#pragma once

#include <string_view>

namespace gemini_live {

// Bits, so that a rule can name several.
enum Family : unsigned { k25 = 1, k31 = 2, k38 = 4, kThinker = 8, kTranslator = 16, kWriter = 32 };

// By the last part of the name; 0 for a model that nothing is known of.
unsigned family_of(std::string_view model);

} // namespace gemini_live
