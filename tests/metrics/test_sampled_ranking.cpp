// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/metrics/full_ranking.hpp>
#include <longshore/metrics/hit_rate.hpp>
#include <longshore/metrics/sampled_ranking.hpp>
#include <map>
#include <set>
#include <span>
#include <stop_token>
#include <vector>

namespace ls = longshore;
using Ids = std::vector<ls::Id>;
using Offsets = std::vector<std::size_t>;

namespace {

// Scores of a fixed table of a few values, so that there are ties.
float table(std::size_t row, ls::Id item) { return static_cast<float>((item * 7 + static_cast<ls::Id>(row) * 3) % 5); }

void score_candidates(std::size_t first, std::size_t count, std::span<const ls::Id> candidates, std::span<float> out) {
  const std::size_t width = candidates.size() / count;
  for (std::size_t i = 0; i < candidates.size(); ++i) out[i] = table(first + i / width, candidates[i]);
}

}  // namespace

TEST_CASE("sampled_ranking: candidates are the relevant items and different negatives, neither relevant nor removed") {
  const Ids relevant{3, 5, 9, 9}, removed{0, 1, 2, 2, 7};
  const Offsets relevant_offsets{0, 1, 4}, removed_offsets{0, 4, 5};
  const ls::RankingRows rows{relevant, relevant_offsets, removed, removed_offsets};
  std::size_t calls = 0;
  const auto ranking = ls::sampled_ranking(
      rows, 20,
      [&](std::size_t first, std::size_t count, std::span<const ls::Id> candidates, std::span<float> scores) {
        ++calls;
        CHECK(first == 0);
        REQUIRE(count == 2);
        REQUIRE(candidates.size() == 2 * (6 + 3));
        for (std::size_t b = 0; b < 2; ++b) {
          const auto row = candidates.subspan(b * 9, 9);
          CHECK(std::ranges::is_sorted(row));
          const std::set<ls::Id> different(row.begin(), row.end());
          const std::set<ls::Id> wanted(rows.relevant_of(b).begin(), rows.relevant_of(b).end());
          CHECK(different.size() == 6 + wanted.size());
          for (const ls::Id item : wanted) CHECK(different.contains(item));
          for (const ls::Id item : rows.removed_of(b)) CHECK_FALSE(different.contains(item));
        }
        std::ranges::fill(scores, 1.0F);
      },
      {.negatives = 6});
  CHECK(calls == 1);
  CHECK(ranking.sampled());
  CHECK(ranking.negatives == 6);
  CHECK(ranking.candidates(0) == 7);
  CHECK(ranking.candidates(1) == 8);
  CHECK(ranking.row(0)[0] == 7);  // equal to all, pessimistic
  REQUIRE(ranking.row(1).size() == 2);
  CHECK(ranking.row(1)[0] == 7);
  CHECK(ranking.row(1)[1] == 8);
  CHECK(ls::hit_rate(7)(ranking).name == "HR@7 (6 sampled)");
}

TEST_CASE("sampled_ranking: with every item as a negative it equals the full ranking, under every policy") {
  const Ids relevant{3, 5, 9, 8}, removed{0, 1, 7, 2, 11};
  const Offsets relevant_offsets{0, 1, 3, 4}, removed_offsets{0, 2, 4, 5};
  for (const auto ties :
       {ls::TiePolicy::pessimistic, ls::TiePolicy::optimistic, ls::TiePolicy::mean, ls::TiePolicy::lowest_id_first}) {
    for (std::size_t b = 0; b < 3; ++b) {
      const auto row_relevant =
          std::span<const ls::Id>(relevant).subspan(relevant_offsets[b], relevant_offsets[b + 1] - relevant_offsets[b]);
      const auto row_removed =
          std::span<const ls::Id>(removed).subspan(removed_offsets[b], removed_offsets[b + 1] - removed_offsets[b]);
      const Offsets one{0, row_relevant.size()}, gone{0, row_removed.size()};
      const ls::RankingRows rows{row_relevant, one, row_removed, gone};
      const auto full = ls::full_ranking(rows, 12,
                                         [&](std::size_t, std::size_t, std::span<float> out) {
                                           for (ls::Id i = 0; i < 12; ++i)
                                             out[static_cast<std::size_t>(i)] = table(0, i);
                                         },
                                         {.ties = ties});
      const auto left = static_cast<ls::Index>(12 - row_relevant.size() - row_removed.size());
      const auto sampled = ls::sampled_ranking(rows, 12, score_candidates, {.negatives = left, .ties = ties});
      CHECK(sampled.ranks == full.ranks);
      CHECK(sampled.candidates == full.candidates);
      CHECK(sampled.tied == full.tied);
    }
  }
}

TEST_CASE("sampled_ranking: a row's negatives depend on the seed and the row, not on blocks or on other rows") {
  Ids targets(40);
  for (std::size_t b = 0; b < targets.size(); ++b) targets[b] = static_cast<ls::Id>(b);
  const auto candidates_with = [&](std::size_t block_scores, std::uint64_t seed) {
    std::map<std::size_t, Ids> found;
    ls::sampled_ranking(
        {.relevant = targets}, 1000,
        [&](std::size_t first, std::size_t count, std::span<const ls::Id> candidates, std::span<float> scores) {
          for (std::size_t b = 0; b < count; ++b)
            found[first + b] = Ids(candidates.begin() + static_cast<std::ptrdiff_t>(b * 11),
                                   candidates.begin() + static_cast<std::ptrdiff_t>((b + 1) * 11));
          std::ranges::fill(scores, 0.0F);
        },
        {.negatives = 10, .seed = seed, .block_scores = block_scores});
    return found;
  };
  const auto once = candidates_with(1, 1);
  CHECK(once == candidates_with(100, 1));
  CHECK(once == candidates_with(1 << 20, 1));
  const auto other = candidates_with(1, 2);
  std::set<Ids> different;
  for (std::size_t b = 0; b < targets.size(); ++b) {
    CHECK(once.at(b) != other.at(b));
    different.insert(once.at(b));
  }
  CHECK(different.size() == targets.size());
}

TEST_CASE("sampled_ranking: given negatives take the place of drawn ones, removed or not, and results say so") {
  const Ids relevant{3, 5}, removed{1, 2}, given{9, 1, 4, 0, 2, 7};
  const Offsets removed_offsets{0, 1, 2};
  const ls::RankingRows rows{.relevant = relevant, .removed = removed, .removed_offsets = removed_offsets};
  for (const std::size_t block : {std::size_t{1}, std::size_t{100}}) {
    std::vector<Ids> seen;
    const auto ranking = ls::sampled_ranking(
        rows, 10,
        [&](std::size_t, std::size_t count, std::span<const ls::Id> candidates, std::span<float> scores) {
          for (std::size_t b = 0; b < count; ++b)
            seen.emplace_back(candidates.begin() + static_cast<std::ptrdiff_t>(4 * b),
                              candidates.begin() + static_cast<std::ptrdiff_t>(4 * b + 4));
          for (std::size_t i = 0; i < candidates.size(); ++i) scores[i] = static_cast<float>(candidates[i]);
        },
        {.negatives = 3, .given = given, .block_scores = block});
    CHECK(seen == std::vector<Ids>{{1, 3, 4, 9}, {0, 2, 5, 7}});
    CHECK(ranking.row(0)[0] == 3);  // behind 9 and 4
    CHECK(ranking.row(1)[0] == 2);  // behind 7
    CHECK(ranking.candidates(1) == 4);
    CHECK(ranking.sampled());
    CHECK(ls::hit_rate(2)(ranking).name == "HR@2 (3 given)");
    CHECK(ls::hit_rate(2)(ranking).value == 0.5);
    CHECK(ranking.description() ==
          "sampled ranking, 3 given negatives a row, 2 rows, ties: pessimistic (0 of 2 targets tied)");
  }
  const auto refused = [&](const Ids& ids, const char* words) {
    const auto none = [](std::size_t, std::size_t, std::span<const ls::Id>, std::span<float>) {};
    CHECK_THROWS_WITH_AS(ls::sampled_ranking(rows, 10, none, {.negatives = 3, .given = ids}), words, ls::Error);
  };
  refused({9, 1, 4}, "sampled_ranking: expected 3 given negatives for each of 2 rows, got 3 in all");
  refused({9, 1, 4, 0, 5, 7}, "sampled_ranking: row 1 has the given negative 5, which is relevant or comes twice");
  refused({9, 1, 9, 0, 2, 7}, "sampled_ranking: row 0 has the given negative 9, which is relevant or comes twice");
  refused({9, 1, 4, 0, 2, 10},
          "sampled_ranking: the catalogue has 10 items, and the given negatives have the id 10 at position 5");
}

TEST_CASE("sampled_ranking: values are larger than the full ranking's, which is why they are labelled") {
  Ids targets(500);
  for (std::size_t b = 0; b < targets.size(); ++b) targets[b] = static_cast<ls::Id>((b * 13) % 2000);
  const auto random_score = [](std::size_t row, ls::Id item) {
    return ls::Random(7).at(row).uniform<float>(static_cast<std::uint64_t>(item));
  };
  const auto full = ls::full_ranking({.relevant = targets}, 2000, [&](std::size_t first, std::size_t count, auto out) {
    for (std::size_t b = 0; b < count; ++b)
      for (ls::Id i = 0; i < 2000; ++i) out[b * 2000 + static_cast<std::size_t>(i)] = random_score(first + b, i);
  });
  const auto sampled =
      ls::sampled_ranking({.relevant = targets}, 2000, [&](std::size_t first, std::size_t count, auto ids, auto out) {
        for (std::size_t i = 0; i < ids.size(); ++i) out[i] = random_score(first + i / (ids.size() / count), ids[i]);
      });
  // A random score hits the first ten of 2,000 with 1 in 200, of 101 with 10 in 101.
  CHECK(ls::hit_rate(10)(full).value < 0.03);
  CHECK(ls::hit_rate(10)(sampled).value == doctest::Approx(10.0 / 101).epsilon(0.4));
}

TEST_CASE("sampled_ranking: P12 and P14, refuses NaN, too few items and wrong settings, in words") {
  const Ids targets{0, 1};
  CHECK_THROWS_WITH_AS(ls::sampled_ranking({.relevant = targets}, 10, score_candidates, {.negatives = 10}),
                       "sampled_ranking: 10 negatives a row were asked for, a catalogue of 10 items has at most 9",
                       ls::DataError);
  CHECK_THROWS_AS(ls::sampled_ranking({.relevant = targets}, 10, score_candidates, {.negatives = 2'000'000'000}),
                  ls::DataError);
  const Ids two{5, 6};
  const std::vector<std::size_t> one_each{0, 1, 2};
  CHECK_THROWS_WITH_AS(ls::sampled_ranking({.relevant = targets, .removed = two, .removed_offsets = one_each}, 10,
                                           score_candidates, {.negatives = 9}),
                       "sampled_ranking: row 0 has 8 items that are neither relevant nor removed, 9 negatives were "
                       "asked for",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(ls::sampled_ranking({.relevant = targets}, 10, score_candidates, {.negatives = 0}),
                       "sampled_ranking: expected at least one negative a row, got 0", ls::ShapeError);
  const auto broken = [](std::size_t, std::size_t, std::span<const ls::Id>, std::span<float> out) {
    std::ranges::fill(out, std::numeric_limits<float>::quiet_NaN());
  };
  CHECK_THROWS_WITH_AS(ls::sampled_ranking({.relevant = targets}, 10, broken, {.negatives = 3}),
                       "sampled_ranking: row 0, by places among its candidates: RowRanker: expected scores that are "
                       "numbers, the score of item 0 is NaN",
                       ls::DataError);
}

TEST_CASE("sampled_ranking: a stop gives the ranking up before the next block of rows") {
  const Ids relevant{0, 1, 2};
  std::stop_source stop;
  std::size_t asked = 0;
  const auto score = [&](std::size_t first, std::size_t, std::span<const ls::Id>, std::span<float> scores) {
    ++asked;
    std::ranges::fill(scores, 1.0f);
    if (first == 1) stop.request_stop();
  };
  const ls::SampledRankingSettings settings{.negatives = 2, .block_scores = 1, .stop = stop.get_token()};
  CHECK_THROWS_WITH_AS(ls::sampled_ranking({.relevant = relevant}, 4, score, settings),
                       "sampled_ranking: stopped before row 2 of 3", ls::Interrupted);
  CHECK(asked == 2);
}
