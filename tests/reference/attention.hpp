// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace reference {

using Numbers = std::vector<double>;

/// x Wᵀ + b for one row; no bias if it is empty.
inline Numbers project(const double* x, std::size_t in, const Numbers& weights, const Numbers& bias) {
  Numbers y(weights.size() / in);
  for (std::size_t o = 0; o < y.size(); ++o) {
    y[o] = bias.empty() ? 0 : bias[o];
    for (std::size_t i = 0; i < in; ++i) y[o] += weights[o * in + i] * x[i];
  }
  return y;
}

/// Multi-head self-attention as Vaswani et al. 2017, section 3.2, write it: sequence by sequence, step by step.
inline Numbers self_attention(const Numbers& x, const std::vector<std::int32_t>& bounds, std::size_t features,
                              std::size_t heads, bool causal, const Numbers& in_weights, const Numbers& in_bias,
                              const Numbers& out_weights, const Numbers& out_bias) {
  const std::size_t each = features / heads;
  Numbers result;
  for (std::size_t b = 0; b + 1 < bounds.size(); ++b) {
    std::vector<Numbers> steps;  // queries, keys and values in one row
    for (auto row = static_cast<std::size_t>(bounds[b]); row < static_cast<std::size_t>(bounds[b + 1]); ++row)
      steps.push_back(project(&x[row * features], features, in_weights, in_bias));
    for (std::size_t t = 0; t < steps.size(); ++t) {
      Numbers mixed(features, 0);
      for (std::size_t h = 0; h < heads; ++h) {
        const std::size_t seen = causal ? t + 1 : steps.size();
        Numbers scores(seen, 0);
        for (std::size_t s = 0; s < seen; ++s)
          for (std::size_t d = 0; d < each; ++d)
            scores[s] +=
                steps[t][h * each + d] * steps[s][features + h * each + d] / std::sqrt(static_cast<double>(each));
        const double greatest = *std::max_element(scores.begin(), scores.end());
        double sum = 0;
        for (double& score : scores) sum += score = std::exp(score - greatest);
        for (std::size_t s = 0; s < seen; ++s)
          for (std::size_t d = 0; d < each; ++d)
            mixed[h * each + d] += scores[s] / sum * steps[s][2 * features + h * each + d];
      }
      const Numbers y = project(mixed.data(), features, out_weights, out_bias);
      result.insert(result.end(), y.begin(), y.end());
    }
  }
  return result;
}

}  // namespace reference
