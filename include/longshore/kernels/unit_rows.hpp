// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/value.hpp>
#include <longshore/linalg/dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows that one body takes.
template <class Space>
inline constexpr Index unit_row_chunk = is_host_space<Space> ? 64 : 4;
/// Rows that are not longer than this have no direction: they give zeros and get no gradient.
inline constexpr double shortest_row = 1e-12;

/// The body of `unit_rows_forward`, which says what it computes.
template <class Real, class Space>
struct UnitRows {
  static inline const std::string label = "longshore::unit_rows";
  static constexpr int team_size = 32;
  Index rows, features;
  const Real* x;
  Real* unit;
  Real* inverse;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * unit_row_chunk<Space>;
    for (Index i = first; i < rows && i < first + unit_row_chunk<Space>; ++i) {
      const Real* from = x + std::int64_t{i} * features;
      Real* to = unit + std::int64_t{i} * features;
      const Real length = math::sqrt(dot(from, from, features));
      const Real factor = length > Real(shortest_row) ? Real(1) / length : Real(0);
      for (Index d = team.rank(); d < features; d += team.size()) to[d] = factor * from[d];
      if (team.rank() == 0) inverse[i] = factor;
    }
  }
};

/// The body of `unit_rows_backward`, which says what it computes.
template <class Real, class Space>
struct UnitRowsGradient {
  static inline const std::string label = "longshore::unit_rows_gradient";
  static constexpr int team_size = 32;
  Index rows, features;
  const Real* dunit;
  const Real* unit;
  const Real* inverse;
  Real* dx;
  Update update;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index first = team.league() * unit_row_chunk<Space>;
    for (Index i = first; i < rows && i < first + unit_row_chunk<Space>; ++i) {
      const std::int64_t at = std::int64_t{i} * features;
      const Real* g = dunit + at;
      const Real* u = unit + at;
      const Real along = dot(g, u, features);
      for (Index d = team.rank(); d < features; d += team.size()) {
        const Real gradient = inverse[i] * (g[d] - along * u[d]);
        dx[at + d] = update == Update::add ? dx[at + d] + gradient : gradient;
      }
    }
  }
};

/// unit = x / |x|, row by row; rows not longer than 1e-12 give zeros. Does not wait.
///
/// Source: elementary.
/// Cost: O(N D), no scratch.
///
/// @param x        (N, D)
/// @param unit     (N, D) overwritten
/// @param inverse  (N) overwritten: 1 / |x|, or 0
template <class Real, class Space, class Executor>
void unit_rows_forward(const Executor& executor, View<const Real, 2, Space> x, View<Real, 2, Space> unit,
                       View<Real, 1, Space> inverse) {
  const Index rows = x.extent(0);
  for_each_team<Space>(executor, chunk_count(rows, unit_row_chunk<Space>),
                       UnitRows<Real, Space>{rows, x.extent(1), x.data(), unit.data(), inverse.data()});
}

/// dx (+)= (dunit - (dunit . unit) unit) / |x|, or 0. Does not wait.
///
/// Cost: O(N D), no scratch.
///
/// @param dunit    (N, D)
/// @param unit     (N, D) what forward gave
/// @param inverse  (N) what forward gave
/// @param dx       (N, D), or empty
template <class Real, class Space, class Executor>
void unit_rows_backward(const Executor& executor, View<const Real, 2, Space> dunit, View<const Real, 2, Space> unit,
                        View<const Real, 1, Space> inverse, Target<Real, 2, Space> dx) {
  if (!dx) return;
  const Index rows = unit.extent(0);
  for_each_team<Space>(executor, chunk_count(rows, unit_row_chunk<Space>),
                       UnitRowsGradient<Real, Space>{rows, unit.extent(1), dunit.data(), unit.data(), inverse.data(),
                                                     dx.view.data(), dx.update});
}

}  // namespace longshore::inline LONGSHORE_ABI
