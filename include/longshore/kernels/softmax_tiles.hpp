// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/team.hpp>
#include <longshore/core/value.hpp>
#include <longshore/linalg/multiply.hpp>
#include <longshore/linalg/transpose_rows.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Logits that exist at a time: so many rows, so many items, from panels of so many items side by side.
inline constexpr Index softmax_rows = 48;
/// Items of a tile of logits.
inline constexpr Index softmax_items = 128;
/// Items side by side in a panel.
inline constexpr Index softmax_panel = 32;

/// Bodies that share the catalogue: few enough that a gradient by the interests from each fits beside it.
template <class Space>
inline constexpr Index softmax_bodies = is_host_space<Space> ? 64 : 512;

/// Items of one body: a multiple of `softmax_items`, from the size of the catalogue alone, so that results do not
/// depend on the number of threads.
template <class Space>
Index softmax_block(Index items) {
  const Index tiles = chunk_count(items, softmax_items);
  return chunk_count(tiles, softmax_bodies<Space>) * softmax_items;
}
/// Number of bodies.
template <class Space>
Index softmax_blocks(Index items) {
  return (items + softmax_block<Space>(items) - 1) / softmax_block<Space>(items);
}

/// The logits x = u vᵀ + bias of all rows and items, tile by tile: what every pass over the catalogue reads.
///
/// A body takes `block` items, a tile of them at a time, and for each tile all rows: the table is read once, and what
/// is read again stays in the caches.
///
/// Cost: O(B I D) for all tiles; memory 128 (D + 48) numbers a body.
template <class Real>
struct SoftmaxTiles {
  Index rows, items, features, block;
  const Real* interests;  // (B, D)
  const Real* table;      // (I, D)
  const Real* bias;       // (I) or null
  Real* scratch;          // (bodies, body_workspace(D))

  /// Numbers of scratch that a body needs: a tile of items, transposed, and its logits.
  KOKKOS_INLINE_FUNCTION static std::int64_t body_workspace(Index features) {
    return std::int64_t{softmax_items} * (features + softmax_rows);
  }

  /// The place where a body has its logits (softmax_rows, softmax_items).
  template <class Team>
  KOKKOS_INLINE_FUNCTION Real* logits(const Team& team) const {
    return scratch + team.league() * body_workspace(features) + std::int64_t{softmax_items} * features;
  }

  /// The items of a body: from `first` to before `last`.
  KOKKOS_INLINE_FUNCTION Index first(Index body) const { return body * block; }
  KOKKOS_INLINE_FUNCTION Index last(Index body) const {
    return items - first(body) < block ? items : first(body) + block;
  }

  /// Transposes `width` items from `item` into panels: what is multiplied next to each other lies next to each other.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void take_items(const Team& team, Index item, Index width) const {
    Real* panels = scratch + team.league() * body_workspace(features);
    for (Index j = 0; j < width; j += softmax_panel) {
      const Index side = width - j < softmax_panel ? width - j : softmax_panel;
      const Strided<const Real> from{table + std::int64_t{item + j} * features, features};
      transpose_rows<softmax_panel>(team, side, features, Real(1), from, panels + std::int64_t{j} * features);
    }
    team.barrier();
  }

  /// Computes the logits of `height` rows from `row` with the items that were taken last.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void fill_logits(const Team& team, Index row, Index height, Index item, Index width) const {
    const Real* panels = scratch + team.league() * body_workspace(features);
    Real* to = logits(team);
    const Strided<const Real> left{interests + std::int64_t{row} * features, features};
    for (Index j = 0; j < width; j += softmax_panel) {
      const Index side = width - j < softmax_panel ? width - j : softmax_panel;
      multiply<Real>(team, height, side, features, left,
                     Strided<const Real>{panels + std::int64_t{j} * features, softmax_panel},
                     Strided<Real>{to + j, softmax_items}, Update::write, bias ? bias + item + j : bias);
    }
    team.barrier();
  }
};

/// Numbers of scratch that the passes over the catalogue need.
template <class Space>
std::size_t softmax_tiles_workspace(Index items, Index features) {
  return static_cast<std::size_t>(softmax_blocks<Space>(items)) *
         static_cast<std::size_t>(SoftmaxTiles<float>::body_workspace(features));
}

}  // namespace longshore::inline LONGSHORE_ABI
