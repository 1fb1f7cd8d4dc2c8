// SPDX-License-Identifier: Apache-2.0
#include <longshore/encoders/lstm.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/copy_to.hpp>
#include <vector>

#include "../support/check_recurrent.hpp"
#include "../support/refuses_offsets.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct LstmCase : RecurrentCase<Real, Space, ls::Lstm> {
  LstmCase(const ls::Random& random, int number) {
    const RecurrentShape shape = recurrent_shape(number);
    this->set_inputs(random, shape);
    this->block = ls::Lstm<Real, Space>({.in = shape.in,
                                         .hidden = shape.hidden,
                                         .layers = shape.layers,
                                         .bidirectional = shape.bidirectional,
                                         .bias = shape.bias,
                                         .dropout = shape.dropout},
                                        random);
    this->last = number % 3 != 2;
  }
  LstmCase(const Golden& golden, const std::string& name) {
    this->set_golden_inputs(golden, name);
    this->block = ls::Lstm<Real, Space>({.in = golden.shape(name + "/x")[1],
                                         .hidden = static_cast<int>(golden.integer(name + "/hidden_size")),
                                         .layers = static_cast<int>(golden.integer(name + "/layers")),
                                         .bidirectional = golden.integer(name + "/bidirectional") != 0,
                                         .bias = golden.integer(name + "/bias") != 0});
  }
};

/// One unit, one feature: W x is x, W' h is half of h in every gate.
template <class Real, class Space>
ls::Lstm<Real, Space> one_unit() {
  ls::Lstm<Real, Space> lstm({.in = 1, .hidden = 1});
  ls::copy_from_host<Real>({1, 1, 1, 1}, lstm.layers[0].weights_input.mutable_view());
  ls::copy_from_host<Real>({0.5, 0.5, 0.5, 0.5}, lstm.layers[0].weights_hidden.mutable_view());
  ls::copy_from_host<Real>({0, 1, 0, 0}, lstm.layers[0].bias_input.mutable_view());
  ls::copy_from_host<Real>({0, 0, 0, -1}, lstm.layers[0].bias_hidden.mutable_view());
  return lstm;
}

}  // namespace

TEST_CASE("Lstm: concept: models Encoder, and names its parts as PyTorch's layers lie") {
  check::named_parts<ls::Lstm>();
}

TEST_CASE("Lstm: concept: starts uniform within 1 / sqrt(hidden), or as the settings say") {
  check::starts_uniform<ls::Lstm>();
}

TEST_CASE_TEMPLATE("Lstm: hand: two steps of one unit", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto lstm = one_unit<Real, Space>();
  ls::Tensor<Real, 2, Space> x(2, 1);
  ls::copy_from_host<Real>({1, -2}, x.view());
  ls::Tensor<ls::Index, 1, Space> rows(2);
  ls::copy_from_host<ls::Index>({0, 2}, rows.view());
  ls::Inference<Space> context;
  const auto result = lstm.encode(context, {x.view(), {rows.view(), 2}});
  context.fence();
  // First step: i = s(1), g = tanh(1), o = s(0), c = i g.
  const double c1 = 0.731058578630005 * 0.761594155955765, h1 = 0.5 * std::tanh(c1);
  // Second: gates of -2 + h1 / 2 (f: + 1, o: - 1).
  const double z = -2 + h1 / 2, c2 = c1 / (1 + std::exp(-z - 1)) + std::tanh(z) / (1 + std::exp(-z));
  const double h2 = std::tanh(c2) / (1 + std::exp(-z + 1));
  const auto steps = ls::copy_to_host(result.steps.steps.data);
  CHECK(steps[0] == doctest::Approx(h1));
  CHECK(steps[1] == doctest::Approx(h2));
  CHECK(ls::copy_to_host(result.last.hidden.data)[0] == steps[1]);
  CHECK(ls::copy_to_host(result.last.cell.data)[0] == doctest::Approx(c2));
}

TEST_CASE_TEMPLATE("Lstm: reference: equals loops over layers, directions, steps and units", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int number = 0; number < 10; ++number) {
    CAPTURE(number);
    const LstmCase<Real, Space> example(ls::Random(8).stream(static_cast<std::uint32_t>(number)), number);
    ls::Inference<Space> context;
    const auto value = example(context);
    context.fence();
    check::close(ls::copy_to_host(value.data), recurrent_reference(example, reference::lstm_cell), tolerance<Real>);
  }
}

TEST_CASE_TEMPLATE("Lstm: golden: output and gradients equal PyTorch's", Where, LONGSHORE_EVERYWHERE) {
  check::golden<LstmCase, typename Where::Real, typename Where::Space>("encoders/lstm");
}

TEST_CASE_TEMPLATE("Lstm: edges: a sequence gives the same bits alone, in a batch, and step by step", Where,
                   LONGSHORE_EVERYWHERE) {
  check::going_on<ls::Lstm, typename Where::Real, typename Where::Space>();
}

TEST_CASE_TEMPLATE("Lstm: edges: thousands of sequences, a long one, huge input and not-a-number", Where,
                   LONGSHORE_EVERYWHERE) {
  check::extremes<ls::Lstm, typename Where::Real, typename Where::Space>(reference::lstm_cell);
}

TEST_CASE("Lstm: gradients: P1: equal central differences") { check::gradients<LstmCase>(); }

TEST_CASE("Lstm: gradients: come from the last states alone, and reach one vector that starts one layer") {
  check::last_alone<ls::Lstm>();
  check::unreached<ls::Lstm>();
}

TEST_CASE("Lstm: gradients: frozen parts get none, the others keep theirs") { check::frozen_parts<LstmCase>(); }

TEST_CASE("Lstm: threads: the same bits everywhere") { check::same_bits<LstmCase>(10); }

TEST_CASE("Lstm: threads: inference gives the bits of training") {
  check::inference_equals_training_without_dropout<LstmCase>();
}

TEST_CASE("Lstm: concept: a copy in another precision gives the same to rounding") {
  using Space = Kokkos::Serial;
  const LstmCase<double, Space> wide(ls::Random(3), 2);
  LstmCase<float, Space> narrow(ls::Random(3), 2);
  narrow.block = ls::copy_to<Space, float>(wide.block);
  ls::Inference<Space> context;
  check::close(ls::copy_to_host(narrow(context).data), ls::copy_to_host(wide(context).data), tolerance<float>);
}

TEST_CASE("Lstm: refused: other features and states, and settings out of range") {
  using Space = Kokkos::Serial;
  using Block = ls::Lstm<float, Space>;
  const Block lstm({.in = 5, .hidden = 3, .layers = 2});
  ls::Inference<Space> context;
  ls::Tensor<float, 2, Space> x(4, 4), right(4, 5);
  const std::vector<ls::Index> rows{0, 1, 4};
  const ls::Offsets<Space> offsets{{rows.data(), 3}, 3};
  CHECK_THROWS_WITH_AS(lstm(context, {x.view(), offsets}), "Lstm: the steps have 4 features, the weights expect 5",
                       ls::ShapeError);
  ls::Tensor<float, 3, Space> state(2, 3, 3);
  CHECK_THROWS_WITH_AS(
      lstm(context, {right.view(), offsets}, ls::Cube<float, Space>(state.view())),
      "Lstm: the initial hidden state is (2, 3, 3), expected is (layers * directions, batch, hidden) = "
      "(2, 2, 3)",
      ls::ShapeError);
  ls::Tensor<float, 2, Space> one(2, 3);
  CHECK_THROWS_WITH_AS(
      lstm(context, {right.view(), offsets}, ls::Matrix<float, Space>(one.view())),
      "Lstm: the initial hidden state is (1, 2, 3), expected is (layers * directions, batch, hidden) = "
      "(2, 2, 3)",
      ls::ShapeError);
  ls::Tensor<float, 3, Space> hidden(2, 2, 3), cell(2, 2, 4);
  CHECK_THROWS_WITH_AS(lstm(context, {right.view(), offsets},
                            {ls::Cube<float, Space>(hidden.view()), ls::Cube<float, Space>(cell.view())}),
                       "Lstm: the initial cell state is (2, 2, 4), expected is (layers * directions, batch, hidden) = "
                       "(2, 2, 3)",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.in = 0, .hidden = 3})),
                       "Lstm: in, hidden and layers are at least 1, they are 0, 3 and 1", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.in = 2, .hidden = 3, .layers = 0})),
                       "Lstm: in, hidden and layers are at least 1, they are 2, 3 and 0", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.in = 1, .hidden = 1 << 30})),
                       "Lstm: hidden times its gates is at least 0 and below 2^31, it is 4294967296", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Block({.in = 2, .hidden = 3, .dropout = 1})),
                       "Lstm: dropout is at least 0 and below 1, it is 1", ls::ShapeError);
  test::refuses_offsets(lstm, 5);
}
