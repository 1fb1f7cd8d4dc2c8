// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <longshore/core/check_values.hpp>
#include <longshore/core/check_windows.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/interest.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/target_attention_scores_backward.hpp>
#include <longshore/kernels/window_softmax.hpp>
#include <longshore/layers/linear.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `TargetAttentionPooling` and its variants; by default without softmax, as the paper.
struct TargetAttentionPoolingSettings {
  Index features = 0;                                   // D, of candidates and steps
  SmallList<Index> hidden = {80, 40};                   // sizes of the hidden layers, 1 to 8
  ActivationKind activation = ActivationKind::sigmoid;  // identity, relu, sigmoid or tanh
  bool softmax = false;                                 // true: the authors' published code
  bool scale = false;                                   // scores times 1 / sqrt(D): with softmax, that code too
  Initialiser weights = fan_in_uniform();               // biases as PyTorch's Linear
};

/// Attends to the steps of each window as a candidate sees them, and adds them up: one interest vector a candidate.
///
///   s_t = MLP([q, k_t, q - k_t, q * k_t]) -> 1      a = s, or softmax of s over the window      z = sum_t a_t k_t
///
/// The four vectors are never joined: the first layer is folded, see `target_attention_scores_forward`.
///
/// Models: TargetPooling. State: hidden (a Linear for each layer, the first of 4 D), output (a Linear to 1).
/// Cost: O(C pairs (D hidden_1 + hidden_1 hidden_2 + ...) + W C D hidden_1).
/// Source: Zhou et al. 2018 (DIN), section 4.3, which has no softmax and no difference of q and k, but their outer
/// product: the four vectors and sigmoid are the authors' code, which takes softmax(s / sqrt(D)).
template <class Real, class Space>
struct TargetAttentionPooling {
  static constexpr std::string_view block_name = "TargetAttentionPooling";
  TargetAttentionPoolingSettings settings;
  std::vector<Linear<Real, Space>> hidden;
  Linear<Real, Space> output;

  TargetAttentionPooling() = default;

  /// @throws ShapeError if a size is below 1 or more than an `Index` holds, if there is no hidden layer or more than 8,
  ///                    or if the derivative of the activation needs more than its value
  explicit TargetAttentionPooling(const TargetAttentionPoolingSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings) {
    expects(settings.features > 0, "TargetAttentionPooling: features is at least 1, it is ", settings.features);
    settings.hidden.within("TargetAttentionPooling: .hidden");
    expects(!settings.hidden.empty(), "TargetAttentionPooling: at least one hidden layer is needed, none came");
    expects(!derivative_needs_input(settings.activation),
            "TargetAttentionPooling: the activation is identity, relu, sigmoid or tanh; it is number ",
            static_cast<int>(settings.activation));
    Index in = checked_size(block_name, "4 times features", std::int64_t{4} * settings.features);
    for (int l = 0; l < settings.hidden.size(); ++l) {
      expects(settings.hidden[l] > 0, "TargetAttentionPooling: hidden layer ", l, " has ", settings.hidden[l],
              " units, at least 1 is needed");
      hidden.emplace_back(LinearSettings{.in = in, .out = settings.hidden[l], .weights = settings.weights},
                          random.stream("hidden").stream(static_cast<std::uint32_t>(l)));
      in = settings.hidden[l];
    }
    output = Linear<Real, Space>({.in = in, .out = 1, .weights = settings.weights}, random.stream("output"));
  }

  /// @param candidates  (W, C, D) or (W, D)
  /// @param windowed    (N, D) steps and W windows; an empty window gives zeros
  /// @return            (W, C, D)
  /// @throws ShapeError if candidates and windows differ in number, if features differ from the settings', or if the
  ///                    arrays of the windows do not fit each other
  /// @throws DataError  on a host, if windows are out of order or not among the steps; see `check_windows`
  Cube<Real, Space> operator()(auto& context, const Interest<Real, Space>& candidates,
                               const Windowed<Real, Space>& windowed) const {
    const auto attended = attend(context, candidates, windowed);
    const auto& [k, windows] = windowed;
    const auto q = candidates.vectors;
    const auto z = make_value<Real>(context, q.extent(0), q.extent(1), q.extent(2));  // (W, C, D)
    window_sums_forward<Real, Space>(context.executor(), k.data, windows, Weighting::given, attended.weights, z.data);
    context.record(z, [this, q, k = k, windows = windows, attended, z](auto& c) {
      this->backward(c, q, k, windows, attended, z);
    });
    return z;
  }
  void operator()(auto&, ...) const = delete;  // TargetAttentionPooling: give candidates, then Windowed or Sequences

  /// How much each step counts for each candidate: to explain a recommendation. Nothing is recorded.
  ///
  /// @return  (C pairs): the weight of row begin(w) + i of window w for candidate c at C pairs(w) + c length(w) + i;
  ///          with one candidate the layout of `Windows`
  /// @throws ShapeError, DataError  as the call
  View<Real, 1, Space> weights(auto& context, const Interest<Real, Space>& candidates,
                               const Windowed<Real, Space>& windowed) const {
    return attend(context, candidates, windowed).weights;
  }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("hidden", hidden);
    visitor("output", output);
  }

 private:
  struct Attended {
    View<Real, 1, Space> weights;  // (C pairs)
    View<Real, 1, Space> packed;
    View<Real, 1, Space> values;
  };

  TargetAttentionShape shape() const { return target_attention_shape<Real>(settings.features, settings.hidden); }
  Real scale() const {
    return settings.scale ? static_cast<Real>(1 / std::sqrt(static_cast<double>(settings.features))) : Real(1);
  }
  const Linear<Real, Space>& layer(std::size_t l) const { return l < hidden.size() ? hidden[l] : output; }
  TargetAttentionLayers<Real, Space> layers() const {
    TargetAttentionLayers<Real, Space> result;
    for (std::size_t l = 0; l <= hidden.size(); ++l) {
      result.weights[l] = layer(l).weights.view();
      result.bias[l] = layer(l).bias.view();
    }
    return result;
  }

  template <class Context>
  Attended attend(Context& context, const Interest<Real, Space>& candidates,
                  const Windowed<Real, Space>& windowed) const {
    check_values("TargetAttentionPooling", context, candidates, windowed);
    check_windows("TargetAttentionPooling", windowed.windows, windowed.steps.extent(0));
    const auto& [k, windows] = windowed;
    const auto& q = candidates.vectors;
    expects(q.extent(0) == windows.count(), "TargetAttentionPooling: ", q.extent(0), " rows of candidates came for ",
            windows.count(), " windows");
    expects(q.extent(2) == settings.features, "TargetAttentionPooling: the candidates have ", q.extent(2),
            " features, the weights expect ", settings.features);
    expects(k.extent(1) == settings.features, "TargetAttentionPooling: the steps have ", k.extent(1),
            " features, the weights expect ", settings.features);
    const Index count = q.extent(1);
    checked_size(block_name, "windows times candidates", std::int64_t{q.extent(0)} * count);
    const auto sizes = shape();
    const std::size_t pairs = static_cast<std::size_t>(windows.pair_count) * static_cast<std::size_t>(count);
    Attended attended;
    attended.weights = scratch<Real>(context, pairs);
    attended.packed = scratch<Real>(context, sizes.packed_size());
    if (Context::training) attended.values = scratch<Real>(context, target_attention_hidden(sizes, windows, count));
    const auto workspace =
        scratch<Real>(context, target_attention_scores_workspace<Real>(sizes, windows, count, Context::training));
    target_attention_scores_forward<Real, Space>(context.executor(), sizes, settings.activation, scale(), k.data,
                                                 windows, q.data, layers(), attended.weights, attended.packed,
                                                 attended.values, workspace);
    window_softmax_forward<Real, Space>(context.executor(), windows, count, settings.softmax, ScoreKind::per_pair,
                                        attended.weights, attended.weights);
    return attended;
  }

  void backward(auto& c, const Cube<Real, Space>& q, const Matrix<Real, Space>& k, const Windows<Space>& windows,
                const Attended& attended, const Cube<Real, Space>& z) const {
    const Index candidates = q.extent(1);
    const auto dq = c.gradient_to(q);  // complete before the steps' gradient begins: both may be one value
    const auto dk = c.gradient_to(k);
    TargetAttentionLayerGradients<Real, Space> dlayers;
    for (std::size_t l = 0; l <= hidden.size(); ++l) {
      dlayers.weights[l] = c.gradient_to(layer(l).weights);
      dlayers.bias[l] = c.gradient_to(layer(l).bias);
    }
    const auto sizes = shape();
    const auto dz = c.gradient_of(z);
    const auto dscores = scratch<Real>(c, attended.weights.extent(0));
    window_sums_backward_weights<Real, Space>(c.executor(), dz, k.data, windows, dscores);
    if (settings.softmax)
      window_softmax_backward<Real, Space>(c.executor(), windows, candidates, dscores, attended.weights, dscores);
    const auto dpairs = scratch<Real>(c, windows.pair_count, settings.features);  // (pairs, D)
    const auto workspace =
        scratch<Real>(c, target_attention_scores_backward_workspace<Real>(sizes, windows, candidates));
    target_attention_scores_backward<Real, Space>(c.executor(), sizes, settings.activation, scale(), dscores, k.data,
                                                  windows, q.data, layers(), attended.packed, attended.values, dpairs,
                                                  dq, dlayers, workspace);
    window_sums_backward_steps<Real, Space>(c.executor(), dz, windows, Weighting::given, attended.weights, dpairs, dk);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
