// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/fill.hpp>
#include <longshore/kernels/activation.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;
using Kind = ls::ActivationKind;

namespace {

constexpr Kind kinds[] = {Kind::identity, Kind::relu, Kind::leaky_relu, Kind::gelu,
                          Kind::sigmoid,  Kind::tanh, Kind::softplus,   Kind::silu};

/// The textbook's formula.
double by_definition(Kind kind, double x, double slope) {
  switch (kind) {
    case Kind::identity: return x;
    case Kind::relu: return std::max(x, 0.0);
    case Kind::leaky_relu: return x > 0 ? x : slope * x;
    case Kind::gelu: return 0.5 * x * std::erfc(-x / std::sqrt(2.0));
    case Kind::sigmoid: return 1 / (1 + std::exp(-x));
    case Kind::tanh: return std::tanh(x);
    case Kind::softplus: return std::log1p(std::exp(x));
    case Kind::silu: return x / (1 + std::exp(-x));
  }
  return std::numeric_limits<double>::quiet_NaN();
}

double derivative(Kind kind, double x, double slope) {
  const double step = 1e-5;
  return (by_definition(kind, x + step, slope) - by_definition(kind, x - step, slope)) / (2 * step);
}

}  // namespace

TEST_CASE_TEMPLATE("activation: on views, every kind and its derivative equal the formulas, over several chunks", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const double within = std::is_same_v<Real, float> ? 1e-5 : 1e-9;
  for (const Kind kind : kinds) {
    CAPTURE(static_cast<int>(kind));
    std::vector<Real> spread(5000);  // -6 to 6, never at the kink
    for (std::size_t i = 0; i < spread.size(); ++i) spread[i] = Real(12) * ls::Random(1).uniform<Real>(i) - Real(6);
    auto x = filled_tensor<Real, 2, Space>(spread, 50, 100);
    auto dy = random_tensor<Real, 2, Space>(ls::Random(2), 50, 100);
    ls::Tensor<Real, 2, Space> y(50, 100), dx(50, 100);
    ls::activation_forward<Real, Space>(Space(), kind, Real(0.1), x.view(), y.view());
    const auto wide = numbers_of(x.view()), slopes = numbers_of(dy.view());
    std::vector<double> expected, gradient;
    for (std::size_t i = 0; i < wide.size(); ++i) {
      expected.push_back(by_definition(kind, wide[i], 0.1));
      gradient.push_back(slopes[i] * derivative(kind, wide[i], 0.1));
    }
    check::close<double>(numbers_of(y.view()), expected, tolerance<Real>);
    // Where the derivative does not look at x, it must not matter.
    ls::Tensor<Real, 2, Space> other(50, 100);
    ls::fill<Real>(Space(), other.view(), Real(77));
    const auto input = ls::derivative_needs_input(kind) ? x.view() : other.view();
    ls::activation_backward<Real, Space>(Space(), kind, Real(0.1), dy.view(), input, y.view(),
                                         {dx.view(), ls::Update::write});
    check::close<double>(numbers_of(dx.view()), gradient, within);
    ls::fill<Real>(Space(), dx.view(), Real(2));
    ls::activation_backward<Real, Space>(Space(), kind, Real(0.1), dy.view(), input, y.view(),
                                         {dx.view(), ls::Update::add});
    for (double& number : gradient) number += 2;
    check::close<double>(numbers_of(dx.view()), gradient, within);
    ls::activation_backward<Real, Space>(Space(), kind, Real(0.1), dy.view(), input, y.view(),
                                         {dy.view(), ls::Update::write});  // in place
    for (double& number : gradient) number -= 2;
    check::close<double>(numbers_of(dy.view()), gradient, within);
    ls::activation_forward<Real, Space>(Space(), kind, Real(0.1), x.view(), x.view());
    CHECK(numbers_of(x.view()) == numbers_of(y.view()));
  }
}

TEST_CASE_TEMPLATE("activation: P12: not-a-number stays, and large numbers stay finite", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const Kind kind : kinds) {
    CAPTURE(static_cast<int>(kind));
    auto x = filled_tensor<Real, 2, Space>({std::numeric_limits<Real>::quiet_NaN(), Real(1e4), Real(-1e4)}, 1, 3);
    ls::Tensor<Real, 2, Space> y(1, 3), dx(1, 3), ones(1, 3);
    ls::fill<Real>(Space(), ones.view(), Real(1));
    ls::activation_forward<Real, Space>(Space(), kind, Real(0.01), x.view(), y.view());
    const auto found = numbers_of(y.view());
    CHECK(std::isnan(found[0]));
    CHECK(found[1] == doctest::Approx(kind == Kind::sigmoid || kind == Kind::tanh ? 1 : 1e4));
    const double low = kind == Kind::identity ? -1e4 : kind == Kind::leaky_relu ? -100 : kind == Kind::tanh ? -1 : 0;
    CHECK(found[2] == doctest::Approx(low));
    ls::activation_backward<Real, Space>(Space(), kind, Real(0.01), ones.view(), x.view(), y.view(),
                                         {dx.view(), ls::Update::write});
    const auto slopes = numbers_of(dx.view());
    CHECK(slopes[1] == doctest::Approx(kind == Kind::sigmoid || kind == Kind::tanh ? 0 : 1));
    CHECK(slopes[2] == doctest::Approx(kind == Kind::identity ? 1 : kind == Kind::leaky_relu ? 0.01 : 0));
  }
}

TEST_CASE("activation: at the kink the derivative is the one from the left, as PyTorch's") {
  CHECK(ls::activation_derivative<Kind::relu>(0.0, 0.0, 0.0) == 0);
  CHECK(ls::activation_derivative<Kind::leaky_relu>(0.0, 0.0, 0.1) == 0.1);
}
