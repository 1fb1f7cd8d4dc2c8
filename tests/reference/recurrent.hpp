// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

/// Recurrent encoders written down from their papers: one number after the other, in double.
namespace reference {

using Numbers = std::vector<double>;

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// Parameters of one layer in one direction, row-major; biases may be empty.
struct Layer {
  Numbers weights_input, weights_hidden, bias_input, bias_hidden;
};

/// h and c of one sequence.
struct State {
  Numbers hidden, cell;
};

/// Row r of W x + b.
inline double row_times(const Numbers& weights, const Numbers& bias, std::size_t r, const Numbers& x) {
  double sum = bias.empty() ? 0 : bias[r];
  for (std::size_t k = 0; k < x.size(); ++k) sum += weights[r * x.size() + k] * x[k];
  return sum;
}

/// Makes the state after a step from the one before it.
using Cell = std::function<State(const Layer&, const Numbers& x, const State& before)>;

inline State lstm_cell(const Layer& layer, const Numbers& x, const State& before) {
  const std::size_t hidden = before.hidden.size();
  State after = before;
  for (std::size_t u = 0; u < hidden; ++u) {
    const auto gate = [&](std::size_t block) {
      return row_times(layer.weights_input, layer.bias_input, block * hidden + u, x) +
             row_times(layer.weights_hidden, layer.bias_hidden, block * hidden + u, before.hidden);
    };
    after.cell[u] = sigmoid(gate(1)) * before.cell[u] + sigmoid(gate(0)) * std::tanh(gate(2));
    after.hidden[u] = sigmoid(gate(3)) * std::tanh(after.cell[u]);
  }
  return after;
}

/// @param reset_after  whether the reset gate acts on the product with the state
inline State gru_cell(const Layer& layer, const Numbers& x, const State& before, bool reset_after) {
  const std::size_t hidden = before.hidden.size();
  const auto from_x = [&](std::size_t row) { return row_times(layer.weights_input, layer.bias_input, row, x); };
  const auto from_state = [&](std::size_t row, const Numbers& state) {
    return row_times(layer.weights_hidden, layer.bias_hidden, row, state);
  };
  Numbers reset(hidden), reset_state(hidden);
  for (std::size_t u = 0; u < hidden; ++u) {
    reset[u] = sigmoid(from_x(u) + from_state(u, before.hidden));
    reset_state[u] = reset[u] * before.hidden[u];
  }
  State after = before;
  for (std::size_t u = 0; u < hidden; ++u) {
    const double update = sigmoid(from_x(hidden + u) + from_state(hidden + u, before.hidden));
    const std::size_t row = 2 * hidden + u;
    const double candidate = std::tanh(
        from_x(row) + (reset_after ? reset[u] * from_state(row, before.hidden) : from_state(row, reset_state)));
    after.hidden[u] = (1 - update) * candidate + update * before.hidden[u];
  }
  return after;
}

/// Runs the layers over one sequence.
///
/// @param layers   for each layer one Layer a direction
/// @param steps    one vector a step; replaced by the outputs of the last layer
/// @param states   for each layer one State a direction, before the first step; replaced by those after the last
inline void run(const Cell& cell, const std::vector<std::vector<Layer>>& layers, std::vector<Numbers>& steps,
                std::vector<std::vector<State>>& states) {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    std::vector<Numbers> outputs(steps.size());
    for (std::size_t d = 0; d < layers[l].size(); ++d) {
      const std::size_t hidden = states[l][d].hidden.size();
      for (auto& output : outputs) output.resize((d + 1) * hidden);
      for (std::size_t i = 0; i < steps.size(); ++i) {
        const std::size_t t = d == 0 ? i : steps.size() - 1 - i;
        states[l][d] = cell(layers[l][d], steps[t], states[l][d]);
        for (std::size_t u = 0; u < hidden; ++u) outputs[t][d * hidden + u] = states[l][d].hidden[u];
      }
    }
    steps = outputs;
  }
}

}  // namespace reference
