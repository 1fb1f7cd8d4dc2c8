// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// One whole row an index: rows are contiguous on a host.
template <class Real>
struct GatherRows {
  static inline const std::string label = "longshore::gather_rows";
  const Real* table;
  const Id* ids;
  Real* rows;
  Index features;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const Real* from = table + static_cast<std::int64_t>(ids[i]) * features;
    Real* to = rows + i * features;
    for (Index d = 0; d < features; ++d) to[d] = from[d];
  }
};

/// One element an index: neighbouring lanes of a device read neighbouring numbers.
template <class Real>
struct GatherElements {
  static inline const std::string label = "longshore::gather_rows";
  const Real* table;
  const Id* ids;
  Real* rows;
  Index features;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t e) const {
    const std::int64_t i = e / features, d = e % features;
    rows[e] = table[static_cast<std::int64_t>(ids[i]) * features + d];
  }
};

/// Copies rows of a table: rows[i] = table[ids[i]]. Does not wait. Its backward is `Training::add_rows`: nothing is
/// copied.
///
/// Cost: O(n D), no scratch.
///
/// @param table  (I, D)
/// @param ids    (n) each in [0, I)
/// @param rows   (n, D) overwritten
template <class Real, class Space, class Executor>
void gather_rows(const Executor& executor, View<const Real, 2, Space> table, View<const Id, 1, Space> ids,
                 View<Real, 2, Space> rows) {
  const Index features = table.extent(1);
  if constexpr (is_host_space<Space>)
    for_each(executor, ids.extent(0), GatherRows<Real>{table.data(), ids.data(), rows.data(), features});
  else
    for_each(executor, std::int64_t{ids.extent(0)} * features,
             GatherElements<Real>{table.data(), ids.data(), rows.data(), features});
}

}  // namespace longshore::inline LONGSHORE_ABI
