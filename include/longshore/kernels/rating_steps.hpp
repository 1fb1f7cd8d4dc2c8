// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/core/math.hpp>
#include <longshore/kernels/change_rows.hpp>
#include <longshore/kernels/rating_blocks.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The arrays of a biased factorisation, r_ui = mu + b_u + b_i + <p_u, q_i>, and how one rating changes them.
template <class Real>
struct RatingArrays {
  Index features = 0;                                // D
  const Real* mean = nullptr;                        // (1)
  Real* user_bias = nullptr;                         // (U), or null for no biases
  Real* item_bias = nullptr;                         // (I), or null with it
  Real* user_factors = nullptr;                      // (U, D)
  Real* item_factors = nullptr;                      // (I, D)
  Real rate = 0, bias_rate = 0;                      // of learning
  Real regularisation = 0, bias_regularisation = 0;  // lambda
};

/// p += rate (e q - lambda p), q += rate (e p - lambda q), both by the numbers of before.
template <class Real>
struct SgdRule {
  Real error, regularisation, user_rate, item_rate;
  template <class Number>
  KOKKOS_INLINE_FUNCTION void operator()(Number& p, Number& q) const {
    const Number user = error * q - regularisation * p, item = error * p - regularisation * q;
    p += user_rate * user;
    q += item_rate * item;
  }
};

/// A step of stochastic gradient descent for one rating: a body of `visit_rating_blocks`.
///
///   e = r_ui - mu - b_u - b_i - <p_u, q_i>;  b += rate (e - lambda b) for both biases;
///   p += rate (e q - lambda p);  q += rate (e p - lambda q)
///
/// Cost: O(D) a rating.
/// Source: Koren et al. 2009, section "Learning algorithms".
template <class Real>
struct SgdRatingStep {
  static inline const std::string label = "longshore::sgd_rating_step";
  RatingArrays<Real> arrays;
  const Id* items;     // (N) of the entries
  const Real* values;  // (N)
  using Prepared = NothingPrepared;

  /// Fetches the row of the item of entry n.
  KOKKOS_INLINE_FUNCTION Prepared prepare(const RatingBlock&, Index, std::int64_t n) const {
    fetch_row(arrays.item_factors + std::int64_t{items[n]} * arrays.features, arrays.features);
    return {};
  }

  template <class Team>
  KOKKOS_FORCEINLINE_FUNCTION StepLoss<Real> operator()(const Team& team, const RatingBlock&, Index user,
                                                        std::int64_t n, Prepared) const {
    const Id item = items[n];
    Real* p = arrays.user_factors + std::int64_t{user} * arrays.features;
    Real* q = arrays.item_factors + std::int64_t{item} * arrays.features;
    const bool biased = arrays.user_bias != nullptr;
    const Real user_bias = biased ? arrays.user_bias[user] : Real(0);
    const Real item_bias = biased ? arrays.item_bias[item] : Real(0);
    const Real error = values[n] - (arrays.mean[0] + user_bias + item_bias +
                                    sum_rows<Real>(team, arrays.features, ProductRule{}, p, q));
    if (biased && team.rank() == 0) {
      arrays.user_bias[user] = user_bias + arrays.bias_rate * (error - arrays.bias_regularisation * user_bias);
      arrays.item_bias[item] = item_bias + arrays.bias_rate * (error - arrays.bias_regularisation * item_bias);
    }
    change_rows<Real>(team, arrays.features, SgdRule<Real>{error, arrays.regularisation, arrays.rate, arrays.rate}, p,
                      q);
    team.barrier();
    return {error * error, Real(1)};
  }
};

/// The same with a rate for each row that falls with the squares of its gradients: AdaGrad with one number a row.
///
///   g = e q - lambda p;  p += rate / sqrt(G_u) g;  G_u += |g|^2 / D, and alike for q; G begins at 1
///
/// A bias has the rate of its row. Cost: O(D) a rating.
/// Source: Duchi et al. 2011; Chin et al. 2015, which keeps two numbers a row, one for its first eight features.
template <class Real>
struct AdagradRatingStep {
  static inline const std::string label = "longshore::adagrad_rating_step";
  RatingArrays<Real> arrays;
  Real* user_squares;  // (U) G_u
  Real* item_squares;  // (I)
  const Id* items;     // (N) of the entries
  const Real* values;  // (N)
  using Prepared = NothingPrepared;

  /// Fetches the row of the item of entry n.
  KOKKOS_INLINE_FUNCTION Prepared prepare(const RatingBlock&, Index, std::int64_t n) const {
    fetch_row(arrays.item_factors + std::int64_t{items[n]} * arrays.features, arrays.features);
    return {};
  }

  template <class Team>
  KOKKOS_FORCEINLINE_FUNCTION StepLoss<Real> operator()(const Team& team, const RatingBlock&, Index user,
                                                        std::int64_t n, Prepared) const {
    const Id item = items[n];
    const Index features = arrays.features;
    Real* p = arrays.user_factors + std::int64_t{user} * features;
    Real* q = arrays.item_factors + std::int64_t{item} * features;
    const bool biased = arrays.user_bias != nullptr;
    const Real user_bias = biased ? arrays.user_bias[user] : Real(0);
    const Real item_bias = biased ? arrays.item_bias[item] : Real(0);
    const Real user_square = user_squares[user], item_square = item_squares[item];
    const Real along = sum_rows<Real>(team, features, ProductRule{}, p, q);
    const Real users = sum_rows<Real>(team, features, ProductRule{}, p, p),
               its = sum_rows<Real>(team, features, ProductRule{}, q, q);
    const Real error = values[n] - (arrays.mean[0] + user_bias + item_bias + along);
    const Real user_step = Real(1) / math::sqrt(user_square), item_step = Real(1) / math::sqrt(item_square);
    if (team.rank() == 0) {
      // |e q - lambda p|^2 by its three inner products.
      const Real l = arrays.regularisation, both = Real(2) * l * error * along,
                 share = Real(1) / static_cast<Real>(features);
      user_squares[user] = user_square + positive(error * error * its - both + l * l * users) * share;
      item_squares[item] = item_square + positive(error * error * users - both + l * l * its) * share;
      if (biased) {
        arrays.user_bias[user] =
            user_bias + arrays.bias_rate * user_step * (error - arrays.bias_regularisation * user_bias);
        arrays.item_bias[item] =
            item_bias + arrays.bias_rate * item_step * (error - arrays.bias_regularisation * item_bias);
      }
    }
    change_rows<Real>(team, features,
                      SgdRule<Real>{error, arrays.regularisation, arrays.rate * user_step, arrays.rate * item_step}, p,
                      q);
    team.barrier();
    return {error * error, Real(1)};
  }

 private:
  KOKKOS_INLINE_FUNCTION static Real positive(Real x) { return x < Real(0) ? Real(0) : x; }  // lost to rounding
};

}  // namespace longshore::inline LONGSHORE_ABI
