// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <optional>

#include <longshore/core/initialiser.hpp>
#include <longshore/kernels/recurrent_products.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Parameters of one layer of a recurrent encoder in one direction, as in PyTorch.
///
/// State: weights_input (gates H, D), weights_hidden (gates H, H), bias_input (gates H), bias_hidden (gates H); 4 gates
/// for an LSTM, 3 for a GRU, each a block of H rows. Has no name of its own: summaries show the encoder's.
///
/// Cost: memory gates H (D + H + 2) numbers.
template <class Real, class Space>
struct RecurrentLayer {
  Parameter<Real, 2, Space> weights_input;   // (gates H, D)
  Parameter<Real, 2, Space> weights_hidden;  // (gates H, H)
  Parameter<Real, 1, Space> bias_input;      // (gates H), or empty
  Parameter<Real, 1, Space> bias_hidden;     // (gates H), or empty

  RecurrentLayer() = default;

  /// @param gates     blocks of H rows
  /// @param features  D
  /// @param settings  of the encoder: hidden, bias, weights_input, weights_hidden
  RecurrentLayer(Index gates, Index features, const auto& settings, const Random& random)
      : weights_input(gates * settings.hidden, features),
        weights_hidden(gates * settings.hidden, settings.hidden),
        bias_input(settings.bias ? gates * settings.hidden : 0),
        bias_hidden(settings.bias ? gates * settings.hidden : 0) {
    const Initialiser usual = uniform(1 / std::sqrt(static_cast<double>(settings.hidden)));
    initialise(weights_input, settings.weights_input.value_or(usual), random.stream("weights_input"));
    initialise(weights_hidden, settings.weights_hidden.value_or(usual), random.stream("weights_hidden"));
    initialise(bias_input, usual, random.stream("bias_input"));
    initialise(bias_hidden, usual, random.stream("bias_hidden"));
  }

  RecurrentWeights<Real, Space> weights() const {
    return {weights_input.view(), weights_hidden.view(), bias_input.view(), bias_hidden.view()};
  }
  /// Where the gradients go in a training context.
  RecurrentWeightTargets<Real, Space> targets(auto& context) const {
    const auto input = context.gradient_to(weights_input);
    const auto hidden = context.gradient_to(weights_hidden);
    const auto for_bias_input = context.gradient_to(bias_input);
    const auto for_bias_hidden = context.gradient_to(bias_hidden);
    return {input, hidden, for_bias_input, for_bias_hidden};
  }

  void visit(auto&& visitor) {
    visitor("weights_input", weights_input);
    visitor("weights_hidden", weights_hidden);
    visitor("bias_input", bias_input);
    visitor("bias_hidden", bias_hidden);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
