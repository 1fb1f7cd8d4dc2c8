// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <longshore/core/chunk_count.hpp>
#include <longshore/core/sequences.hpp>
#include <longshore/core/team.hpp>
#include <longshore/kernels/attend.hpp>
#include <longshore/linalg/gemm.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Weights of self-attention, transposed to (in, out), and what a forward pass leaves for the backward pass.
template <class Real, class Space>
struct AttentionArrays {
  AttentionShape<Real> shape;
  Offsets<Space> offsets;             // (B + 1)
  Index sequences_each = 1;           // that one team takes
  const Real* in_weights = nullptr;   // (D, 3 D)
  const Real* in_bias = nullptr;      // (3 D) or null
  const Real* out_weights = nullptr;  // (D, D)
  const Real* out_bias = nullptr;     // (D) or null
  Real* projected = nullptr;          // (N, 3 D) queries, keys and values, in each of them head by head
  Real* attended = nullptr;           // (N, D)
  Real* statistics = nullptr;         // (N, heads, 2)
  Real* tiles = nullptr;              // of all teams; null on a host

  /// Number of features, D.
  KOKKOS_INLINE_FUNCTION Index width() const { return shape.heads * shape.features; }
  KOKKOS_INLINE_FUNCTION Index teams() const { return chunk_count(offsets.count(), sequences_each); }
  KOKKOS_INLINE_FUNCTION Index first_sequence(Index team) const { return team * sequences_each; }
  /// One behind the last sequence of a team.
  KOKKOS_INLINE_FUNCTION Index last_sequence(Index team) const {
    const Index last = first_sequence(team) + sequences_each;
    return last < offsets.count() ? last : offsets.count();
  }
  KOKKOS_INLINE_FUNCTION Index first_row(Index team) const { return offsets.begin(first_sequence(team)); }
  KOKKOS_INLINE_FUNCTION Index rows(Index team) const { return offsets.begin(last_sequence(team)) - first_row(team); }
};

/// Sequences that one team takes: about a hundred rows on a host, so that products have enough of them and what they
/// leave stays in the cache; at least 1. Depends on sizes only, as results must.
template <class Space>
Index sequences_per_team(const Offsets<Space>& offsets, Index steps) {
  if constexpr (!is_host_space<Space>) return 1;
  const std::int64_t each = std::int64_t{128} * offsets.count() / (steps > 0 ? steps : 1);
  return each < 1 ? 1 : each < offsets.count() ? static_cast<Index>(each) : offsets.count();
}

/// Self-attention of the sequences of one team: projects, attends head by head, and projects again. Ends with a
/// barrier.
///
/// Cost: O(rows D² + T² D of each sequence).
///
/// @param x  (N, D)
/// @param y  (N, D) overwritten or added to
template <class Real, class Space, class Team, class Tile>
KOKKOS_INLINE_FUNCTION void self_attend(const Team& team, const AttentionArrays<Real, Space>& arrays, const Real* x,
                                        Real* y, Update update, Tile& tile) {
  const AttentionShape<Real>& shape = arrays.shape;
  const Index features = arrays.width(), rows = arrays.rows(team.league());
  const std::int64_t begin = arrays.first_row(team.league()), width = features;
  multiply<Real>(team, rows, 3 * features, features, Strided<const Real>{x + begin * width, width},
                 Strided<const Real>{arrays.in_weights, 3 * width},
                 Strided<Real>{arrays.projected + begin * 3 * width, 3 * width}, Update::write, arrays.in_bias);
  team.barrier();
  for (Index b = arrays.first_sequence(team.league()); b < arrays.last_sequence(team.league()); ++b)
    for (Index head = 0; head < shape.heads; ++head) {
      const std::int64_t row = arrays.offsets.begin(b), column = std::int64_t{head} * shape.features;
      const Strided<const Real> query{arrays.projected + row * 3 * width + column, 3 * width};
      attend(team, shape, arrays.offsets.end(b) - arrays.offsets.begin(b), static_cast<Index>(row), head, query,
             query.from(0, features), query.from(0, 2 * features),
             Strided<Real>{arrays.attended + row * width + column, width},
             Strided<Real>{arrays.statistics + (row * shape.heads + head) * 2, std::int64_t{shape.heads} * 2}, tile);
    }
  multiply<Real>(team, rows, features, features, Strided<const Real>{arrays.attended + begin * width, width},
                 Strided<const Real>{arrays.out_weights, width}, Strided<Real>{y + begin * width, width}, update,
                 arrays.out_bias);
  team.barrier();
}

/// The body of `self_attention_forward`, which says what it computes.
template <class Real, class Space>
struct SelfAttentionForward {
  static inline const std::string label = "longshore::self_attention_forward";
  static constexpr int team_size = 64;
  AttentionArrays<Real, Space> arrays;
  const Real* x;
  Real* y;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    OwnTile<Real, Team> own;
    self_attend(team, arrays, x, y, Update::write, own.of(team, arrays.tiles));
  }
};

/// Numbers of scratch that `self_attention_forward` needs.
template <class Real, class Space>
std::size_t self_attention_forward_workspace(const AttentionArrays<Real, Space>& arrays) {
  const auto width = static_cast<std::size_t>(arrays.width());
  return 4 * width * width + attention_tiles_size<Real, Space>(arrays.teams());
}

/// Transposes the weights of `self_attend` into a workspace. Does not wait.
///
/// Cost: O(D²).
///
/// @param in_weights   (3 D, D)
/// @param out_weights  (D, D)
/// @param workspace    self_attention_forward_workspace(arrays) numbers
template <class Real, class Space, class Executor>
void place_attention_weights(const Executor& executor, View<const Real, 2, Space> in_weights,
                             View<const Real, 2, Space> out_weights, Real* workspace,
                             AttentionArrays<Real, Space>& arrays) {
  const Index width = arrays.width();
  Real* out = workspace + 3 * std::int64_t{width} * width;
  transpose<Real, Space>(executor, 3 * width, width, Strided<const Real>{in_weights.data(), width}, workspace);
  transpose<Real, Space>(executor, width, width, Strided<const Real>{out_weights.data(), width}, out);
  arrays.in_weights = workspace;
  arrays.out_weights = out;
  arrays.tiles = out + std::int64_t{width} * width;
}

/// Multi-head self-attention of every step over the steps of its own sequence. Does not wait.
///
///   [q k v] = x W_inᵀ + b_in,  a = softmax(q kᵀ scale) of each sequence and head,  y = [a v] W_outᵀ + b_out
///
/// Source: Vaswani et al. 2017, section 3.2.
/// Cost: O(N D² + D sum of T²); memory O(N D) in `arrays`, whatever T, and 4 D² numbers of scratch (on a device a tile
/// a team too).
///
/// @param x            (N, D)
/// @param in_weights   (3 D, D)
/// @param out_weights  (D, D)
/// @param arrays       shape, offsets, biases, and the arrays that are left for the backward pass, overwritten
/// @param y            (N, D) overwritten
/// @param workspace    self_attention_forward_workspace(arrays) numbers
template <class Real, class Space, class Executor>
void self_attention_forward(const Executor& executor, View<const Real, 2, Space> x,
                            View<const Real, 2, Space> in_weights, View<const Real, 2, Space> out_weights,
                            AttentionArrays<Real, Space> arrays, View<Real, 2, Space> y,
                            View<Real, 1, Space> workspace) {
  if (x.extent(0) == 0) return;
  place_attention_weights<Real, Space>(executor, in_weights, out_weights, workspace.data(), arrays);
  for_each_team<Space>(executor, arrays.teams(), SelfAttentionForward<Real, Space>{arrays, x.data(), y.data()});
}

}  // namespace longshore::inline LONGSHORE_ABI
