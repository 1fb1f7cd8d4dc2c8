// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/math.hpp>
#include <random>

namespace ls = longshore;

namespace {

/// The largest error of f over [low, high], in units in the last place of the true value.
template <class Function, class True>
double worst_ulp(float low, float high, int count, Function f, True exact) {
  double worst = 0;
  for (int k = 0; k <= count; ++k) {
    const float x = low + (high - low) * static_cast<float>(k) / static_cast<float>(count);
    const double expected = exact(static_cast<double>(x));
    const auto rounded = static_cast<float>(expected);
    if (!std::isfinite(rounded) || std::abs(rounded) < 1e-37f) continue;
    const double unit =
        static_cast<double>(std::nextafter(std::abs(rounded), INFINITY)) - static_cast<double>(std::abs(rounded));
    worst = std::max(worst, std::abs(static_cast<double>(f(x)) - expected) / unit);
  }
  return worst;
}

}  // namespace

TEST_CASE("exp is within 2 units in the last place, 0 far below and infinite far above") {
  CHECK(worst_ulp(
            -87.3f, 88.7f, 1000000, [](float x) { return ls::math::exp(x); }, [](double x) { return std::exp(x); }) <
        2);
  CHECK(worst_ulp(
            -1, 1, 1000000, [](float x) { return ls::math::exp(x); }, [](double x) { return std::exp(x); }) < 2);
  CHECK(ls::math::exp(0.0f) == 1);
  CHECK(ls::math::exp(-1e4f) == 0);
  CHECK(ls::math::exp(-std::numeric_limits<float>::infinity()) == 0);
  CHECK(ls::math::exp(1e4f) == std::numeric_limits<float>::infinity());
  CHECK(std::isnan(ls::math::exp(std::numeric_limits<float>::quiet_NaN())));
  CHECK(ls::math::exp(-3.5) == std::exp(-3.5));
}

TEST_CASE("tanh is within 3 units in the last place, odd, and 1 far out") {
  CHECK(worst_ulp(
            -10, 10, 1000000, [](float x) { return ls::math::tanh(x); }, [](double x) { return std::tanh(x); }) < 3);
  CHECK(worst_ulp(
            -1e-3f, 1e-3f, 100001, [](float x) { return ls::math::tanh(x); }, [](double x) { return std::tanh(x); }) <
        3);
  CHECK(ls::math::tanh(1e4f) == 1);
  CHECK(ls::math::tanh(-1e4f) == -1);
  CHECK(ls::math::tanh(0.0f) == 0);
  CHECK(std::isnan(ls::math::tanh(std::numeric_limits<float>::quiet_NaN())));
}

TEST_CASE("P13: sigmoid and softplus are finite and right at the edges") {
  CHECK(ls::math::sigmoid(0.0f) == 0.5f);
  CHECK(ls::math::sigmoid(-1e4f) == 0);
  CHECK(ls::math::sigmoid(1e4f) == 1);
  CHECK(ls::math::softplus(1e4f) == 1e4f);
  CHECK(ls::math::softplus(-1e4f) == 0);
  CHECK(ls::math::softplus(0.0) == doctest::Approx(std::log(2.0)));
  std::mt19937 engine(1);
  std::uniform_real_distribution<float> any(-1e4f, 1e4f);
  for (int k = 0; k < 10000; ++k) {
    const float x = k % 2 ? any(engine) : any(engine) / 1000;
    const long double exact =
        std::log1p(std::exp(-std::abs(static_cast<long double>(x)))) + std::max(0.0L, static_cast<long double>(x));
    REQUIRE(std::abs(static_cast<long double>(ls::math::softplus(x)) - exact) <= 1e-5L * std::max(1.0L, exact));
  }
}

TEST_CASE("P12: is_finite looks at the bits") {
  CHECK(ls::math::is_finite(1.0f));
  CHECK(ls::math::is_finite(-std::numeric_limits<double>::max()));
  CHECK(ls::math::is_finite(std::numeric_limits<float>::denorm_min()));
  CHECK_FALSE(ls::math::is_finite(std::numeric_limits<float>::infinity()));
  CHECK_FALSE(ls::math::is_finite(-std::numeric_limits<double>::infinity()));
  CHECK_FALSE(ls::math::is_finite(std::numeric_limits<float>::quiet_NaN()));
  CHECK_FALSE(ls::math::is_finite(-std::numeric_limits<double>::quiet_NaN()));
}
