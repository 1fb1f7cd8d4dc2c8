// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include <longshore/core/for_each.hpp>
#include <longshore/core/sparse_rows.hpp>
#include <longshore/core/team.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// The first of ascending numbers that is not below a value.
///
/// Cost: O(log(end - begin)).
///
/// @return  its place, or `end`
template <class Number>
KOKKOS_INLINE_FUNCTION std::int64_t first_not_below(const Number* numbers, std::int64_t begin, std::int64_t end,
                                                    Number value) {
  std::int64_t length = end - begin;
  while (length > 0) {  // by bits: where a branch would go is not to be foreseen
    const std::int64_t half = (length + 1) / 2;
    begin += half & -static_cast<std::int64_t>(numbers[begin + half - 1] < value);
    length -= half;
  }
  return begin;
}

/// What a body adds to the objective at an entry: its loss, and 1, or 0 where it had nothing to learn from.
template <class Real>
struct StepLoss {
  Real loss = 0;
  Real weight = 0;
};

/// A sparse matrix of users and items cut into blocks: G groups of users times H >= G groups of items, each of ids that
/// follow each other.
///
/// Group g of users meets the item groups from group g on, one a round, in a circle: in no round do two user
/// groups have the same item group, so that nothing that belongs to a user or an item is changed by two bodies at a
/// time, whatever the number of threads. After H rounds every entry was met once. Each user has a cursor at its next
/// entry, so that the entries stay where they are. Trivially copyable.
///
/// Source: Gemulla et al. 2011 (strata); Zhuang et al. 2013 (FPSGD), which lets blocks run ahead of a round and is
/// therefore not repeatable.
template <class Real, class Space>
struct RatingBlocks {
  SparseRows<Real, Space> by_user;
  Index user_groups = 0;             // G
  Index item_groups = 0;             // H
  const Index* user_cuts = nullptr;  // (G+1) users of group g: user_cuts[g] to user_cuts[g + 1] - 1
  const Index* item_cuts = nullptr;  // (H+1)
  std::int64_t* cursors = nullptr;   // (U)
  double* losses = nullptr;          // (G, 2) sums of losses and of weights, which visits add to
};

/// What a body has ready for an entry before its turn comes, where that is nothing.
struct NothingPrepared {};

/// A block that is being visited, for its body.
struct RatingBlock {
  Index user_group;
  Index item_group;
};

/// How many groups of users and of items suit a matrix: enough for many threads, with items that fit a cache and
/// blocks that are worth a launch. A function of sizes alone, as results must be.
///
/// @param item_bytes  what is read and written of an item
template <class Space>
Index rating_groups(Index users, Index items, std::int64_t entries, std::int64_t item_bytes) {
  constexpr bool host = is_host_space<Space>;
  constexpr std::int64_t cache = 1024 * 1024;
  const std::int64_t wanted = host ? std::clamp<std::int64_t>(items * item_bytes / cache + 1, 16, 64) : 512;
  const std::int64_t launches = entries / (host ? 2048 : 32);
  const auto worth = static_cast<std::int64_t>(std::sqrt(static_cast<double>(launches)));
  const std::int64_t groups = std::min({wanted, worth, std::int64_t{users}, std::int64_t{items}});
  return static_cast<Index>(std::max<std::int64_t>(groups, 1));
}

/// The body of `cut_rows`, which says what it computes.
struct CutRows {
  static inline const std::string label = "longshore::cut_rows";
  const std::int64_t* offsets;
  Index first, last, groups;
  Index* cuts;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t g) const {
    const std::int64_t begin = offsets[first], entries = offsets[last] - begin;
    const std::int64_t share = entries / groups * g + entries % groups * g / groups;
    const std::int64_t row = first_not_below(offsets, std::int64_t{first}, std::int64_t{last}, begin + share);
    cuts[g] = g == 0 ? first : g == groups ? last : static_cast<Index>(row);
  }
};

/// Cuts rows into groups that follow each other, of about the same number of entries; a group may be empty. Does not
/// wait.
///
/// Cost: O(G log R).
///
/// @param offsets      of the rows
/// @param first, last  rows first to last - 1 are cut
/// @param cuts         (groups + 1) overwritten
template <class Executor>
void cut_rows(const Executor& executor, const std::int64_t* offsets, Index first, Index last, Index groups,
              Index* cuts) {
  for_each(executor, std::int64_t{groups} + 1, CutRows{offsets, first, last, groups, cuts});
}

/// The body of `visit_rating_blocks`, which says what it computes.
template <class Real, class Space, class Body>
struct VisitRatingBlocks {
  static inline const std::string& label = Body::label;
  static constexpr int team_size = 32;
  RatingBlocks<Real, Space> blocks;
  Index round;
  Body body;

  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    const Index g = team.league();
    const Index h = (g + round) % blocks.item_groups;
    double loss = blocks.losses[2 * g], weight = blocks.losses[2 * g + 1];
    visit(team, {g, h}, loss, weight);
    if (team.rank() == 0) {
      blocks.losses[2 * g] = loss;
      blocks.losses[2 * g + 1] = weight;
    }
  }

 private:
  // Several users at a time on a host: while the rows of one come from memory, or the sum of its inner product is
  // waited for, the next ones are worked at.
  template <class Team>
  KOKKOS_INLINE_FUNCTION void visit(const Team& team, const RatingBlock block, double& loss, double& weight) const {
    constexpr int width = Team::single ? 4 : 1;
    const auto& rows = blocks.by_user;
    const Id limit = blocks.item_cuts[block.item_group + 1];
    const Index last = blocks.user_cuts[block.user_group + 1];
    Index next = blocks.user_cuts[block.user_group];
    Index user[width];
    std::int64_t at[width];
    typename Body::Prepared ready[width];
    int active = 0;
    for (int x = 0; x < width; ++x) {
      if (!take(team, block, next, last, user[x], at[x])) continue;
      ready[x] = body.prepare(block, user[x], at[x]);
      ++active;
    }
    while (active > 0)
      for (int x = 0; x < width; ++x) {
        if (user[x] >= last) continue;
        const StepLoss<Real> step = body(team, block, user[x], at[x], ready[x]);
        loss += static_cast<double>(step.loss);
        weight += static_cast<double>(step.weight);
        if (++at[x] >= rows.end(user[x]) || rows.columns[at[x]] >= limit) {
          if (team.rank() == 0) blocks.cursors[user[x]] = at[x];
          if (!take(team, block, next, last, user[x], at[x])) {
            --active;
            continue;
          }
        }
        ready[x] = body.prepare(block, user[x], at[x]);
      }
  }

  // The next user with entries in the block; `last` if there is none.
  template <class Team>
  KOKKOS_INLINE_FUNCTION bool take(const Team& team, const RatingBlock block, Index& next, Index last, Index& user,
                                   std::int64_t& at) const {
    const auto& rows = blocks.by_user;
    const Id first_item = blocks.item_cuts[block.item_group], limit = blocks.item_cuts[block.item_group + 1];
    while (next < last) {
      user = next++;
      const std::int64_t begin = rows.begin(user), end = rows.end(user);
      at = round == 0              ? first_not_below(rows.columns, begin, end, first_item)
           : block.item_group == 0 ? begin
                                   : blocks.cursors[user];
      if (at < end && rows.columns[at] < limit) return true;
      if (team.rank() == 0) blocks.cursors[user] = at;
    }
    user = last;
    return false;
  }
};

/// Calls `body(team, block, user, n, ready)` for every entry n of the users of all groups, once: what conflict-free,
/// repeatable stochastic descent is made of. Does not wait.
///
/// Some calls earlier `ready` was made by `body.prepare(block, user, n)`, a `Body::Prepared`, which may read nothing
/// that a step changes: draw a negative, or ask for rows. Bodies that run at the same time have neither users nor item
/// groups in common. Within a block up to four users take turns, each with its items ascending. The body gives a
/// `StepLoss`; on a device it runs on a team of 32.
///
/// Cost: H launches of G bodies, one call an entry, O(log) a user to find its first entry.
///
/// @param blocks  cuts as `cut_rows` makes them; cursors are overwritten, losses added to
template <class Real, class Space, class Executor, class Body>
void visit_rating_blocks(const Executor& executor, const RatingBlocks<Real, Space>& blocks, const Body& body) {
  for (Index round = 0; round < blocks.item_groups; ++round)
    for_each_team<Space>(executor, blocks.user_groups, VisitRatingBlocks<Real, Space, Body>{blocks, round, body});
}

}  // namespace longshore::inline LONGSHORE_ABI
