// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/layers/layer_norm.hpp>
#include <vector>

#include "../support/check_twice.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct LayerNormCase {
  ls::Parameter<Real, 2, Space> x;  // (B, D)
  ls::LayerNorm<Real, Space> block;

  LayerNormCase(const ls::Random& random, int shape) {
    // Sizes around the widths of registers, and more rows than one chunk of the sums.
    constexpr int sizes[][2] = {{1, 2}, {2, 3}, {13, 16}, {150, 5}, {5, 50}, {0, 4}, {64, 33}, {65, 2}};
    const auto [rows, features] = extents_of(sizes, random, shape, 20);
    x = random_input<Real, 2, Space>(random.stream("x"), rows, features);
    // Two features give +1 and -1 whatever they are: an eps of order one keeps their gradients away from zero.
    block = ls::LayerNorm<Real, Space>({.features = features, .eps = shape % 2 ? 0.1 : 1, .affine = shape % 5 != 4});
    ls::initialise(block.weights, ls::normal(1), random.stream("weights"));
    ls::initialise(block.bias, ls::normal(1), random.stream("bias"));
  }
  LayerNormCase(const Golden& golden, const std::string& name)
      : x(golden.shape(name + "/x")[0], golden.shape(name + "/x")[1]),
        block({.features = golden.shape(name + "/x")[1], .affine = golden.has(name + "/block.weights")}) {}

  auto apply(auto& context, const ls::Matrix<Real, Space>& input) const { return block(context, input); }
  auto operator()(auto& context) const { return apply(context, ls::use(context, x)); }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};

/// The definition, one row, in long double.
std::vector<long double> normalised(const std::vector<long double>& x, long double eps) {
  long double mean = 0, variance = 0;
  for (const auto number : x) mean += number / static_cast<long double>(x.size());
  for (const auto number : x) variance += (number - mean) * (number - mean) / static_cast<long double>(x.size());
  std::vector<long double> y;
  for (const auto number : x) y.push_back((number - mean) / std::sqrt(variance + eps));
  return y;
}

}  // namespace

TEST_CASE("LayerNorm: concept: models Layer, with steps, rows and candidates") {
  using Space = Kokkos::Serial;
  static_assert(ls::Layer<ls::LayerNorm<float, Space>, float, Space>);
  const ls::LayerNorm<float, Space> norm({.features = 2});
  ls::Inference<Space> context;
  ls::Tensor<float, 3, Space> candidates(4, 5, 2);
  const auto y = norm(context, ls::Cube<float, Space>(candidates.view()));
  CHECK(y.extent(0) == 4);
  CHECK(y.extent(1) == 5);
  CHECK(y.extent(2) == 2);
  const std::vector<ls::Index> rows{0, 20};
  const auto z = norm(context, ls::Sequences<float, Space>{reshape(y, 20, 2), {{rows.data(), 2}, 20}});
  CHECK(z.steps.extent(0) == 20);
  CHECK(z.offsets.longest == 20);
}

TEST_CASE_TEMPLATE("LayerNorm: hand: a row of 1 3 5 7 with and without weights", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::LayerNorm<Real, Space> norm({.features = 4, .eps = 4});  // variance 5: divided by 3
  ls::Tensor<Real, 2, Space> x(1, 4);
  ls::copy_from_host<Real>({1, 3, 5, 7}, x.view());
  ls::Inference<Space> context;
  auto y = norm(context, x.view());
  context.fence();
  const std::vector<double> plain{-1, -1.0 / 3, 1.0 / 3, 1};
  check::close(ls::copy_to_host(y.data), plain, tolerance<Real>);
  ls::copy_from_host<Real>({3, 3, 6, 0}, norm.weights.mutable_view());
  ls::copy_from_host<Real>({10, 20, 30, 40}, norm.bias.mutable_view());
  y = norm(context, x.view());
  context.fence();
  check::close(ls::copy_to_host(y.data), {7, 19, 32, 40}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("LayerNorm: reference: equals mean and variance in long double", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 10; ++shape) {
    CAPTURE(shape);
    const LayerNormCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    const auto x = ls::copy_to_host(example.x.view()), weights = ls::copy_to_host(example.block.weights.view()),
               bias = ls::copy_to_host(example.block.bias.view());
    const auto features = static_cast<std::size_t>(example.block.settings.features);
    std::vector<double> expected;
    for (std::size_t start = 0; start < x.size(); start += features) {
      const std::vector<long double> row(x.begin() + static_cast<std::ptrdiff_t>(start),
                                         x.begin() + static_cast<std::ptrdiff_t>(start + features));
      const auto normal = normalised(row, static_cast<long double>(example.block.settings.eps));
      for (std::size_t d = 0; d < features; ++d)
        expected.push_back(static_cast<double>(weights.empty() ? normal[d] : normal[d] * weights[d] + bias[d]));
    }
    check::close(ls::copy_to_host(value.data), expected, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("LayerNorm: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<LayerNormCase, typename Where::Real, typename Where::Space>("layers/layer_norm");
}

TEST_CASE_TEMPLATE("LayerNorm: edges: P13: numbers of 1e4 that hardly differ, or are equal, are normalised exactly",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::LayerNorm<Real, Space> norm({.features = 37});
  std::vector<Real> close_by(37, Real(10000));
  for (std::size_t d = 0; d < 37; ++d) close_by[d] += static_cast<Real>(d % 5) / 4;
  std::vector<Real> numbers = close_by;
  numbers.insert(numbers.end(), 37, Real(-10000));
  ls::Tensor<Real, 2, Space> x(2, 37);
  ls::copy_from_host(numbers, x.view());
  ls::Inference<Space> context;
  const auto y = norm(context, x.view());
  context.fence();
  std::vector<double> expected;
  for (const auto number : normalised(std::vector<long double>(close_by.begin(), close_by.end()), 1e-5L))
    expected.push_back(static_cast<double>(number));
  expected.insert(expected.end(), 37, 0.0);
  check::close(ls::copy_to_host(y.data), expected, std::is_same_v<Real, float> ? 1e-3 : 1e-10);
}

TEST_CASE_TEMPLATE("LayerNorm: edges: no rows give no rows, and one feature gives the bias", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::LayerNorm<Real, Space> norm({.features = 1});
  ls::copy_from_host<Real>({7}, norm.bias.mutable_view());
  ls::Inference<Space> context;
  ls::Tensor<Real, 2, Space> none(0, 1), one(1, 1);
  CHECK(norm(context, none.view()).extent(0) == 0);
  ls::copy_from_host<Real>({123}, one.view());
  const auto y = norm(context, one.view());
  context.fence();
  CHECK(ls::copy_to_host(y.data) == std::vector<Real>{7});
}

TEST_CASE("LayerNorm: gradients: P1: equal central differences") { check::gradients<LayerNormCase>(); }

TEST_CASE("LayerNorm: gradients: two uses of a value add up") {
  check::twice(LayerNormCase<double, Kokkos::Serial>(ls::Random(3), 3));
  check::twice(LayerNormCase<double, Kokkos::Serial>(ls::Random(3), 14));
}

TEST_CASE("LayerNorm: gradients: a frozen weight and a constant input leave the others alone") {
  using Space = Kokkos::Serial;
  LayerNormCase<double, Space> example(ls::Random(3), 3);
  ls::Training<Space> whole(example);
  const auto expected = check::run<double>(whole, example);
  example.block.weights.frozen = true;
  ls::Training<Space> context(example);
  const auto outcome = check::run<double>(context, example);
  CHECK(outcome.gradients.count("block.weights") == 0);
  CHECK(outcome.gradients.at("block.bias") == expected.gradients.at("block.bias"));
  CHECK(outcome.gradients.at("x") == expected.gradients.at("x"));
  example.block.weights.frozen = false;
  example.x.frozen = true;
  ls::Training<Space> parameters(example);
  const auto alone = check::run<double>(parameters, example);
  CHECK(alone.gradients.at("block.weights") == expected.gradients.at("block.weights"));
}

TEST_CASE("LayerNorm: threads: the same bits everywhere") {
  check::same_bits<LayerNormCase>();
  check::inference_equals_training<LayerNormCase>();
}

TEST_CASE("LayerNorm: refused: another number of features, no features, and a negative eps") {
  using Space = Kokkos::Serial;
  const ls::LayerNorm<float, Space> norm({.features = 5});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(2, 4);
  CHECK_THROWS_WITH_AS(norm(context, x.view()), "LayerNorm: x has 4 features, 5 are expected", ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::LayerNorm<float, Space>({.features = 0})), "LayerNorm: features is at least 1, it is 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::LayerNorm<float, Space>({.features = -3})), "LayerNorm: features is at least 1, it is -3",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::LayerNorm<float, Space>({.features = 1, .eps = -1})),
                       "LayerNorm: eps is finite and at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS((ls::LayerNorm<float, Space>({.features = 4, .eps = std::numeric_limits<double>::infinity()})),
                       "LayerNorm: eps is finite and at least 0, it is inf", ls::ShapeError);
}
