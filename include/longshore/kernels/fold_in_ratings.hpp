// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include <longshore/core/math.hpp>
#include <longshore/core/sparse_rows.hpp>
#include <longshore/core/team.hpp>
#include <longshore/linalg/team_dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What `fold_in_ratings` solves for each row: the vector of a user or an item that the other side does not know.
template <class Real>
struct FoldInSettings {
  Index features = 0;              // D
  bool biased = true;              // whether the row has a bias of its own
  Real regularisation = 0;         // lambda of the factors, times the number of entries
  Real bias_regularisation = 0;    // lambda of the bias
  const Real* mean = nullptr;      // (1) added to every score, or null
  Index bias_column = 0;           // where the others' vectors have their bias: D or D + 1
  const Real* implicit = nullptr;  // (C, D) y of SVD++: |row|^-1/2 times their sum is a part of the vector; or null
};

/// Bodies that share the rows.
template <class Space>
std::int64_t fold_in_bodies(Index rows) {
  return std::min<std::int64_t>(rows, is_host_space<Space> ? 64 : 2048);
}

/// Numbers of scratch that `fold_in_ratings` needs.
template <class Space>
std::size_t fold_in_ratings_workspace(Index rows, Index features) {
  return static_cast<std::size_t>(fold_in_bodies<Space>(rows)) * 4 * static_cast<std::size_t>(features);
}

/// The body of `fold_in_ratings`, which says what it computes.
template <class Real, class Space>
struct FoldInRatings {
  static inline const std::string label = "longshore::fold_in_ratings";
  static constexpr int team_size = 32;
  SparseRows<Real, Space> rows;
  const Real* others;  // (C, D + 2)
  FoldInSettings<Real> settings;
  std::int64_t bodies;
  Real* result;     // (R, D + 2)
  Real* workspace;  // (bodies, 4, D)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    for (std::int64_t r = team.league(); r < rows.row_count; r += bodies) solve(team, static_cast<Index>(r));
  }

 private:
  template <class Team, class Change>
  KOKKOS_INLINE_FUNCTION void each(const Team& team, const Change& change) const {
    for (Index d = team.rank(); d < settings.features; d += team.size()) change(d);
  }

  // Conjugate gradients for (sum of x x' + lambda n) v = sum of x t, with x = (q, 1) and v = (p, b): what belongs to
  // the bias is kept by every lane.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void solve(const Team& team, Index r) const {
    const Index features = settings.features;
    Real* p = workspace + std::int64_t{team.league()} * 4 * features;
    Real *residual = p + features, *direction = residual + features, *product = direction + features;
    Real* to = result + std::int64_t{r} * (features + 2);
    const std::int64_t count = rows.length(r);
    const Real ridge = settings.regularisation * static_cast<Real>(count);
    const Real bias_ridge = settings.bias_regularisation * static_cast<Real>(count);
    implicit_part(team, r, to);
    each(team, [&](Index d) { p[d] = residual[d] = 0; });
    Real bias = 0, bias_residual = 0;
    for (std::int64_t n = rows.begin(r); n < rows.end(r); ++n) {
      const Real* q = other(n);
      const Real known = (settings.mean ? settings.mean[0] : Real(0)) + q[settings.bias_column];
      const Real rest = rows.values[n] - known - (settings.implicit ? team_dot(team, q, to, features) : Real(0));
      each(team, [&](Index d) { residual[d] += rest * q[d]; });
      if (settings.biased) bias_residual += rest;
    }
    each(team, [&](Index d) { direction[d] = residual[d]; });
    Real bias_direction = bias_residual;
    Real square = team_dot(team, residual, residual, features) + bias_residual * bias_residual;
    const Real enough = square * (std::is_same_v<Real, float> ? Real(1e-12) : Real(1e-24));
    for (Index step = 0; step < 2 * features + 2 && square > enough; ++step) {
      each(team, [&](Index d) { product[d] = ridge * direction[d]; });
      Real bias_product = bias_ridge * bias_direction;
      for (std::int64_t n = rows.begin(r); n < rows.end(r); ++n) {
        const Real* q = other(n);
        const Real along = team_dot(team, q, direction, features) + (settings.biased ? bias_direction : Real(0));
        each(team, [&](Index d) { product[d] += along * q[d]; });
        if (settings.biased) bias_product += along;
      }
      const Real curvature = team_dot(team, direction, product, features) + bias_direction * bias_product;
      if (!(curvature > Real(0))) break;
      const Real length = square / curvature;
      each(team, [&](Index d) {
        p[d] += length * direction[d];
        residual[d] -= length * product[d];
      });
      bias += length * bias_direction;
      bias_residual -= length * bias_product;
      const Real before = square;
      square = team_dot(team, residual, residual, features) + bias_residual * bias_residual;
      const Real turn = square / before;
      each(team, [&](Index d) { direction[d] = residual[d] + turn * direction[d]; });
      bias_direction = bias_residual + turn * bias_direction;
    }
    each(team, [&](Index d) { to[d] += p[d]; });
    if (team.rank() == 0) {
      const bool second = settings.bias_column == features;  // an item's vector has 1 where a user's has its bias
      to[second ? features + 1 : features] = bias + (settings.mean ? settings.mean[0] : Real(0));
      to[second ? features : features + 1] = Real(1);
    }
    team.barrier();
  }

  KOKKOS_INLINE_FUNCTION const Real* other(std::int64_t n) const {
    return others + std::int64_t{rows.columns[n]} * (settings.features + 2);
  }

  template <class Team>
  KOKKOS_INLINE_FUNCTION void implicit_part(const Team& team, Index r, Real* to) const {
    each(team, [&](Index d) { to[d] = 0; });
    const std::int64_t count = rows.length(r);
    if (!settings.implicit || count == 0) return;
    for (std::int64_t n = rows.begin(r); n < rows.end(r); ++n) {
      const Real* y = settings.implicit + std::int64_t{rows.columns[n]} * settings.features;
      each(team, [&](Index d) { to[d] += y[d]; });
    }
    const Real share = Real(1) / math::sqrt(static_cast<Real>(count));
    each(team, [&](Index d) { to[d] *= share; });
  }
};

/// The vectors of new users, or new items, that fit their ratings best while everything else stays as it is. Does not
/// wait.
///
///   least of sum_n (r_n - mu - b_n - b - <p + z, q_n>)^2 + n lambda (|p|^2 + b^2)
///
/// which is what stochastic descent goes towards, by conjugate gradients from 0, until the residual is a millionth of
/// the first, or 2 D + 2 steps. Without entries the factors are 0; where lambda is 0 and there are fewer entries than
/// features, the solution is the one of least length.
///
/// Cost: O(n D) a step for a row of n entries; one launch. Scratch `fold_in_ratings_workspace`.
///
/// @param rows       (R, C) ratings of the new ones
/// @param others     (C, D + 2) vectors of the other side: items q, 1, b; users p, mu + b, 1
/// @param result     (R, D + 2) overwritten, laid out alike: users where `bias_column` is D + 1, items where it is D
/// @param workspace  fold_in_ratings_workspace(R, D) numbers
template <class Real, class Space, class Executor>
void fold_in_ratings(const Executor& executor, const SparseRows<Real, Space>& rows, const Real* others,
                     const FoldInSettings<Real>& settings, Real* result, Real* workspace) {
  const std::int64_t bodies = fold_in_bodies<Space>(rows.row_count);
  for_each_team<Space>(executor, bodies, FoldInRatings<Real, Space>{rows, others, settings, bodies, result, workspace});
}

}  // namespace longshore::inline LONGSHORE_ABI
