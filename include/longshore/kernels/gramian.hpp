// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/view.hpp>
#include <longshore/kernels/row_lanes.hpp>
#include <longshore/linalg/multiply.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Rows that a team multiplies at a time.
inline constexpr Index gramian_rows = 256;

/// The body of `gramian`, which says what it computes: each team sums up one part of the rows.
template <class Real>
struct GramianParts {
  static inline const std::string label = "longshore::gramian";
  static constexpr int team_size = 256;
  Index rows, features, parts;
  const Real* table;  // (R, D)
  Real* sums;         // (parts, D, D)

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const std::int64_t part = team.league(), blocks = (std::int64_t{rows} + gramian_rows - 1) / gramian_rows;
    Real* to = sums + part * features * features;
    auto update = Update::write;
    for (std::int64_t block = part * blocks / parts; block < (part + 1) * blocks / parts; ++block) {
      const auto first = static_cast<Index>(block * gramian_rows);
      const Real* from = table + std::int64_t{first} * features;
      multiply<Real>(team, features, features, rows - first < gramian_rows ? rows - first : gramian_rows,
                     Strided<const Real>{from, 1, features}, Strided<const Real>{from, features},
                     Strided<Real>{to, features}, update);
      update = Update::add;
    }
  }
};

/// Adds the parts of a Gramian in their order.
template <class Real>
struct SumGramian {
  static inline const std::string label = "longshore::sum_gramian";
  Index parts;
  std::int64_t size;
  Real scale;
  const Real* sums;
  Real* result;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    Real sum = 0;
    for (Index p = 0; p < parts; ++p) sum += sums[p * size + i];
    result[i] = scale * sum;
  }
};

/// Parts of the rows whose sums are added in order: the same bits at any number of threads.
inline Index gramian_parts(Index rows) { return std::clamp(rows / 1024, Index{1}, Index{32}); }

/// Numbers of scratch that `gramian` needs.
inline std::size_t gramian_workspace(Index rows, Index features) {
  const auto size = static_cast<std::size_t>(features);
  return static_cast<std::size_t>(gramian_parts(rows)) * size * size;
}

/// scale Yᵀ Y, (D, D): what every row of a least squares problem shares. Does not wait.
///
/// Cost: O(R D^2); scratch gramian_workspace(R, D) numbers.
///
/// @param table      (R, D)
/// @param result     (D, D) overwritten; zeros for no rows
/// @param workspace  gramian_workspace(R, D) numbers
template <class Real, class Space, class Executor>
void gramian(const Executor& executor, View<const Real, 2, Space> table, Real scale, Real* result, Real* workspace) {
  const Index rows = table.extent(0), features = table.extent(1), parts = rows > 0 ? gramian_parts(rows) : 0;
  for_each_team<Space>(executor, parts, GramianParts<Real>{rows, features, parts, table.data(), workspace});
  const std::int64_t size = std::int64_t{features} * features;
  for_each(executor, size, SumGramian<Real>{parts, size, scale, workspace, result});
}

/// The body of `spread_gramian`, which says what it computes.
template <class Real>
struct SpreadGramian {
  static inline const std::string label = "longshore::spread_gramian";
  Index features;
  std::int64_t size;
  const Real* from;
  Real* to;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t k) const {
#if !LONGSHORE_ON_DEVICE
    with_row_lanes<Real>(features, [&](const auto& lanes) { lanes.spread(from + k * features, to + k * size); });
#endif
  }
};

/// Numbers of a row of D numbers as `RowLanes` spreads it.
template <class Real>
Index spread_size(Index features) {
  Index size = 0;
  with_row_lanes<Real>(features, [&](const auto& lanes) { size = lanes.spread_size(); });
  return size;
}

/// Lays each row of a matrix (D, D) out as `RowLanes` spreads it, on a host. Does not wait.
///
/// Cost: O(D^2), no scratch.
///
/// @param to  (D, spread_size(D)) overwritten
template <class Real, class Executor>
void spread_gramian(const Executor& executor, Index features, const Real* from, Real* to) {
  for_each(executor, features, SpreadGramian<Real>{features, spread_size<Real>(features), from, to});
}

}  // namespace longshore::inline LONGSHORE_ABI
