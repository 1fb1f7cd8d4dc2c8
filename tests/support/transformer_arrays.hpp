// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include <longshore/kernels/transformer_layer.hpp>

#include "../reference/transformer.hpp"
#include "attention_arrays.hpp"

/// What the kernels of a transformer layer are called with where no block calls them.
template <class Real, class Space>
struct TransformerArraysOf {
  AttentionArraysOf<Real, Space> attention;
  reference::TransformerWiring wiring;
  longshore::Index hidden;
  longshore::Tensor<Real, 2, Space> linear1, linear2;
  longshore::Tensor<Real, 1, Space> linear1_bias, linear2_bias, norm1_weights, norm1_bias, norm2_weights, norm2_bias;
  longshore::Tensor<Real, 1, Space> left;

  TransformerArraysOf(const std::vector<longshore::Index>& lengths, longshore::Index heads, longshore::Index each,
                      longshore::Index its_hidden, bool causal, bool norm_first, bool gelu)
      : attention(lengths, heads, each, causal),
        wiring{static_cast<std::size_t>(heads * each), static_cast<std::size_t>(heads), causal, norm_first, gelu, 0.01},
        hidden(its_hidden) {
    const longshore::Random random(23);
    const longshore::Index features = heads * each;
    linear1 = random_tensor<Real, 2, Space>(random.stream("linear1"), hidden, features);
    linear2 = random_tensor<Real, 2, Space>(random.stream("linear2"), features, hidden);
    const auto vector = [&](const char* name, longshore::Index size) {
      return random_tensor<Real, 1, Space>(random.stream(name), size);
    };
    linear1_bias = vector("linear1_bias", hidden);
    linear2_bias = vector("linear2_bias", features);
    norm1_weights = vector("norm1_weights", features);
    norm1_bias = vector("norm1_bias", features);
    norm2_weights = vector("norm2_weights", features);
    norm2_bias = vector("norm2_bias", features);
    left = longshore::Tensor<Real, 1, Space>(static_cast<longshore::Index>(arrays().left_size()));
  }

  longshore::TransformerArrays<Real, Space> arrays() {
    longshore::TransformerArrays<Real, Space> result;
    result.attention = attention.arrays();
    result.norm_first = wiring.norm_first;
    result.activation = wiring.gelu ? longshore::ActivationKind::gelu : longshore::ActivationKind::relu;
    result.hidden = hidden;
    result.steps = attention.ragged.steps();
    result.eps = static_cast<Real>(wiring.eps);
    result.norm1_weights = norm1_weights.data();
    result.norm1_bias = norm1_bias.data();
    result.norm2_weights = norm2_weights.data();
    result.norm2_bias = norm2_bias.data();
    result.linear1_bias = linear1_bias.data();
    result.linear2_bias = linear2_bias.data();
    result.left = left.data();
    return result;
  }

  longshore::TransformerWeights<Real, Space> weights() {
    return {attention.in_weights.view(), attention.out_weights.view(), linear1.view(), linear2.view()};
  }

  /// Calls the forward kernel on views.
  std::vector<double> forward() {
    const auto given = arrays();
    longshore::Tensor<Real, 2, Space> y(given.steps, attention.features);
    longshore::Tensor<Real, 1, Space> workspace(
        static_cast<longshore::Index>(longshore::transformer_layer_forward_workspace(given)));
    longshore::transformer_layer_forward<Real, Space>(Space(), attention.x.view(), weights(), given, y.view(),
                                                      workspace.view());
    return numbers_of(y.view());
  }
};

/// The same numbers in double, and what a layer gives for them, written down naively.
struct TransformerNumbers {
  std::vector<std::int32_t> bounds;
  reference::TransformerWiring wiring;
  std::vector<double> x;
  reference::TransformerWeights weights;

  template <class Real, class Space>
  explicit TransformerNumbers(const TransformerArraysOf<Real, Space>& a)
      : bounds(a.attention.ragged.bounds.begin(), a.attention.ragged.bounds.end()),
        wiring(a.wiring),
        x(numbers_of(a.attention.x.view())),
        weights{numbers_of(a.attention.in_weights.view()),
                numbers_of(a.attention.in_bias.view()),
                numbers_of(a.attention.out_weights.view()),
                numbers_of(a.attention.out_bias.view()),
                numbers_of(a.linear1.view()),
                numbers_of(a.linear1_bias.view()),
                numbers_of(a.linear2.view()),
                numbers_of(a.linear2_bias.view()),
                numbers_of(a.norm1_weights.view()),
                numbers_of(a.norm1_bias.view()),
                numbers_of(a.norm2_weights.view()),
                numbers_of(a.norm2_bias.view())} {}

  std::vector<double> output() const { return reference::transformer_layer(x, bounds, wiring, weights); }
};
