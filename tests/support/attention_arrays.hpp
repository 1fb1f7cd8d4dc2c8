// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include <longshore/kernels/self_attention.hpp>

#include "../reference/attention.hpp"
#include "kernel_case.hpp"
#include "ragged.hpp"

/// What the kernels of self-attention are called with where no block calls them: inputs, weights and what is left.
template <class Real, class Space>
struct AttentionArraysOf {
  Ragged<Space> ragged;
  longshore::Index heads, features;
  bool causal;
  longshore::Tensor<Real, 2, Space> x, in_weights, out_weights, projected, attended, statistics;
  longshore::Tensor<Real, 1, Space> in_bias, out_bias;

  AttentionArraysOf(const std::vector<longshore::Index>& lengths, longshore::Index its_heads, longshore::Index each,
                    bool is_causal)
      : ragged(lengths), heads(its_heads), features(its_heads * each), causal(is_causal) {
    const longshore::Random random(17);
    const longshore::Index steps = ragged.steps();
    x = random_tensor<Real, 2, Space>(random.stream("x"), steps, features);
    in_weights = random_tensor<Real, 2, Space>(random.stream("in_weights"), 3 * features, features);
    in_bias = random_tensor<Real, 1, Space>(random.stream("in_bias"), 3 * features);
    out_weights = random_tensor<Real, 2, Space>(random.stream("out_weights"), features, features);
    out_bias = random_tensor<Real, 1, Space>(random.stream("out_bias"), features);
    projected = longshore::Tensor<Real, 2, Space>(steps, 3 * features);
    attended = longshore::Tensor<Real, 2, Space>(steps, features);
    statistics = longshore::Tensor<Real, 2, Space>(steps, 2 * heads);
  }

  longshore::AttentionArrays<Real, Space> arrays() {
    longshore::AttentionArrays<Real, Space> result;
    result.shape.heads = heads;
    result.shape.features = features / heads;
    result.shape.causal = causal;
    result.shape.scale = static_cast<Real>(1 / std::sqrt(static_cast<double>(features / heads)));
    result.offsets = ragged.offsets();
    result.sequences_each = longshore::sequences_per_team(result.offsets, ragged.steps());
    result.in_bias = in_bias.data();
    result.out_bias = out_bias.data();
    result.projected = projected.data();
    result.attended = attended.data();
    result.statistics = statistics.data();
    return result;
  }

  /// Calls the forward kernel on views.
  std::vector<double> forward() {
    const auto given = arrays();
    longshore::Tensor<Real, 2, Space> y(ragged.steps(), features);
    longshore::Tensor<Real, 1, Space> workspace(
        static_cast<longshore::Index>(longshore::self_attention_forward_workspace(given)));
    longshore::self_attention_forward<Real, Space>(Space(), x.view(), in_weights.view(), out_weights.view(), given,
                                                   y.view(), workspace.view());
    return numbers_of(y.view());
  }
};

/// The same numbers in double, and what self-attention gives for them, written down naively.
struct AttentionNumbers {
  std::vector<std::int32_t> bounds;
  std::size_t heads, features;
  bool causal;
  std::vector<double> x, in_weights, in_bias, out_weights, out_bias;

  template <class Real, class Space>
  explicit AttentionNumbers(const AttentionArraysOf<Real, Space>& a)
      : bounds(a.ragged.bounds.begin(), a.ragged.bounds.end()),
        heads(static_cast<std::size_t>(a.heads)),
        features(static_cast<std::size_t>(a.features)),
        causal(a.causal),
        x(numbers_of(a.x.view())),
        in_weights(numbers_of(a.in_weights.view())),
        in_bias(numbers_of(a.in_bias.view())),
        out_weights(numbers_of(a.out_weights.view())),
        out_bias(numbers_of(a.out_bias.view())) {}

  std::vector<double> output() const {
    return reference::self_attention(x, bounds, features, heads, causal, in_weights, in_bias, out_weights, out_bias);
  }
};
