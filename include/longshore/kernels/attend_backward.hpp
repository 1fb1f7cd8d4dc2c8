// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <longshore/kernels/attention_tile.hpp>
#include <longshore/linalg/dot.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Scores to weights and gradients by weights to gradients by scores:
///
///   p = e^(score - peak) / sum,  gradient = scale (kept gradient - p <gradient, result>)
///
/// `tile.kept` becomes the weights after dropout if some are dropped. Ends with a barrier.
///
/// Cost: O(keys Queries).
#if defined(__CUDACC__)
#pragma nv_exec_check_disable  // the lanes of a host's team are host code; a device's team has lanes of its own
#endif
template <class Real, class Team, Index Queries>
KOKKOS_INLINE_FUNCTION void weigh_gradients(const Team& team, const AttentionShape<Real>& shape, Index keys, Index row,
                                            Index head, Index k0, AttentionTile<Real, Queries>& tile) {
  using Part = Lane<Real, Team>;
  const Index step = lane_step<Real>(team);
  for (Index q = team.rank(); q < Queries; q += step) {
    const auto peak = Part::load(tile.peak + q), portion = Part::load(tile.total + q);
    for (Index k = 0; k < keys; ++k) {
      auto weight = Part::load(tile.scores + k * Queries + q);
      weight.subtract(peak);
      weight = exp_of_negative(weight);
      weight.scale(portion);
      weight.store(tile.scores + k * Queries + q);
    }
  }
  if (shape.first_kept > 0) drop_weights<Queries>(team, shape, keys, row, head, k0, tile.scores, tile.kept);
  team.barrier();
  const Real* kept = shape.first_kept > 0 ? tile.kept : tile.scores;
  const auto scale = Part::broadcast(shape.scale);
  for (Index q = team.rank(); q < Queries; q += step) {
    const auto along = Part::load(tile.correction + q);
    for (Index k = 0; k < keys; ++k) {
      const Index i = k * Queries + q;
      auto gradient = Part::load(tile.gradients + i), share = Part::load(tile.scores + i);
      gradient.scale(Part::load(kept + i));
      share.scale(along);
      gradient.subtract(share);
      gradient.scale(scale);
      gradient.store(tile.gradients + i);
    }
  }
  team.barrier();
}

/// Gradients of `attend`; weights are computed again from queries and keys. Ends with a barrier.
///
/// Cost: O(T² features), half of it if causal, five products where `attend` has two; memory: the tile, whatever T.
///
/// @param row         of the first step in the step matrix
/// @param attended, dattended   (T, features) what `attend` gave, and the gradient by it
/// @param query, key, value     (T, features)
/// @param statistics  (T, 2)
/// @param dquery, dkey, dvalue  (T, features) overwritten
template <class Real, class Team, Index Queries>
KOKKOS_INLINE_FUNCTION void attend_backward(const Team& team, const AttentionShape<Real>& shape, Index length,
                                            Index row, Index head, Strided<const Real> attended,
                                            Strided<const Real> dattended, Strided<const Real> query,
                                            Strided<const Real> key, Strided<const Real> value,
                                            Strided<const Real> statistics, Strided<Real> dquery, Strided<Real> dkey,
                                            Strided<Real> dvalue, AttentionTile<Real, Queries>& tile) {
  const Index features = shape.features;
  for (Index k = 0; k < length; ++k)
    for (Index d = team.rank(); d < features; d += team.size()) dkey(k, d) = dvalue(k, d) = 0;
  for (Index q0 = 0; q0 < length; q0 += Queries) {
    const Index queries = length - q0 < Queries ? length - q0 : Queries;
    const Index end = shape.causal ? q0 + queries : length;
    for (Index q = team.rank(); q < Queries; q += team.size()) {
      const bool real = q < queries;  // weights of the others become zero
      tile.peak[q] = real ? statistics(q0 + q, 0) : Real(0);
      tile.total[q] = real ? statistics(q0 + q, 1) : Real(0);
      tile.correction[q] =
          real ? dot(attended.from(q0 + q, 0).data, dattended.from(q0 + q, 0).data, features) : Real(0);
    }
    for (Index k0 = 0; k0 < end; k0 += attention_keys) {
      const Index keys = end - k0 < attention_keys ? end - k0 : attention_keys;
      const bool keep = k0 > 0;
      score_keys<Queries>(team, keys, queries, features, shape.scale, key.from(k0, 0), query.from(q0, 0), keep,
                          tile.transposed, tile.scores);
      if (shape.causal) hide_later_keys<Queries>(team, keys, k0 - q0, tile.scores);
      score_keys<Queries>(team, keys, queries, features, Real(1), value.from(k0, 0), dattended.from(q0, 0), keep,
                          tile.transposed_gradients, tile.gradients);
      weigh_gradients(team, shape, keys, row + q0, head, k0, tile);
      const Real* kept = shape.first_kept > 0 ? tile.kept : tile.scores;
      multiply<Real>(team, keys, features, queries, Strided<const Real>{kept, Queries}, dattended.from(q0, 0),
                     dvalue.from(k0, 0), Update::add);
      multiply<Real>(team, keys, features, queries, Strided<const Real>{tile.gradients, Queries}, query.from(q0, 0),
                     dkey.from(k0, 0), Update::add);
      multiply<Real>(team, queries, features, keys, Strided<const Real>{tile.gradients, 1, Queries}, key.from(k0, 0),
                     dquery.from(q0, 0), k0 == 0 ? Update::write : Update::add);
      team.barrier();
    }
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
