// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>

#include <longshore/core/index.hpp>
#include <longshore/linalg/lane.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// How a row of D numbers lies in registers on a host: where D is no multiple of their width, the last one begins
/// earlier, so that it ends with the row, and what it has in common with the one before counts once, as zeros of the
/// spread row. So no number beyond a row is read, and none is left to a loop over single ones.
///
/// Cost: O(1); `spread` and `join` O(D).
///
/// @tparam Vector     `Simd` of some width, at most D numbers, or `OneLane`
/// @tparam Registers  how many, where D is a multiple known to the compiler; 0: told at run time
template <class Vector, int Registers>
struct RowLanes {
  static constexpr Index width = Vector::width;
  Index features;  // D

  /// Registers that begin where the one before ends.
  constexpr Index full() const {
    if constexpr (Registers > 0)
      return Registers;
    else
      return features / width;
  }
  /// Whether there is a last register that begins earlier.
  constexpr bool overlaps() const {
    if constexpr (Registers > 0 || width == 1)
      return false;
    else
      return features % width != 0;
  }
  /// Registers of a row.
  constexpr Index count() const { return full() + (overlaps() ? 1 : 0); }
  /// Numbers of a spread row.
  constexpr Index spread_size() const { return count() * width; }
  /// Numbers that the last register repeats.
  constexpr Index repeated() const { return spread_size() - features; }
  /// Where the last register begins in a row.
  constexpr Index last_start() const { return features - width; }
  /// Where number k of a row is in a spread one.
  constexpr Index place(Index k) const { return k < full() * width ? k : k + repeated(); }

  /// Sets to zero what is repeated.
  template <class Real>
  void clear(Real* spread) const {
    if (overlaps())
      for (Index k = 0; k < repeated(); ++k) spread[full() * width + k] = 0;
  }
  /// Spreads a row (D) into its registers, (spread_size()).
  template <class Real>
  void spread(const Real* row, Real* to) const {
    const Index whole = full() * width;
    for (Index k = 0; k < whole; ++k) to[k] = row[k];
    if (!overlaps()) return;
    clear(to);
    for (Index k = whole; k < features; ++k) to[k + repeated()] = row[k];
  }
  /// Puts a spread row together again, (D).
  template <class Real>
  void join(const Real* spread, Real* row) const {
    const Index whole = full() * width;
    for (Index k = 0; k < whole; ++k) row[k] = spread[k];
    for (Index k = whole; k < features; ++k) row[k] = spread[k + repeated()];
  }
};

/// Calls `function(RowLanes)` with the layout for rows of D numbers: sizes known to the compiler for 16, 32, 64, 128
/// and 256 numbers.
///
/// Cost: O(1).
template <class Real, class Function>
void with_row_lanes(Index features, Function&& function) {
  constexpr int width = Simd<Real>::width;
  const auto fixed = [&]<int size>(std::integral_constant<int, size>) {
    function(RowLanes<Simd<Real>, size / width>{features});
  };
  switch (features) {
    case 16: return fixed(std::integral_constant<int, 16>{});
    case 32: return fixed(std::integral_constant<int, 32>{});
    case 64: return fixed(std::integral_constant<int, 64>{});
    case 128: return fixed(std::integral_constant<int, 128>{});
    case 256: return fixed(std::integral_constant<int, 256>{});
    default: break;
  }
  if (features >= width) return function(RowLanes<Simd<Real>, 0>{features});
  if constexpr (simd_bytes > 32)
    if (features >= Simd<Real, 32>::width) return function(RowLanes<Simd<Real, 32>, 0>{features});
  if constexpr (simd_bytes > 16)
    if (features >= Simd<Real, 16>::width) return function(RowLanes<Simd<Real, 16>, 0>{features});
  function(RowLanes<OneLane<Real>, 0>{features});
}

}  // namespace longshore::inline LONGSHORE_ABI
