// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/layers/activation.hpp>
#include <vector>

#include "../support/check_twice.hpp"

namespace ls = longshore;

namespace {

using Kind = ls::ActivationKind;
const Kind kinds[] = {Kind::identity, Kind::relu, Kind::leaky_relu, Kind::gelu,
                      Kind::sigmoid,  Kind::tanh, Kind::softplus,   Kind::silu};

template <class Real, class Space>
struct ActivationCase {
  ls::Parameter<Real, 2, Space> x;  // (B, D)
  ls::Activation<Real, Space> block;

  ActivationCase(const ls::Random& random, int shape) {
    // From nothing to more than one chunk of a kernel.
    constexpr int sizes[][2] = {{1, 1}, {3, 16}, {17, 7}, {0, 4}, {65, 67}};
    const auto [rows, features] = extents_of(sizes, random, shape, 20);
    x = random_input<Real, 2, Space>(random.stream("x"), rows, features);
    block = ls::Activation<Real, Space>({.kind = kinds[shape % 8], .slope = 0.2});
  }
  ActivationCase(const Golden& golden, const std::string& name)
      : x(golden.shape(name + "/x")[0], golden.shape(name + "/x")[1]),
        block({.kind = kinds[golden.integer(name + "/kind")], .slope = 0.01}) {}

  auto apply(auto& context, const ls::Matrix<Real, Space>& input) const { return block(context, input); }
  auto operator()(auto& context) const { return apply(context, ls::use(context, x)); }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};

/// The functions as they are defined, in long double.
long double reference(Kind kind, long double x, long double slope) {
  switch (kind) {
    case Kind::identity: return x;
    case Kind::relu: return x > 0 ? x : 0;
    case Kind::leaky_relu: return x > 0 ? x : slope * x;
    case Kind::gelu: return x * std::erfc(-x / std::sqrt(2.0L)) / 2;
    case Kind::sigmoid: return 1 / (1 + std::exp(-x));
    case Kind::tanh: return std::tanh(x);
    case Kind::softplus: return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
    case Kind::silu: return x / (1 + std::exp(-x));
  }
  return 0;
}

template <class Real, class Space>
std::vector<Real> values_of(const ls::Activation<Real, Space>& block, const std::vector<Real>& inputs) {
  ls::Tensor<Real, 2, Space> x(1, static_cast<ls::Index>(inputs.size()));
  ls::copy_from_host(inputs, x.view());
  ls::Inference<Space> context;
  const auto y = block(context, x.view());
  context.fence();
  return ls::copy_to_host(y.data);
}

}  // namespace

TEST_CASE("Activation: concept: models Layer, with steps, rows and candidates") {
  using Space = Kokkos::Serial;
  static_assert(ls::Layer<ls::Activation<float, Space>, float, Space>);
  const ls::Activation<float, Space> relu;
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> candidates(4, 5, 2);
  const auto y = relu(context, ls::Cube<float, Space>(candidates.view()));
  CHECK(y.extent(0) == 4);
  CHECK(y.extent(1) == 5);
  CHECK(y.extent(2) == 2);
  const std::vector<ls::Index> rows{0, 20};
  const auto z = relu(context, ls::Sequences<float, Space>{reshape(y, 20, 2), {{rows.data(), 2}, 20}});
  CHECK(z.steps.extent(0) == 20);
  CHECK(z.offsets.longest == 20);
}

TEST_CASE_TEMPLATE("Activation: hand: values at -1, 0 and 2", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const double expected[][3] = {{-1, 0, 2},
                                {0, 0, 2},
                                {-0.01, 0, 2},
                                {-0.158655253931457, 0, 1.95449973610364},
                                {0.268941421369995, 0.5, 0.880797077977882},
                                {-0.761594155955765, 0, 0.964027580075817},
                                {0.313261687518223, 0.693147180559945, 2.12692801104297},
                                {-0.268941421369995, 0, 1.76159415595576}};
  for (int k = 0; k < 8; ++k) {
    CAPTURE(k);
    const auto y = values_of(ls::Activation<Real, Space>({.kind = kinds[k]}), std::vector<Real>{-1, 0, 2});
    for (std::size_t i = 0; i < 3; ++i) CHECK(y[i] == doctest::Approx(expected[k][i]).epsilon(1e-6));
  }
}

TEST_CASE_TEMPLATE("Activation: reference: equals the definitions in long double from -30 to 30", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  std::vector<Real> inputs;
  for (int i = -30000; i <= 30000; i += 7) inputs.push_back(static_cast<Real>(i) / 1000);
  for (const Kind kind : kinds) {
    CAPTURE(static_cast<int>(kind));
    const auto y = values_of(ls::Activation<Real, Space>({.kind = kind, .slope = 0.125}), inputs);
    double worst = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto exact = static_cast<double>(reference(kind, static_cast<long double>(inputs[i]), 0.125L));
      worst = std::max(worst, std::abs(static_cast<double>(y[i]) - exact) / std::max(1.0, std::abs(exact)));
    }
    CHECK(worst < 8 * static_cast<double>(std::numeric_limits<Real>::epsilon()));
  }
}

TEST_CASE_TEMPLATE("Activation: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<ActivationCase, typename Where::Real, typename Where::Space>("layers/activation");
}

TEST_CASE_TEMPLATE("Activation: edges: sizes of 1e4 stay finite, and not-a-number stays so", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Real big = 10000;
  for (const Kind kind : kinds) {
    CAPTURE(static_cast<int>(kind));
    // Long enough for whole registers and for the numbers left over.
    std::vector<Real> inputs(37, big);
    for (std::size_t i = 0; i < inputs.size(); i += 2) inputs[i] = -big;
    const auto y = values_of(ls::Activation<Real, Space>({.kind = kind}), inputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto exact = static_cast<double>(reference(kind, static_cast<long double>(inputs[i]), 0.01L));
      REQUIRE(static_cast<double>(y[i]) == doctest::Approx(exact));
    }
    const auto bad = values_of(ls::Activation<Real, Space>({.kind = kind}),
                               std::vector<Real>(37, std::numeric_limits<Real>::quiet_NaN()));
    for (const Real number : bad) REQUIRE(number != number);
  }
}

TEST_CASE("Activation: gradients: P1: equal central differences") { check::gradients<ActivationCase>(40); }

TEST_CASE("Activation: gradients: two uses of a value add up") {
  for (const int shape : {1, 2, 4, 6, 7, 11, 12, 13})
    check::twice(ActivationCase<double, Kokkos::Serial>(ls::Random(3), shape));
}

TEST_CASE("Activation: gradients: where the derivative needs only y, x is not looked at") {
  using Space = Kokkos::Serial;
  const std::vector<double> x{-1.5, -0.1, 0.3, 2}, dy{1, 2, 3, 4}, nonsense(4, 1e300);
  for (const Kind kind : kinds) {
    if (ls::derivative_needs_input(kind)) continue;
    std::vector<double> y(4), dx(4), blind(4);
    using Rows = ls::View<double, 2, Space>;
    ls::activation_forward<double, Space>(ls::Inline{}, kind, 0.1, ls::View<const double, 2, Space>(x.data(), 1, 4),
                                          Rows(y.data(), 1, 4));
    const auto backward = [&](const std::vector<double>& input, std::vector<double>& result) {
      ls::activation_backward<double, Space>(ls::Inline{}, kind, 0.1, ls::View<const double, 2, Space>(dy.data(), 1, 4),
                                             ls::View<const double, 2, Space>(input.data(), 1, 4),
                                             ls::View<const double, 2, Space>(y.data(), 1, 4),
                                             {Rows(result.data(), 1, 4), ls::Update::write});
    };
    backward(x, dx);
    backward(nonsense, blind);
    CHECK(dx == blind);
  }
}

TEST_CASE("Activation: threads: the same bits everywhere") {
  check::same_bits<ActivationCase>(16);
  check::inference_equals_training<ActivationCase>();
}

TEST_CASE("Activation: refused: a slope that is not finite; every input and every other slope has a value") {
  using Block = ls::Activation<float, Kokkos::Serial>;
  CHECK_THROWS_WITH_AS(Block({.kind = Kind::leaky_relu, .slope = std::numeric_limits<double>::quiet_NaN()}),
                       "Activation: slope is a finite number, it is nan", ls::ShapeError);
  const Block block({.kind = Kind::leaky_relu, .slope = -2});
  CHECK(values_of(block, std::vector<float>{-3, 3}) == std::vector<float>{6, 3});
}
