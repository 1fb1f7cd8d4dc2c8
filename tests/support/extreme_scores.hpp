// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <longshore/core/parameter.hpp>
#include <longshore/core/random.hpp>
#include <longshore/core/training.hpp>
#include <longshore/core/use.hpp>

/// A row of three scores.
struct ThreeScores {
  longshore::Parameter<float, 2, Kokkos::Serial> x{1, 3};
  void visit(auto&& visitor) { visitor("x", x); }
};

/// A loss and its slopes by three scores, in long double.
struct ExactLoss {
  long double value = 0;
  std::array<long double, 3> slopes = {};

  /// Adds log(1 + e^z) and its slope by z, which the score has times `sign`.
  void add_softplus(long double z, std::size_t score, long double sign) {
    value += std::log1p(std::exp(-std::abs(z))) + std::max(0.0L, z);
    slopes[score] += sign * (z < 0 ? std::exp(z) / (1 + std::exp(z)) : 1 / (1 + std::exp(-z)));
  }
};

namespace check {

/// For 10,000 random rows of three scores up to 1e4 in size, some of them equal, loss and gradient are finite and within
/// 1e-5 of the exact ones: the loss relative to its own size, however small, down to the least normal float, the
/// gradient to that of a number of order one.
///
/// @param loss   called as loss(context, scores)
/// @param exact  called as exact(scores), gives an ExactLoss
template <class Loss, class Exact>
void extreme_scores(const Loss& loss, const Exact& exact) {
  ThreeScores scores;
  longshore::Training<Kokkos::Serial> context(scores);
  const longshore::Random random(6);
  long double worst = 0, worst_slope = 0;
  for (std::uint64_t k = 0; k < 10'000; ++k) {
    std::array<long double, 3> given;
    for (std::uint64_t c = 0; c < 3; ++c) {
      const float size = k % 3 == 0 ? 1e4f : k % 3 == 1 ? 100.0f : 1.0f;
      const float score = k % 7 == 0 ? size : size * (2 * random.uniform<float>(3 * k + c) - 1);
      scores.x.mutable_view().data()[c] = score;
      given[c] = score;
    }
    context.reset();
    const auto value = loss(context, longshore::use(context, scores.x));
    context.backward(value);
    const ExactLoss expected = exact(given);
    const float actual = value.data(0);
    REQUIRE(std::isfinite(actual));
    const long double least = std::numeric_limits<float>::min();
    worst = std::max(worst, std::abs(actual - expected.value) / std::max(least, std::abs(expected.value)));
    const auto slopes = context.gradient_of(scores.x).dense;
    for (std::size_t c = 0; c < 3; ++c) {
      const float slope = slopes.data()[c];
      REQUIRE(std::isfinite(slope));
      const long double apart = std::abs(slope - expected.slopes[c]);
      worst_slope = std::max(worst_slope, apart / std::max(1.0L, std::abs(expected.slopes[c])));
    }
  }
  CHECK(worst <= 1e-5L);
  CHECK(worst_slope <= 1e-5L);
}

}  // namespace check
