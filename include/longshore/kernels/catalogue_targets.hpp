// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/view.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The target of each example, its candidate 0, and its weight: 0 where the target is none of the items that count.
struct CatalogueTargets {
  static inline const std::string label = "longshore::catalogue_targets";
  const Id* candidates;        // (B, C)
  const float* given_weights;  // (B, C), the first column counts; null: 1
  Index width, items;
  Id* targets;     // (B)
  float* weights;  // (B)
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t b) const {
    const bool counts = candidates[b * width] >= 0 && candidates[b * width] < items;
    targets[b] = counts ? candidates[b * width] : 0;
    weights[b] = !counts ? 0.0f : given_weights ? given_weights[b * width] : 1.0f;
  }
};

/// The target of each example is its candidate 0. One that is none of the items that count is item 0 with weight 0, so
/// that a loss over all items leaves the example out. Does not wait.
///
/// Cost: O(B), no scratch.
///
/// @param candidates     (B, C), C > 0
/// @param given_weights  (B, C) of which column 0 counts, or empty for 1
/// @param items          how many count, the first
/// @param targets        (B) overwritten
/// @param weights        (B) overwritten
template <class Space, class Executor>
void catalogue_targets(const Executor& executor, View<const Id, 2, Space> candidates,
                       View<const float, 2, Space> given_weights, Index items, View<Id, 1, Space> targets,
                       View<float, 1, Space> weights) {
  for_each(executor, candidates.extent(0),
           CatalogueTargets{candidates.data(), given_weights.data(), candidates.extent(1), items, targets.data(),
                            weights.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
