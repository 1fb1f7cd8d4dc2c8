// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/core/sparse_rows.hpp>
#include <longshore/kernels/change_rows.hpp>
#include <longshore/kernels/rating_blocks.hpp>
#include <longshore/kernels/rating_steps.hpp>
#include <longshore/linalg/rounded.hpp>
#include <longshore/linalg/team_dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Sums of an epoch of `NmfStep`, which begin at 0.
template <class Real>
struct NmfSums {
  Real* user_ratings;    // (U, D) sum of q r over the user's ratings
  Real* user_estimates;  // (U, D) sum of q r_ui
  Real* item_ratings;    // (I, D) sum of p r
  Real* item_estimates;  // (I, D) sum of p r_ui
};

/// What one rating adds to the sums of its user or its item.
template <class Real>
struct NmfRule {
  Real rating, estimate;
  template <class Number>
  KOKKOS_INLINE_FUNCTION void operator()(const Number& p, const Number& q, Number& user_ratings, Number& user_estimates,
                                         Number& item_ratings, Number& item_estimates) const {
    user_ratings += rating * q;
    user_estimates += estimate * q;
    item_ratings += rating * p;
    item_estimates += estimate * p;
  }
};

/// What one rating adds to an epoch of non-negative factorisation: a body of `visit_rating_blocks`. With biases, these
/// take a step of gradient descent; the factors stay as they are until `NmfUpdate`.
///
/// Cost: O(D) a rating.
/// Source: Luo et al. 2014; Surprise 1.1, `NMF`.
template <class Real>
struct NmfStep {
  static inline const std::string label = "longshore::nmf_step";
  RatingArrays<Real> arrays;
  NmfSums<Real> sums;
  const Id* items;     // (N) of the entries
  const Real* values;  // (N)
  using Prepared = NothingPrepared;

  /// Fetches the sums of the item of entry n.
  KOKKOS_INLINE_FUNCTION Prepared prepare(const RatingBlock&, Index, std::int64_t n) const {
    const std::int64_t row = std::int64_t{items[n]} * arrays.features;
    fetch_row(sums.item_ratings + row, arrays.features);
    fetch_row(sums.item_estimates + row, arrays.features);
    return {};
  }

  template <class Team>
  KOKKOS_FORCEINLINE_FUNCTION StepLoss<Real> operator()(const Team& team, const RatingBlock&, Index user,
                                                        std::int64_t n, Prepared) const {
    const Id item = items[n];
    const Index features = arrays.features;
    const std::int64_t u = std::int64_t{user} * features, i = std::int64_t{item} * features;
    const Real* p = arrays.user_factors + u;
    const Real* q = arrays.item_factors + i;
    const bool biased = arrays.user_bias != nullptr;
    const Real user_bias = biased ? arrays.user_bias[user] : Real(0);
    const Real item_bias = biased ? arrays.item_bias[item] : Real(0);
    const Real estimate = arrays.mean[0] + user_bias + item_bias + sum_rows<Real>(team, features, ProductRule{}, q, p);
    const Real error = values[n] - estimate;
    if (biased && team.rank() == 0) {
      arrays.user_bias[user] = user_bias + arrays.bias_rate * (error - arrays.bias_regularisation * user_bias);
      arrays.item_bias[item] = item_bias + arrays.bias_rate * (error - arrays.bias_regularisation * item_bias);
    }
    change_rows<Real>(team, features, NmfRule<Real>{values[n], estimate}, p, q, sums.user_ratings + u,
                      sums.user_estimates + u, sums.item_ratings + i, sums.item_estimates + i);
    team.barrier();
    return {error * error, Real(1)};
  }
};

/// The body of `nmf_update`, which says what it computes.
template <class Real, class Space>
struct NmfUpdate {
  static inline const std::string label = "longshore::nmf_update";
  SparseRows<Real, Space> rows;
  Index features;
  Real regularisation;
  const Real* ratings;    // (R, D)
  const Real* estimates;  // (R, D)
  Real* factors;          // (R, D)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t r) const {
    const auto count = static_cast<Real>(rows.length(static_cast<Index>(r)));
    for (std::int64_t d = r * features; d < (r + 1) * features; ++d) {
      const Real below = estimates[d] + rounded(rounded(count * regularisation) * factors[d]);
      if (below > Real(0)) factors[d] *= ratings[d] / below;
    }
  }
};

/// factor *= sum of ratings / (sum of estimates + n lambda factor), for every factor of every row. Does not wait.
///
/// Where the denominator is not above 0, as it may be with biases or where all is 0, the factor stays. Cost: O(R D).
///
/// @param rows       (R, C) of which the numbers of entries are read
/// @param ratings    (R, D) sums, as `NmfSums` has them
/// @param estimates  (R, D)
/// @param factors    (R, D) changed
template <class Real, class Space, class Executor>
void nmf_update(const Executor& executor, const SparseRows<Real, Space>& rows, Index features, Real regularisation,
                const Real* ratings, const Real* estimates, Real* factors) {
  for_each(executor, rows.row_count,
           NmfUpdate<Real, Space>{rows, features, regularisation, ratings, estimates, factors});
}

/// The body of `fold_in_nmf`, which says what it computes.
template <class Real, class Space>
struct FoldInNmf {
  static inline const std::string label = "longshore::fold_in_nmf";
  static constexpr int team_size = 32;
  SparseRows<Real, Space> rows;
  Index features, steps;
  bool biased;
  Real regularisation, bias_rate, bias_regularisation;
  const Real* mean;    // (1) added to every score and to the result's bias, or null
  Index bias_column;   // where the others' vectors have their bias: D or D + 1
  const Real* others;  // (C, D + 2)
  Real* result;        // (R, D + 2)
  Real* workspace;     // (R, 2, D)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index r = team.league();
    Real* p = result + std::int64_t{r} * (features + 2);
    Real* ratings = workspace + std::int64_t{r} * 2 * features;
    Real* estimates = ratings + features;
    const Real base = mean ? mean[0] : Real(0);
    const auto count = static_cast<Real>(rows.length(r));
    Real bias = 0;
    for (Index d = team.rank(); d < features; d += team.size()) p[d] = count > 0 ? Real(0.5) : Real(0);
    for (Index step = 0; step < steps && count > 0; ++step) {
      for (Index d = team.rank(); d < features; d += team.size()) ratings[d] = estimates[d] = 0;
      for (std::int64_t n = rows.begin(r); n < rows.end(r); ++n) {
        const Real* q = others + std::int64_t{rows.columns[n]} * (features + 2);
        const Real estimate = base + bias + q[bias_column] + team_dot(team, q, p, features);
        if (biased) bias += bias_rate * (rows.values[n] - estimate - bias_regularisation * bias);
        for (Index d = team.rank(); d < features; d += team.size()) {
          ratings[d] += rows.values[n] * q[d];
          estimates[d] += estimate * q[d];
        }
      }
      for (Index d = team.rank(); d < features; d += team.size()) {
        const Real below = estimates[d] + count * regularisation * p[d];
        if (below > Real(0)) p[d] *= ratings[d] / below;
      }
    }
    if (team.rank() != 0) return;
    const bool of_item = bias_column == features;
    p[of_item ? features + 1 : features] = base + bias;
    p[of_item ? features : features + 1] = Real(1);
  }
};

/// The vectors of new users, or new items, by the same updates, from 0.5, while everything else stays as it is. Does
/// not wait. Without entries the factors are 0.
///
/// Cost: O(steps n D) for a row of n entries; one launch. Scratch 2 R D numbers.
///
/// @param work  its result (R, D + 2) is overwritten: users where `bias_column` is D + 1, items where it is D
template <class Real, class Space, class Executor>
void fold_in_nmf(const Executor& executor, const FoldInNmf<Real, Space>& work) {
  for_each_team<Space>(executor, work.rows.row_count, work);
}

}  // namespace longshore::inline LONGSHORE_ABI
