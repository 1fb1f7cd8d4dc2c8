// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/view.hpp>
#include <longshore/linalg/simd.hpp>
#include <longshore/linalg/transpose_block.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Registers side by side in a panel of items.
inline constexpr int top_k_registers = simd_bytes == 64 ? 4 : 2;
/// Items of a panel.
template <class Real>
inline constexpr Index top_k_panel = top_k_registers * simd_width<Real>;

/// How many panels hold so many items.
template <class Real>
Index top_k_panels(Index items) {
  return items / top_k_panel<Real> + (items % top_k_panel<Real> > 0 ? 1 : 0);
}

/// Numbers that the panels of a table take.
template <class Real>
std::size_t top_k_packed_size(Index items, Index features) {
  return static_cast<std::size_t>(top_k_panels<Real>(items)) * static_cast<std::size_t>(top_k_panel<Real>) *
         static_cast<std::size_t>(features);
}

/// Where the rows of a table lie for the search: in panels, whose items lie side by side, or one behind the other.
///
/// Cost: `gather` O(count D), and D cache lines an item of a panel, or D / 16 of a row.
template <class Real>
struct TopKRows {
  const Real* numbers;
  Index features;
  Index group;  // items side by side: top_k_panel, or 1

  /// The first number of a row; the others follow at a distance of `group`.
  const Real* row(Id item) const { return numbers + std::int64_t{item / group} * group * features + item % group; }
  /// Asks for a row that will be gathered soon, where it is in one piece.
  void prefetch(Id item) const {
    if (group != 1) return;
    constexpr Index line = 64 / static_cast<Index>(sizeof(Real));
    for (Index d = 0; d < features; d += line) __builtin_prefetch(row(item) + d);
  }
  /// Puts rows side by side, as one register of `top_k` reads them; what is left of the register becomes 0.
  ///
  /// @param ids  (count) at most simd_width
  /// @param to   (2, D, simd_width) the first half is the result, the second scratch
  void gather(const Id* ids, int count, Real* to) const {
    constexpr int width = simd_width<Real>;
    if (group == 1) {
      Real* rows = to + std::int64_t{features} * width;
      for (int j = 0; j < count; ++j) std::copy_n(row(ids[j]), features, rows + std::int64_t{j} * features);
      std::fill_n(rows + std::int64_t{count} * features, std::int64_t{width - count} * features, Real(0));
      transpose_block(Index{width}, features, rows, features, to, width);
      return;
    }
    for (int j = 0; j < width; ++j) {
      const Real* from = j < count ? row(ids[j]) : nullptr;
      for (Index d = 0; d < features; ++d) to[std::int64_t{d} * width + j] = from ? from[std::int64_t{d} * group] : 0;
    }
  }
};

/// The body of `pack_top_k`, which says what it computes.
template <class Real>
struct PackTopK {
  static inline const std::string label = "longshore::pack_top_k";
  Index items, features;
  const Real* table;  // (I, D)
  Real* panels;       // (panels, D, top_k_panel)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t panel) const {
    constexpr Index width = top_k_panel<Real>;
    Real* to = panels + panel * width * features;
    const auto first = static_cast<Index>(panel) * width;
    const Index count = items - first < width ? items - first : width;
    for (Index d = 0; d < features; ++d)
      for (Index j = 0; j < width; ++j)
        to[d * width + j] = j < count ? table[std::int64_t{first + j} * features + d] : Real(0);
  }
};

/// Lays a table out as `top_k` reads it: items of a panel side by side, the last panel filled up with zeros. Does not
/// wait.
///
/// Cost: O(I D), no scratch.
///
/// @param table   (I, D)
/// @param panels  top_k_packed_size(I, D) numbers, overwritten
template <class Real, class Space, class Executor>
void pack_top_k(const Executor& executor, View<const Real, 2, Space> table, Real* panels) {
  static_assert(is_host_space<Space>, "pack_top_k works on a host");
  for_each(executor, top_k_panels<Real>(table.extent(0)),
           PackTopK<Real>{table.extent(0), table.extent(1), table.data(), panels});
}

/// The body of `unpack_top_k`, which says what it computes.
template <class Real>
struct UnpackTopK {
  static inline const std::string label = "longshore::unpack_top_k";
  TopKRows<Real> rows;
  Real* table;  // (I, D)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t item) const {
#if !LONGSHORE_ON_DEVICE
    const Real* from = rows.row(static_cast<Id>(item));
    for (Index d = 0; d < rows.features; ++d) table[item * rows.features + d] = from[std::int64_t{d} * rows.group];
#endif
  }
};

/// The table that was packed. Does not wait.
///
/// Cost: O(I D), no scratch.
///
/// @param table  (I, D) overwritten
template <class Real, class Space, class Executor>
void unpack_top_k(const Executor& executor, const TopKRows<Real>& rows, View<Real, 2, Space> table) {
  static_assert(is_host_space<Space>, "unpack_top_k works on a host");
  for_each(executor, table.extent(0), UnpackTopK<Real>{rows, table.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
