// HTTP headers, in their order: what the user sets, what a request says and what a reply says. Any of
// them may be a secret.
#pragma once

#include "secret.hpp"

#include <string>
#include <utility>
#include <vector>

namespace gemini_live {

using HeaderList = std::vector<std::pair<std::string, Secret>>;

} // namespace gemini_live
