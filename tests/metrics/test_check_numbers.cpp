// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/check_numbers.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("check_numbers: says what came and where") {
  using Limits = std::numeric_limits<float>;
  CHECK_NOTHROW(ls::check_numbers("f", "scores", std::vector<float>{Limits::max(), Limits::lowest(), -0.0F}));
  CHECK_NOTHROW(ls::check_numbers("f", "scores", std::vector<int>{1, 2}));
  CHECK_NOTHROW(ls::check_numbers("f", "scores", std::vector<float>{}));
  CHECK_THROWS_WITH_AS(ls::check_numbers("f", "scores", std::vector<float>{0, Limits::quiet_NaN()}),
                       "f: expected finite scores, got NaN at position 1", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::check_numbers("f", "scores", std::vector<float>{Limits::infinity()}),
                       "f: expected finite scores, got infinity at position 0", ls::DataError);
  CHECK_THROWS_WITH_AS(ls::check_numbers("f", "scores", std::vector<double>{-std::numeric_limits<double>::infinity()}),
                       "f: expected finite scores, got minus infinity at position 0", ls::DataError);
}

TEST_CASE("check_numbers: P12, finds every one of 10,000 planted NaN and infinities, whatever their bits") {
  const ls::Random random(12);
  std::vector<float> numbers(64, 0.5F);
  int found = 0;
  for (std::uint64_t i = 0; i < 10000; ++i) {
    const std::size_t place = random.bits(2 * i) % numbers.size();
    const std::uint32_t payload = i % 3 == 0 ? 0 : random.bits(2 * i + 1) & 0x807FFFFFu;
    numbers[place] = std::bit_cast<float>(0x7F800000u | payload);
    try {
      ls::check_numbers("f", "numbers", numbers);
    } catch (const ls::DataError&) {
      ++found;
    }
    numbers[place] = 0.5F;
  }
  CHECK(found == 10000);
}
