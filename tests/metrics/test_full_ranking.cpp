// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/full_ranking.hpp>
#include <longshore/metrics/top_items.hpp>
#include <span>
#include <stop_token>
#include <tests/reference/rank_by_sorting.hpp>
#include <utility>
#include <vector>

namespace ls = longshore;
using Ids = std::vector<ls::Id>;
using Offsets = std::vector<std::size_t>;

TEST_CASE("full_ranking: two rows small enough to check by hand") {
  const std::vector<float> scores{5, 4, 3, 2, 1,   //
                                  1, 2, 2, 2, 9};  // (2, 5)
  const Ids targets{2, 1}, seen{0, 1, 4};
  const Offsets seen_offsets{0, 2, 3};
  const auto fill = [&](std::size_t first, std::size_t count, std::span<float> out) {
    std::copy_n(scores.begin() + static_cast<std::ptrdiff_t>(first * 5), count * 5, out.begin());
  };
  const auto ranking = ls::full_ranking({.relevant = targets, .removed = seen, .removed_offsets = seen_offsets}, 5,
                                        fill, {.list_length = 4});
  CHECK(ranking.size() == 2);
  CHECK(ranking.row(0)[0] == 1);
  CHECK(ranking.row(1)[0] == 3);
  CHECK(ranking.candidates(0) == 3);
  CHECK(ranking.candidates(1) == 4);
  CHECK(ranking.tied == 1);
  CHECK(ranking.kept == 0);
  CHECK_FALSE(ranking.sampled());
  CHECK(ranking.lists == xt::xtensor<ls::Id, 2>{{2, 3, 4, -1}, {1, 2, 3, 0}});

  // A target that is also to be removed is a candidate of ranks and lists; other removed items are none.
  const Ids both{2, 0, 1};
  const auto repeated = ls::full_ranking({.relevant = targets, .removed = both, .removed_offsets = seen_offsets}, 5,
                                         fill, {.list_length = 4});
  CHECK(repeated.kept == 2);
  CHECK(repeated.row(0)[0] == 2);
  CHECK(repeated.lists == xt::xtensor<ls::Id, 2>{{1, 2, 3, 4}, {4, 1, 2, 3}});

  const auto kept = ls::full_ranking({.relevant = targets}, 5, fill, {.ties = ls::TiePolicy::mean});
  CHECK(kept.row(0)[0] == 3);
  CHECK(kept.row(1)[0] == 3);
  CHECK(kept.lists.size() == 0);
}

TEST_CASE("full_ranking: random ragged rows agree with sorting, whatever the size of a block") {
  const ls::Random random(21);
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t count) { return static_cast<int>(random.below(draw++, count)); };
  const std::size_t rows = 60, items = 6;
  std::vector<float> scores(rows * items);
  for (float& score : scores) score = static_cast<float>(below(4));
  Ids relevant, removed;
  Offsets relevant_offsets{0}, removed_offsets{0};
  for (std::size_t b = 0; b < rows; ++b) {
    for (int j = below(4); j >= 0; --j) relevant.push_back(below(items));
    for (int j = below(4); j > 0; --j) removed.push_back(below(items));
    relevant_offsets.push_back(relevant.size());
    removed_offsets.push_back(removed.size());
  }
  const ls::RankingRows question{relevant, relevant_offsets, removed, removed_offsets};
  for (const auto ties : {ls::TiePolicy::pessimistic, ls::TiePolicy::mean, ls::TiePolicy::lowest_id_first}) {
    for (const std::size_t block_scores : {std::size_t{1}, std::size_t{20}, std::size_t{1000}}) {
      std::size_t asked = 0, largest = 0;
      const auto ranking = ls::full_ranking(question, items,
                                            [&](std::size_t first, std::size_t count, std::span<float> out) {
                                              REQUIRE(first == asked);
                                              REQUIRE(out.size() == count * items);
                                              asked += count;
                                              largest = std::max(largest, count);
                                              std::copy_n(scores.begin() + static_cast<std::ptrdiff_t>(first * items),
                                                          out.size(), out.begin());
                                            },
                                            {.ties = ties, .list_length = 3, .block_scores = block_scores});
      CHECK(asked == rows);
      CHECK(largest == std::clamp<std::size_t>(block_scores / items, 1, rows));
      REQUIRE(ranking.size() == rows);
      for (std::size_t b = 0; b < rows; ++b) {
        const std::vector<float> row(scores.begin() + static_cast<std::ptrdiff_t>(b * items),
                                     scores.begin() + static_cast<std::ptrdiff_t>((b + 1) * items));
        const auto ids = question.relevant_of(b), gone = question.removed_of(b);
        const auto expected =
            reference::rank_by_sorting(row, Ids(ids.begin(), ids.end()), Ids(gone.begin(), gone.end()), ties);
        REQUIRE(ranking.row(b).size() == expected.size());
        for (std::size_t j = 0; j < expected.size(); ++j)
          REQUIRE(ranking.row(b)[j] == doctest::Approx(expected[j]).epsilon(1e-12));
        Ids list(3), out;
        for (const ls::Id item : gone)
          if (std::ranges::find(ids, item) == ids.end()) out.push_back(item);
        ls::top_items(row, out, list);
        REQUIRE(std::equal(list.begin(), list.end(), ranking.lists.data() + b * 3));
      }
    }
  }
}

TEST_CASE("full_ranking: P12, a NaN score is refused with its row and item, whichever item it is") {
  const Ids targets{0, 1};
  for (std::size_t place = 0; place < 8; ++place) {
    const auto fill = [&](std::size_t, std::size_t, std::span<float> out) {
      std::fill(out.begin(), out.end(), 1.0F);
      out[place] = std::numeric_limits<float>::quiet_NaN();
    };
    const auto text =
        ls::text_of("full_ranking: row ", place / 4,
                    ": RowRanker: expected scores that are numbers, the score of item ", place % 4, " is NaN");
    CHECK_THROWS_WITH_AS(ls::full_ranking({.relevant = targets}, 4, fill), text.c_str(), ls::DataError);
  }
}

TEST_CASE("full_ranking: P14, refuses wrong settings and rows before it asks for a score") {
  const Ids targets{0, 4};
  const auto fill = [](std::size_t, std::size_t, std::span<float>) { FAIL("asked for scores"); };
  CHECK_THROWS_WITH_AS(ls::full_ranking({.relevant = targets}, 4, fill),
                       "full_ranking: the catalogue has 4 items, and the relevant items have the id 4 at position 1",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(ls::full_ranking({.relevant = targets}, 5, fill, {.list_length = -1}),
                       "full_ranking: expected a list_length of at least 0, got -1", ls::ShapeError);
}

TEST_CASE("full_ranking: a stop gives the ranking up before the next block of rows") {
  const std::vector<ls::Id> relevant{0, 1, 2};
  std::stop_source stop;
  std::size_t asked = 0;
  const auto score = [&](std::size_t first, std::size_t, std::span<float> scores) {
    ++asked;
    std::ranges::fill(scores, 1.0f);
    if (first == 1) stop.request_stop();
  };
  const ls::FullRankingSettings settings{.block_scores = 1, .stop = stop.get_token()};
  CHECK_THROWS_WITH_AS(ls::full_ranking({.relevant = relevant}, 4, score, settings),
                       "full_ranking: stopped before row 2 of 3", ls::Interrupted);
  CHECK(asked == 2);
}

TEST_CASE("full_ranking: what the scoring function throws comes out") {
  const Ids targets{0};
  CHECK_THROWS_AS(ls::full_ranking({.relevant = targets}, 4,
                                   [](std::size_t, std::size_t, std::span<float>) { throw ls::FileError("gone"); }),
                  ls::FileError);
}
