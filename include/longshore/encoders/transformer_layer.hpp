// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/check_values.hpp>
#include <longshore/encoders/self_attention.hpp>
#include <longshore/kernels/transformer_layer_backward.hpp>
#include <longshore/layers/layer_norm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sizes of a `TransformerLayer`; as PyTorch's TransformerEncoderLayer by default, but for `hidden` (2048 there) and
/// dropout (0.1 there).
struct TransformerLayerSettings {
  Index features = 0;
  Index heads = 1;          // divides features
  Index hidden = 0;         // of the feed-forward network; 0: as many as features
  bool causal = false;      // true: a step sees itself and earlier ones, none after it
  bool norm_first = false;  // true: norms before attention and feed forward; false: behind the sums
  ActivationKind activation = ActivationKind::relu;
  double dropout = 0;            // rate behind attention, inside and behind of feed forward
  double attention_dropout = 0;  // rate of attention weights; PyTorch takes `dropout` for it
  double eps = 1e-5;             // of the norms
};

/// Self-attention and then a feed-forward network of two linear layers, each with a residual sum and a norm.
///
///   norm_first:  s = x + drop(attention(norm1(x))),   y = s + drop(feed(norm2(s)))
///   otherwise:   s = norm1(x + drop(attention(x))),   y = norm2(s + drop(feed(s)))
///   feed(s) = drop(f(s W_1ᵀ + b_1)) W_2ᵀ + b_2,  with F = `hidden` features inside
///
/// Models: Encoder. State: attention, linear1 (F, D), linear2 (D, F), norm1 and norm2 (D): PyTorch's self_attn,
/// linear1, linear2, norm1, norm2. Cost: O(N D (D + F) + D times the sum of squares of the lengths); memory
/// O(N (D + F)).
/// Source: Vaswani et al. 2017, section 3.1; norm_first: Xiong et al. 2020.
/// Differs from PyTorch: sequences are ragged; other random numbers.
template <class Real, class Space>
struct TransformerLayer {
  static constexpr std::string_view block_name = "TransformerLayer";
  TransformerLayerSettings settings;
  SelfAttention<Real, Space> attention;
  Linear<Real, Space> linear1;  // (D) to (F)
  Linear<Real, Space> linear2;  // (F) to (D)
  LayerNorm<Real, Space> norm1;
  LayerNorm<Real, Space> norm2;

  TransformerLayer() = default;

  /// @throws ShapeError if sizes or rates of the parts are out of range, or hidden is below 0
  explicit TransformerLayer(const TransformerLayerSettings& its_settings, const Random& random = Random(0))
      : settings(its_settings) {
    expects(settings.hidden >= 0, "TransformerLayer: hidden is at least 0, it is ", settings.hidden);
    expects(settings.dropout >= 0 && settings.dropout < 1,
            "TransformerLayer: dropout is at least 0 and below 1, it is ", settings.dropout);
    if (settings.hidden == 0) settings.hidden = settings.features;
    attention = SelfAttention<Real, Space>({.features = settings.features,
                                            .heads = settings.heads,
                                            .causal = settings.causal,
                                            .dropout = settings.attention_dropout},
                                           random.stream("attention"));
    linear1 = Linear<Real, Space>({.in = settings.features, .out = settings.hidden}, random.stream("linear1"));
    linear2 = Linear<Real, Space>({.in = settings.hidden, .out = settings.features}, random.stream("linear2"));
    norm1 = LayerNorm<Real, Space>({.features = settings.features, .eps = settings.eps});
    norm2 = LayerNorm<Real, Space>({.features = settings.features, .eps = settings.eps});
  }

  /// @param x  sequences of (N, D) steps; empty ones stay empty
  /// @return   sequences of (N, D) steps
  /// @throws ShapeError if x has another number of features
  /// @throws DataError  on a host, if offsets do not cut the steps into sequences; see `check_offsets`
  Sequences<Real, Space> operator()(auto& context, const Sequences<Real, Space>& x) const {
    check_values(block_name, context, x);
    const Index steps = x.steps.extent(0), features = settings.features;
    expects(x.steps.extent(1) == features, "TransformerLayer: x has ", x.steps.extent(1), " features, ", features,
            " are expected");
    check_offsets(block_name, x.offsets, steps);
    const auto y = make_value<Real>(context, steps, features);  // (N, D)
    auto left = arrays(context, x.offsets, steps);
    left.left = scratch<Real>(context, left.left_size()).data();
    transformer_layer_forward<Real, Space>(context.executor(), x.steps.data, weights(), left, y.data,
                                           scratch<Real>(context, transformer_layer_forward_workspace(left)));
    context.record(y, [this, x = x.steps, y, left](auto& c) {
      const auto dx = c.gradient_to(x);
      const auto wanted = targets(c);
      const auto workspace = scratch<Real>(c, transformer_layer_backward_workspace(left));
      transformer_layer_backward<Real, Space>(c.executor(), c.gradient_of(y), x.data, weights(), left, dx, wanted,
                                              workspace);
    });
    return {y, x.offsets};
  }
  void operator()(auto&, ...) const = delete;  // TransformerLayer: give Sequences, not rows, of its Real and Space

  /// Whether a step sees later ones.
  bool sees_ahead() const { return !settings.causal; }

  void visit(auto&& visitor) {
    visitor("settings", settings);
    visitor("attention", attention);
    visitor("linear1", linear1);
    visitor("linear2", linear2);
    visitor("norm1", norm1);
    visitor("norm2", norm2);
  }

 private:
  TransformerWeights<Real, Space> weights() const {
    return {attention.in_proj.weights.view(), attention.out_proj.weights.view(), linear1.weights.view(),
            linear2.weights.view()};
  }

  TransformerArrays<Real, Space> arrays(auto& context, const Offsets<Space>& offsets, Index steps) const {
    TransformerArrays<Real, Space> result;
    result.attention = attention.arrays(context, offsets, steps);
    result.norm_first = settings.norm_first;
    result.activation = settings.activation;
    result.hidden = settings.hidden;
    result.steps = steps;
    result.eps = static_cast<Real>(settings.eps);
    if constexpr (std::remove_cvref_t<decltype(context)>::training)
      if (settings.dropout > 0)
        result.drop = {context.random(), static_cast<std::uint32_t>(settings.dropout * 0x1p32),
                       static_cast<Real>(1 / (1 - settings.dropout))};
    result.norm1_weights = norm1.weights.view().data();
    result.norm1_bias = norm1.bias.view().data();
    result.norm2_weights = norm2.weights.view().data();
    result.norm2_bias = norm2.bias.view().data();
    result.linear1_bias = linear1.bias.view().data();
    result.linear2_bias = linear2.bias.view().data();
    return result;
  }

  /// In a fixed order, one after the other.
  TransformerTargets<Real, Space> targets(auto& c) const {
    TransformerTargets<Real, Space> result;
    result.in_proj = c.gradient_to(attention.in_proj.weights);
    result.in_proj_bias = c.gradient_to(attention.in_proj.bias);
    result.out_proj = c.gradient_to(attention.out_proj.weights);
    result.out_proj_bias = c.gradient_to(attention.out_proj.bias);
    result.linear1 = c.gradient_to(linear1.weights);
    result.linear1_bias = c.gradient_to(linear1.bias);
    result.linear2 = c.gradient_to(linear2.weights);
    result.linear2_bias = c.gradient_to(linear2.bias);
    result.norm1_weights = c.gradient_to(norm1.weights);
    result.norm1_bias = c.gradient_to(norm1.bias);
    result.norm2_weights = c.gradient_to(norm2.weights);
    result.norm2_bias = c.gradient_to(norm2.bias);
    return result;
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
