// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/layers/weighted_sum.hpp>
#include <longshore/losses/binary_cross_entropy.hpp>
#include <longshore/losses/bpr.hpp>
#include <longshore/losses/mean_squared_error.hpp>
#include <string>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/error_text.hpp"

namespace ls = longshore;

namespace {

/// Three arrays, the first of which comes twice, with weights of both signs, one of them 0.
template <class Real, class Space>
struct WeightedSumCase {
  ls::Parameter<Real, 2, Space> first, second, third;
  bool weighs = true;

  /// One number, as a loss is; a few; many; no rows; then any.
  WeightedSumCase(const ls::Random& random, int shape) {
    constexpr int sizes[][2] = {{1, 1}, {3, 4}, {700, 3}, {0, 2}};
    const auto s = extents_of(sizes, random, shape);
    first = random_input<Real, 2, Space>(random.stream("first"), s[0], s[1]);
    second = random_input<Real, 2, Space>(random.stream("second"), s[0], s[1]);
    third = random_input<Real, 2, Space>(random.stream("third"), s[0], s[1]);
    weighs = shape % 3 != 2;
  }
  auto operator()(auto& context) const {
    const auto x = ls::use(context, first), y = ls::use(context, second), z = ls::use(context, third);
    if (!weighs) return ls::weighted_sum(context, {x, y, z, x});
    return ls::weighted_sum(context, {x, y, z, x}, {0.5, -2, 0, 1.25});
  }
  void visit(auto&& visitor) {
    visitor("first", first);
    visitor("second", second);
    visitor("third", third);
  }
};

/// L = a L1 + b L2 of losses on one score matrix, as a step with two of them has it.
template <class Real, class Space>
struct TwoLossesCase {
  ls::Parameter<Real, 2, Space> scores;
  ls::Tensor<float, 2, Space> labels;

  TwoLossesCase(const ls::Random& random, int shape) {
    constexpr int sizes[][2] = {{1, 2}, {5, 3}, {40, 4}};
    const auto s = extents_of(sizes, random, shape);
    scores = random_input<Real, 2, Space>(random.stream("scores"), s[0], s[1]);
    labels = ls::Tensor<float, 2, Space>(s[0], s[1]);
    std::vector<float> drawn(labels.size());
    for (std::size_t i = 0; i < drawn.size(); ++i) drawn[i] = random.stream("labels").bits(i) % 2 ? 1.0f : 0.0f;
    ls::copy_from_host(drawn, labels.view());
  }
  auto operator()(auto& context) const {
    const auto x = ls::use(context, scores);
    const auto clicks = ls::BinaryCrossEntropy{}(context, x, labels.view());
    const auto stars = ls::MeanSquaredError{.reduction = ls::Reduction::sum}(context, x, labels.view());
    return ls::weighted_sum(context, {clicks, stars}, {1.0, 0.25});
  }
  void visit(auto&& visitor) { visitor("scores", scores); }
};

struct OneNumber {
  ls::Parameter<float, 1, Kokkos::Serial> x{1};
  void visit(auto&& visitor) { visitor("x", x); }
};

template <class Real, class Space>
ls::Tensor<Real, 1, Space> numbers(const std::vector<Real>& values) {
  ls::Tensor<Real, 1, Space> tensor(static_cast<ls::Index>(values.size()));
  ls::copy_from_host(values, tensor.view());
  return tensor;
}

}  // namespace

TEST_CASE_TEMPLATE("weighted_sum: hand: a x + b y, and without weights the sum", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto x = numbers<Real, Space>({1, 2, -3}), y = numbers<Real, Space>({4, 0, 8});
  const ls::Value<Real, 1, Space> a(x.view()), b(y.view());
  ls::Inference<Space> context;
  const auto weighted = ls::weighted_sum(context, {a, b}, {2, -0.5});
  const auto plain = ls::weighted_sum(context, {a, b, a});
  const auto alone = ls::weighted_sum(context, {b}, {0.25});
  context.fence();
  CHECK(ls::copy_to_host(weighted.data) == std::vector<Real>{0, 4, -10});
  CHECK(ls::copy_to_host(plain.data) == std::vector<Real>{6, 4, 2});
  CHECK(ls::copy_to_host(alone.data) == std::vector<Real>{1, 0, 2});
}

TEST_CASE("weighted_sum: reference: two losses give the loss and the gradient of both steps, weighted") {
  using Space = Kokkos::Serial;
  for (int shape = 0; shape < 6; ++shape) {
    const TwoLossesCase<double, Space> example(ls::Random(7).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Training<Space> context(example);
    const auto alone = [&](const auto& criterion) {
      context.reset();
      const auto loss = criterion(context, ls::use(context, example.scores), example.labels.view());
      context.backward(loss);
      auto result = ls::copy_to_host(context.gradient_of(example.scores).dense);
      result.push_back(loss.data(0));
      return result;
    };
    const auto clicks = alone(ls::BinaryCrossEntropy{}),
               stars = alone(ls::MeanSquaredError{.reduction = ls::Reduction::sum});
    context.reset();
    const auto loss = example(context);
    context.backward(loss);
    auto both = ls::copy_to_host(context.gradient_of(example.scores).dense);
    both.push_back(loss.data(0));
    std::vector<double> expected;
    for (std::size_t i = 0; i < both.size(); ++i) expected.push_back(clicks[i] + 0.25 * stars[i]);
    check::close(both, expected, 1e-14);
  }
}

TEST_CASE("weighted_sum: gradients: P1: equal central differences, of any arrays and of losses") {
  check::gradients<WeightedSumCase>();
  check::gradients<TwoLossesCase>();
}

TEST_CASE("weighted_sum: threads: P4: the same bits everywhere") {
  check::same_bits<WeightedSumCase>();
  check::same_bits<TwoLossesCase>();
  check::inference_equals_training<WeightedSumCase>();
}

TEST_CASE(
    "weighted_sum: edges: a constant has no gradient, a weight of 0 gives one of 0, and what is infinite stays so") {
  using Space = Kokkos::Serial;
  using Value = ls::Value<float, 1, Space>;
  const OneNumber model;
  ls::Training<Space> context(model);
  std::vector<float> memory{3};
  const Value constant(ls::View<float, 1, Space>(memory.data(), 1));
  context.backward(ls::weighted_sum(context, {constant, ls::use(context, model.x)}, {5, 0}));
  CHECK(ls::copy_to_host(context.gradient_of(model.x).dense) == std::vector<float>{0});
  context.reset();
  const Value nothing =
      ls::weighted_sum(context, {ls::make_value<float>(context, 0), ls::make_value<float>(context, 0)});
  CHECK(nothing.extent(0) == 0);
  memory[0] = std::numeric_limits<float>::infinity();
  CHECK(
      std::isnan(ls::weighted_sum(context, {constant}, {0}).data(0)));  // as in PyTorch: a loss that is broken is seen
  const Value eight =
      ls::weighted_sum(context, {constant, constant, constant, constant, constant, constant, constant, constant});
  CHECK(eight.data(0) == memory[0]);
}

TEST_CASE("weighted_sum: refused: other extents, too many or no values, other or infinite weights, older values") {
  using Space = Kokkos::Serial;
  using Value = ls::Matrix<float, Space>;
  ls::Inference<Space> context;
  const Value x = ls::make_value<float>(context, 2, 3), other = ls::make_value<float>(context, 2, 4);
  const auto refusal = [&](std::initializer_list<Value> values, const ls::SmallList<double>& weights = {}) {
    return test::error_text<ls::ShapeError>([&] { ls::weighted_sum(context, values, weights); });
  };
  CHECK(refusal({x, other}) == "weighted_sum: extent 1 of value 2 is 4, that of value 1 3");
  CHECK(refusal({}) == "weighted_sum: 0 values came, 1 to 8 are taken");
  CHECK(refusal({x, x, x, x, x, x, x, x, x}) == "weighted_sum: 9 values came, 1 to 8 are taken");
  CHECK(refusal({x, x}, {1}) == "weighted_sum: 1 weights came for 2 values");
  CHECK(refusal({x}, {1, 2, 3, 4, 5, 6, 7, 8, 9}) == "weighted_sum: 9 weights came for 1 values");
  CHECK(refusal({x}, {std::numeric_limits<double>::infinity()}) ==
        "weighted_sum: a weight is a finite number, it is inf");
  CHECK(refusal({x}, {1e300}) == "weighted_sum: a weight is a finite number, it is inf");  // in float
  context.reset();
  CHECK_THROWS_AS(ls::weighted_sum(context, {x}), ls::Error);
}
