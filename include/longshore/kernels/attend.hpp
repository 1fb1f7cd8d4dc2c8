// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/attention_tile.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Scaled dot-product attention of one head over one sequence, by one team.
///
///   a_qk = softmax_k(scale <query_q, key_k>),  attended_q = sum over k of a_qk value_k
///
/// Tile by tile with a running maximum and sum, so that memory does not grow with the length. Ends with a barrier.
///
/// Cost: O(T² features), half of it if causal; memory: the tile, whatever T.
/// Source: Vaswani et al. 2017, equation 1; Dao et al. 2022 (FlashAttention), algorithm 1.
///
/// @param row         of the first step in the step matrix
/// @param query, key, value   (T, features) of this sequence and head
/// @param attended    (T, features) overwritten
/// @param statistics  (T, 2) overwritten: the greatest score and 1 / the sum of weights
template <class Real, class Team, Index Queries>
KOKKOS_INLINE_FUNCTION void attend(const Team& team, const AttentionShape<Real>& shape, Index length, Index row,
                                   Index head, Strided<const Real> query, Strided<const Real> key,
                                   Strided<const Real> value, Strided<Real> attended, Strided<Real> statistics,
                                   AttentionTile<Real, Queries>& tile) {
  for (Index q0 = 0; q0 < length; q0 += Queries) {
    const Index queries = length - q0 < Queries ? length - q0 : Queries;
    const Index end = shape.causal ? q0 + queries : length;
    for (Index k0 = 0; k0 < end; k0 += attention_keys) {
      const Index keys = end - k0 < attention_keys ? end - k0 : attention_keys;
      const bool first = k0 == 0;
      score_keys<Queries>(team, keys, queries, shape.features, shape.scale, key.from(k0, 0), query.from(q0, 0), !first,
                          tile.transposed, tile.scores);
      if (shape.causal) hide_later_keys<Queries>(team, keys, k0 - q0, tile.scores);
      soften_scores<Queries>(team, keys, first, tile);
      if (shape.first_kept > 0) drop_weights<Queries>(team, shape, keys, row + q0, head, k0, tile.scores, tile.scores);
      team.barrier();
      if (!first)
        for (Index q = 0; q < queries; ++q)
          for (Index d = team.rank(); d < shape.features; d += team.size()) attended(q0 + q, d) *= tile.correction[q];
      team.barrier();
      multiply<Real>(team, queries, shape.features, keys, Strided<const Real>{tile.scores, 1, Queries},
                     value.from(k0, 0), attended.from(q0, 0), first ? Update::write : Update::add);
    }
    team.barrier();
    for (Index q = 0; q < queries; ++q) {
      const Real portion = Real(1) / tile.total[q];
      for (Index d = team.rank(); d < shape.features; d += team.size()) attended(q0 + q, d) *= portion;
      if (team.rank() == 0) {
        statistics(q0 + q, 0) = tile.peak[q];
        statistics(q0 + q, 1) = portion;
      }
    }
    team.barrier();
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
