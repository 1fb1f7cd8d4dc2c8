// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/paired_blocks.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "../support/kernel_case.hpp"
#include "../support/rating_case.hpp"
#include "../support/visit_order.hpp"

namespace ls = longshore;

namespace {

/// Adds 1 at every entry that is visited.
template <class Real>
struct CountVisits {
  static inline const std::string label = "tests::count_paired_visits";
  Real* counts;
  using Prepared = ls::NothingPrepared;
  KOKKOS_INLINE_FUNCTION Prepared prepare(const ls::GroupPair&, ls::Index, std::int64_t) const { return {}; }
  template <class Team>
  KOKKOS_INLINE_FUNCTION ls::StepLoss<Real> operator()(const Team& team, const ls::GroupPair&, ls::Index,
                                                       std::int64_t n, Prepared) const {
    if (team.rank() == 0) counts[n] += 1;
    return {static_cast<Real>(n), Real(2)};
  }
};

/// The arrays of so many groups of users, and twice as many of items.
template <class Real, class Space>
struct PairArrays {
  RatingCase<Real, Space> data;
  ls::Tensor<ls::Index, 1, Space> user_cuts, item_cuts, starts;
  ls::Tensor<std::uint32_t, 2, Space> cursors;
  ls::Tensor<double, 2, Space> losses;
  ls::PairedBlocks<Real, Space> blocks;

  PairArrays(const RatingList& list, ls::Index groups, ls::Index item_groups, ls::Index turn)
      : data(list),
        user_cuts(groups + 1),
        item_cuts(item_groups + 1),
        starts(groups),
        cursors(list.users(), 2),
        losses(groups, 2) {
    ls::cut_rows(Space(), data.interactions.by_user().offsets, 0, list.users(), groups, user_cuts.data());
    ls::cut_rows(Space(), data.interactions.by_item().offsets, 0, list.item_count, item_groups, item_cuts.data());
    std::vector<ls::Index> first;
    for (ls::Index g = 0; g < groups; ++g) first.push_back((g + 2) % groups);
    ls::copy_from_host(first, starts.view());
    ls::copy_from_host(std::vector<std::uint32_t>(2 * static_cast<std::size_t>(list.users()), 77), cursors.view());
    blocks = {data.interactions.by_user(),
              groups,
              item_groups,
              user_cuts.data(),
              item_cuts.data(),
              starts.data(),
              turn,
              cursors.data(),
              losses.data()};
  }
};

}  // namespace

TEST_CASE("PairedBlocks: reference: in each turn all groups are paired, and over all turns each with each other once") {
  for (const ls::Index groups : {1, 2, 3, 8}) {
    ls::PairedBlocks<float, Kokkos::Serial> blocks;
    blocks.user_groups = groups;
    blocks.item_groups = 2 * groups;
    std::set<std::pair<ls::Index, ls::Index>> pairs;
    for (blocks.turn = 0; blocks.turn < 2 * groups - 1; ++blocks.turn) {
      std::set<ls::Index> met;
      for (ls::Index k = 0; k < groups; ++k) {
        const ls::GroupPair pair = blocks.pair(k);
        met.insert({pair.own, pair.other});
        pairs.insert(std::minmax(pair.own, pair.other));
      }
      CHECK(met.size() == static_cast<std::size_t>(2 * groups));
      CHECK(*met.begin() == 0);
      CHECK(*met.rbegin() == 2 * groups - 1);
    }
    CHECK(pairs.size() == static_cast<std::size_t>(groups * (2 * groups - 1)));
  }
}

TEST_CASE_TEMPLATE("visit_paired_blocks: reference: every entry once, its losses and weights summed", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto list = RatingList::random(13, 37, 29, 0.4);
  for (const ls::Index groups : {1, 2, 4, 14})
    for (ls::Index turn = 0; turn < 2 * groups - 1; ++turn) {
      CAPTURE(groups);
      CAPTURE(turn);
      PairArrays<Real, Space> arrays(list, groups, 2 * groups, turn);
      ls::Tensor<Real, 1, Space> counts(list.items.size());
      for (int repetition = 1; repetition <= 2; ++repetition) {  // the cursors of before do not matter
        ls::visit_paired_blocks(Space(), arrays.blocks, CountVisits<Real>{counts.data()});
        Kokkos::fence();
        for (const Real count : ls::copy_to_host(counts.view())) REQUIRE(count == repetition);
        double loss = 0, weight = 0;
        const auto losses = ls::copy_to_host(arrays.losses.view());
        for (std::size_t g = 0; g < losses.size(); g += 2) loss += losses[g], weight += losses[g + 1];
        const auto entries = static_cast<double>(list.items.size());
        CHECK(loss == repetition * entries * (entries - 1) / 2);
        CHECK(weight == repetition * 2 * entries);
      }
    }
  PairArrays<Real, Space> alone(list, 1, 1, 0);
  ls::Tensor<Real, 1, Space> counts(list.items.size());
  ls::visit_paired_blocks(Space(), alone.blocks, CountVisits<Real>{counts.data()});
  Kokkos::fence();
  for (const Real count : ls::copy_to_host(counts.view())) REQUIRE(count == 1);
}

TEST_CASE(
    "visit_paired_blocks: reference: a round meets both groups of a pair in turns, and no two users' groups one") {
  using Space = Kokkos::Serial;
  const auto list = RatingList::random(14, 40, 60, 0.5);
  for (const ls::Index turn : {0, 3, 6}) {
    const PairArrays<double, Space> arrays(list, 4, 8, turn);
    const auto visits = visit_order(arrays.blocks);
    REQUIRE(visits.size() == list.items.size());
    std::vector<std::vector<std::set<ls::Index>>> met(4);  // item groups of each user group, round by round
    std::size_t alternations = 0;
    for (std::size_t v = 0; v < visits.size(); ++v) {
      const auto& [groups, user, entry] = visits[v];
      const auto own = static_cast<std::size_t>(groups.own);
      const ls::Id item = list.items[static_cast<std::size_t>(entry)];
      REQUIRE(arrays.item_cuts.data()[own] <= item);
      REQUIRE(item < arrays.item_cuts.data()[own + 1]);
      std::size_t g = 0;
      while (arrays.user_cuts.data()[g + 1] <= user) ++g;
      const std::set<ls::Index> both{groups.own, groups.other};
      if (met[g].empty() || met[g].back() != both) met[g].push_back(both);
      if (v > 0 && visits[v - 1].block.own == groups.other) ++alternations;
    }
    CHECK(alternations > visits.size() / 8);  // not the one group's entries of all users, then the other's
    for (std::size_t g = 0; g < 4; ++g) {
      REQUIRE(met[g].size() == 4);
      for (std::size_t round = 0; round < 4; ++round) {
        const ls::GroupPair pair = arrays.blocks.pair(static_cast<ls::Index>((g + 2 + round) % 4));
        CHECK(met[g][round] == std::set<ls::Index>{pair.own, pair.other});
      }
    }
  }
}
