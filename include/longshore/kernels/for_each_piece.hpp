// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <type_traits>

#include <longshore/core/team.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Several arrays' work in one launch. Where a launch blocks, the pieces stay where the caller has them; else a launch
/// takes as many with it as it can without a copy.
template <class Work, class Space>
struct PieceLaunch {
  static inline const std::string label = Work::label;
  static constexpr int team_size = Work::team_size;
  using Piece = typename Work::Piece;
  static constexpr bool by_pointer = launches_block<Space>;
  static constexpr int most = by_pointer ? 1 << 30 : static_cast<int>(400 / sizeof(Piece));
  static_assert(most > 0, "longshore: a piece is at most 400 bytes");

  Work work;
  std::conditional_t<by_pointer, const Piece*, Piece[by_pointer ? 1 : most]> pieces;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    std::int64_t chunk = team.league();
    int p = 0;
    for (; chunk >= pieces[p].chunks(); ++p) chunk -= pieces[p].chunks();
    work(team, pieces[p], chunk);
  }
};

/// Runs `work(team, piece, chunk)` for every chunk of every piece: many small arrays cost one launch, not one each.
/// Does not wait.
///
/// Cost: what `work` costs, and O(pieces) for each chunk to find its piece. One launch on a host; on a device one for
/// every 400 bytes of pieces.
///
/// @param pieces  trivially copyable, each with `chunks()`
/// @param work    as a functor of `for_each_team`, with a type `Piece`
template <class Space, class Executor, class Work>
void for_each_piece(const Executor& executor, std::span<const typename Work::Piece> pieces, const Work& work) {
  using Launch = PieceLaunch<Work, Space>;
  for (std::size_t first = 0; first < pieces.size(); first += static_cast<std::size_t>(Launch::most)) {
    const auto some = pieces.subspan(first, std::min(pieces.size() - first, static_cast<std::size_t>(Launch::most)));
    std::int64_t chunks = 0;
    for (const auto& piece : some) chunks += piece.chunks();
    Launch launch{work, {}};
    if constexpr (Launch::by_pointer)
      launch.pieces = some.data();
    else
      for (std::size_t p = 0; p < some.size(); ++p) launch.pieces[p] = some[p];
    for_each_team<Space>(executor, chunks, launch);
  }
}

}  // namespace longshore::inline LONGSHORE_ABI
