// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/value.hpp>
#include <longshore/kernels/for_each_row.hpp>
#include <longshore/linalg/team_dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One side of a factorisation machine: what one row x, and a vector p of weight 1 behind it, bring to a score alone
/// and in pairs with the other side. R rows, H features, K factors.
///
///   z = sum over h of v_h x_h + p,   own = mean + b + <w, x> + (|z|² - |p|² - sum over h of |v_h|² x_h²) / 2
///
/// The score of two sides is own + own' + <z, z'>: all pairs of both. Arrays that are not there are null.
template <class Real>
struct PairTerms {
  Index rows = 0, features = 0, factors = 0;  // R, H, K
  Index repeat = 1;                           // neighbouring rows that share p and b
  Index own = 0;                              // where `own` is put: column K + own; the other one of two holds 1
  const Real* x = nullptr;                    // (R, H)
  const Real* weights = nullptr;              // (H) w
  const Real* squares = nullptr;              // (H) |v_h|², from `factor_squares`
  const Real* products = nullptr;             // (R, K) the sum over h of v_h x_h
  const Real* vectors = nullptr;              // (R / repeat, K) p
  const Real* bias = nullptr;                 // (R / repeat) b
  const Real* mean = nullptr;                 // (1)

  KOKKOS_INLINE_FUNCTION Index width() const { return factors + 2; }
  KOKKOS_INLINE_FUNCTION const Real* vector(std::int64_t r) const {
    return vectors ? vectors + r / repeat * factors : nullptr;
  }
};

/// Squared lengths of the columns of a matrix (K, H).
template <class Real>
struct FactorSquares {
  static inline const std::string label = "longshore::factor_squares";
  const Real* factors;
  Index count, features;
  Real* squares;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t h) const {
    Real sum = 0;
    for (Index k = 0; k < count; ++k) {
      const Real v = factors[std::int64_t{k} * features + h];
      sum += v * v;
    }
    squares[h] = sum;
  }
};

/// The body of `pair_terms_forward`, which says what it computes.
template <class Real>
struct PairTermsForward {
  static inline const std::string label = "longshore::pair_terms_forward";
  static constexpr int team_size = 64;
  PairTerms<Real> terms;
  Index rows_each;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t first = std::int64_t{team.league()} * rows_each;
    const std::int64_t last = first + rows_each < terms.rows ? first + rows_each : terms.rows;
    for (std::int64_t r = first; r < last; ++r) row(team, r);
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void row(const Team& team, std::int64_t r) const {
    Real* z = y + r * terms.width();
    const Real* p = terms.vector(r);
    const Real* product = terms.products ? terms.products + r * terms.factors : nullptr;
    for (Index k = team.rank(); k < terms.factors; k += team.size())
      z[k] = (product ? product[k] : Real(0)) + (p ? p[k] : Real(0));
    team.barrier();
    Real own = (terms.mean ? terms.mean[0] : Real(0)) + (terms.bias ? terms.bias[r / terms.repeat] : Real(0));
    if (terms.x) {
      const Real* x = terms.x + r * terms.features;
      Real alone = 0;
      for (Index h = team.rank(); h < terms.features; h += team.size())
        alone += x[h] * (terms.weights[h] - Real(0.5) * terms.squares[h] * x[h]);
      Real pairs = team_dot(team, z, z, terms.factors);
      if (p) pairs -= team_dot(team, p, p, terms.factors);
      own += team.sum(alone) + Real(0.5) * pairs;
    }
    if (team.rank() != 0) return;
    z[terms.factors + terms.own] = own;
    z[terms.factors + 1 - terms.own] = 1;
  }
};

/// The body of `pair_terms_backward`, which says what it computes.
template <class Real>
struct PairTermsBackward {
  static inline const std::string label = "longshore::pair_terms_backward";
  static constexpr int team_size = 64;
  PairTerms<Real> terms;
  Index rows_each;
  const Real *dy, *y;
  Real *dz, *powers;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t first = std::int64_t{team.league()} * rows_each;
    const std::int64_t last = first + rows_each < terms.rows ? first + rows_each : terms.rows;
    for (std::int64_t r = first; r < last; ++r) {
      const Real *gradient = dy + r * terms.width(), *z = y + r * terms.width();
      const Real own = terms.x ? gradient[terms.factors + terms.own] : Real(0);
      for (Index k = team.rank(); k < terms.factors; k += team.size())
        dz[r * terms.factors + k] = gradient[k] + own * z[k];
      if (!powers) continue;
      const Real* x = terms.x + r * terms.features;
      Real* to = powers + r * 2 * terms.features;
      for (Index h = team.rank(); h < terms.features; h += team.size()) {
        to[h] = own * x[h];
        to[terms.features + h] = own * x[h] * x[h];
      }
    }
  }
};

/// The body of `pair_terms_backward_x`, which says what it computes.
template <class Real>
struct PairTermsBackwardX {
  static inline const std::string label = "longshore::pair_terms_backward_x";
  PairTerms<Real> terms;
  const Real* dy;
  Real* dx;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t r = i / terms.features, h = i % terms.features;
    const Real own = dy[r * terms.width() + terms.factors + terms.own];
    dx[i] += own * (terms.weights[h] - terms.squares[h] * terms.x[i]);
  }
};

/// The body of `pair_terms_backward_factors`, which says what it computes.
template <class Real>
struct PairTermsBackwardFactors {
  static inline const std::string label = "longshore::pair_terms_backward_factors";
  const Real *factors, *squares;
  Index features;
  Real* dfactors;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const { dfactors[i] -= factors[i] * squares[i % features]; }
};

/// The body of `pair_terms_backward_vectors`, which says what it computes.
template <class Real>
struct PairTermsBackwardVectors {
  static inline const std::string label = "longshore::pair_terms_backward_vectors";
  PairTerms<Real> terms;
  const Real *dy, *dz;
  Real *dvectors, *dbias;  // null: nobody wants it
  bool vectors_add, bias_adds;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t row = i / (terms.factors + 1), k = i % (terms.factors + 1);
    const bool is_bias = k == terms.factors;
    Real* to = is_bias ? dbias : dvectors;
    if (!to) return;
    Real sum = 0;
    for (std::int64_t r = row * terms.repeat; r < (row + 1) * terms.repeat; ++r) {
      const Real own = dy[r * terms.width() + terms.factors + terms.own];
      sum += is_bias ? own : dz[r * terms.factors + k] - (terms.x ? own * terms.vector(r)[k] : Real(0));
    }
    to += is_bias ? row : row * terms.factors + k;
    *to = (is_bias ? bias_adds : vectors_add) ? *to + sum : sum;
  }
};

/// Squared lengths of the features' vectors: squares_h = sum over k of v_kh², (H) of (K, H). Does not wait.
///
/// Cost: O(K H), no scratch.
template <class Real, class Space, class Executor>
void factor_squares(const Executor& executor, View<const Real, 2, Space> factors, View<Real, 1, Space> squares) {
  for_each(executor, factors.extent(1),
           FactorSquares<Real>{factors.data(), factors.extent(0), factors.extent(1), squares.data()});
}

/// Writes z, and behind it `own` and 1, in the order that `terms.own` says: the inner product of a row of one side and
/// one of the other, which has them in the other order, is the score. Does not wait.
///
/// Cost: O(R (H + K)), no scratch.
///
/// @param y  (R, K + 2) overwritten
template <class Real, class Space, class Executor>
void pair_terms_forward(const Executor& executor, const PairTerms<Real>& terms, View<Real, 2, Space> y) {
  const Index each = rows_per_team<Space>(std::int64_t{terms.factors} + terms.features);
  for_each_team<Space>(executor, (std::int64_t{terms.rows} + each - 1) / each,
                       PairTermsForward<Real>{terms, each, y.data()});
}

/// The gradient by z, that by way of `own` included, and what is summed over rows for weights and factors. Does not
/// wait.
///
/// Cost: O(R (H + K)), no scratch.
///
/// @param dy      (R, K + 2)
/// @param y       (R, K + 2) what forward gave
/// @param dz      (R, K) overwritten
/// @param powers  (R, 2 H) overwritten with dy of `own` times x, and times x²; or empty
template <class Real, class Space, class Executor>
void pair_terms_backward(const Executor& executor, const PairTerms<Real>& terms, View<const Real, 2, Space> dy,
                         View<const Real, 2, Space> y, View<Real, 2, Space> dz, View<Real, 2, Space> powers) {
  const Index each = rows_per_team<Space>(std::int64_t{terms.factors} + 3 * std::int64_t{terms.features});
  for_each_team<Space>(
      executor, (std::int64_t{terms.rows} + each - 1) / each,
      PairTermsBackward<Real>{terms, each, dy.data(), y.data(), dz.data(), terms.x ? powers.data() : nullptr});
}

/// What x gets beside dz times the factors: dx_h += dy of `own` (w_h - |v_h|² x_h), (R, H). Does not wait.
///
/// Cost: O(R H), no scratch.
template <class Real, class Space, class Executor>
void pair_terms_backward_x(const Executor& executor, const PairTerms<Real>& terms, View<const Real, 2, Space> dy,
                           View<Real, 2, Space> dx) {
  for_each(executor, std::int64_t{terms.rows} * terms.features, PairTermsBackwardX<Real>{terms, dy.data(), dx.data()});
}

/// What the factors get beside dzᵀ x: dv_kh -= v_kh times the sum of the second powers. Does not wait.
///
/// Cost: O(K H), no scratch.
///
/// @param factors   (K, H)
/// @param squares   (H) the sum over rows of the second half of `powers`
/// @param dfactors  (K, H) subtracted from
template <class Real, class Space, class Executor>
void pair_terms_backward_factors(const Executor& executor, View<const Real, 2, Space> factors, const Real* squares,
                                 View<Real, 2, Space> dfactors) {
  for_each(executor, static_cast<std::int64_t>(factors.size()),
           PairTermsBackwardFactors<Real>{factors.data(), squares, factors.extent(1), dfactors.data()});
}

/// What vectors and biases get, summed over the rows that share them in order: dp = the sum of dz - dy of `own` p, db =
/// the sum of dy of `own`. Does not wait.
///
/// Cost: O(R K), no scratch.
///
/// @param dz        (R, K) from `pair_terms_backward`
/// @param dvectors  (R / repeat, K), or empty
/// @param dbias     (R / repeat, 1), or empty
template <class Real, class Space, class Executor>
void pair_terms_backward_vectors(const Executor& executor, const PairTerms<Real>& terms, View<const Real, 2, Space> dy,
                                 View<const Real, 2, Space> dz, const Target<Real, 2, Space>& dvectors,
                                 const Target<Real, 2, Space>& dbias) {
  const Index shared = dvectors ? dvectors.view.extent(0) : dbias.view.extent(0);
  for_each(executor, std::int64_t{shared} * (terms.factors + 1),
           PairTermsBackwardVectors<Real>{terms, dy.data(), dz.data(), dvectors.view.data(), dbias.view.data(),
                                          dvectors.adds(), dbias.adds()});
}

}  // namespace longshore::inline LONGSHORE_ABI
