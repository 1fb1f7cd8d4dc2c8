// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/kernels/change_rows.hpp>
#include <longshore/kernels/rating_blocks.hpp>
#include <longshore/kernels/sequential_ratings.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The body of `sum_implicit_factors`, which says what it computes.
template <class Real, class Space>
struct SumImplicitFactors {
  static inline const std::string label = "longshore::sum_implicit_factors";
  static constexpr int team_size = 32;
  static constexpr Index users_each = is_host_space<Space> ? 8 : 1;
  SparseRows<Real, Space> by_user;
  Index first, last, features;
  const Real* implicit_factors;
  Real* sums;    // (U, D)
  Real* pushes;  // (last - first, D), or null

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index begin = first + team.league() * users_each, end = begin + users_each < last ? begin + users_each : last;
    for (Index u = begin; u < end; ++u) user(team, u);
  }

 private:
  template <class Team>
  KOKKOS_INLINE_FUNCTION void user(const Team& team, Index u) const {
    Real* z = sums + std::int64_t{u} * features;
    for (Index d = team.rank(); d < features; d += team.size()) z[d] = 0;
    for (std::int64_t n = by_user.begin(u); n < by_user.end(u); ++n) {
      const Real* y = implicit_factors + std::int64_t{by_user.columns[n]} * features;
      for (Index d = team.rank(); d < features; d += team.size()) z[d] += y[d];
    }
    const std::int64_t count = by_user.length(u);
    const Real share = count > 0 ? Real(1) / math::sqrt(static_cast<Real>(count)) : Real(0);
    for (Index d = team.rank(); d < features; d += team.size()) z[d] *= share;
    if (!pushes) return;
    Real* push = pushes + std::int64_t{u - first} * features;
    for (Index d = team.rank(); d < features; d += team.size()) push[d] = 0;
  }
};

/// z_u = |I_u|^-1/2 times the sum of the y of the user's items, for users first to last - 1. Does not wait.
///
/// Cost: O(n D) for their n entries.
///
/// @param implicit_factors  (I, D) y
/// @param sums              (U, D) z, overwritten for these users
/// @param pushes            (last - first, D) set to 0; or null
template <class Real, class Space, class Executor>
void sum_implicit_factors(const Executor& executor, const SparseRows<Real, Space>& by_user, Index first, Index last,
                          Index features, const Real* implicit_factors, Real* sums, Real* pushes) {
  using Sum = SumImplicitFactors<Real, Space>;
  const std::int64_t bodies = (std::int64_t{last} - first + Sum::users_each - 1) / Sum::users_each;
  for_each_team<Space>(executor, bodies, Sum{by_user, first, last, features, implicit_factors, sums, pushes});
}

/// (p + z) q: the rule of a score.
struct SvdppScore {
  template <class Number>
  KOKKOS_INLINE_FUNCTION Number operator()(const Number& p, const Number& z, const Number& q) const {
    return (p + z) * q;
  }
};

/// What a rating changes in p, q, the user's z and what the user's y are to be pushed by.
template <class Real>
struct SvdppRule {
  Real error, rate, regularisation, implicit_rate, kept;  // kept: 1 - rate lambda of y
  template <class Number>
  KOKKOS_INLINE_FUNCTION void operator()(Number& p, Number& q, Number& z, Number& push) const {
    const Number user = error * q - regularisation * p, item = error * (p + z) - regularisation * q, pull = error * q;
    push = kept * push + pull;
    z = kept * z + implicit_rate * pull;
    p += rate * user;
    q += rate * item;
  }
};

/// A step of SVD++ for one rating: a body of `visit_rating_blocks`.
///
/// Published, a step moves every y_j of the user by rate (e q |I_u|^-1/2 - lambda y_j), which moves their sum z_u by
/// rate (e q - lambda z_u): so z_u is moved alone, at the cost of one row, and what all y_j have to move by is kept in
/// one row, push <- (1 - rate lambda) push + e q, until `push_implicit_factors` moves them.
///
/// Cost: O(D) a rating, not O(D |I_u|).
/// Source: Koren 2008, equation 15.
template <class Real>
struct SvdppRatingStep {
  static inline const std::string label = "longshore::svdpp_rating_step";
  RatingArrays<Real> arrays;
  ImplicitArrays<Real> implicit;
  Index first;         // the user of the first push
  Real* pushes;        // (users, D)
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
    Real* z = implicit.implicit_sums + std::int64_t{user} * features;
    const Real user_bias = arrays.user_bias[user], item_bias = arrays.item_bias[item];
    const Real along = sum_rows<Real>(team, features, SvdppScore{}, p, z, q);
    const Real error = values[n] - (arrays.mean[0] + user_bias + item_bias + along);
    if (team.rank() == 0) {
      arrays.user_bias[user] = user_bias + arrays.bias_rate * (error - arrays.bias_regularisation * user_bias);
      arrays.item_bias[item] = item_bias + arrays.bias_rate * (error - arrays.bias_regularisation * item_bias);
    }
    const Real kept = Real(1) - implicit.rate * implicit.regularisation;
    change_rows<Real>(team, features, SvdppRule<Real>{error, arrays.rate, arrays.regularisation, implicit.rate, kept},
                      p, q, z, pushes + std::int64_t{user - first} * features);
    team.barrier();
    return {error * error, Real(1)};
  }
};

/// y = kept y + scale push.
template <class Real>
struct PushRule {
  Real kept, scale;
  template <class Number>
  KOKKOS_INLINE_FUNCTION void operator()(Number& y, const Number& push) const {
    y = kept * y + scale * push;
  }
};

/// The body of `push_implicit_factors`, which says what it computes.
template <class Real, class Space>
struct PushImplicitFactors {
  static inline const std::string label = "longshore::push_implicit_factors";
  static constexpr int team_size = 32;
  SparseRows<Real, Space> by_user;
  Index first, last, features;
  const Index* item_cuts;  // (H+1)
  ImplicitArrays<Real> implicit;
  const Real* pushes;  // (last - first, D)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Id first_item = item_cuts[team.league()], limit = item_cuts[team.league() + 1];
    for (Index u = first; u < last; ++u) {
      const std::int64_t begin = by_user.begin(u), end = by_user.end(u);
      std::int64_t n = first_not_below(by_user.columns, begin, end, first_item);
      if (n == end || by_user.columns[n] >= limit) continue;
      const auto count = static_cast<Real>(end - begin);
      // As many steps as the user has ratings, each of which shrinks.
      const Real kept = math::pow(Real(1) - implicit.rate * implicit.regularisation, count);
      const PushRule<Real> rule{kept, implicit.rate / math::sqrt(count)};
      const Real* push = pushes + std::int64_t{u - first} * features;
      for (; n < end && by_user.columns[n] < limit; ++n)
        change_rows<Real>(team, features, rule, implicit.implicit_factors + std::int64_t{by_user.columns[n]} * features,
                          push);
    }
  }
};

/// Moves the y of all items of users first to last - 1 by what their ratings pushed. Does not wait.
///
///   y_j <- (1 - rate lambda)^|I_u| y_j + rate |I_u|^-1/2 push_u, user after user
///
/// With one user it is the sum of the published steps. Cost: O(n D) for their n entries; one launch of H bodies.
///
/// @param item_cuts  (H+1) groups of items, each moved by one body
/// @param pushes     (last - first, D)
template <class Real, class Space, class Executor>
void push_implicit_factors(const Executor& executor, const SparseRows<Real, Space>& by_user, Index first, Index last,
                           Index features, Index item_groups, const Index* item_cuts,
                           const ImplicitArrays<Real>& implicit, const Real* pushes) {
  for_each_team<Space>(executor, item_groups,
                       PushImplicitFactors<Real, Space>{by_user, first, last, features, item_cuts, implicit, pushes});
}

}  // namespace longshore::inline LONGSHORE_ABI
