// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <longshore/factorization/least_squares_problem.hpp>

#include "sparse.hpp"

namespace test {

/// What alternating least squares minimise, written from the papers over all pairs, dense, in double.
struct DenseLeastSquares {
  longshore::LeastSquaresProblem problem;
  std::size_t users = 0, items = 0, features = 0;
  std::vector<double> values;  // (U, I)
  std::vector<char> seen;      // (U, I)

  /// Weight and target of a pair, one or two terms: sum of weight (target - s)^2.
  std::vector<std::pair<double, double>> terms(std::size_t u, std::size_t i) const {
    const double v = values[u * items + i], w = problem.weight, all = problem.unobserved_weight;
    const bool is_there = seen[u * items + i] != 0;
    const double preference = v > 0 ? 1 : 0;
    switch (problem.feedback) {
      case longshore::Feedback::confidence: return {{is_there ? all + w * v : all, is_there ? preference : 0}};
      case longshore::Feedback::given_confidence: return {{is_there ? w * v : all, is_there ? preference : 0}};
      case longshore::Feedback::positive: return {{is_there ? w * v : 0, 1}, {all, 0}};
      case longshore::Feedback::ratings: break;
    }
    return {{is_there ? 1 : 0, v}};
  }

  double ridge(std::size_t row, bool of_user) const {
    double count = 0;
    for (std::size_t k = 0; k < (of_user ? items : users); ++k)
      count += seen[of_user ? row * items + k : k * items + row] ? 1 : 0;
    const bool implicit = problem.feedback != longshore::Feedback::ratings;
    if (implicit) count += problem.unobserved_weight * static_cast<double>(of_user ? items : users);
    return problem.regularisation * (problem.frequency_exponent == 0 ? 1 : std::pow(count, problem.frequency_exponent));
  }

  /// J of factors (U, D) and (I, D).
  double objective(const std::vector<double>& x, const std::vector<double>& y) const {
    double sum = 0;
    for (std::size_t u = 0; u < users; ++u)
      for (std::size_t i = 0; i < items; ++i) {
        double score = 0;
        for (std::size_t d = 0; d < features; ++d) score += x[u * features + d] * y[i * features + d];
        for (const auto& [weight, target] : terms(u, i)) sum += weight * (target - score) * (target - score);
      }
    for (std::size_t k = 0; k < x.size(); ++k) sum += ridge(k / features, true) * x[k] * x[k];
    for (std::size_t k = 0; k < y.size(); ++k) sum += ridge(k / features, false) * y[k] * y[k];
    return sum;
  }

  /// The system of a row, (D, D) and (D), in the other side's factors.
  std::pair<std::vector<double>, std::vector<double>> system(std::size_t row, bool of_user,
                                                             const std::vector<double>& other) const {
    std::vector<double> a(features * features), b(features);
    for (std::size_t k = 0; k < (of_user ? items : users); ++k)
      for (const auto& [weight, target] : of_user ? terms(row, k) : terms(k, row))
        for (std::size_t d = 0; d < features; ++d) {
          b[d] += weight * target * other[k * features + d];
          for (std::size_t c = 0; c < features; ++c)
            a[d * features + c] += weight * other[k * features + d] * other[k * features + c];
        }
    for (std::size_t d = 0; d < features; ++d) a[d * features + d] += ridge(row, of_user);
    return {a, b};
  }

  /// The best rows of one side for the other side's, by Gauss and Jordan with pivots.
  std::vector<double> best(bool of_users, const std::vector<double>& other) const {
    std::vector<double> rows;
    for (std::size_t r = 0; r < (of_users ? users : items); ++r) {
      auto [a, b] = system(r, of_users, other);
      if (std::ranges::all_of(b, [](double number) { return number == 0; })) {
        rows.insert(rows.end(), features, 0.0);
        continue;
      }
      for (std::size_t k = 0; k < features; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k; i < features; ++i)
          if (std::abs(a[i * features + k]) > std::abs(a[pivot * features + k])) pivot = i;
        for (std::size_t j = 0; j < features; ++j) std::swap(a[k * features + j], a[pivot * features + j]);
        std::swap(b[k], b[pivot]);
        for (std::size_t i = 0; i < features; ++i) {
          if (i == k) continue;
          const double factor = a[i * features + k] / a[k * features + k];
          for (std::size_t j = 0; j < features; ++j) a[i * features + j] -= factor * a[k * features + j];
          b[i] -= factor * b[k];
        }
      }
      for (std::size_t d = 0; d < features; ++d) rows.push_back(b[d] / a[d * features + d]);
    }
    return rows;
  }

  /// Steps of conjugate gradients for the rows of one side, from where they are.
  std::vector<double> step(bool of_users, std::vector<double> rows, const std::vector<double>& other, int steps) const {
    for (std::size_t r = 0; r < (of_users ? users : items); ++r) {
      const auto [a, b] = system(r, of_users, other);
      double* x = &rows[r * features];
      std::vector<double> residual = b, direction, product(features);
      const auto dot = [&](const std::vector<double>& p, const std::vector<double>& q) {
        double sum = 0;
        for (std::size_t d = 0; d < features; ++d) sum += p[d] * q[d];
        return sum;
      };
      for (std::size_t d = 0; d < features; ++d)
        for (std::size_t c = 0; c < features; ++c) residual[d] -= a[d * features + c] * x[c];
      direction = residual;
      for (int k = 0; k < steps; ++k) {
        const double square = dot(residual, residual);
        for (std::size_t d = 0; d < features; ++d) {
          product[d] = 0;
          for (std::size_t c = 0; c < features; ++c) product[d] += a[d * features + c] * direction[c];
        }
        const double length = square / dot(direction, product);
        for (std::size_t d = 0; d < features; ++d) {
          x[d] += length * direction[d];
          residual[d] -= length * product[d];
        }
        const double keep = dot(residual, residual) / square;
        for (std::size_t d = 0; d < features; ++d) direction[d] = residual[d] + keep * direction[d];
      }
    }
    return rows;
  }
};

/// The dense form of interactions.
template <class Real, class Space>
DenseLeastSquares dense_least_squares(const longshore::LeastSquaresProblem& problem,
                                      const longshore::SparseRows<Real, Space>& rows, std::size_t features) {
  DenseLeastSquares dense{
      problem, static_cast<std::size_t>(rows.row_count), static_cast<std::size_t>(rows.column_count), features, {}, {}};
  dense.values.resize(dense.users * dense.items);
  dense.seen.resize(dense.users * dense.items);
  for (const auto& [u, i, value] : triplets_of(rows)) {
    const std::size_t at = static_cast<std::size_t>(u) * dense.items + static_cast<std::size_t>(i);
    dense.values[at] = value;
    dense.seen[at] = 1;
  }
  return dense;
}

}  // namespace test
