// Noise that is the same in every run; audiotestsrc makes another each time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace test {

// Noise of so many dB of full scale (root mean square) over all of it.
inline std::vector<std::int16_t> noisy(std::vector<std::int16_t> samples, double decibel)
{
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 32768 * std::pow(10, decibel / 20));
  for (auto &sample : samples)
    sample = static_cast<std::int16_t>(std::clamp(sample + noise(random), -32768.0, 32767.0));
  return samples;
}

} // namespace test
