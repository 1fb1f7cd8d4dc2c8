// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "../support/window_list.hpp"

/// Poolings as their papers write them, one window and one step at a time, in double.
namespace naive {

using Row = std::vector<double>;
using Rows = std::vector<Row>;

inline double dot(const Row& a, const Row& b) {
  double sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += a[d] * b[d];
  return sum;
}

/// The rows of a row-major matrix of any scalar.
template <class Real>
Rows rows_of(const std::vector<Real>& elements, std::size_t columns) {
  Rows rows;
  for (std::size_t i = 0; columns > 0 && i < elements.size() / columns; ++i)
    rows.emplace_back(elements.begin() + static_cast<std::ptrdiff_t>(i * columns),
                      elements.begin() + static_cast<std::ptrdiff_t>((i + 1) * columns));
  return rows;
}

inline Row matrix_times(const Rows& matrix, const Row& x) {
  Row y;
  for (const Row& row : matrix) y.push_back(dot(row, x));
  return y;
}

/// A row for each window: `pool` of its steps, or `columns` zeros for an empty one.
inline std::vector<double> over_windows(const Rows& x, const WindowList& list, std::size_t columns,
                                        const std::function<Row(const Rows&)>& pool) {
  std::vector<double> result;
  for (std::size_t w = 0; w < list.size(); ++w) {
    const Rows steps(x.begin() + list.begin[w], x.begin() + list.end[w]);
    const Row z = steps.empty() ? Row(columns, 0.0) : pool(steps);
    result.insert(result.end(), z.begin(), z.end());
  }
  return result;
}

inline Row softmax(const Row& scores) {
  double greatest = scores[0], sum = 0;
  for (const double s : scores) greatest = std::max(greatest, s);
  Row weights;
  for (const double s : scores) weights.push_back(std::exp(s - greatest));
  for (const double a : weights) sum += a;
  for (double& a : weights) a /= sum;
  return weights;
}

inline Row weighted_sum(const Row& weights, const Rows& steps) {
  Row z(steps[0].size(), 0.0);
  for (std::size_t t = 0; t < steps.size(); ++t)
    for (std::size_t d = 0; d < z.size(); ++d) z[d] += weights[t] * steps[t][d];
  return z;
}

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// query . f(W x + b) for each step.
inline Row additive_scores(const Rows& steps, const Rows& matrix, const Row& bias, const Row& query,
                           const std::function<double(double)>& f) {
  Row scores;
  for (const Row& x : steps) {
    Row h = matrix_times(matrix, x);
    for (std::size_t j = 0; j < h.size(); ++j) h[j] = f(h[j] + (bias.empty() ? 0 : bias[j]));
    scores.push_back(dot(query, h));
  }
  return scores;
}

/// A layer of a network: weights (out, in) and bias (out).
struct Layer {
  Rows weights;
  Row bias;
};

/// The scores of DIN: the network sees q, k, q - k and q * k joined.
inline Row target_scores(const Row& q, const Rows& steps, const std::vector<Layer>& layers,
                         const std::function<double(double)>& f) {
  Row scores;
  for (const Row& k : steps) {
    Row h = q;
    h.insert(h.end(), k.begin(), k.end());
    for (std::size_t d = 0; d < q.size(); ++d) h.push_back(q[d] - k[d]);
    for (std::size_t d = 0; d < q.size(); ++d) h.push_back(q[d] * k[d]);
    for (std::size_t l = 0; l < layers.size(); ++l) {
      h = matrix_times(layers[l].weights, h);
      for (std::size_t j = 0; j < h.size(); ++j) {
        h[j] += layers[l].bias[j];
        if (l + 1 < layers.size()) h[j] = f(h[j]);
      }
    }
    scores.push_back(h[0]);
  }
  return scores;
}

/// How alike two steps are: inner product, that over sqrt(D), or cosine.
inline double similarity(const Row& a, const Row& b, int kind) {
  if (kind == 0) return dot(a, b);
  if (kind == 1) return dot(a, b) / std::sqrt(static_cast<double>(a.size()));
  const double lengths = std::sqrt(dot(a, a) * dot(b, b));
  return lengths > 0 ? dot(a, b) / lengths : 0;
}

/// The scores of deep attention, pair by pair; against the others (0), all (1) or the last (2).
inline Row similarity_scores(const Rows& steps, int against, int kind) {
  Row scores;
  for (std::size_t t = 0; t < steps.size(); ++t) {
    double sum = 0;
    for (std::size_t u = 0; u < steps.size(); ++u)
      if (u != t || against == 1) sum += similarity(steps[t], steps[u], kind);
    const auto count = static_cast<double>(against == 1 ? steps.size() : steps.size() - 1);
    if (against == 2)
      scores.push_back(similarity(steps[t], steps.back(), kind));
    else
      scores.push_back(count > 0 ? sum / count : 0);
  }
  return scores;
}

}  // namespace naive
