// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Notes the ids of one use and where its gradient rows lie, behind those of earlier uses.
template <class Real>
struct ListGradientRows {
  static inline const std::string label = "longshore::list_gradient_rows";
  const Id* ids;
  const Real* rows;
  Index features, first;
  Id* all_ids;            // (n) of all uses
  const Real** all_rows;  // (n)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    all_ids[first + i] = ids[i];
    all_rows[first + i] = rows + i * features;
  }
};

/// Sums the gradient rows of each id, in the order of their uses, into one row at the place of the first of them.
///
/// Places that are not the first of an id get zeros, so that a norm over all places is the norm of the summed rows.
template <class Real>
struct SumGradientRows {
  static inline const std::string label = "longshore::sum_gradient_rows";
  static constexpr int team_size = 64;
  Index count, features;
  const Id* sorted;          // (n)
  const Index* order;        // (n)
  const Real* const* rows;   // (n)
  Real* sums;                // (n, D)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index place = team.league();
    Real* sum = sums + static_cast<std::int64_t>(place) * features;
    const Id id = sorted[place];
    if (place > 0 && sorted[place - 1] == id) {
      for (Index d = team.rank(); d < features; d += team.size()) sum[d] = 0;
      return;
    }
    const Real* first = rows[order[place]];
    for (Index d = team.rank(); d < features; d += team.size()) sum[d] = first[d];
    for (Index next = place + 1; next < count && sorted[next] == id; ++next) {
      const Real* row = rows[order[next]];
      for (Index d = team.rank(); d < features; d += team.size()) sum[d] += row[d];
    }
  }
};

/// Adds summed rows to a dense gradient.
template <class Real>
struct AddSummedRows {
  static inline const std::string label = "longshore::add_summed_rows";
  static constexpr int team_size = 64;
  Index features;
  const Id* sorted;  // (n)
  const Real* sums;  // (n, D)
  Real* dense;       // (I, D)
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index place = team.league();
    if (place > 0 && sorted[place - 1] == sorted[place]) return;
    const Real* sum = sums + static_cast<std::int64_t>(place) * features;
    Real* to = dense + static_cast<std::int64_t>(sorted[place]) * features;
    for (Index d = team.rank(); d < features; d += team.size()) to[d] += sum[d];
  }
};

}  // namespace longshore::inline LONGSHORE_ABI
