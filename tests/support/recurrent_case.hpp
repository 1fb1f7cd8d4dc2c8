// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <limits>
#include <longshore/core/recurrent_state.hpp>
#include <string>
#include <vector>

#include "../reference/recurrent.hpp"
#include "check_block.hpp"
#include "join.hpp"

/// Sizes of one example of a recurrent encoder.
struct RecurrentShape {
  int in, hidden, layers;
  bool bidirectional, bias, initial;
  double dropout;
  std::vector<int> lengths;
};

/// Shapes from one number to several groups of sequences, with empty sequences and empty batches.
inline RecurrentShape recurrent_shape(int number) {
  const std::vector<RecurrentShape> shapes{
      {1, 1, 1, false, true, false, 0, {1}},
      {3, 4, 1, false, true, true, 0, {3, 0, 1, 5}},
      {2, 3, 2, true, true, true, 0, {2, 4, 0, 1}},
      {5, 7, 1, true, false, false, 0, {1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 0, 4, 5, 6, 7}},
      {4, 2, 3, false, true, true, 0.3, {4, 3}},
      {2, 3, 2, true, true, false, 0.5, {3, 1, 5}},
      {3, 2, 1, false, true, true, 0, {0, 0}},
      {3, 2, 2, true, true, true, 0, {}},
      {2, 17, 1, false, true, true, 0, {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}},
      {17, 5, 1, true, true, true, 0, {9}},
  };
  if (number < static_cast<int>(shapes.size())) return shapes[static_cast<std::size_t>(number)];
  const longshore::Random random = longshore::Random(7).at(static_cast<std::uint64_t>(number));
  const auto draw = [&](std::uint64_t i, std::uint64_t most) { return static_cast<int>(random.below(i, most)); };
  RecurrentShape any{1 + draw(0, 6),
                     1 + draw(1, 6),
                     1 + draw(2, 3),
                     draw(3, 2) == 0,
                     draw(4, 2) == 0,
                     draw(5, 2) == 0,
                     draw(6, 3) == 0 ? 0.3 : 0,
                     {}};
  for (std::uint64_t b = random.below(7, 5); b > 0; --b) any.lengths.push_back(draw(8 + b, 6));
  return any;
}

/// A recurrent encoder with its input and its initial states; the output is its steps, last h and last c, one after the other.
template <class Real, class Space, template <class, class> class Block>
struct RecurrentCase {
  longshore::Parameter<Real, 2, Space> x;       // (N, in)
  longshore::Parameter<Real, 3, Space> hidden;  // (layers * directions, B, H), or empty
  longshore::Parameter<Real, 3, Space> cell;    // the same
  Block<Real, Space> block;
  std::vector<int> lengths;
  longshore::Tensor<longshore::Index, 1, Space> rows;  // (B + 1)
  bool last = true;                                    // whether the last states are part of the output

  void set_lengths(const std::vector<int>& its_lengths) {
    lengths = its_lengths;
    std::vector<longshore::Index> offsets{0};
    for (const int length : lengths) offsets.push_back(offsets.back() + length);
    rows = longshore::Tensor<longshore::Index, 1, Space>(static_cast<longshore::Index>(offsets.size()));
    longshore::copy_from_host(offsets, rows.view());
  }
  void set_inputs(const longshore::Random& random, const RecurrentShape& shape) {
    set_lengths(shape.lengths);
    int steps = 0;
    for (const int length : lengths) steps += length;
    const int slices = shape.layers * (shape.bidirectional ? 2 : 1), batch = static_cast<int>(lengths.size());
    x = random_input<Real, 2, Space>(random.stream("x"), steps, shape.in);
    if (!shape.initial) return;
    hidden = random_input<Real, 3, Space>(random.stream("hidden"), slices, batch, shape.hidden);
    if (Block<Real, Space>::has_cell)
      cell = random_input<Real, 3, Space>(random.stream("cell"), slices, batch, shape.hidden);
  }
  void set_golden_inputs(const Golden& golden, const std::string& name) {
    std::vector<int> its_lengths;
    for (const auto length : golden.integers(name + "/lengths")) its_lengths.push_back(static_cast<int>(length));
    set_lengths(its_lengths);
    const auto& shape = golden.shape(name + "/x");
    x = longshore::Parameter<Real, 2, Space>(shape[0], shape[1]);
    const auto state = [&](const std::string& which) {
      const auto& extents = golden.shape(name + "/" + which);
      return longshore::Parameter<Real, 3, Space>(extents[0], extents[1], extents[2]);
    };
    if (golden.has(name + "/hidden")) hidden = state("hidden");
    if (golden.has(name + "/cell")) cell = state("cell");
  }

  longshore::Sequences<Real, Space> sequences(auto& context) const {
    longshore::Index longest = 0;
    for (const int length : lengths) longest = std::max(longest, length);
    return {longshore::use(context, x), {rows.view(), longest}};
  }
  longshore::RecurrentState<Real, Space> initial(auto& context) const {
    longshore::RecurrentState<Real, Space> state;
    if (hidden.extent(2) > 0) state.hidden = longshore::use(context, hidden);
    if (cell.extent(2) > 0) state.cell = longshore::use(context, cell);
    return state;
  }

  auto operator()(auto& context) const {
    if (!last) return flat(block(context, sequences(context), initial(context)).steps);
    const auto result = block.encode(context, sequences(context), initial(context));
    return join<Real, Space>(context, {flat(result.steps.steps), flat(result.last.hidden), flat(result.last.cell)});
  }
  void visit(auto&& visitor) {
    visitor("x", x);
    visitor("hidden", hidden);
    visitor("cell", cell);
    visitor("block", block);
  }
};

/// The same outputs from loops.
template <class Case>
std::vector<double> recurrent_reference(const Case& example, const reference::Cell& cell) {
  const auto numbers = [](const auto& parameter) {
    const auto elements = longshore::copy_to_host(parameter.view());
    return reference::Numbers(elements.begin(), elements.end());
  };
  const auto layer = [&](const auto& from) {
    return reference::Layer{numbers(from.weights_input), numbers(from.weights_hidden), numbers(from.bias_input),
                            numbers(from.bias_hidden)};
  };
  std::vector<std::vector<reference::Layer>> layers;
  for (std::size_t l = 0; l < example.block.layers.size(); ++l) {
    layers.push_back({layer(example.block.layers[l])});
    if (!example.block.reverse_layers.empty()) layers.back().push_back(layer(example.block.reverse_layers[l]));
  }
  const auto x = numbers(example.x), hidden = numbers(example.hidden), cells = numbers(example.cell);
  const auto in = static_cast<std::size_t>(example.x.extent(1)), batch = example.lengths.size(),
             width = static_cast<std::size_t>(example.block.settings.hidden), directions = layers.front().size();
  const bool has_cell = std::remove_cvref_t<decltype(example.block)>::has_cell;
  std::vector<double> outputs, last_hidden(layers.size() * directions * batch * width), last_cell = last_hidden;
  std::size_t row = 0;
  for (std::size_t b = 0; b < batch; ++b) {
    std::vector<reference::Numbers> steps;
    for (int t = 0; t < example.lengths[b]; ++t, ++row)
      steps.emplace_back(x.begin() + static_cast<std::ptrdiff_t>(row * in),
                         x.begin() + static_cast<std::ptrdiff_t>((row + 1) * in));
    std::vector<std::vector<reference::State>> states(layers.size());
    for (std::size_t l = 0; l < layers.size(); ++l)
      for (std::size_t d = 0; d < directions; ++d) {
        const auto first = static_cast<std::ptrdiff_t>(((l * directions + d) * batch + b) * width);
        const auto slice = [&](const reference::Numbers& all) {
          if (all.empty()) return reference::Numbers(width);
          return reference::Numbers(all.begin() + first, all.begin() + first + static_cast<std::ptrdiff_t>(width));
        };
        states[l].push_back({slice(hidden), slice(cells)});
      }
    reference::run(cell, layers, steps, states);
    for (const auto& step : steps) outputs.insert(outputs.end(), step.begin(), step.end());
    for (std::size_t l = 0; l < layers.size(); ++l)
      for (std::size_t d = 0; d < directions; ++d)
        for (std::size_t u = 0; u < width; ++u) {
          const std::size_t at = ((l * directions + d) * batch + b) * width + u;
          last_hidden[at] = states[l][d].hidden[u];
          last_cell[at] = states[l][d].cell[u];
        }
  }
  if (!example.last) return outputs;
  outputs.insert(outputs.end(), last_hidden.begin(), last_hidden.end());
  if (has_cell) outputs.insert(outputs.end(), last_cell.begin(), last_cell.end());
  return outputs;
}

namespace check {

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
