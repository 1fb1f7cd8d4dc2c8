// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/bpr_schedule.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "../support/rating_case.hpp"

namespace ls = longshore;

namespace {

using SerialSchedule = ls::BprSchedule<float, Kokkos::Serial>;

/// Counts which entry got which item.
struct TallyNegatives {
  static inline const std::string label = "tests::tally_negatives";
  using Groups = ls::NegativeGroups<float, Kokkos::Serial>;
  using Visit = Groups::Visit;
  using Prepared = ls::Comparison;
  Groups negatives;
  ls::Random random;
  std::vector<std::vector<double>>* counts;
  KOKKOS_INLINE_FUNCTION void enter(Visit& visit) const { negatives.enter(visit); }
  template <int count>
  KOKKOS_INLINE_FUNCTION int prepare(const Visit& visit, std::int64_t first, Prepared (&ready)[count]) const {
    return negatives.draw(random, visit, first, ready);
  }
  KOKKOS_INLINE_FUNCTION void fetch(const Prepared&) const {}
  template <class Team>
  KOKKOS_INLINE_FUNCTION float score(const Team&, const Visit&, const Prepared&) const {
    return 0;
  }
  template <int count>
  KOKKOS_INLINE_FUNCTION void judge(const float (&)[count], float (&pushes)[count], float (&losses)[count]) const {
    for (int i = 0; i < count; ++i) pushes[i] = losses[i] = 0;
  }
  template <class Team>
  KOKKOS_INLINE_FUNCTION void change(const Team&, const Visit& visit, const Prepared& items, float) const {
#if !LONGSHORE_ON_DEVICE
    const auto& rows = negatives.by_user;
    std::int64_t n = rows.begin(visit.user);
    while (rows.columns[n] != items.liked) ++n;
    ++(*counts)[static_cast<std::size_t>(n)][static_cast<std::size_t>(items.other)];
#endif
    (void)visit, (void)items;
  }
};

/// How often each entry got each item as its negative, over many epochs; the last column: none.
std::vector<std::vector<double>> tally(const RatingCase<float, Kokkos::Serial>& data, double exponent, ls::Index groups,
                                       std::uint64_t epochs) {
  const auto items = static_cast<std::size_t>(data.interactions.items());
  std::vector<std::vector<double>> counts(static_cast<std::size_t>(data.interactions.entries()),
                                          std::vector<double>(items + 1));
  for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
    const SerialSchedule schedule(Kokkos::Serial(), data.interactions, exponent, groups, 64,
                                  ls::Random(5).stream("groups").at(epoch));
    const auto random = ls::Random(5).stream("negatives").at(epoch);
    ls::visit_paired_blocks(Kokkos::Serial(), schedule.blocks(), TallyNegatives{schedule.negatives(), random, &counts});
  }
  for (auto& row : counts) row[items] = static_cast<double>(epochs) - std::accumulate(row.begin(), row.end(), 0.0);
  return counts;
}

}  // namespace

TEST_CASE("BprSchedule: reference: negatives have their marginal distribution, whatever user and positive") {
  const auto list = RatingList::random(51, 7, 23, 0.3);
  const RatingCase<float, Kokkos::Serial> data(list);
  std::vector<double> popularity(23);
  for (const ls::Id item : list.items) ++popularity[static_cast<std::size_t>(item)];
  constexpr std::uint64_t epochs = 6000;
  for (const double exponent : {0.0, 1.0, 0.5})
    for (const ls::Index groups : {1, 3}) {
      CAPTURE(exponent);
      CAPTURE(groups);
      std::vector<double> weights(23);
      for (std::size_t i = 0; i < 23; ++i)
        weights[i] = exponent == 0 ? 1 : popularity[i] > 0 ? std::pow(popularity[i], exponent) : 0;
      const auto counts = tally(data, exponent, groups, epochs);
      double squares = 0, freedom = 0, draws_of_all = 0, weight_of_all = 0;
      for (std::size_t u = 0; u < 7; ++u) {
        const auto begin = static_cast<std::size_t>(list.offsets[u]),
                   end = static_cast<std::size_t>(list.offsets[u + 1]);
        std::set<std::size_t> seen;
        for (std::size_t n = begin; n < end; ++n) seen.insert(static_cast<std::size_t>(list.items[n]));
        double unseen = 0;
        for (std::size_t i = 0; i < 23; ++i) unseen += seen.contains(i) ? 0 : weights[i];
        for (std::size_t n = begin; n < end; ++n) {
          const double draws = static_cast<double>(epochs) - counts[n][23];
          draws_of_all += draws, weight_of_all += unseen;
          for (std::size_t i = 0; i < 23; ++i) {
            if (seen.contains(i) || weights[i] == 0) {
              REQUIRE(counts[n][i] == 0);
              continue;
            }
            const double expected = draws * weights[i] / unseen;
            squares += (counts[n][i] - expected) * (counts[n][i] - expected) / expected;
            ++freedom;
          }
          --freedom;
        }
      }
      CHECK(freedom > 300);
      CHECK(std::abs(squares - freedom) < 6 * std::sqrt(2 * freedom));  // chi-squared, six deviations
      // Every positive has the same chance that a draw lies in any item: none is trained more than others.
      squares = freedom = 0;
      for (std::size_t u = 0; u < 7; ++u) {
        const auto begin = static_cast<std::size_t>(list.offsets[u]),
                   end = static_cast<std::size_t>(list.offsets[u + 1]);
        double unseen = 0;
        for (std::size_t i = 0; i < 23; ++i)
          unseen += std::count(list.items.begin() + list.offsets[u], list.items.begin() + list.offsets[u + 1], i) > 0
                        ? 0
                        : weights[i];
        for (std::size_t n = begin; n < end; ++n) {
          const double expected = draws_of_all * unseen / weight_of_all;
          const double draws = static_cast<double>(epochs) - counts[n][23];
          squares += (draws - expected) * (draws - expected) / (expected * (1 - expected / epochs));
          ++freedom;
        }
      }
      CHECK(squares < freedom + 6 * std::sqrt(2 * freedom));
    }
}

TEST_CASE("BprSchedule: reference: pairs and where they begin are drawn anew each epoch, all alike") {
  const RatingCase<float, Kokkos::Serial> data(RatingList::random(52, 40, 50, 0.4));
  constexpr int epochs = 900;
  std::vector<std::vector<int>> paired(10, std::vector<int>(10)), begins(5, std::vector<int>(5));
  for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
    const SerialSchedule schedule(Kokkos::Serial(), data.interactions, 0, 5, 64, ls::Random(1).at(epoch));
    const auto& blocks = schedule.blocks();
    REQUIRE(blocks.user_groups == 5);
    REQUIRE(blocks.item_groups == 10);
    std::set<ls::Index> met, starts;
    for (ls::Index g = 0; g < 5; ++g) {
      const ls::GroupPair pair = blocks.pair(blocks.starts[g]);
      met.insert({pair.own, pair.other});
      ++paired[static_cast<std::size_t>(pair.own)][static_cast<std::size_t>(pair.other)];
      ++paired[static_cast<std::size_t>(pair.other)][static_cast<std::size_t>(pair.own)];
      starts.insert(blocks.starts[g]);
      ++begins[static_cast<std::size_t>(g)][static_cast<std::size_t>(blocks.starts[g])];
    }
    CHECK(met.size() == 10);
    CHECK(starts.size() == 5);
  }
  for (std::size_t a = 0; a < 10; ++a)  // 100 expected, 180 expected: five deviations
    for (std::size_t b = 0; b < 10; ++b) CHECK(std::abs(paired[a][b] - (a == b ? 0 : 100)) <= (a == b ? 0 : 47));
  for (const auto& row : begins)
    for (const int count : row) CHECK(std::abs(count - 180) < 60);
}

TEST_CASE("BprSchedule: edges: one item, few items, one item that outweighs the others") {
  const RatingCase<float, Kokkos::Serial> one({.offsets = {0, 1}, .items = {0}, .values = {1}, .item_count = 1});
  const SerialSchedule alone(Kokkos::Serial(), one.interactions, 0, 8, 64, ls::Random(1));
  CHECK(alone.blocks().item_groups == 1);
  std::vector<std::vector<double>> drawn(1, std::vector<double>(1));
  ls::visit_paired_blocks(Kokkos::Serial(), alone.blocks(), TallyNegatives{alone.negatives(), ls::Random(2), &drawn});
  CHECK(drawn[0][0] == 0);
  RatingList list{.offsets = {0}, .item_count = 9};
  for (int u = 0; u < 30; ++u) {  // everybody has item 4, one in ten another
    list.items.push_back(4), list.values.push_back(1);
    if (u % 10 == 0) list.items.push_back(5 + u / 10), list.values.push_back(1);
    list.offsets.push_back(static_cast<std::int64_t>(list.items.size()));
  }
  const RatingCase<float, Kokkos::Serial> popular(list);
  CHECK(SerialSchedule(Kokkos::Serial(), popular.interactions, 1, 4, 64, ls::Random(1)).blocks().item_groups == 2);
  CHECK(SerialSchedule(Kokkos::Serial(), popular.interactions, 0, 4, 64, ls::Random(1)).blocks().item_groups == 8);
}

TEST_CASE("BprSchedule: refused: an exponent that makes weights infinite") {
  const RatingCase<float, Kokkos::Serial> data(RatingList::random(52, 40, 50, 0.4));
  CHECK_THROWS_WITH_AS(
      SerialSchedule(Kokkos::Serial(), data.interactions, 1e4, 5, 64, ls::Random(1)),
      "BprFactorization: popularity_exponent is 10000, which makes numbers of interactions to that power too large",
      ls::DataError);
}
