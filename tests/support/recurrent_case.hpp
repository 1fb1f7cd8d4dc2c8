// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <longshore/core/recurrent_state.hpp>
#include <string>
#include <vector>

#include "../reference/recurrent.hpp"
#include "check_block.hpp"
#include "join.hpp"
#include "recurrent_shape.hpp"

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
