// SPDX-License-Identifier: Apache-2.0
#include <longshore/encoders/gru.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/copy_to.hpp>
#include <vector>

#include "../support/check_recurrent.hpp"
#include "../support/refuses_offsets.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct GruCase : RecurrentCase<Real, Space, ls::Gru> {
  GruCase(const ls::Random& random, int number) {
    const RecurrentShape shape = recurrent_shape(number);
    this->set_inputs(random, shape);
    this->block =
        ls::Gru<Real, Space>({.in = shape.in,
                              .hidden = shape.hidden,
                              .layers = shape.layers,
                              .bidirectional = shape.bidirectional,
                              .bias = shape.bias,
                              .dropout = shape.dropout,
                              .variant = number % 2 == 0 ? ls::GruVariant::reset_after : ls::GruVariant::reset_before},
                             random);
    this->last = number % 3 != 2;
  }
  GruCase(const Golden& golden, const std::string& name) {
    this->set_golden_inputs(golden, name);
    this->block = ls::Gru<Real, Space>({.in = golden.shape(name + "/x")[1],
                                        .hidden = static_cast<int>(golden.integer(name + "/hidden_size")),
                                        .layers = static_cast<int>(golden.integer(name + "/layers")),
                                        .bidirectional = golden.integer(name + "/bidirectional") != 0,
                                        .bias = golden.integer(name + "/bias") != 0});
  }
};

const reference::Cell cell_of(bool reset_after) {
  return [reset_after](const reference::Layer& layer, const reference::Numbers& x, const reference::State& before) {
    return reference::gru_cell(layer, x, before, reset_after);
  };
}

}  // namespace

TEST_CASE("Gru: concept: models Encoder, and names its parts as PyTorch's layers lie") {
  check::named_parts<ls::Gru>();
}

TEST_CASE("Gru: concept: starts uniform within 1 / sqrt(hidden), or as the settings say") {
  check::starts_uniform<ls::Gru>();
}

TEST_CASE_TEMPLATE("Gru: hand: two steps of one unit, the reset gate after and before the product", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const auto variant : {ls::GruVariant::reset_after, ls::GruVariant::reset_before}) {
    ls::Gru<Real, Space> gru({.in = 1, .hidden = 1, .variant = variant});
    // W x is x in every gate, W' h' is h' / 2, and n has a bias of 1 beside h'.
    ls::copy_from_host<Real>({1, 1, 1}, gru.layers[0].weights_input.mutable_view());
    ls::copy_from_host<Real>({0.5, 0.5, 0.5}, gru.layers[0].weights_hidden.mutable_view());
    ls::copy_from_host<Real>({0, 0, 0}, gru.layers[0].bias_input.mutable_view());
    ls::copy_from_host<Real>({0, 0, 1}, gru.layers[0].bias_hidden.mutable_view());
    ls::Tensor<Real, 2, Space> x(2, 1);
    ls::copy_from_host<Real>({1, -2}, x.view());
    ls::Tensor<ls::Index, 1, Space> rows(2);
    ls::copy_from_host<ls::Index>({0, 2}, rows.view());
    ls::Inference<Space> context;
    const auto result = gru.encode(context, {x.view(), {rows.view(), 2}});
    context.fence();
    const bool after = variant == ls::GruVariant::reset_after;
    const double z1 = 0.731058578630005;  // s(1), and so is r
    const double h1 = (1 - z1) * std::tanh(1 + (after ? z1 : 1));
    const double z2 = 1 / (1 + std::exp(2 - h1 / 2));
    const double n2 = std::tanh(-2 + (after ? z2 * (h1 / 2 + 1) : z2 * h1 / 2 + 1));
    const auto steps = ls::copy_to_host(result.steps.steps.data);
    CHECK(steps[0] == doctest::Approx(h1));
    CHECK(steps[1] == doctest::Approx((1 - z2) * n2 + z2 * h1));
    CHECK(ls::copy_to_host(result.last.hidden.data)[0] == steps[1]);
    CHECK(result.last.cell.data.size() == 0);
  }
}

TEST_CASE_TEMPLATE("Gru: reference: equals loops over layers, directions, steps and units, in both variants", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int number = 0; number < 10; ++number)
    for (const auto variant : {ls::GruVariant::reset_after, ls::GruVariant::reset_before}) {
      CAPTURE(number);
      GruCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(number)), number);
      example.block.settings.variant = variant;
      ls::Inference<Space> context;
      const auto value = example(context);
      context.fence();
      const bool after = variant == ls::GruVariant::reset_after;
      check::close(ls::copy_to_host(value.data), recurrent_reference(example, cell_of(after)), tolerance<Real>);
    }
}

TEST_CASE_TEMPLATE("Gru: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<GruCase, typename Where::Real, typename Where::Space>("encoders/gru");
}

TEST_CASE_TEMPLATE("Gru: edges: a sequence gives the same bits alone, in a batch, and step by step", Where,
                   LONGSHORE_EVERYWHERE) {
  check::going_on<ls::Gru, typename Where::Real, typename Where::Space>();
}

TEST_CASE_TEMPLATE("Gru: edges: thousands of sequences, a long one, huge input and not-a-number", Where,
                   LONGSHORE_EVERYWHERE) {
  check::extremes<ls::Gru, typename Where::Real, typename Where::Space>(cell_of(true));
}

TEST_CASE("Gru: gradients: P1: equal central differences") { check::gradients<GruCase>(); }

TEST_CASE("Gru: gradients: come from the last states alone, and reach one vector that starts one layer") {
  check::last_alone<ls::Gru>();
  check::unreached<ls::Gru>();
}

TEST_CASE("Gru: gradients: frozen parts get none, the others keep theirs") { check::frozen_parts<GruCase>(); }

TEST_CASE("Gru: threads: the same bits everywhere") { check::same_bits<GruCase>(10); }

TEST_CASE("Gru: threads: inference gives the bits of training") {
  check::inference_equals_training_without_dropout<GruCase>();
}

TEST_CASE("Gru: concept: a copy in another precision gives the same to rounding") {
  using Space = Kokkos::Serial;
  const GruCase<double, Space> wide(ls::Random(3), 2);
  GruCase<float, Space> narrow(ls::Random(3), 2);
  narrow.block = ls::copy_to<Space, float>(wide.block);
  ls::Inference<Space> context;
  check::close(ls::copy_to_host(narrow(context).data), ls::copy_to_host(wide(context).data), tolerance<float>);
}

TEST_CASE("Gru: refused: other features and states, and settings out of range") {
  using Space = Kokkos::Serial;
  using Block = ls::Gru<float, Space>;
  const Block gru({.in = 5, .hidden = 3, .layers = 2});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(4, 4), right(4, 5);
  const std::vector<ls::Index> rows{0, 1, 4};
  const ls::Offsets<Space> offsets{{rows.data(), 3}, 3};
  CHECK_THROWS_WITH_AS(gru(context, {x.view(), offsets}), "Gru: the steps have 4 features, the weights expect 5",
                       ls::ShapeError);
  ls::Tensor<float, 3, Space> state(2, 3, 3);
  CHECK_THROWS_WITH_AS(gru(context, {right.view(), offsets}, ls::Cube<float, Space>(state.view())),
                       "Gru: the initial hidden state is (2, 3, 3), expected is (layers * directions, batch, hidden) = "
                       "(2, 2, 3)",
                       ls::ShapeError);
  ls::Tensor<float, 2, Space> one(2, 3);
  CHECK_THROWS_WITH_AS(gru(context, {right.view(), offsets}, ls::Matrix<float, Space>(one.view())),
                       "Gru: the initial hidden state is (1, 2, 3), expected is (layers * directions, batch, hidden) = "
                       "(2, 2, 3)",
                       ls::ShapeError);
  ls::Tensor<float, 3, Space> hidden(2, 2, 3), cell(2, 2, 4);
  CHECK_THROWS_WITH_AS(gru(context, {right.view(), offsets},
                           {ls::Cube<float, Space>(hidden.view()), ls::Cube<float, Space>(cell.view())}),
                       "Gru: it has no cell state to start from", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.in = 0, .hidden = 3})),
                       "Gru: in, hidden and layers are at least 1, they are 0, 3 and 1", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.in = 2, .hidden = 3, .layers = 0})),
                       "Gru: in, hidden and layers are at least 1, they are 2, 3 and 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.in = 1, .hidden = 1 << 30})),
                       "Gru: hidden times its gates is at least 0 and below 2^31, it is 3221225472", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.in = 2, .hidden = 3, .dropout = 1})), "Gru: dropout is at least 0 and below 1, it is 1",
                       ls::ShapeError);
  test::refuses_offsets(gru, 5);
}
