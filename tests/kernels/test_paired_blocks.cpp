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

/// Adds 1 at every entry that is visited, if it has the push of its own score.
template <class Real>
struct CountVisits {
  static inline const std::string label = "tests::count_paired_visits";
  Real* counts;
  std::int64_t skipped;  // every so many entries one is left out
  using Visit = ls::PairVisit;
  using Prepared = std::int64_t;
  KOKKOS_INLINE_FUNCTION void enter(Visit&) const {}
  template <int count>
  KOKKOS_INLINE_FUNCTION int prepare(const Visit& visit, std::int64_t first, Prepared (&ready)[count]) const {
    int made = 0;
    for (std::int64_t at = first; at < visit.count() && at < first + count; ++at)
      if (visit.entry(at) % skipped != skipped - 1) ready[made++] = visit.entry(at);
    return made;
  }
  KOKKOS_INLINE_FUNCTION void fetch(Prepared) const {}
  template <class Team>
  KOKKOS_INLINE_FUNCTION Real score(const Team&, const Visit&, Prepared n) const {
    return static_cast<Real>(n);
  }
  template <int count>
  KOKKOS_INLINE_FUNCTION void judge(const Real (&scores)[count], Real (&pushes)[count], Real (&losses)[count]) const {
    for (int i = 0; i < count; ++i) pushes[i] = Real(3) * scores[i], losses[i] = Real(2) * scores[i];
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void change(const Team& team, const Visit&, Prepared n, Real push) const {
    if (team.rank() == 0) counts[n] += push - Real(3) * static_cast<Real>(n) + 1;  // 1
  }
};

/// Scores by how many entries were changed before.
struct CountChanges {
  static inline const std::string label = "tests::count_changes";
  int* changed;
  std::vector<int>* before;  // of each entry, when it was scored
  using Visit = ls::PairVisit;
  struct Prepared {};
  KOKKOS_INLINE_FUNCTION void enter(Visit&) const {}
  template <int count>
  KOKKOS_INLINE_FUNCTION int prepare(const Visit& visit, std::int64_t first, Prepared (&)[count]) const {
    return static_cast<int>(visit.count() - first < count ? visit.count() - first : count);
  }
  KOKKOS_INLINE_FUNCTION void fetch(Prepared) const {}
  template <class Team>
  KOKKOS_INLINE_FUNCTION double score(const Team&, const Visit&, Prepared) const {
    return *changed;
  }
  template <int count>
  KOKKOS_INLINE_FUNCTION void judge(const double (&scores)[count], double (&pushes)[count],
                                    double (&losses)[count]) const {
    for (int i = 0; i < count; ++i) pushes[i] = losses[i] = scores[i];
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void change(const Team&, const Visit&, Prepared, double push) const {
#if !LONGSHORE_ON_DEVICE
    before->push_back(static_cast<int>(push));
    ++*changed;
#endif
    (void)push;
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

TEST_CASE_TEMPLATE("visit_paired_blocks: reference: every entry once, but what is left out; losses and weights summed",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto list = RatingList::random(13, 37, 29, 0.4);
  for (const ls::Index groups : {1, 2, 4, 14})
    for (ls::Index turn = 0; turn < 2 * groups - 1; ++turn) {
      CAPTURE(groups);
      CAPTURE(turn);
      const std::int64_t skipped = turn % 2 == 0 ? 1000 : 2;
      PairArrays<Real, Space> arrays(list, groups, 2 * groups, turn);
      ls::Tensor<Real, 1, Space> counts(list.items.size());
      for (int repetition = 1; repetition <= 2; ++repetition) {  // the cursors of before do not matter
        ls::visit_paired_blocks(Space(), arrays.blocks, CountVisits<Real>{counts.data(), skipped});
        Kokkos::fence();
        const auto met = ls::copy_to_host(counts.view());
        double expected_loss = 0, expected_weight = 0;
        for (std::int64_t n = 0; n < static_cast<std::int64_t>(met.size()); ++n) {
          const bool left_out = n % skipped == skipped - 1;
          REQUIRE(met[static_cast<std::size_t>(n)] == (left_out ? 0 : repetition));
          if (!left_out) expected_loss += 2.0 * static_cast<double>(n), ++expected_weight;
        }
        double loss = 0, weight = 0;
        const auto losses = ls::copy_to_host(arrays.losses.view());
        for (std::size_t g = 0; g < losses.size(); g += 2) loss += losses[g], weight += losses[g + 1];
        CHECK(loss == repetition * expected_loss);
        CHECK(weight == repetition * expected_weight);
      }
    }
  PairArrays<Real, Space> alone(list, 1, 1, 0);
  ls::Tensor<Real, 1, Space> counts(list.items.size());
  ls::visit_paired_blocks(Space(), alone.blocks, CountVisits<Real>{counts.data(), 1000});
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

TEST_CASE("visit_paired_blocks: hand case: eight users take turns, scored before any of them changes something") {
  // Ten users with two entries each, in one group.
  RatingList list{.offsets = {0}, .item_count = 2};
  for (int u = 0; u < 10; ++u) {
    for (const ls::Id item : {0, 1}) list.items.push_back(item), list.values.push_back(1);
    list.offsets.push_back(2 * (u + 1));
  }
  const PairArrays<double, Kokkos::Serial> arrays(list, 1, 1, 0);
  int changed = 0;
  std::vector<int> before;
  ls::visit_paired_blocks(Kokkos::Serial(), arrays.blocks, CountChanges{&changed, &before});
  std::vector<int> expected(8, 0);
  expected.insert(expected.end(), 8, 8);  // their second entries; two users take over
  expected.insert(expected.end(), 2, 16);
  expected.insert(expected.end(), 2, 18);
  CHECK(before == expected);
}
