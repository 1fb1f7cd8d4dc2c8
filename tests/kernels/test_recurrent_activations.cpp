// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/recurrent_activations.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/team.hpp>
#include <vector>

namespace ls = longshore;

namespace {

/// Numbers of both signs from tiny to huge, and many of order one.
template <class Real>
std::vector<Real> arguments() {
  std::vector<Real> numbers;
  for (int k = -4000; k <= 4000; ++k) numbers.push_back(static_cast<Real>(k) / 400);
  for (double size = 1e-30; size < 1e30; size *= 3.7)
    for (const double sign : {-1.0, 1.0}) numbers.push_back(static_cast<Real>(sign * size));
  return numbers;
}

template <class Real>
constexpr double exactness = std::is_same_v<Real, float> ? 1e-7 : 1e-15;

}  // namespace

TEST_CASE_TEMPLATE("decay: e^-|x|, as exact as its docstring says", Real, float, double) {
  for (const Real x : arguments<Real>()) {
    const double size = std::abs(static_cast<double>(x)), exact = std::exp(-size);
    CAPTURE(x);
    const auto actual = static_cast<double>(ls::decay(x));
    if (size <= 87)
      REQUIRE(std::abs(actual - exact) <= exactness<Real> * (1 + size) * exact);
    else
      REQUIRE(std::abs(actual - exact) <= 2e-38);
  }
  CHECK(ls::decay(Real(0)) == Real(1));
  CHECK(std::isnan(ls::decay(std::numeric_limits<Real>::quiet_NaN())));
  CHECK(ls::decay(-std::numeric_limits<Real>::infinity()) <= Real(2e-38));
}

TEST_CASE_TEMPLATE("gate_sigmoid: relative to its size, and between 0 and 1", Real, float, double) {
  for (const Real x : arguments<Real>()) {
    if (std::abs(x) > Real(80)) continue;
    const double exact = 1 / (1 + std::exp(-static_cast<double>(x)));
    CAPTURE(x);
    const double allowed = exactness<Real> * (2 + std::abs(static_cast<double>(x))) * exact;
    REQUIRE(std::abs(static_cast<double>(ls::gate_sigmoid(x)) - exact) <= allowed);
  }
  CHECK(ls::gate_sigmoid(Real(0)) == Real(0.5));
  CHECK(ls::gate_sigmoid(Real(1000)) == Real(1));
  CHECK(ls::gate_sigmoid(Real(-1000)) >= Real(0));
  CHECK(ls::gate_sigmoid(Real(-1000)) <= Real(2e-38));
  CHECK(std::isnan(ls::gate_sigmoid(std::numeric_limits<Real>::quiet_NaN())));
}

TEST_CASE_TEMPLATE("gate_tanh: within its exactness everywhere, odd, and 1 far out", Real, float, double) {
  for (const Real x : arguments<Real>()) {
    CAPTURE(x);
    REQUIRE(std::abs(static_cast<double>(ls::gate_tanh(x)) - std::tanh(static_cast<double>(x))) <= exactness<Real>);
    REQUIRE(ls::gate_tanh(-x) == -ls::gate_tanh(x));
  }
  CHECK(ls::gate_tanh(Real(0)) == Real(0));
  CHECK(ls::gate_tanh(Real(1e6)) == Real(1));
  CHECK(ls::gate_tanh(-std::numeric_limits<Real>::infinity()) == Real(-1));
  CHECK(std::isnan(ls::gate_tanh(std::numeric_limits<Real>::quiet_NaN())));
}

TEST_CASE_TEMPLATE("runs of gates are gates one by one, and end where they end", Real, float, double) {
  std::vector<Real> x(40), y(40);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = y[i] = static_cast<Real>(i) / 4 - 5;
  const auto before = x;
  ls::sigmoid_run(ls::HostTeam{0}, 37, x.data());
  ls::tanh_run(ls::HostTeam{0}, 37, y.data());
  for (std::size_t i = 0; i < 37; ++i) {
    CHECK(x[i] == doctest::Approx(ls::gate_sigmoid(before[i])).epsilon(2 * exactness<Real>));
    CHECK(y[i] == doctest::Approx(ls::gate_tanh(before[i])).epsilon(2 * exactness<Real>));
  }
  for (std::size_t i = 37; i < 40; ++i) {
    CHECK(x[i] == before[i]);
    CHECK(y[i] == before[i]);
  }
}
