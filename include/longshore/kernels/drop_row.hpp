// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <longshore/core/random.hpp>
#include <longshore/core/team.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Which elements are dropped: those whose draw lies below `first_kept`; 0: none.
template <class Real>
struct DropRule {
  Random random;
  std::uint32_t first_kept = 0;
  Real scale = 1;  // of kept elements, 1 / (1 - rate)

  KOKKOS_INLINE_FUNCTION bool drops() const { return first_kept > 0; }
  /// The same rate with other draws.
  KOKKOS_INLINE_FUNCTION DropRule stream(std::uint32_t number) const {
    return {random.stream(number), first_kept, scale};
  }
};

/// Drops elements of one row and scales up the others, by draws that depend on the row and the feature alone.
///
/// Of the 64 features from 64 g on, feature 64 g + 16 w + l is decided by word w of block 16 g + l of the row, so that
/// lanes draw side by side.
///
/// Source: Srivastava et al. 2014.
/// Cost: O(features), one Philox block for four features; no mask is kept.
///
/// @param row   number of the row
/// @param from  (features)
/// @param to    (features) overwritten; may be `from`
template <class Real, class Team>
KOKKOS_INLINE_FUNCTION void drop_row(const Team& team, const DropRule<Real>& rule, std::int64_t row, Index features,
                                     const Real* from, Real* to) {
  constexpr Index run = 64;
  const auto runs = static_cast<std::uint64_t>((features + run - 1) / run);
  const std::uint64_t first = static_cast<std::uint64_t>(row) * runs * 16;
  if constexpr (Team::single) {
    for (Index start = 0; start < features; start += run) {
      std::uint32_t draws[run];
      for (Index l = 0; l < 16; ++l) {
        const FourWords words = rule.random.block(first + static_cast<std::uint64_t>(start / 4 + l));
        for (Index w = 0; w < 4; ++w) draws[16 * w + l] = words.words[w];
      }
      const Index count = features - start < run ? features - start : run;
      const Real* x = from + start;
      Real* y = to + start;
      for (Index j = 0; j < count; ++j) y[j] = draws[j] < rule.first_kept ? Real(0) : rule.scale * x[j];
    }
  } else {
    for (Index j = team.rank(); j < features; j += team.size()) {
      const FourWords words = rule.random.block(first + static_cast<std::uint64_t>(j / run * 16 + j % 16));
      to[j] = words.word(static_cast<std::uint64_t>(j % run / 16)) < rule.first_kept ? Real(0) : rule.scale * from[j];
    }
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
