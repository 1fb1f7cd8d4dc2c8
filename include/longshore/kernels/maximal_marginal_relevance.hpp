// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/math.hpp>
#include <longshore/core/view.hpp>
#include <longshore/linalg/dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// What `maximal_marginal_relevance` does for each list.
template <class Real>
struct MaximalMarginalRelevanceOrder {
  static inline const std::string label = "longshore::maximal_marginal_relevance";
  Index candidates, features, length;
  Real relevance;           // lambda
  bool cosine, unit_range;  // similarity of items; whether a list's scores are brought to [0, 1]
  const Id* items;          // (B, C) -1: no candidate
  const Real* scores;       // (B, C)
  const Real* table;        // (I, D)
  Real* inverse;            // (B, C) 1 / length of a candidate, or 1; below 0 once it is chosen
  Real* nearest;            // (B, C) the greatest similarity to what is chosen
  Id* chosen_items;         // (B, K)
  Real* chosen_scores;      // (B, K)

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t query) const {
    const Id* ids = items + query * candidates;
    const Real* given = scores + query * candidates;
    Real* inverses = inverse + query * candidates;
    Real* similar = nearest + query * candidates;
    const Real infinity = std::numeric_limits<Real>::infinity();
    Real lowest = infinity, highest = -infinity;
    for (Index c = 0; c < candidates; ++c) {
      inverses[c] = ids[c] < 0 ? Real(-1) : Real(1);
      similar[c] = -infinity;
      if (ids[c] < 0) continue;
      lowest = given[c] < lowest ? given[c] : lowest;
      highest = given[c] > highest ? given[c] : highest;
      if (!cosine) continue;
      const Real size = math::sqrt(product(ids[c], ids[c]));
      inverses[c] = size > Real(1e-12) ? 1 / size : Real(0);
    }
    const Real origin = unit_range ? lowest : Real(0);
    const Real scale = unit_range ? (highest > lowest ? 1 / (highest - lowest) : Real(0)) : Real(1);
    for (Index j = 0; j < length; ++j) {
      Index best = -1;
      Real most = -infinity;
      for (Index c = 0; c < candidates; ++c) {
        if (inverses[c] < 0) continue;
        const Real repeats = j == 0 ? Real(0) : similar[c];
        const Real value = relevance * ((given[c] - origin) * scale) - (1 - relevance) * repeats;
        if (best < 0 || value > most) best = c, most = value;
      }
      chosen_items[query * length + j] = best < 0 ? Id{-1} : ids[best];
      chosen_scores[query * length + j] = best < 0 ? -infinity : given[best];
      if (best < 0) continue;
      const Real factor = inverses[best];
      inverses[best] = -1;
      for (Index c = 0; c < candidates; ++c) {
        if (inverses[c] < 0) continue;
        const Real alike = product(ids[c], ids[best]) * inverses[c] * factor;
        similar[c] = alike > similar[c] ? alike : similar[c];
      }
    }
  }

 private:
  KOKKOS_INLINE_FUNCTION Real product(Id a, Id b) const {
    return dot(table + std::int64_t{a} * features, table + std::int64_t{b} * features, features);
  }
};

/// Reorders lists: each item is the one of the greatest lambda score - (1 - lambda) (its greatest similarity to those
/// before it), of equal ones the first. Does not wait.
///
/// Source: Carbonell and Goldstein 1998.
/// Cost: O(B K C D).
///
/// @param lists    how many lists there are, B
/// @param reorder  its arrays are given by whoever calls; inverse and nearest, (B, C), are scratch
template <class Real, class Executor>
void maximal_marginal_relevance(const Executor& executor, Index lists,
                                const MaximalMarginalRelevanceOrder<Real>& reorder) {
  for_each(executor, lists, reorder);
}

}  // namespace longshore::inline LONGSHORE_ABI
