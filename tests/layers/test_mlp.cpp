// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/layers/mlp.hpp>
#include <vector>

#include "../support/check_block.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct MlpCase {
  ls::Parameter<Real, 2, Space> x;  // (B, in)
  ls::Mlp<Real, Space> block;

  MlpCase(const ls::Random& random, int shape) {
    constexpr int inputs[][2] = {{1, 1}, {3, 4}, {5, 33}, {0, 5}, {17, 6}, {2, 8}};
    const ls::SmallList<ls::Index> sizes[] = {{1}, {5, 1}, {16, 7, 3}, {4, 2}, {3, 4, 5, 6, 7, 8, 9, 2}, {40, 8}};
    // Kinds without kinks, so that central differences are sharp.
    const ls::ActivationKind kinds[] = {ls::ActivationKind::tanh, ls::ActivationKind::gelu, ls::ActivationKind::sigmoid,
                                        ls::ActivationKind::softplus};
    const int s = shape % 6;
    const auto [rows, in] = extents_of(inputs, random, shape);
    x = random_input<Real, 2, Space>(random.stream("x"), rows, in);
    block = ls::Mlp<Real, Space>({.in = in,
                                  .sizes = sizes[s],
                                  // Eight sigmoids leave too little of a gradient to compare.
                                  .activation = kinds[s == 4 ? 0 : shape % 4],
                                  .last_activation = shape % 3 == 0 ? kinds[shape % 2] : ls::ActivationKind::identity},
                                 random);
  }
  MlpCase(const Golden& golden, const std::string& name)
      : x(golden.shape(name + "/x")[0], golden.shape(name + "/x")[1]) {
    // The order of the generator's list.
    const ls::ActivationKind kinds[] = {ls::ActivationKind::identity,   ls::ActivationKind::relu,
                                        ls::ActivationKind::leaky_relu, ls::ActivationKind::gelu,
                                        ls::ActivationKind::sigmoid,    ls::ActivationKind::tanh};
    ls::MlpSettings settings{.in = x.extent(1),
                             .activation = kinds[golden.integer(name + "/activation")],
                             .last_activation = kinds[golden.integer(name + "/last_activation")]};
    for (int l = 0; golden.has(name + "/block.layers." + std::to_string(l) + ".bias"); ++l)
      settings.sizes.add(golden.shape(name + "/block.layers." + std::to_string(l) + ".bias")[0]);
    block = ls::Mlp<Real, Space>(settings);
  }

  auto operator()(auto& context) const { return block(context, ls::use(context, x)); }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("block", block);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("Mlp: hand: two layers with relu between and sigmoid behind", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  ls::Mlp<Real, Space> mlp({.in = 2, .sizes = {2, 1}, .last_activation = ls::ActivationKind::sigmoid});
  ls::copy_from_host<Real>({1, 1, 1, -1}, mlp.layers[0].weights.mutable_view());
  ls::copy_from_host<Real>({0, 1}, mlp.layers[0].bias.mutable_view());
  ls::copy_from_host<Real>({2, -1}, mlp.layers[1].weights.mutable_view());
  ls::copy_from_host<Real>({-5}, mlp.layers[1].bias.mutable_view());
  ls::Tensor<Real, 2, Space> x(2, 2);
  ls::copy_from_host<Real>({1, 2, 3, 1}, x.view());
  ls::Inference<Space> context;
  // (3, 0) and (4, 3) behind relu, then 6 - 5 and 8 - 3 - 5.
  const auto y = mlp(context, ls::Matrix<Real, Space>(x.view()));
  context.fence();
  check::close(ls::copy_to_host(y.data), {1 / (1 + std::exp(-1.0)), 0.5}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("Mlp: reference: equals loops layer by layer", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 6; ++shape) {
    CAPTURE(shape);
    MlpCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(shape)), shape);
    example.block.settings.activation = ls::ActivationKind::leaky_relu;
    example.block.settings.slope = 0.25;
    example.block.settings.last_activation = ls::ActivationKind::relu;
    ls::Inference<Space> context;
    const auto actual = ls::copy_to_host(example(context).data);
    const auto host = ls::copy_to_host(example.x.view());
    std::vector<double> rows(host.begin(), host.end());
    for (std::size_t l = 0; l < example.block.layers.size(); ++l) {
      const auto& layer = example.block.layers[l];
      const auto weights = ls::copy_to_host(layer.weights.view()), bias = ls::copy_to_host(layer.bias.view());
      const auto in = static_cast<std::size_t>(layer.settings.in), out = static_cast<std::size_t>(layer.settings.out);
      std::vector<double> next;
      for (std::size_t b = 0; b < static_cast<std::size_t>(example.x.extent(0)); ++b)
        for (std::size_t o = 0; o < out; ++o) {
          double sum = static_cast<double>(bias[o]);
          for (std::size_t i = 0; i < in; ++i) sum += static_cast<double>(weights[o * in + i]) * rows[b * in + i];
          next.push_back(sum >= 0 ? sum : l + 1 == example.block.layers.size() ? 0 : 0.25 * sum);
        }
      rows = next;
    }
    check::close(actual, rows, tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("Mlp: golden: output and gradients equal PyTorch's Sequential", Where, LONGSHORE_EVERYWHERE) {
  check::golden<MlpCase, typename Where::Real, typename Where::Space>("layers/mlp");
}

TEST_CASE("Mlp: gradients: P1: equal central differences") { check::gradients<MlpCase>(); }

TEST_CASE("Mlp: threads: the same bits everywhere") {
  check::same_bits<MlpCase>(12);
  check::inference_equals_training<MlpCase>(12);
}

TEST_CASE_TEMPLATE("Mlp: edges: rows, candidates, steps and parts give the same numbers", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::Mlp<Real, Space> mlp({.in = 5, .sizes = {8, 3}}, ls::Random(1));
  const auto x = random_input<Real, 2, Space>(ls::Random(2), 6, 5);
  ls::Inference<Space> context;
  const auto rows = ls::use(context, x);
  const auto expected = ls::copy_to_host(mlp(context, rows).data);
  const auto cube = mlp(context, ls::reshape(rows, 2, 3, 5));
  CHECK(cube.extent(1) == 3);
  CHECK(ls::copy_to_host(cube.data) == expected);
  ls::Tensor<ls::Index, 1, Space> offsets(3);
  ls::copy_from_host<ls::Index>({0, 0, 6}, offsets.view());
  const auto sequences = mlp(context, ls::Sequences<Real, Space>{rows, {offsets.view(), 6}});
  CHECK(sequences.count() == 2);
  CHECK(ls::copy_to_host(sequences.steps.data) == expected);
  const ls::InterestList<Real, Space> one("test", {rows});
  CHECK(ls::copy_to_host(mlp(context, one).data) == expected);
}

TEST_CASE(
    "Mlp: edges: dropout acts in training only, behind hidden layers, and behind the first ones where that is set") {
  using Space = Kokkos::Serial;
  const auto zeros_behind = [](int dropout_layers) {
    ls::Mlp<double, Space> mlp({.in = 4,
                                .sizes = {200, 200},
                                .last_activation = ls::ActivationKind::softplus,
                                .dropout = 0.5,
                                .dropout_layers = dropout_layers},
                               ls::Random(1));
    // The second layer hands the hidden units on, so that dropped ones are seen behind it as softplus(0).
    std::vector<double> identity(200 * 200, 0.0);
    for (std::size_t i = 0; i < 200; ++i) identity[i * 200 + i] = 1;
    ls::copy_from_host(identity, mlp.layers[1].weights.mutable_view());
    ls::copy_from_host(std::vector<double>(200, 0.0), mlp.layers[1].bias.mutable_view());
    ls::copy_from_host(std::vector<double>(200, 1.0), mlp.layers[0].bias.mutable_view());
    ls::Tensor<double, 2, Space> x(1, 4);
    ls::Training<Space> training(mlp, ls::Random(3));
    ls::Inference<Space> inference;
    const ls::Matrix<double, Space> rows(x.view());
    int dropped = 0;
    for (const double y : ls::copy_to_host(mlp(training, rows).data)) dropped += y == std::log(2.0);
    for (const double y : ls::copy_to_host(mlp(inference, rows).data))
      CHECK(y == doctest::Approx(std::log1p(std::exp(1.0))));
    return dropped;
  };
  const int dropped = zeros_behind(8);
  CHECK(dropped > 60);
  CHECK(dropped < 140);
  CHECK(zeros_behind(0) == 0);
  CHECK(zeros_behind(1) == dropped);
}

TEST_CASE("Mlp: edges: logits of 1e4 in size stay finite, forward and backward") {
  using Space = Kokkos::Serial;
  MlpCase<float, Space> example(ls::Random(5), 2);  // sigmoid between the layers
  ls::initialise(example.x, ls::normal(1e4), ls::Random(6));
  ls::Training<Space> context(example);
  const auto outcome = check::run<float>(context, example);
  for (const float y : outcome.output) CHECK(std::isfinite(y));
  for (const auto& [name, gradient] : outcome.gradients)
    for (const float g : gradient) REQUIRE(std::isfinite(g));
}

TEST_CASE("Mlp: edges: P22: one to eight sizes") {
  using Block = ls::Mlp<float, Kokkos::Serial>;
  CHECK(Block({.in = 3, .sizes = {1, 2, 3, 4, 5, 6, 7}}).layers.size() == 7);
  CHECK(Block({.in = 3, .sizes = {1, 2, 3, 4, 5, 6, 7, 8}}).layers.size() == 8);
  CHECK_THROWS_WITH_AS(Block({.in = 3, .sizes = {1, 2, 3, 4, 5, 6, 7, 8, 9}}),
                       "Mlp: .sizes has 9 values, at most 8 fit", ls::ShapeError);
}

TEST_CASE("Mlp: refused: no layers, sizes below one, a rate of one, another number of features") {
  using Space = Kokkos::Serial;
  using Block = ls::Mlp<float, Space>;
  CHECK_THROWS_WITH_AS(Block({.in = 3}), "Mlp: sizes are empty; name at least the size of the result", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.in = 3, .sizes = {4, 0}}), "Mlp: sizes are at least 1, a layer has in 4 and out 0",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.in = 3, .sizes = {4}, .dropout = 1}),
                       "Mlp: the dropout rate is at least 0 and below 1, it is 1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.in = 3, .sizes = {4}, .slope = std::numeric_limits<double>::quiet_NaN()}),
                       "Mlp: slope is a finite number, it is nan", ls::ShapeError);
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(2, 4);
  const ls::Matrix<float, Space> rows(x.view());
  CHECK_THROWS_WITH_AS(Block({.in = 3, .sizes = {4}})(context, rows), "Linear: x has 4 features, the weights expect 3",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block()(context, rows), "Mlp: has no layers; give it settings", ls::ShapeError);
}

TEST_CASE("Mlp: concept: models Layer, and starts as PyTorch's layers do, each with numbers of its own") {
  using Space = Kokkos::Serial;
  static_assert(ls::Layer<ls::Mlp<float, Space>, float, Space>);
  const ls::Mlp<float, Space> mlp({.in = 4, .sizes = {4, 4}}, ls::Random(1));
  CHECK(mlp.out() == 4);
  CHECK(ls::copy_to_host(mlp.layers[0].weights.view()) != ls::copy_to_host(mlp.layers[1].weights.view()));
  for (const float w : ls::copy_to_host(mlp.layers[0].weights.view())) CHECK(std::abs(w) <= 0.5f);
}
