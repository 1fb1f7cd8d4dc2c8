// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/encoders/transformer_layer.hpp>
#include <vector>

#include "../support/attention_loops.hpp"
#include "../support/check_attending.hpp"
#include "../support/check_twice.hpp"
#include "../support/ragged_case.hpp"
#include "../support/refuses_offsets.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct TransformerLayerCase : RaggedCase<Real, Space, ls::TransformerLayer> {
  using Base = RaggedCase<Real, Space, ls::TransformerLayer>;
  using Base::block;

  TransformerLayerCase(const ls::Random& random, int shape, double dropout = 0)
      : Base(random, shape, heads_of(shape) * each_of(shape)) {
    const int hidden[] = {4, 7, 0, 1, 20};
    const ls::ActivationKind kinds[] = {ls::ActivationKind::gelu, ls::ActivationKind::relu, ls::ActivationKind::tanh,
                                        ls::ActivationKind::silu};
    block = ls::TransformerLayer<Real, Space>({.features = heads_of(shape) * each_of(shape),
                                               .heads = heads_of(shape),
                                               .hidden = hidden[shape % 5],
                                               .causal = shape % 2 == 0,
                                               .norm_first = shape % 4 >= 2,
                                               .activation = kinds[dropout > 0 ? shape % 4 : shape % 2],
                                               .dropout = dropout,
                                               .attention_dropout = dropout / 2},
                                              random);
    this->draw_block(random);
  }
  TransformerLayerCase(const Golden& golden, const std::string& name) : Base(golden, name) {
    const bool gelu = golden.integer(name + "/gelu") != 0;
    block =
        ls::TransformerLayer<Real, Space>({.features = golden.shape(name + "/x")[1],
                                           .heads = static_cast<int>(golden.integer(name + "/heads")),
                                           .hidden = golden.shape(name + "/block.linear1.weights")[0],
                                           .causal = golden.integer(name + "/causal") != 0,
                                           .norm_first = golden.integer(name + "/norm_first") != 0,
                                           .activation = gelu ? ls::ActivationKind::gelu : ls::ActivationKind::relu});
  }
  static int heads_of(int shape) { return std::array{1, 2, 1, 3, 2}[static_cast<std::size_t>(shape % 5)]; }
  static int each_of(int shape) { return std::array{3, 2, 5, 2, 8}[static_cast<std::size_t>(shape % 5)]; }
};

/// The same with dropout everywhere: the same elements in every forward pass of a step.
template <class Real, class Space>
struct DroppedLayerCase : TransformerLayerCase<Real, Space> {
  DroppedLayerCase(const ls::Random& random, int shape) : TransformerLayerCase<Real, Space>(random, shape, 0.4) {}
};

template <class Real, class Space>
std::vector<double> expected_of(const TransformerLayerCase<Real, Space>& example) {
  return by_loops_of_layer(example.block, wide(example.x), example.ragged.bounds);
}

/// A layer whose branches give zeros, or ones where dropout hits nothing: its output shows what dropout did.
template <class Real, class Space>
ls::TransformerLayer<Real, Space> silent_layer(const ls::TransformerLayerSettings& settings, Real attention, Real inner,
                                               Real outer) {
  ls::TransformerLayer<Real, Space> block(settings);
  ls::visit_parameters(
      block, [](const ls::Path&, auto& parameter) { ls::initialise(parameter, ls::constant(0), ls::Random(0)); });
  ls::initialise(block.attention.out_proj.bias, ls::constant(static_cast<double>(attention)), ls::Random(0));
  ls::initialise(block.linear1.bias, ls::constant(1), ls::Random(0));
  ls::initialise(block.linear2.weights, ls::constant(static_cast<double>(inner)), ls::Random(0));
  ls::initialise(block.linear2.bias, ls::constant(static_cast<double>(outer)), ls::Random(0));
  return block;
}

struct Moments {
  double mean = 0, variance = 0;
};

template <class Real>
Moments moments_of(const std::vector<Real>& numbers) {
  Moments m;
  const auto count = static_cast<double>(numbers.size());
  for (const Real x : numbers) m.mean += static_cast<double>(x) / count;
  for (const Real x : numbers)
    m.variance += (static_cast<double>(x) - m.mean) * (static_cast<double>(x) - m.mean) / count;
  return m;
}

}  // namespace

TEST_CASE("TransformerLayer: concept: models Encoder and is as wide as its settings say") {
  static_assert(ls::Encoder<ls::TransformerLayer<float, Kokkos::Serial>, float, Kokkos::Serial>);
  const TransformerLayerCase<float, Kokkos::Serial> example(ls::Random(1), 1);
  ls::Inference<Kokkos::Serial> context;
  const auto y = example.block(
      context, ls::Sequences<float, Kokkos::Serial>{ls::use(context, example.x), example.ragged.offsets()});
  CHECK(y.count() == 7);
  CHECK(y.offsets.longest == 7);
  CHECK(y.steps.extent(0) == 13);
  CHECK(y.steps.extent(1) == 4);
  const ls::TransformerLayer<float, Kokkos::Serial> plain({.features = 6});
  CHECK(plain.linear1.weights.extent(0) == 6);  // hidden: as many as features
  const ls::TransformerLayer<float, Kokkos::Serial> wider({.features = 6, .hidden = 9});
  CHECK(wider.linear1.weights.extent(0) == 9);
  CHECK(wider.linear2.weights.extent(1) == 9);
}

TEST_CASE_TEMPLATE("TransformerLayer: hand: two steps of two features, norms first and behind", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Ragged<Space> ragged({2});
  ls::Tensor<Real, 2, Space> steps(2, 2);
  ls::copy_from_host<Real>({1, 3, -2, 4}, steps.view());
  for (const bool norm_first : {true, false}) {
    // Queries and keys are zero, so both steps get the mean of the values; values are what attention sees.
    ls::TransformerLayer<Real, Space> block({.features = 2, .hidden = 1, .norm_first = norm_first, .eps = 0});
    ls::copy_from_host<Real>({0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1}, block.attention.in_proj.weights.mutable_view());
    ls::copy_from_host<Real>({1, 0, 0, 1}, block.attention.out_proj.weights.mutable_view());
    ls::copy_from_host<Real>({2, 0}, block.linear1.weights.mutable_view());
    ls::copy_from_host<Real>({1}, block.linear1.bias.mutable_view());
    ls::copy_from_host<Real>({1, 10}, block.linear2.weights.mutable_view());
    ls::copy_from_host<Real>({0.5, 0}, block.linear2.bias.mutable_view());
    ls::Inference<Space> context;
    const auto y = block(context, ls::Sequences<Real, Space>{steps.view(), ragged.offsets()});
    context.fence();
    // A norm of two numbers gives -1 for the smaller and 1 for the larger, whatever they are.
    // First: attention sees (-1, 1) twice and gives it; sums (0, 4) and (-3, 5); feed forward sees (-1, 1) and
    // relu(-2 + 1) is 0, so it adds (0.5, 0).
    // Behind: attention gives the mean (-0.5, 3.5); sums (0.5, 6.5) and (-2.5, 7.5), normed (-1, 1); feed forward adds
    // (0.5, 0): (-0.5, 1), normed (-1, 1).
    const std::vector<double> first{0.5, 4, -2.5, 5}, behind{-1, 1, -1, 1};
    check::close(ls::copy_to_host(y.steps.data), norm_first ? first : behind, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("TransformerLayer: reference: equals loops over sequences, heads, steps and keys", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 20; ++shape) {
    CAPTURE(shape);
    const TransformerLayerCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    check::close(ls::copy_to_host(value.data), expected_of(example), 3 * tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("TransformerLayer: reference: wide heads, many steps, several teams", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const bool norm_first : {true, false}) {
    TransformerLayerCase<Real, Space> example(ls::Random(9), 0);
    example.ragged = Ragged<Space>({150, 3, 64, 0, 65, 130});
    example.x = random_input<Real, 2, Space>(ls::Random(10), 412, 64);
    example.block = ls::TransformerLayer<Real, Space>(
        {.features = 64, .heads = 2, .hidden = 96, .causal = true, .norm_first = norm_first}, ls::Random(11));
    ls::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    check::close(ls::copy_to_host(value.data), expected_of(example), 3 * tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("TransformerLayer: golden: output and gradients equal PyTorch's TransformerEncoderLayer", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  // Norms behind sums divide by small deviations now and then: PyTorch in float is no closer.
  check::golden<TransformerLayerCase, Real, typename Where::Space>("encoders/transformer_layer", 10 * tolerance<Real>);
}

TEST_CASE_TEMPLATE("TransformerLayer: edges: P13: steps of 1e4 stay finite, forward and backward", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int shape : {4, 9}) {
    TransformerLayerCase<Real, Space> example(ls::Random(2), shape);
    check::finite(example, 1e4);
  }
}

TEST_CASE_TEMPLATE("TransformerLayer: edges: causal steps do not depend on what follows, bit for bit", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  TransformerLayerCase<Real, Space> example(ls::Random(2), 4);
  check::causal(example);
}

TEST_CASE("TransformerLayer: edges: a sequence of 10,000 steps needs no memory that grows with the square") {
  using Space = Kokkos::DefaultHostExecutionSpace;
  check::long_sequence(ls::TransformerLayer<float, Space>({.features = 4, .heads = 2, .hidden = 8, .causal = true}));
}

TEST_CASE("TransformerLayer: edges: without sequences or steps the gradients of parameters are written, as zeros") {
  using Space = Kokkos::Serial;
  for (const int shape : {2, 3}) {
    const TransformerLayerCase<double, Space> example(ls::Random(4), shape);
    ls::Training<Space> context(example);
    const auto y = example(context);
    REQUIRE(y.data.size() == 0);
    const double nothing = 0;
    context.backward(y, ls::View<const double, 2, Space>(&nothing, 0, y.extent(1)));
    int written = 0;
    ls::visit_parameters(example.block, [&](const ls::Path& path, const auto& parameter) {
      CAPTURE(path.text());
      const auto gradient = context.gradient_of(parameter);
      REQUIRE(gradient.dense.data() != nullptr);
      for (const double number : ls::copy_to_host(gradient.dense)) REQUIRE(number == 0);
      ++written;
    });
    CHECK(written == 12);
  }
}

TEST_CASE("TransformerLayer: edges: frozen parts get no gradient and the others the same bits") {
  using Space = Kokkos::Serial;
  for (const int shape : {1, 6}) {
    TransformerLayerCase<double, Space> example(ls::Random(5), shape);
    ls::Training<Space> all(example);
    const auto expected = check::run<double>(all, example);
    example.x.frozen = example.block.norm1.weights.frozen = example.block.linear2.bias.frozen = true;
    example.block.attention.in_proj.weights.frozen = true;
    ls::Training<Space> some(example);
    const auto outcome = check::run<double>(some, example);
    CHECK(outcome.gradients.size() == expected.gradients.size() - 4);
    for (const auto& entry : outcome.gradients) {
      CAPTURE(entry.first);
      CHECK(entry.second == expected.gradients.at(entry.first));
    }
  }
}

TEST_CASE("TransformerLayer: edges: after the first steps a training step allocates nothing") {
  check::allocates_nothing(TransformerLayerCase<float, Kokkos::Serial>(ls::Random(6), 6, 0.2));
}

TEST_CASE("TransformerLayer: gradients: P1: equal central differences") { check::gradients<TransformerLayerCase>(); }

TEST_CASE("TransformerLayer: gradients: with dropped elements too") { check::gradients<DroppedLayerCase>(12); }

TEST_CASE("TransformerLayer: gradients: two uses of a value add up") {
  for (const int shape : {0, 1, 6, 8}) check::twice(TransformerLayerCase<double, Kokkos::Serial>(ls::Random(3), shape));
}

TEST_CASE_TEMPLATE("TransformerLayer: edges: each dropout keeps the mean, hits independently, and is off in inference",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::Index steps = 2000, features = 66;  // more than one run of 64 draws
  const Ragged<Space> ragged(std::vector<ls::Index>(40, 50));
  ls::Tensor<Real, 2, Space> x(steps, features);
  const ls::TransformerLayerSettings settings{.features = features, .hidden = 100, .norm_first = true, .dropout = 0.25};
  const double each = 0.25 / 0.75;  // variance of a kept or dropped one
  const auto numbers_of = [&](const auto& block, auto& context) {
    check::repeat_step(context);
    const auto y = block(context, ls::Sequences<Real, Space>{x.view(), ragged.offsets()});
    context.fence();
    return ls::copy_to_host(y.steps.data);
  };
  const auto check_moments = [&](const auto& block, double variance) {
    ls::Training<Space> context(block);
    const auto first = numbers_of(block, context);
    const Moments m = moments_of(first);
    CHECK(m.mean == doctest::Approx(1).epsilon(0.02));
    CHECK(m.variance == doctest::Approx(variance).epsilon(0.05));
    // Neighbours and rows do not follow each other.
    double along = 0, across = 0;
    const std::size_t count = first.size() - features;
    for (std::size_t i = 0; i < count; ++i) {
      const double own = static_cast<double>(first[i]) - m.mean;
      along += own * (static_cast<double>(first[i + 1]) - m.mean) / static_cast<double>(count);
      across += own * (static_cast<double>(first[i + features]) - m.mean) / static_cast<double>(count);
    }
    if (variance == each) CHECK(std::abs(along) < 0.02 * variance);
    CHECK(std::abs(across) < 0.02 * variance + 0.001);
    CHECK(numbers_of(block, context) == first);
    context.set_step(1);
    CHECK(numbers_of(block, context) != first);
    ls::Inference<Space> inference;
    for (const Real number : numbers_of(block, inference)) REQUIRE(static_cast<double>(number) == doctest::Approx(1));
  };
  check_moments(silent_layer<Real, Space>(settings, 1, 0, 0), each);  // behind attention
  check_moments(silent_layer<Real, Space>(settings, 0, 0, 1), each);  // behind feed forward
  // Inside feed forward and behind it: the mean of 100 units, each dropped, and then a whole number dropped.
  const double inside = each / 100;
  check_moments(silent_layer<Real, Space>(settings, 0, Real(0.01), 0), (1 + inside) * (1 + each) - 1);
}

TEST_CASE("TransformerLayer: threads: the same bits everywhere") {
  check::same_bits<TransformerLayerCase>(10);
  check::same_bits<DroppedLayerCase>(10);
  check::inference_equals_training<TransformerLayerCase>();
}

TEST_CASE("TransformerLayer: refused: another number of features, heads that do not divide them, bad sizes and rates") {
  using Space = Kokkos::Serial;
  using Block = ls::TransformerLayer<float, Space>;
  const Block block({.features = 4, .heads = 2});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> wide_steps(3, 5);
  CHECK_THROWS_WITH_AS(block(context, ls::Sequences<float, Space>{wide_steps.view(), Ragged<Space>({3}).offsets()}),
                       "TransformerLayer: x has 5 features, 4 are expected", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .heads = 3}), "SelfAttention: 3 heads do not divide 4 features",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 0}), "SelfAttention: features and heads are at least 1, they are 0 and 1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .hidden = -1}), "TransformerLayer: hidden is at least 0, it is -1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .dropout = 1}),
                       "TransformerLayer: dropout is at least 0 and below 1, it is 1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .attention_dropout = -0.5}),
                       "SelfAttention: dropout is at least 0 and below 1, it is -0.5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.features = 4, .eps = -1}), "LayerNorm: eps is finite and at least 0, it is -1",
                       ls::ShapeError);
  test::refuses_offsets(block, 4);
}
