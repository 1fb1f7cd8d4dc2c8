// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <longshore/core/abi.hpp>
#include <longshore/core/index.hpp>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/exposure.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Computes the share of the catalogue that is recommended to anybody.
///
///   |union of the lists| / I
///
/// As RecBole's `ItemCoverage`. Source: Ge et al. 2010. Cost: O(B K + I).
///
/// @param lists  (B, K) item ids, such as `Ranking::lists`; -1 marks places that stayed empty
/// @param items  size of the catalogue, I
/// @return       above 0, at most 1
/// @throws DataError if there is no list, a list has no item, or an id is outside the catalogue
inline double coverage(const xt::xtensor<Id, 2>& lists, Index items) {
  std::size_t recommended = 0;
  for (const std::size_t count : exposure(lists, items)) recommended += count > 0;
  return static_cast<double>(recommended) / static_cast<double>(items);
}

}  // namespace longshore::inline LONGSHORE_ABI
