// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "attention.hpp"

namespace reference {

/// Layer normalisation of each row, Ba et al. 2016, equation 3.
inline Numbers layer_norm(const Numbers& x, std::size_t features, double eps, const Numbers& weights,
                          const Numbers& bias) {
  Numbers y(x.size());
  for (std::size_t row = 0; row < x.size(); row += features) {
    double mean = 0, variance = 0;
    for (std::size_t d = 0; d < features; ++d) mean += x[row + d] / static_cast<double>(features);
    for (std::size_t d = 0; d < features; ++d)
      variance += (x[row + d] - mean) * (x[row + d] - mean) / static_cast<double>(features);
    for (std::size_t d = 0; d < features; ++d)
      y[row + d] = (x[row + d] - mean) / std::sqrt(variance + eps) * weights[d] + bias[d];
  }
  return y;
}

/// What a transformer layer is made of; matrices are (out, in).
struct TransformerWeights {
  Numbers in_weights, in_bias, out_weights, out_bias, weights1, bias1, weights2, bias2;
  Numbers norm1_weights, norm1_bias, norm2_weights, norm2_bias;
};

/// How a transformer layer is wired.
struct TransformerWiring {
  std::size_t features, heads;
  bool causal, norm_first, gelu;
  double eps = 1e-5;
};

/// relu(x W_1ᵀ + b_1) W_2ᵀ + b_2 row by row, or the same with x times the normal distribution instead of relu.
inline Numbers feed_forward(const Numbers& x, std::size_t features, bool gelu, const TransformerWeights& w) {
  Numbers y;
  for (std::size_t row = 0; row < x.size(); row += features) {
    Numbers hidden = project(&x[row], features, w.weights1, w.bias1);
    for (double& h : hidden) h = gelu ? 0.5 * h * std::erfc(-h / std::sqrt(2.0)) : std::max(h, 0.0);
    const Numbers out = project(hidden.data(), hidden.size(), w.weights2, w.bias2);
    y.insert(y.end(), out.begin(), out.end());
  }
  return y;
}

inline Numbers sum_of(const Numbers& a, const Numbers& b) {
  Numbers sum(a.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = a[i] + b[i];
  return sum;
}

/// A transformer layer as Vaswani et al. 2017, section 3.1, write it, or with norms first (Xiong et al. 2020, fig. 1).
inline Numbers transformer_layer(const Numbers& x, const std::vector<std::int32_t>& bounds,
                                 const TransformerWiring& wiring, const TransformerWeights& w) {
  const std::size_t features = wiring.features;
  const auto attention = [&](const Numbers& seen) {
    return self_attention(seen, bounds, features, wiring.heads, wiring.causal, w.in_weights, w.in_bias, w.out_weights,
                          w.out_bias);
  };
  const auto norm1 = [&](const Numbers& s) {
    return layer_norm(s, features, wiring.eps, w.norm1_weights, w.norm1_bias);
  };
  const auto norm2 = [&](const Numbers& s) {
    return layer_norm(s, features, wiring.eps, w.norm2_weights, w.norm2_bias);
  };
  const auto feed = [&](const Numbers& seen) { return feed_forward(seen, features, wiring.gelu, w); };
  if (wiring.norm_first) {
    const Numbers middle = sum_of(x, attention(norm1(x)));
    return sum_of(middle, feed(norm2(middle)));
  }
  const Numbers middle = norm1(sum_of(x, attention(x)));
  return norm2(sum_of(middle, feed(middle)));
}

}  // namespace reference
