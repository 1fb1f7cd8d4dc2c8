// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/core/concepts.hpp>
#include <longshore/core/copy_to.hpp>
#include <longshore/encoders/transformer_encoder.hpp>
#include <vector>

#include "../support/attention_loops.hpp"
#include "../support/check_attending.hpp"
#include "../support/check_twice.hpp"
#include "../support/ragged_case.hpp"
#include "../support/refuses_offsets.hpp"

namespace ls = longshore;

namespace {

/// A stack wired as SASRec (kind 0), as BERT (1), plainly (2), or with positions from the end and everything else (3).
ls::TransformerEncoderSettings settings_of(int kind, ls::Index features, ls::Index heads, ls::Index hidden,
                                           ls::Index layers, ls::Index longest) {
  ls::TransformerEncoderSettings settings{.layer = {.features = features, .heads = heads, .hidden = hidden},
                                          .layers = layers};
  if (kind == 0) {
    settings.layer.causal = settings.layer.norm_first = settings.final_norm = true;
    settings.input_scale = std::sqrt(features);
  }
  if (kind == 1) {
    settings.layer.activation = ls::ActivationKind::gelu;
    settings.input_norm = true;
  }
  if (kind == 3) {
    settings.positions_from = ls::PositionsFrom::end;
    settings.input_norm = settings.final_norm = settings.layer.norm_first = true;
    settings.layer.eps = 1e-3;
  }
  if (kind != 2) settings.longest = longest;
  return settings;
}

template <class Real, class Space>
struct TransformerEncoderCase : RaggedCase<Real, Space, ls::TransformerEncoder> {
  using Base = RaggedCase<Real, Space, ls::TransformerEncoder>;
  using Base::block;

  TransformerEncoderCase(const ls::Random& random, int shape, double dropout = 0)
      : Base(random, shape, 4 + 2 * (shape % 3)) {
    auto settings = settings_of(shape % 4, 4 + 2 * (shape % 3), 1 + shape % 2, 5, 1 + shape / 2 % 2,
                                this->ragged.offsets().longest + 2);
    settings.input_dropout = settings.layer.dropout = settings.layer.attention_dropout = dropout;
    block = ls::TransformerEncoder<Real, Space>(settings, random);
    this->draw_block(random);
  }
  TransformerEncoderCase(const Golden& golden, const std::string& name) : Base(golden, name) {
    const bool placed = golden.has(name + "/block.positions.weights");
    block = ls::TransformerEncoder<Real, Space>(settings_of(
        static_cast<int>(golden.integer(name + "/kind")), golden.shape(name + "/x")[1],
        static_cast<int>(golden.integer(name + "/heads")), golden.shape(name + "/block.layers.0.linear1.weights")[0],
        static_cast<int>(golden.integer(name + "/layers")),
        placed ? golden.shape(name + "/block.positions.weights")[0] : 0));
  }
};

/// The same with dropout everywhere: the same elements in every forward pass of a step.
template <class Real, class Space>
struct DroppedEncoderCase : TransformerEncoderCase<Real, Space> {
  DroppedEncoderCase(const ls::Random& random, int shape) : TransformerEncoderCase<Real, Space>(random, shape, 0.3) {}
};

template <class Real, class Space>
std::vector<double> expected_of(const TransformerEncoderCase<Real, Space>& example) {
  const auto& block = example.block;
  const auto& settings = block.settings;
  const auto features = static_cast<std::size_t>(settings.layer.features);
  const auto& bounds = example.ragged.bounds;
  std::vector<double> y = wide(example.x);
  if (settings.longest > 0) {
    const auto table = wide(block.positions.weights);
    for (std::size_t b = 0; b + 1 < bounds.size(); ++b)
      for (auto row = bounds[b]; row < bounds[b + 1]; ++row)
        for (std::size_t d = 0; d < features; ++d) {
          const bool from_end = settings.positions_from == ls::PositionsFrom::end;
          const auto place = static_cast<std::size_t>(from_end ? bounds[b + 1] - 1 - row : row - bounds[b]);
          double& number = y[static_cast<std::size_t>(row) * features + d];
          number = settings.input_scale * number + table[place * features + d];
        }
  }
  const auto norm = [&](const auto& its) {
    y = reference::layer_norm(y, features, settings.layer.eps, wide(its.weights), wide(its.bias));
  };
  if (settings.input_norm) norm(block.input_norm);
  for (const auto& layer : block.layers) y = by_loops_of_layer(layer, y, bounds);
  if (settings.final_norm) norm(block.final_norm);
  return y;
}

}  // namespace

TEST_CASE("TransformerEncoder: concept: models Encoder; parts that nobody asked for are empty") {
  static_assert(ls::Encoder<ls::TransformerEncoder<float, Kokkos::Serial>, float, Kokkos::Serial>);
  const TransformerEncoderCase<float, Kokkos::Serial> example(ls::Random(1), 1);
  ls::Inference<Kokkos::Serial> context;
  const auto y = example.block(
      context, ls::Sequences<float, Kokkos::Serial>{ls::use(context, example.x), example.ragged.offsets()});
  CHECK(y.count() == 7);
  CHECK(y.offsets.longest == 7);
  const auto names = [](const ls::TransformerEncoder<float, Kokkos::Serial>& block) {
    std::vector<std::string> found;
    ls::visit_parameters(block, [&](const ls::Path& path, const auto&) { found.push_back(path.text()); });
    return found;
  };
  const auto plain = names(ls::TransformerEncoder<float, Kokkos::Serial>(settings_of(2, 4, 2, 8, 2, 0)));
  CHECK(plain.size() == 24);
  CHECK(plain.front() == "layers.0.attention.in_proj.weights");
  CHECK(plain.back() == "layers.1.norm2.bias");
  const auto sasrec = names(ls::TransformerEncoder<float, Kokkos::Serial>(settings_of(0, 4, 2, 8, 1, 50)));
  CHECK(sasrec.size() == 15);
  CHECK(sasrec.front() == "positions.weights");
  CHECK(sasrec.back() == "final_norm.bias");
  CHECK(names(ls::TransformerEncoder<float, Kokkos::Serial>(settings_of(3, 4, 2, 8, 1, 50))).size() == 17);
}

TEST_CASE("TransformerEncoder: concept: layers start with numbers of their own, the same for the same seed") {
  using Block = ls::TransformerEncoder<double, Kokkos::Serial>;
  const auto settings = settings_of(0, 4, 2, 8, 2, 5);
  const Block one(settings, ls::Random(7)), same(settings, ls::Random(7)), other(settings, ls::Random(8));
  const auto weights = [](const Block& block, std::size_t l) { return wide(block.layers[l].linear1.weights); };
  CHECK(weights(one, 0) == weights(same, 0));
  CHECK(weights(one, 0) != weights(one, 1));
  CHECK(weights(one, 0) != weights(other, 0));
  CHECK(wide(one.positions.weights) == wide(same.positions.weights));
  CHECK(wide(one.positions.weights) != wide(other.positions.weights));
}

TEST_CASE_TEMPLATE("TransformerEncoder: hand: silent layers leave the scaled steps with their positions, and norms",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Ragged<Space> ragged({2, 1});
  ls::Tensor<Real, 2, Space> steps(3, 2);
  ls::copy_from_host<Real>({1, 2, 3, 5, -1, -4}, steps.view());
  const auto output = [&](bool final_norm) {
    ls::TransformerEncoder<Real, Space> block({.layer = {.features = 2, .norm_first = true, .eps = 0},
                                               .layers = 3,
                                               .longest = 4,
                                               .input_scale = 2,
                                               .final_norm = final_norm});
    for (auto& layer : block.layers)  // what both branches add is zero
      for (auto* silent : {&layer.attention.out_proj, &layer.linear2}) {
        ls::initialise(silent->weights, ls::constant(0), ls::Random(0));
        ls::initialise(silent->bias, ls::constant(0), ls::Random(0));
      }
    ls::copy_from_host<Real>({10, 20, 30, 40, 0, 0, 0, 0}, block.positions.weights.mutable_view());
    ls::Inference<Space> context;
    const auto y = block(context, ls::Sequences<Real, Space>{steps.view(), ragged.offsets()});
    context.fence();
    return ls::copy_to_host(y.steps.data);
  };
  check::close(output(false), {12, 24, 36, 50, 8, 12}, tolerance<Real>);
  check::close(output(true), {-1, 1, -1, 1, -1, 1}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("TransformerEncoder: reference: equals loops, wired as SASRec, BERT, plainly, or with everything",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 16; ++shape) {
    CAPTURE(shape);
    const TransformerEncoderCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(shape)), shape);
    ls::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    check::close(ls::copy_to_host(value.data), expected_of(example), 3 * tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("TransformerEncoder: golden: output and gradients equal PyTorch's TransformerEncoder", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  // Norms behind sums divide by small deviations now and then: PyTorch in float is no closer.
  check::golden<TransformerEncoderCase, Real, typename Where::Space>("encoders/transformer_encoder",
                                                                     10 * tolerance<Real>);
}

TEST_CASE_TEMPLATE("TransformerEncoder: edges: P13: four layers over steps of 1e4 stay finite, forward and backward",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  TransformerEncoderCase<Real, Space> example(ls::Random(2), 1);
  example.block = ls::TransformerEncoder<Real, Space>(settings_of(0, 6, 2, 8, 4, 7), ls::Random(4));
  check::finite(example, 1e4);
}

TEST_CASE("TransformerEncoder: edges: after the first steps a training step allocates nothing") {
  check::allocates_nothing(TransformerEncoderCase<float, Kokkos::Serial>(ls::Random(6), 7, 0.2));
}

TEST_CASE("TransformerEncoder: edges: input dropout hits training steps alone, another draw each step") {
  using Space = Kokkos::Serial;
  ls::TransformerEncoder<double, Space> block({.layer = {.features = 4, .norm_first = true}, .input_dropout = 0.25},
                                              ls::Random(1));
  ls::initialise(block.layers[0].attention.out_proj.weights, ls::constant(0), ls::Random(0));
  ls::initialise(block.layers[0].linear2.weights, ls::constant(0), ls::Random(0));
  ls::initialise(block.layers[0].linear2.bias, ls::constant(0), ls::Random(0));
  const Ragged<Space> ragged({500});
  ls::Tensor<double, 2, Space> ones(500, 4);
  ls::copy_from_host(std::vector<double>(2000, 3.0), ones.view());
  const auto output = [&](auto& context) {
    check::repeat_step(context);
    return ls::copy_to_host(block(context, ls::Sequences<double, Space>{ones.view(), ragged.offsets()}).steps.data);
  };
  ls::Training<Space> training(block);
  const auto first = output(training);
  std::size_t dropped = 0;
  for (const double number : first) {
    REQUIRE((number == 0 || number == doctest::Approx(4)));
    dropped += number == 0;
  }
  CHECK(dropped > 400);  // 500 of 2000, deviation 19
  CHECK(dropped < 600);
  CHECK(output(training) == first);
  training.set_step(1);
  CHECK(output(training) != first);
  ls::Inference<Space> inference;
  CHECK(output(inference) == std::vector<double>(2000, 3.0));
}

TEST_CASE("TransformerEncoder: edges: a copy, and one in another precision, give the same and stand alone") {
  using Space = Kokkos::Serial;
  for (const int shape : {1, 6, 7}) {
    CAPTURE(shape);
    TransformerEncoderCase<float, Space> example(ls::Random(8), shape);
    ls::Inference<Space> context;
    const auto expected = ls::copy_to_host(example(context).data);
    REQUIRE(!expected.empty());
    auto twin = example;
    const auto precise = ls::copy_to<Space, double>(example.block);
    for (auto& layer : example.block.layers) ls::initialise(layer.linear1.bias, ls::constant(9), ls::Random(0));
    CHECK(ls::copy_to_host(twin(context).data) == expected);
    CHECK(ls::copy_to_host(example(context).data) != expected);
    auto steps = random_input<double, 2, Space>(ls::Random(0), example.x.extent(0), example.x.extent(1));
    const auto x = ls::copy_to_host(twin.x.view());
    ls::copy_from_host(std::vector<double>(x.begin(), x.end()), steps.mutable_view());
    const auto y = precise(context, ls::Sequences<double, Space>{ls::use(context, steps), twin.ragged.offsets()});
    check::close(expected, ls::copy_to_host(y.steps.data), tolerance<float>);
  }
}

TEST_CASE("TransformerEncoder: gradients: P1: equal central differences") {
  check::gradients<TransformerEncoderCase>();
}

TEST_CASE("TransformerEncoder: gradients: with dropped elements too") { check::gradients<DroppedEncoderCase>(10); }

TEST_CASE("TransformerEncoder: gradients: two uses of a value add up") {
  for (const int shape : {1, 4, 6, 7})
    check::twice(TransformerEncoderCase<double, Kokkos::Serial>(ls::Random(3), shape));
}

TEST_CASE("TransformerEncoder: threads: the same bits everywhere") {
  check::same_bits<TransformerEncoderCase>(8);
  check::same_bits<DroppedEncoderCase>(8);
  check::inference_equals_training<TransformerEncoderCase>();
}

TEST_CASE("TransformerEncoder: concept: looks ahead unless it is causal and counts positions from the start") {
  using Block = ls::TransformerEncoder<float, Kokkos::Serial>;
  const auto sees_ahead = [](bool causal, ls::Index longest, ls::PositionsFrom from) {
    return Block({.layer = {.features = 2, .causal = causal}, .longest = longest, .positions_from = from}).sees_ahead();
  };
  CHECK_FALSE(sees_ahead(true, 3, ls::PositionsFrom::start));
  CHECK_FALSE(sees_ahead(true, 0, ls::PositionsFrom::end));  // no positions
  CHECK(sees_ahead(true, 3, ls::PositionsFrom::end));
  CHECK(sees_ahead(false, 3, ls::PositionsFrom::start));
}

TEST_CASE("TransformerEncoder: refused: other features, sequences without positions, and settings that make no sense") {
  using Space = Kokkos::Serial;
  using Block = ls::TransformerEncoder<float, Space>;
  const Block block({.layer = {.features = 4}, .longest = 2});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> wide_steps(3, 5), steps(3, 4);
  const Ragged<Space> ragged({3});
  CHECK_THROWS_WITH_AS(block(context, ls::Sequences<float, Space>{wide_steps.view(), ragged.offsets()}),
                       "TransformerEncoder: x has 5 features, 4 are expected", ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      block(context, ls::Sequences<float, Space>{steps.view(), ragged.offsets()}),
      "PositionEmbedding: a sequence has 3 steps, the table has rows for 2; raise .longest or cut the sequences",
      ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.layer = {.features = 4}, .layers = 0}),
                       "TransformerEncoder: layers is at least 1, it is 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.layer = {.features = 4}, .longest = -1}),
                       "TransformerEncoder: longest is at least 0, it is -1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.layer = {.features = 4}, .input_scale = 2}),
                       "TransformerEncoder: input_scale is applied with positions; set .longest, or leave it at 1",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(
      Block({.layer = {.features = 4}, .longest = 3, .input_scale = std::numeric_limits<double>::quiet_NaN()}),
      "TransformerEncoder: input_scale is a finite number, it is nan", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.layer = {.features = 4}, .input_dropout = 1}),
                       "TransformerEncoder: input_dropout is at least 0 and below 1, it is 1", ls::ShapeError);
  CHECK_THROWS_WITH_AS(Block({.layer = {.features = 4, .heads = 3}}), "SelfAttention: 3 heads do not divide 4 features",
                       ls::ShapeError);
  test::refuses_offsets(Block({.layer = {.features = 4}, .longest = 4}), 4);
}
