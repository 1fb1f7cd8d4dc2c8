// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>

#include <longshore/data/is_finite_value.hpp>

TEST_CASE("is_finite_value: P12, agrees with the standard on bit patterns of all exponents") {
  std::size_t wrong = 0;
  for (std::uint32_t high = 0; high < 1024; ++high)
    for (const std::uint32_t low : {0U, 1U, 0x3fffffU}) {
      const float value = std::bit_cast<float>(high << 22 | low);
      wrong += longshore::is_finite_value(value) != std::isfinite(value) ? 1 : 0;
    }
  CHECK(wrong == 0);
}
