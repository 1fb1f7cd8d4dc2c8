// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/rating_blocks.hpp>
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
  static inline const std::string label = "tests::count_visits";
  Real* counts;
  using Prepared = ls::NothingPrepared;
  KOKKOS_INLINE_FUNCTION Prepared prepare(const ls::RatingBlock&, ls::Index, std::int64_t) const { return {}; }
  template <class Team>
  KOKKOS_INLINE_FUNCTION ls::StepLoss<Real> operator()(const Team& team, const ls::RatingBlock&, ls::Index,
                                                       std::int64_t n, Prepared) const {
    if (team.rank() == 0) counts[n] += 1;
    return {static_cast<Real>(n), Real(2)};
  }
};

/// The arrays of blocks.
template <class Real, class Space>
struct BlockArrays {
  RatingCase<Real, Space> data;
  ls::Tensor<ls::Index, 1, Space> user_cuts, item_cuts;
  ls::Tensor<std::int64_t, 1, Space> cursors;
  ls::Tensor<double, 2, Space> losses;
  ls::RatingBlocks<Real, Space> blocks;

  BlockArrays(const RatingList& list, ls::Index user_groups, ls::Index item_groups)
      : data(list),
        user_cuts(user_groups + 1),
        item_cuts(item_groups + 1),
        cursors(list.users()),
        losses(user_groups, 2) {
    ls::cut_rows(Space(), data.interactions.by_user().offsets, 0, list.users(), user_groups, user_cuts.data());
    ls::cut_rows(Space(), data.interactions.by_item().offsets, 0, list.item_count, item_groups, item_cuts.data());
    blocks = {data.interactions.by_user(),
              user_groups,
              item_groups,
              user_cuts.data(),
              item_cuts.data(),
              cursors.data(),
              losses.data()};
  }
};

}  // namespace

TEST_CASE_TEMPLATE("cut_rows: reference: groups begin at the first row behind their share of the entries", Where,
                   LONGSHORE_EVERYWHERE) {
  using Space = typename Where::Space;
  const std::vector<std::int64_t> offsets{0, 0, 9, 10, 10, 13, 20, 20};  // 7 rows
  ls::Tensor<std::int64_t, 1, Space> on_space(8);
  ls::copy_from_host(offsets, on_space.view());
  const auto cut = [&](ls::Index first, ls::Index last, ls::Index groups) {
    ls::Tensor<ls::Index, 1, Space> cuts(groups + 1);
    ls::cut_rows(Space(), on_space.data(), first, last, groups, cuts.data());
    Kokkos::fence();
    return ls::copy_to_host(cuts.view());
  };
  CHECK(cut(0, 7, 1) == std::vector<ls::Index>{0, 7});
  CHECK(cut(0, 7, 2) == std::vector<ls::Index>{0, 3, 7});
  CHECK(cut(0, 7, 4) == std::vector<ls::Index>{0, 2, 3, 6, 7});
  CHECK(cut(2, 6, 2) == std::vector<ls::Index>{2, 6, 6});
  CHECK(cut(3, 4, 2) == std::vector<ls::Index>{3, 3, 4});
}

TEST_CASE_TEMPLATE("visit_rating_blocks: reference: every entry once, its losses and weights summed", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto list = RatingList::random(11, 37, 29, 0.4);
  for (const auto& [user_groups, item_groups] :
       std::vector<std::pair<ls::Index, ls::Index>>{{1, 1}, {1, 4}, {4, 9}, {5, 11}, {14, 29}}) {
    BlockArrays<Real, Space> arrays(list, user_groups, item_groups);
    ls::Tensor<Real, 1, Space> counts(list.items.size());
    for (int repetition = 1; repetition <= 2; ++repetition) {  // the cursors of before do not matter
      ls::visit_rating_blocks(Space(), arrays.blocks, CountVisits<Real>{counts.data()});
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
}

TEST_CASE("visit_rating_blocks: reference: no two groups meet the same items in a round, users take turns") {
  using Space = Kokkos::Serial;
  const auto list = RatingList::random(12, 40, 31, 0.5);
  const BlockArrays<double, Space> arrays(list, 4, 9);
  const auto visits = visit_order(arrays.blocks);
  REQUIRE(visits.size() == list.items.size());
  std::vector<std::vector<ls::Index>> met(4);  // item groups of each user group, in order
  std::size_t turns = 0;
  for (std::size_t v = 0; v < visits.size(); ++v) {
    const auto& [block, user, entry] = visits[v];
    const auto g = static_cast<std::size_t>(block.user_group), h = static_cast<std::size_t>(block.item_group);
    const ls::Id item = list.items[static_cast<std::size_t>(entry)];
    REQUIRE(arrays.user_cuts.data()[g] <= user);
    REQUIRE(user < arrays.user_cuts.data()[g + 1]);
    REQUIRE(arrays.item_cuts.data()[h] <= item);
    REQUIRE(item < arrays.item_cuts.data()[h + 1]);
    if (met[g].empty() || met[g].back() != block.item_group) met[g].push_back(block.item_group);
    for (std::size_t earlier = v; earlier-- > 0 && visits[earlier].block.user_group == block.user_group &&
                                  visits[earlier].block.item_group == block.item_group;)
      if (visits[earlier].user == user) {
        REQUIRE(visits[earlier].entry == entry - 1);  // its items ascend
        break;
      }
    if (v > 0 && visits[v - 1].user != user) ++turns;
  }
  CHECK(turns > visits.size() / 2);
  for (std::size_t g = 0; g < 4; ++g) {
    REQUIRE(met[g].size() == 9);
    for (std::size_t round = 0; round < 9; ++round) CHECK(met[g][round] == static_cast<ls::Index>((g + round) % 9));
  }
  for (std::size_t round = 0; round < 9; ++round)
    CHECK(std::set<ls::Index>{met[0][round], met[1][round], met[2][round], met[3][round]}.size() == 4);
}

TEST_CASE("rating_groups: edges: at least one, at most as many as users, items, or what is worth a launch") {
  using Space = Kokkos::Serial;
  CHECK(ls::rating_groups<Space>(1, 1, 1, 256) == 1);
  CHECK(ls::rating_groups<Space>(1000, 1000, 0, 256) == 1);
  CHECK(ls::rating_groups<Space>(138'493, 26'744, 19'000'000, 256) == 16);
  CHECK(ls::rating_groups<Space>(138'493, 26'744, 19'000'000, 1024) == 27);
  CHECK(ls::rating_groups<Space>(138'493, 5, 19'000'000, 256) == 5);
  CHECK(ls::rating_groups<Space>(943, 1682, 100'000, 400) == 6);
  CHECK(ls::rating_groups<Space>(100'000'000, 10'000'000, std::int64_t{5'000'000'000}, 1024) == 64);
}
