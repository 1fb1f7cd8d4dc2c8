// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <longshore/kernels/rating_blocks.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The item group of an entry that is being visited, and the one that is met together with it.
struct GroupPair {
  Index own;
  Index other;  // -1: there is none
};

/// A sparse matrix of users and items cut into G groups of users and H = 2 G groups of items, of ids that follow each
/// other, which are met in pairs; or into one group of each.
///
/// Of the H - 1 ways in which a round-robin tournament pairs H players, `turn` chooses one: with M = H - 1, pair k is
/// (turn + k, turn - k) modulo M, and pair 0 is (turn, M). Over all turns each group meets each other one once. Group g
/// of users meets the pairs from its own start on, one a round, in a circle: in no round do two user groups have an
/// item group in common, and after G rounds every entry was met once. As pairs follow each other the one group ascends
/// and the other descends, so that two cursors a user find its entries. Trivially copyable.
///
/// Source: the circle method of tournaments (Lucas 1883); the rest as `RatingBlocks`.
template <class Real, class Space>
struct PairedBlocks {
  SparseRows<Real, Space> by_user;
  Index user_groups = 0;             // G
  Index item_groups = 0;             // H: 2 G, or 1 if G is 1
  const Index* user_cuts = nullptr;  // (G+1) users of group g: user_cuts[g] to user_cuts[g + 1] - 1
  const Index* item_cuts = nullptr;  // (H+1)
  const Index* starts = nullptr;     // (G) the pair of round 0, all different
  Index turn = 0;                    // 0 to H - 2; 0 if H is 1
  std::uint32_t* cursors = nullptr;  // (U, 2) from the row's begin: end of the ascending group, begin of the other
  double* losses = nullptr;          // (G, 2) sums of losses and of weights, which visits add to

  /// Which two item groups user group k meets in this round: all pairs of a round are disjoint.
  KOKKOS_INLINE_FUNCTION GroupPair pair(Index k) const {
    const Index circle = item_groups - 1;
    if (circle == 0) return {0, -1};
    if (k == 0) return {turn, circle};
    return {(turn + k) % circle, (turn - k + circle) % circle};
  }
};

/// The body of `visit_paired_blocks`, which says what it computes.
template <class Real, class Space, class Body>
struct VisitPairedBlocks {
  static inline const std::string& label = Body::label;
  static constexpr int team_size = 32;
  PairedBlocks<Real, Space> blocks;
  Index round;
  Body body;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    // Several users at a time on a host, as `VisitRatingBlocks` has them.
    constexpr int width = Team::single ? 4 : 1;
    const Index g = team.league(), k = (blocks.starts[g] + round) % blocks.user_groups;
    const GroupPair pair = blocks.pair(k);
    const Index last = blocks.user_cuts[g + 1];
    Index next = blocks.user_cuts[g];
    double loss = blocks.losses[2 * g], weight = blocks.losses[2 * g + 1];
    Turn turns[width];
    typename Body::Prepared ready[width];
    int active = 0;
    for (int x = 0; x < width; ++x) {
      if (!take(team, pair, k, next, last, turns[x])) continue;
      ready[x] = body.prepare(turns[x].groups, turns[x].user, turns[x].at);
      ++active;
    }
    while (active > 0)
      for (int x = 0; x < width; ++x) {
        Turn& turn = turns[x];
        if (turn.user >= last) continue;
        const StepLoss<Real> step = body(team, turn.groups, turn.user, turn.at, ready[x]);
        loss += static_cast<double>(step.loss);
        weight += static_cast<double>(step.weight);
        if (++turn.at == turn.end && !second_group(pair, turn)) {
          keep(team, turn);
          if (!take(team, pair, k, next, last, turn)) {
            --active;
            continue;
          }
        }
        ready[x] = body.prepare(turn.groups, turn.user, turn.at);
      }
    if (team.rank() == 0) {
      blocks.losses[2 * g] = loss;
      blocks.losses[2 * g + 1] = weight;
    }
  }

 private:
  // A user's entries in both groups of a pair, and where in them it is.
  struct Turn {
    Index user;
    GroupPair groups;
    std::int64_t at, end;
    std::int64_t first_begin, first_end, second_begin, second_end;
  };

  // Goes on with the second group's entries, if they are still to come and there are any.
  KOKKOS_INLINE_FUNCTION static bool second_group(const GroupPair& pair, Turn& turn) {
    if (turn.groups.own != pair.own || turn.second_begin == turn.second_end) return false;
    turn.groups = {pair.other, pair.own};
    turn.at = turn.second_begin;
    turn.end = turn.second_end;
    return true;
  }

  // The next user with entries in the pair; `last` if there is none.
  template <class Team>
  KOKKOS_INLINE_FUNCTION bool take(const Team& team, const GroupPair& pair, Index k, Index& next, Index last,
                                   Turn& turn) const {
    while (next < last) {
      turn.user = next++;
      find(pair, k, turn);
      turn.groups = pair;
      turn.at = turn.first_begin;
      turn.end = turn.first_end;
      if (turn.at < turn.end || second_group(pair, turn)) return true;
      keep(team, turn);
    }
    turn.user = last;
    return false;
  }

  KOKKOS_INLINE_FUNCTION void find(const GroupPair& pair, Index k, Turn& turn) const {
    const auto& rows = blocks.by_user;
    const std::int64_t begin = rows.begin(turn.user), end = rows.end(turn.user);
    const std::uint32_t* cursors = blocks.cursors + 2 * std::int64_t{turn.user};
    const bool anew = round == 0 || k == 0;
    // Upwards: behind the group of the round before, but where the circle closes.
    const Id first_limit = blocks.item_cuts[pair.own + 1];
    turn.first_begin = anew            ? first_not_below(rows.columns, begin, end, blocks.item_cuts[pair.own])
                       : pair.own == 0 ? begin
                                       : begin + cursors[0];
    turn.first_end = turn.first_begin;
    while (turn.first_end < end && rows.columns[turn.first_end] < first_limit) ++turn.first_end;
    if (pair.other < 0) {
      turn.second_begin = turn.second_end = end;
      return;
    }
    // Downwards: before the group of the round before, but where the circle closes.
    const Id second_first = blocks.item_cuts[pair.other], second_limit = blocks.item_cuts[pair.other + 1];
    if (anew || pair.other == blocks.item_groups - 2) {
      turn.second_begin = first_not_below(rows.columns, begin, end, second_first);
      turn.second_end = turn.second_begin;
      while (turn.second_end < end && rows.columns[turn.second_end] < second_limit) ++turn.second_end;
    } else {
      turn.second_begin = turn.second_end = begin + cursors[1];
      while (turn.second_begin > begin && rows.columns[turn.second_begin - 1] >= second_first) --turn.second_begin;
    }
  }

  // Notes where the next pair begins: after pair 0, whose second group is not on the circle, beside its first one.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void keep(const Team& team, const Turn& turn) const {
    team.barrier();  // everybody has read the cursors
    if (team.rank() != 0) return;
    const std::int64_t begin = blocks.by_user.begin(turn.user);
    std::uint32_t* cursors = blocks.cursors + 2 * std::int64_t{turn.user};
    const bool outside = turn.groups.own == blocks.item_groups - 1 || turn.groups.other == blocks.item_groups - 1;
    cursors[0] = static_cast<std::uint32_t>(turn.first_end - begin);
    cursors[1] = static_cast<std::uint32_t>((outside ? turn.first_begin : turn.second_begin) - begin);
  }
};

/// Calls `body(team, groups, user, n, ready)` for every entry n of all users, once, with the `GroupPair` of its item:
/// what `visit_rating_blocks` does, for bodies that change an item of the entry's group and one of the other. Does not
/// wait.
///
/// A user's entries in both groups of a pair are met in the same turn, each group's ascending: so that items of either
/// group are an entry's own as often as they are others' within a round. The body is as `visit_rating_blocks` wants it.
///
/// Cost: G launches of G bodies, one call an entry, a step a user and pair.
///
/// @param blocks  cuts as `cut_rows` makes them; cursors are overwritten, losses added to
template <class Real, class Space, class Executor, class Body>
void visit_paired_blocks(const Executor& executor, const PairedBlocks<Real, Space>& blocks, const Body& body) {
  for (Index round = 0; round < blocks.user_groups; ++round)
    for_each_team<Space>(executor, blocks.user_groups, VisitPairedBlocks<Real, Space, Body>{blocks, round, body});
}

}  // namespace longshore::inline LONGSHORE_ABI
