// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <longshore/core/concepts.hpp>
#include <string>
#include <vector>

#include "recurrent_case.hpp"

namespace check {

/// It models Encoder and names its parts as PyTorch's layers lie.
template <template <class, class> class Block>
void named_parts() {
  namespace ls = longshore;
  using Space = Kokkos::Serial;
  static_assert(ls::Encoder<Block<float, Space>, float, Space>);
  const Block<float, Space> block({.in = 3, .hidden = 2, .layers = 2, .bidirectional = true});
  std::vector<std::string> names;
  std::size_t count = 0;
  ls::visit_parameters(block, [&](const ls::Path& path, const auto& parameter) {
    names.push_back(path.text());
    count += parameter.size();
  });
  CHECK(names == std::vector<std::string>{
                     "layers.0.weights_input", "layers.0.weights_hidden", "layers.0.bias_input", "layers.0.bias_hidden",
                     "layers.1.weights_input", "layers.1.weights_hidden", "layers.1.bias_input", "layers.1.bias_hidden",
                     "reverse_layers.0.weights_input", "reverse_layers.0.weights_hidden", "reverse_layers.0.bias_input",
                     "reverse_layers.0.bias_hidden", "reverse_layers.1.weights_input",
                     "reverse_layers.1.weights_hidden", "reverse_layers.1.bias_input", "reverse_layers.1.bias_hidden"});
  const std::size_t rows =
      2 * Block<float, Space>::gates;  // input and hidden weights and biases of each layer and direction
  CHECK(count == 2 * (rows * (3 + 2) + 2 * rows) + 2 * (rows * (4 + 2) + 2 * rows));
}

/// It starts uniform within 1 / sqrt(hidden), or as the settings say.
template <template <class, class> class Block>
void starts_uniform() {
  namespace ls = longshore;
  using Real = double;
  using Space = Kokkos::Serial;
  const Block<Real, Space> usual({.in = 8, .hidden = 16}, ls::Random(4));
  const auto drawn = ls::copy_to_host(usual.layers[0].weights_input.view());
  double largest = 0, sum = 0;
  for (const double w : drawn) {
    largest = std::max(largest, std::abs(w));
    sum += w;
  }
  CHECK(largest <= 0.25);
  CHECK(largest > 0.24);
  CHECK(std::abs(sum / static_cast<double>(drawn.size())) < 0.03);
  const Block<Real, Space> named({.in = 8, .hidden = 16, .weights_hidden = ls::constant(0.5)}, ls::Random(4));
  CHECK(ls::copy_to_host(named.layers[0].weights_input.view()) == drawn);
  for (const double w : ls::copy_to_host(named.layers[0].weights_hidden.view())) CHECK(w == 0.5);
}

/// A sequence gives the same bits alone as in a batch, and step by step as all at once, the state going on.
template <template <class, class> class Block, class Real, class Space>
void going_on() {
  namespace ls = longshore;
  const int in = 6, hidden = 19, layers = 2;
  const Block<Real, Space> block({.in = in, .hidden = hidden, .layers = layers}, ls::Random(5));
  const std::vector<ls::Index> offsets{0, 5, 5, 12, 13, 20, 24, 25, 40, 42, 50, 57, 63, 64, 70};
  const auto x = random_input<Real, 2, Space>(ls::Random(6), 70, in);
  ls::Tensor<ls::Index, 1, Space> rows(static_cast<int>(offsets.size())), two(2);
  ls::copy_from_host(offsets, rows.view());
  ls::Inference<Space> context;
  const auto whole = block.encode(context, {ls::use(context, x), {rows.view(), 15}});
  context.fence();
  const auto all = ls::copy_to_host(whole.steps.steps.data), last = ls::copy_to_host(whole.last.hidden.data);
  const auto every = ls::copy_to_host(x.view());
  for (const std::size_t b : {0u, 3u, 7u, 13u}) {
    CAPTURE(b);
    const int length = offsets[b + 1] - offsets[b];
    ls::Parameter<Real, 2, Space> own(length, in), step(1, in);
    const auto first = every.begin() + offsets[b] * in;
    ls::copy_from_host(std::vector<Real>(first, first + length * in), own.mutable_view());
    ls::copy_from_host<ls::Index>({0, length}, two.view());
    context.reset();
    const auto alone = block.encode(context, {ls::use(context, own), {two.view(), length}});
    context.fence();
    const auto expected = all.begin() + offsets[b] * hidden;
    CHECK(ls::copy_to_host(alone.steps.steps.data) == std::vector<Real>(expected, expected + length * hidden));
    ls::copy_from_host<ls::Index>({0, 1}, two.view());
    ls::Tensor<Real, 3, Space> state(layers, 1, hidden), cell(layers, 1, hidden);
    for (int t = 0; t < length; ++t) {
      ls::copy_from_host(std::vector<Real>(first + t * in, first + (t + 1) * in), step.mutable_view());
      context.reset();
      ls::RecurrentState<Real, Space> before = ls::Cube<Real, Space>(state.view());
      if (Block<Real, Space>::has_cell) before.cell = ls::Cube<Real, Space>(cell.view());
      const auto one = block.encode(context, {ls::use(context, step), {two.view(), 1}}, before);
      context.fence();
      CHECK(ls::copy_to_host(one.steps.steps.data) ==
            std::vector<Real>(expected + t * hidden, expected + (t + 1) * hidden));
      ls::copy(one.last.hidden.data, state.view());
      if (Block<Real, Space>::has_cell) ls::copy(one.last.cell.data, cell.view());
    }
    const auto states = ls::copy_to_host(state.view());
    for (std::size_t l = 0; l < layers; ++l)
      for (std::size_t u = 0; u < hidden; ++u)
        CHECK(states[l * hidden + u] == last[(l * (offsets.size() - 1) + b) * hidden + u]);
  }
}

/// More sequences than are ordered together, one of them long, with huge input; not-a-number spoils its own sequence only.
template <template <class, class> class Block, class Real, class Space>
void extremes(const reference::Cell& cell) {
  namespace ls = longshore;
  RecurrentCase<Real, Space, Block> example;
  example.block = Block<Real, Space>({.in = 1, .hidden = 3}, ls::Random(5));
  example.last = false;
  std::vector<int> lengths;
  std::size_t huge = 0;  // where the long one begins
  int steps = 0;
  for (int b = 0; b < 2500; ++b) {
    if (b == 1300) huge = static_cast<std::size_t>(steps);
    lengths.push_back(b == 1300 ? 3000 : b % 3);
    steps += lengths.back();
  }
  example.set_lengths(lengths);
  example.x = random_input<Real, 2, Space>(ls::Random(6), steps, 1);
  auto numbers = ls::copy_to_host(example.x.view());
  numbers[huge + 700] = Real(1e30);
  numbers[huge + 701] = Real(-1e30);
  ls::copy_from_host(numbers, example.x.mutable_view());
  ls::Inference<Space> context;
  const auto y = example(context);
  context.fence();
  const auto all = ls::copy_to_host(y.data);
  // Round-off does not grow along the steps.
  close(all, recurrent_reference(example, cell), tolerance<Real>);
  numbers[huge + 700] = std::numeric_limits<Real>::quiet_NaN();
  ls::copy_from_host(numbers, example.x.mutable_view());
  context.reset();
  const auto bad = example(context);
  context.fence();
  const auto spoilt = ls::copy_to_host(bad.data);
  for (std::size_t i = 0; i < spoilt.size(); ++i)
    REQUIRE(std::isnan(spoilt[i]) == (i >= (huge + 700) * 3 && i < (huge + 3000) * 3));
}

/// Gradients that come from the last states alone, and reach one vector that starts one layer, equal central differences.
template <template <class, class> class Block>
void last_alone() {
  namespace ls = longshore;
  using Space = Kokkos::Serial;
  using View = ls::View<const double, 3, Space>;
  RecurrentCase<double, Space, Block> example;
  example.set_inputs(ls::Random(1), recurrent_shape(1));
  example.block = Block<double, Space>({.in = 3, .hidden = 4}, ls::Random(2));
  ls::Training<Space> context(example);
  const auto cotangent = random_cotangent<double>(16);
  const auto last_of = [&] {
    context.reset();
    const auto state = example.initial(context);
    ls::RecurrentState<double, Space> start = reshape(state.hidden, 4, 4);
    start.cell = state.cell;
    const auto result = example.block.encode(context, example.sequences(context), start).last;
    return Block<double, Space>::has_cell ? result.cell : result.hidden;
  };
  context.backward(last_of(), View(cotangent.data(), 1, 4, 4));
  const auto analytic = ls::copy_to_host(context.gradient_of(example.hidden).dense);
  const auto objective = [&] {
    const auto last = last_of();
    double sum = 0;
    for (std::size_t i = 0; i < 16; ++i) sum += cotangent[i] * last.data.data()[i];
    return sum;
  };
  for (std::size_t i = 0; i < 16; ++i) {
    double& element = example.hidden.mutable_view().data()[i];
    const double before = element;
    element = before + 1e-6;
    const double above = objective();
    element = before - 1e-6;
    const double below = objective();
    element = before;
    CHECK(analytic[i] == doctest::Approx((above - below) / 2e-6).epsilon(1e-6));
  }
}

/// Two layers from given states, and a number that has nothing to do with them.
template <template <class, class> class Block>
struct FromStates {
  longshore::Parameter<double, 3, Kokkos::Serial> states{2, 2, 3};
  longshore::Parameter<double, 1, Kokkos::Serial> other{1};
  Block<double, Kokkos::Serial> block{{.in = 3, .hidden = 3, .layers = 2}};
  void visit(auto&& visitor) {
    visitor("states", states);
    visitor("other", other);
    visitor("block", block);
  }
};

/// Where the loss reaches neither steps nor last states, the initial ones get no gradient, not even one of zeros; where
/// it reaches one of the last states, they do.
template <template <class, class> class Block>
void unreached() {
  namespace ls = longshore;
  using Space = Kokkos::Serial;
  const FromStates<Block> model;
  ls::Tensor<double, 2, Space> x(2, 3);
  const std::vector<ls::Index> rows{0, 1, 2};
  const ls::Sequences<double, Space> sequences{x.view(), {{rows.data(), 3}, 1}};
  ls::Training<Space> context(model);
  model.block.encode(context, sequences, ls::use(context, model.states));
  context.backward(ls::use(context, model.other));
  CHECK_FALSE(context.gradient_of(model.states));
  CHECK_FALSE(context.gradient_of(model.block.layers[0].weights_input));
  CHECK(context.gradient_of(model.other));
  context.reset();
  const auto again = model.block.encode(context, sequences, ls::use(context, model.states));
  const std::vector<double> ones(12, 1);
  context.backward(again.last.hidden, ls::View<const double, 3, Space>(ones.data(), 2, 2, 3));
  CHECK(context.gradient_of(model.states));
  CHECK(context.gradient_of(model.block.layers[0].weights_input));
}

/// Frozen parameters get no gradient, the others keep theirs.
template <template <class, class> class Case>
void frozen_parts() {
  Case<double, Kokkos::Serial> example(longshore::Random(3), 2);
  longshore::Training<Kokkos::Serial> before(example);
  const auto all = run<double>(before, example);
  for (auto& layer : example.block.layers) layer.weights_hidden.frozen = layer.bias_input.frozen = true;
  longshore::Training<Kokkos::Serial> after(example);
  const auto some = run<double>(after, example);
  CHECK(some.gradients.size() == all.gradients.size() - 4);
  for (const auto& entry : some.gradients) CHECK(entry.second == all.gradients.at(entry.first));
}

/// Inference on the calling thread gives the bits of training: in shapes without dropout, which acts in training only.
template <template <class, class> class Case>
void inference_equals_training_without_dropout() {
  for (const int number : {0, 1, 2, 3, 6, 7, 8, 9}) {
    CAPTURE(number);
    const Case<float, Kokkos::Serial> example(longshore::Random(77), number);
    longshore::Training<Kokkos::Serial> training(example);
    longshore::Inference<Kokkos::Serial, longshore::Inline> inference;
    CHECK(longshore::copy_to_host(example(training).data) == longshore::copy_to_host(example(inference).data));
  }
}

}  // namespace check
