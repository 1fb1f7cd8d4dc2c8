// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include <longshore/core/check_offsets.hpp>
#include <longshore/core/check_values.hpp>
#include <longshore/core/checked_size.hpp>
#include <longshore/core/scratch.hpp>
#include <longshore/kernels/self_attention_backward.hpp>
#include <longshore/layers/linear.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `SelfAttention`; as PyTorch's MultiheadAttention by default.
struct SelfAttentionSettings {
  Index features = 0;
  Index heads = 1;      // divides features
  bool causal = false;  // true: a step sees itself and earlier ones, none after it
  bool bias = true;     // of both projections
  double dropout = 0;   // probability that a weight is dropped in training, 0 <= dropout < 1
};

/// Replaces each step by a mix of the steps of its own sequence: scaled dot-product attention with several heads.
///
///   [q k v] = x W_inᵀ + b_in
///   a_ts = softmax over s of <q_t, k_s> / sqrt(D / heads), for each head; causal: s <= t only
///   y_t = [sum over s of a_ts v_s, head by head] W_outᵀ + b_out
///
/// Models: Encoder. State: in_proj (3 D, D) and bias, out_proj (D, D) and bias: PyTorch's in_proj_weight, in_proj_bias,
/// out_proj.weight and out_proj.bias. Cost: O(N D^2 + D times the sum of squares of the lengths); memory O(N D): scores
/// are never kept, so that a sequence may have 10,000 steps.
/// Source: Vaswani et al. 2017, section 3.2. Differs from PyTorch: sequences are ragged, not padded and masked.
template <class Real, class Space>
struct SelfAttention {
  static constexpr std::string_view block_name = "SelfAttention";
  SelfAttentionSettings settings;
  Linear<Real, Space> in_proj;   // (D) to (3 D): queries, keys and values
  Linear<Real, Space> out_proj;  // (D) to (D)

  SelfAttention() = default;

  /// @throws ShapeError if features or heads is below 1, heads does not divide features, 3 features are more than
  ///                    an `Index` holds, or unless 0 <= dropout < 1
  explicit SelfAttention(const SelfAttentionSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings) {
    expects(settings.features > 0 && settings.heads > 0, "SelfAttention: features and heads are at least 1, they are ",
            settings.features, " and ", settings.heads);
    expects(settings.features % settings.heads == 0, "SelfAttention: ", settings.heads, " heads do not divide ",
            settings.features, " features");
    expects(settings.dropout >= 0 && settings.dropout < 1, "SelfAttention: dropout is at least 0 and below 1, it is ",
            settings.dropout);
    in_proj =
        Linear<Real, Space>({.in = settings.features,
                             .out = checked_size(block_name, "3 times features", std::int64_t{3} * settings.features),
                             .bias = settings.bias,
                             .weights = xavier_uniform(),
                             .random_bias = false},
                            random.stream("in_proj"));
    out_proj = Linear<Real, Space>(
        {.in = settings.features, .out = settings.features, .bias = settings.bias, .random_bias = false},
        random.stream("out_proj"));
  }

  /// What the kernels are given: shape, biases and offsets. In training, draws which weights are dropped.
  AttentionArrays<Real, Space> arrays(auto& context, const Offsets<Space>& offsets, Index steps) const {
    AttentionArrays<Real, Space> result;
    result.shape.heads = settings.heads;
    result.shape.features = settings.features / settings.heads;
    result.shape.causal = settings.causal;
    result.shape.scale = static_cast<Real>(1 / std::sqrt(static_cast<double>(result.shape.features)));
    if constexpr (std::remove_cvref_t<decltype(context)>::training)
      if (settings.dropout > 0) {
        result.shape.random = context.random();
        result.shape.first_kept = static_cast<std::uint32_t>(settings.dropout * 0x1p32);
        result.shape.kept_scale = static_cast<Real>(1 / (1 - settings.dropout));
      }
    result.offsets = offsets;
    result.sequences_each = sequences_per_team(offsets, steps);
    result.in_bias = in_proj.bias.view().data();
    result.out_bias = out_proj.bias.view().data();
    result.projected = scratch<Real>(context, steps, 3 * settings.features).data();
    result.attended = scratch<Real>(context, steps, settings.features).data();
    result.statistics = scratch<Real>(context, steps, 2 * settings.heads).data();
    return result;
  }

  /// @param x  sequences of (N, D) steps; empty ones stay empty
  /// @return   sequences of (N, D) steps
  /// @throws ShapeError if x has another number of features
  /// @throws DataError  on a host, if offsets do not cut the steps into sequences; see `check_offsets`
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& x) const {
    check_values(block_name, context, x);
    const Index steps = x.steps.extent(0), features = settings.features;
    expects(x.steps.extent(1) == features, "SelfAttention: x has ", x.steps.extent(1), " features, ", features,
            " are expected");
    check_offsets(block_name, x.offsets, steps);
    const auto y = make_value<Real>(context, steps, features);  // (N, D)
    const auto left = arrays(context, x.offsets, steps);
    self_attention_forward<Real, Space>(context.executor(), x.steps.data, in_proj.weights.view(),
                                        out_proj.weights.view(), left, y.data,
                                        scratch<Real>(context, self_attention_forward_workspace(left)));
    context.record(y, [this, x = x.steps, y, left](auto& c) {
      const auto dx = c.gradient_to(x);
      AttentionTargets<Real, Space> targets;
      targets.in_weights = c.gradient_to(in_proj.weights);
      targets.in_bias = c.gradient_to(in_proj.bias);
      targets.out_weights = c.gradient_to(out_proj.weights);
      targets.out_bias = c.gradient_to(out_proj.bias);
      const auto workspace = scratch<Real>(c, self_attention_backward_workspace(left, x.extent(0)));
      self_attention_backward<Real, Space>(c.executor(), c.gradient_of(y), x.data, in_proj.weights.view(),
                                           out_proj.weights.view(), left, dx, targets, workspace);
    });
    return {y, x.offsets};
  }
  void operator()(auto&, ...) const = delete;  // SelfAttention: give Sequences, not rows, of its Real and Space

  /// Whether a step sees later ones.
  bool sees_ahead() const { return !settings.causal; }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("in_proj", in_proj);
    visitor("out_proj", out_proj);
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
