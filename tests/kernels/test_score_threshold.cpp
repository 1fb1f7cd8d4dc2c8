// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/score_threshold.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <longshore/core/random.hpp>
#include <vector>

namespace ls = longshore;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

ls::Index above(const std::vector<float>& numbers, float limit) {
  return static_cast<ls::Index>(std::ranges::count_if(numbers, [&](float x) { return x > limit; }));
}

}  // namespace

TEST_CASE("count_above: counts what is above, in whole registers and behind them, and nothing that is not a number") {
  std::vector<float> numbers;
  for (int i = 0; i < 45; ++i) {
    CHECK(ls::count_above(numbers.data(), i, 3.0f) == above(numbers, 3.0f));
    numbers.push_back(i % 11 == 4 ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(i % 7));
  }
}

TEST_CASE("score_threshold: k numbers are above it, and few more, at any scale and sign") {
  for (const ls::Index count : {1, 15, 16, 200, 1000})
    for (const int scale : {-140, -3, 0, 120}) {
      std::vector<float> numbers;
      for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(count); ++i)
        numbers.push_back(std::ldexp(2 * ls::Random(3).uniform<float>(i) - 1, scale + static_cast<int>(i % 5)));
      for (const ls::Index k : {1, 7, 100, 999}) {
        CAPTURE(count);
        CAPTURE(scale);
        CAPTURE(k);
        const float limit = ls::score_threshold(numbers.data(), count, k);
        if (k > count) {
          CHECK(limit == -infinity);
        } else {
          CHECK(above(numbers, limit) >= k);
          CHECK(above(numbers, limit) <= k + k / 16);
        }
      }
    }
}

TEST_CASE("score_threshold: equal numbers all stay above, infinite ones have their place") {
  const std::vector<float> equal(50, 2.0f), zeros(40, 0.0f);
  CHECK(ls::score_threshold(equal.data(), 50, 3) == std::nextafter(2.0f, 0.0f));
  CHECK(ls::score_threshold(zeros.data(), 40, 3) < 0.0f);
  const std::vector<float> mixed{infinity, infinity, -infinity, 5.0f, -infinity, -2.0f};
  CHECK(ls::score_threshold(mixed.data(), 6, 5) == -infinity);
  CHECK(above(mixed, ls::score_threshold(mixed.data(), 6, 4)) == 4);
  CHECK(above(mixed, ls::score_threshold(mixed.data(), 6, 2)) == 2);
  CHECK(ls::score_threshold(mixed.data(), 0, 1) == -infinity);
}
