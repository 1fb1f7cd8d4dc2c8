// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <longshore/core/random.hpp>
#include <longshore/metrics/score_key.hpp>

namespace ls = longshore;

TEST_CASE_TEMPLATE("score_key: orders as the numbers do, from minus infinity to infinity", Real, float, double) {
  using Limits = std::numeric_limits<Real>;
  const std::array<Real, 9> ascending{-Limits::infinity(),   Limits::lowest(), Real(-1),
                                      -Limits::denorm_min(), Real(0),          Limits::denorm_min(),
                                      Limits::min(),         Limits::max(),    Limits::infinity()};
  for (std::size_t i = 0; i + 1 < ascending.size(); ++i)
    CHECK(ls::score_key(ascending[i]) < ls::score_key(ascending[i + 1]));
  CHECK(ls::score_key(Real(0)) == ls::score_key(-Real(0)));
  CHECK(ls::score_key(Limits::infinity()) == ls::largest_score_key<Real>);
  CHECK(ls::score_key(-Limits::infinity()) == -ls::largest_score_key<Real>);
  static_assert(ls::score_key(Real(1)) > ls::score_key(Real(0.5)));
}

TEST_CASE("score_key: agrees with < and == on 10,000 pairs of random bits, and knows every NaN") {
  const ls::Random random(3);
  int numbers = 0;
  for (std::uint64_t i = 0; i < 10000; ++i) {
    const auto a = std::bit_cast<float>(random.bits(2 * i)), b = std::bit_cast<float>(random.bits(2 * i + 1));
    const auto is_nan = [](float x) { return (std::bit_cast<std::uint32_t>(x) & 0x7FFFFFFFu) > 0x7F800000u; };
    const auto key_is_nan = [](float x) {
      return ls::score_key(x) > ls::largest_score_key<float> || ls::score_key(x) < -ls::largest_score_key<float>;
    };
    REQUIRE(key_is_nan(a) == is_nan(a));
    REQUIRE(key_is_nan(b) == is_nan(b));
    if (is_nan(a) || is_nan(b)) continue;
    ++numbers;
    REQUIRE((a < b) == (ls::score_key(a) < ls::score_key(b)));
    REQUIRE((a == b) == (ls::score_key(a) == ls::score_key(b)));
  }
  CHECK(numbers > 9000);
}
