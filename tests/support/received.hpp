// What the simulator has received.
#pragma once

#include "simulator/simulator.hpp"

#include <algorithm>
#include <vector>

namespace test {

inline std::size_t count(const std::vector<gemini_live_simulator::Received> &all,
                         gemini_live_simulator::Received::Kind kind)
{
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const auto &one) { return one.kind == kind; }));
}

} // namespace test
