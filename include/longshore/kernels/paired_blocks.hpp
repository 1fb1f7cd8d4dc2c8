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

/// A user's entries in both groups of a pair, counted through: part 0 are those of `groups.own`, n = begin[0] to
/// end[0] - 1, part 1 those of `groups.other`.
struct PairVisit {
  Index user;
  GroupPair groups;
  std::int64_t begin[2], end[2];

  KOKKOS_INLINE_FUNCTION std::int64_t count() const { return end[0] - begin[0] + (end[1] - begin[1]); }
  KOKKOS_INLINE_FUNCTION int part(std::int64_t at) const { return at < end[0] - begin[0] ? 0 : 1; }
  KOKKOS_INLINE_FUNCTION std::int64_t entry(std::int64_t at) const {
    return part(at) == 0 ? begin[0] + at : begin[1] + (at - (end[0] - begin[0]));
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
    // Several users at a time on a host, and several entries of each made ready together: while the rows of one come
    // from memory the next ones are worked at, and what is not of rows is computed in vectors.
    constexpr int width = Team::single ? 8 : 1, ahead = Team::single ? 16 : 1;
    using Prepared = typename Body::Prepared;
    const Index g = team.league(), k = (blocks.starts[g] + round) % blocks.user_groups;
    const GroupPair pair = blocks.pair(k);
    const Index last = blocks.user_cuts[g + 1];
    Index next = blocks.user_cuts[g];
    double loss = blocks.losses[2 * g], weight = blocks.losses[2 * g + 1];
    Turn turns[width];
    Prepared ready[width][ahead];
    int active = 0;
    for (int x = 0; x < width; ++x) active += take(team, pair, k, next, last, turns[x], ready[x]) ? 1 : 0;
    Real scores[width] = {}, pushes[width], terms[width];
    while (active > 0) {
      for (int x = 0; x < width; ++x)
        if (turns[x].visit.user < last) scores[x] = body.score(team, turns[x].visit, next_of(turns[x], ready[x]));
      body.judge(scores, pushes, terms);
      team.barrier();
      for (int x = 0; x < width; ++x) {
        Turn& turn = turns[x];
        if (turn.visit.user >= last) continue;
        body.change(team, turn.visit, next_of(turn, ready[x]), pushes[x]);
        loss += static_cast<double>(terms[x]);
        weight += 1;
        if (++turn.at < turn.ready)
          body.fetch(next_of(turn, ready[x]));
        else if (!prepare(turn, ready[x]) && !take(team, pair, k, next, last, turn, ready[x]))
          --active;
      }
    }
    if (team.rank() == 0) {
      blocks.losses[2 * g] = loss;
      blocks.losses[2 * g + 1] = weight;
    }
  }

 private:
  // A visit, how many of its entries were made ready, and which of these is next.
  struct Turn {
    typename Body::Visit visit;
    std::int64_t prepared, count;
    int at, ready;
  };

  // The next entry of those that are ready; of one by a known index, or it would lie in a device's local memory.
  template <int ahead>
  KOKKOS_INLINE_FUNCTION static const typename Body::Prepared& next_of(const Turn& turn,
                                                                       const typename Body::Prepared (&ready)[ahead]) {
    return ready[ahead > 1 ? turn.at : 0];
  }

  // Makes the next entries of a visit ready, and fetches the first one's rows.
  template <int ahead>
  KOKKOS_INLINE_FUNCTION bool prepare(Turn& turn, typename Body::Prepared (&ready)[ahead]) const {
    while (turn.prepared < turn.count) {
      turn.ready = body.prepare(turn.visit, turn.prepared, ready);
      turn.prepared += ahead;
      turn.at = 0;
      if (turn.ready == 0) continue;
      body.fetch(ready[0]);
      return true;
    }
    return false;
  }

  // The next user with entries in the pair; `last` if there is none.
  template <class Team, int ahead>
  KOKKOS_INLINE_FUNCTION bool take(const Team& team, const GroupPair& pair, Index k, Index& next, Index last,
                                   Turn& turn, typename Body::Prepared (&ready)[ahead]) const {
    while (next < last) {
      turn.visit.user = next++;
      turn.visit.groups = pair;
      find(team, k, turn.visit);
      turn.prepared = 0;
      turn.count = turn.visit.count();
      if (turn.count == 0) continue;
      body.enter(turn.visit);
      if (prepare(turn, ready)) return true;
    }
    turn.visit.user = last;
    return false;
  }

  // Finds the entries by the cursors, and sets these to where the next pair begins.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void find(const Team& team, Index k, PairVisit& visit) const {
    const auto& rows = blocks.by_user;
    const GroupPair& pair = visit.groups;
    const std::int64_t begin = rows.begin(visit.user), end = rows.end(visit.user);
    std::uint32_t* cursors = blocks.cursors + 2 * std::int64_t{visit.user};
    const bool anew = round == 0 || k == 0;
    // Upwards: behind the group of the round before, but where the circle closes.
    const Id first_limit = blocks.item_cuts[pair.own + 1];
    std::int64_t at = anew            ? first_not_below(rows.columns, begin, end, blocks.item_cuts[pair.own])
                      : pair.own == 0 ? begin
                                      : begin + cursors[0];
    visit.begin[0] = at;
    while (at < end && rows.columns[at] < first_limit) ++at;
    visit.end[0] = at;
    if (pair.other < 0) {
      visit.begin[1] = visit.end[1] = end;
    } else {
      // Downwards: before the group of the round before, but where the circle closes.
      const Id second_first = blocks.item_cuts[pair.other], second_limit = blocks.item_cuts[pair.other + 1];
      if (anew || pair.other == blocks.item_groups - 2) {
        visit.begin[1] = at = first_not_below(rows.columns, begin, end, second_first);
        while (at < end && rows.columns[at] < second_limit) ++at;
        visit.end[1] = at;
      } else {
        visit.end[1] = at = begin + cursors[1];
        while (at > begin && rows.columns[at - 1] >= second_first) --at;
        visit.begin[1] = at;
      }
    }
    team.barrier();  // everybody has read the cursors
    if (team.rank() != 0) return;
    // After pair 0, whose second group is not on the circle: beside its first one.
    const bool outside = pair.other == blocks.item_groups - 1;
    cursors[0] = static_cast<std::uint32_t>(visit.end[0] - begin);
    cursors[1] = static_cast<std::uint32_t>((outside ? visit.begin[0] : visit.begin[1]) - begin);
  }
};

/// Makes a body meet every entry of all users, once: what `visit_rating_blocks` does, for bodies that change an item of
/// the entry's group and one of the other. Does not wait.
///
/// A user's entries in both groups of a pair are met in the same visit, each group's ascending: so that items of either
/// group are an entry's own as often as they are others' within a round. On a host up to eight users take turns, one
/// entry each: all of them are scored before any of them changes something. The body has
///
///     Visit     a `PairVisit`, or what derives from it; `enter(visit)` is called once for each
///     Prepared  of an entry; `prepare(visit, first, ready)` writes an array of them for the entries from number
///               `first` of the visit on, and gives how many: it may leave some out; it reads nothing that changes
///     fetch(ready)                       asks for rows of the entry that comes next
///     score(team, visit, ready)          a number; changes nothing
///     judge(scores, pushes, losses)      of arrays of scores makes what to change by, and what the objective gets
///     change(team, visit, ready, push)   of the entries of a turn, one after the other
///
/// and on a device runs on a team of 32, one entry at a time.
///
/// Cost: G launches of G bodies, one call an entry, a step a user and pair.
///
/// @param blocks  cuts as `cut_rows` makes them; cursors are overwritten, losses added to, with 1 an entry as weight
template <class Real, class Space, class Executor, class Body>
void visit_paired_blocks(const Executor& executor, const PairedBlocks<Real, Space>& blocks, const Body& body) {
  for (Index round = 0; round < blocks.user_groups; ++round)
    for_each_team<Space>(executor, blocks.user_groups, VisitPairedBlocks<Real, Space, Body>{blocks, round, body});
}

}  // namespace longshore::inline LONGSHORE_ABI
