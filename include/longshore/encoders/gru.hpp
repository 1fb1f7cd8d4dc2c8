// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/encoders/stacked_recurrent.hpp>
#include <longshore/kernels/gru.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `Gru` and how it starts; as PyTorch's by default.
struct GruSettings {
  Index in = 0;      // D, features of a step
  Index hidden = 0;  // H
  Index layers = 1;
  bool bidirectional = false;  // each layer also in reverse, the two beside each other
  bool bias = true;
  double dropout = 0;                              // probability, between layers; 0 <= dropout < 1
  GruVariant variant = GruVariant::reset_after;    // as PyTorch; reset_before: Cho et al. 2014, GRU4Rec
  std::optional<Initialiser> weights_input = {};   // if none is given, uniform within 1 / sqrt(hidden)
  std::optional<Initialiser> weights_hidden = {};  // the same
};

/// Gated recurrent unit: reads each sequence step by step and says after every step what it remembers.
///
///   r, z = sigmoid(W x + b + W' h' + b')    n = tanh(W x + b + r (W' h' + b'))    h = (1 - z) n + z h'
///
/// With `GruVariant::reset_before`, n = tanh(W x + b + W' (r h') + b'), as in GRU4Rec. The code of that has h = (1 - z)
/// h' + z n: in weights from it, those of z and its biases change sign.
///
/// Models: Encoder. State: for each layer and direction weights_input (3H, D), weights_hidden (3H, H), bias_input (3H),
/// bias_hidden (3H), gates in the order r, z, n. PyTorch's `weight_ih_l1` is `layers.1.weights_input` here,
/// `weight_hh_l1_reverse` is `reverse_layers.1.weights_hidden`, and so on. Cost: O(N (D + H) H) a layer.
/// Source: Cho et al. 2014. Differs from PyTorch: nothing by default, dropout's numbers excepted.
template <class Real, class Space>
struct Gru {
  static constexpr std::string_view block_name = "Gru";
  static constexpr Index gates = 3;
  static constexpr bool has_cell = false;
  GruSettings settings;
  std::vector<RecurrentLayer<Real, Space>> layers;          // from the first step to the last
  std::vector<RecurrentLayer<Real, Space>> reverse_layers;  // from the last step to the first; as many, or none

  Gru() = default;

  /// @throws ShapeError if in, hidden or layers is below 1, or unless 0 <= dropout < 1
  explicit Gru(const GruSettings& its_settings, const Random& random = Random(0)) : settings(its_settings) {
    make_layers(*this, random);
  }

  /// @param sequences  (N, in) steps; a sequence without steps yields nothing
  /// @param initial    h before the first step, (layers * directions, B, H); zeros where left out
  /// @return           (N, H), or (N, 2H) if bidirectional: h after each step of the last layer
  /// @throws ShapeError if the steps or states have other extents
  /// @throws DataError  on a host, if offsets do not cut the steps into sequences; see `check_offsets`
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& sequences,
                                    const RecurrentState<Real, Space>& initial = {}) const {
    return run_layers(context, *this, sequences, initial, false).steps;
  }
  void operator()(auto&, ...) const = delete;  // Gru: give Sequences, not rows, of its Real and Space

  /// The same, and h of every layer and direction after its last step: to go on from there.
  ///
  /// Going on step by step gives the same bits as reading all steps at once.
  RecurrentResult<Real, Space> encode(auto& context, const Sequences<Real, Space>& sequences,
                                      const RecurrentState<Real, Space>& initial = {}) const {
    return run_layers(context, *this, sequences, initial, true);
  }

  /// Runs one layer in one direction: what `run_layers` calls.
  void run(auto& context, const RecurrentLayer<Real, Space>& layer, const RecurrentCall<Real, Space>& call) const {
    const Index steps = call.x.extent(0), hidden = layer.weights_hidden.extent(1);
    const GruVariant variant = settings.variant;
    View<Real, 2, Space> memory;
    if (std::remove_cvref_t<decltype(context)>::training) memory = scratch<Real>(context, steps, 4 * hidden);
    const View<const Real, 2, Space> initial = call.slice_of(call.initial.hidden.data);
    gru_forward<Real, Space>(context.executor(), variant, call.x.data, call.groups, layer.weights(), initial,
                             call.output(), call.slice_of(call.last.hidden.data), memory,
                             scratch<Real>(context, gru_forward_workspace<Real, Space>(call.groups.offsets.count(),
                                                                                       call.x.extent(1), hidden)));
    const bool steps_alone = !call.last.hidden.gradient;  // else a gradient may come from the last state, too
    context.record(steps_alone ? call.y : Matrix<Real, Space>{}, [variant, &layer, call, memory, initial](auto& c) {
      const auto dy = c.gradient_of(call.y);
      const auto dlast = call.slice_of(c.gradient_of(call.last.hidden));
      if (!dy.data() && !dlast.data()) return;
      const auto dx = c.gradient_to(call.x);
      const auto dweights = layer.targets(c);
      const auto dinitial = call.slice_of(c.gradient_to(call.initial.hidden));
      const Index batch = call.groups.offsets.count(), width = layer.weights_hidden.extent(1);
      gru_backward<Real, Space>(
          c.executor(), variant, call.columns_of(dy), dlast, call.x.data, call.groups, layer.weights(), initial,
          call.columns_of(call.y.data), memory, dx, dweights, dinitial,
          scratch<Real>(c, gru_backward_workspace<Real, Space>(call.x.extent(0), batch, call.x.extent(1), width)));
    });
  }

  /// Whether a step sees later ones.
  bool sees_ahead() const { return !reverse_layers.empty(); }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("layers", layers);
    visitor("reverse_layers", reverse_layers);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
