// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <limits>
#include <longshore/core/error.hpp>
#include <longshore/core/random.hpp>
#include <longshore/metrics/row_ranker.hpp>
#include <span>
#include <tests/reference/rank_by_sorting.hpp>
#include <vector>

namespace ls = longshore;
using Ids = std::vector<ls::Id>;

namespace {

constexpr std::array<ls::TiePolicy, 4> policies{ls::TiePolicy::pessimistic, ls::TiePolicy::optimistic,
                                                ls::TiePolicy::mean, ls::TiePolicy::lowest_id_first};

template <class Real>
std::vector<double> ranks(ls::RowRanker& ranker, const std::vector<Real>& scores, const Ids& relevant,
                          const Ids& removed = {}, ls::RowRanker::Counts* counts = nullptr) {
  std::vector<double> found(relevant.size());
  const auto counted = ranker(std::span<const Real>(scores), std::span<const ls::Id>(relevant),
                              std::span<const ls::Id>(removed), std::span<double>(found));
  found.resize(counted.relevant);
  if (counts) *counts = counted;
  return found;
}

}  // namespace

TEST_CASE("RowRanker: a row small enough to check by hand, under every policy") {
  // score 7: item 2. score 5: items 0 1 3 5, of them 1 and 5 relevant, 0 removed. score 1: item 4, relevant.
  const std::vector<float> scores{5, 5, 7, 5, 1, 5};
  const Ids relevant{4, 5, 1}, removed{0};
  const std::array<std::vector<double>, 4> expected{
      std::vector<double>{3, 4, 5}, {2, 3, 5}, {1 + 4.0 / 3, 1 + 8.0 / 3, 5}, {2, 4, 5}};
  for (std::size_t p = 0; p < policies.size(); ++p) {
    ls::RowRanker ranker(6, policies[p]);
    ls::RowRanker::Counts counts;
    const auto found = ranks(ranker, scores, relevant, removed, &counts);
    for (std::size_t j = 0; j < 3; ++j) CHECK(found[j] == doctest::Approx(expected[p][j]).epsilon(1e-15));
    CHECK(counts.relevant == 3);
    CHECK(counts.candidates == 5);
    CHECK(counts.tied == 2);
    CHECK(counts.kept == 0);
  }
}

TEST_CASE("RowRanker: 2,000 small random rows full of ties agree with sorting, under every policy") {
  const ls::Random random(5);
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t count) { return static_cast<int>(random.below(draw++, count)); };
  std::array<ls::RowRanker, 4> rankers{ls::RowRanker(6, policies[0]), ls::RowRanker(6, policies[1]),
                                       ls::RowRanker(6, policies[2]), ls::RowRanker(6, policies[3])};
  for (int row = 0; row < 2000; ++row) {
    std::vector<float> scores;
    for (int i = 0; i < 6; ++i) scores.push_back(static_cast<float>(below(3)));
    Ids relevant, removed;
    for (int j = below(4); j >= 0; --j) relevant.push_back(below(6));  // may repeat
    for (int j = below(5); j > 0; --j) removed.push_back(below(6));    // may repeat and overlap
    for (std::size_t p = 0; p < policies.size(); ++p) {
      const auto expected = reference::rank_by_sorting(scores, relevant, removed, policies[p]);
      ls::RowRanker::Counts counts;
      const auto found = ranks(rankers[p], scores, relevant, removed, &counts);
      REQUIRE(found.size() == expected.size());
      for (std::size_t j = 0; j < found.size(); ++j) REQUIRE(found[j] == doctest::Approx(expected[j]).epsilon(1e-12));
      std::vector<double> tied_low = reference::rank_by_sorting(scores, relevant, removed, ls::TiePolicy::optimistic);
      const auto tied_high = reference::rank_by_sorting(scores, relevant, removed, ls::TiePolicy::pessimistic);
      std::size_t tied = 0;
      for (std::size_t j = 0; j < tied_low.size(); ++j) tied += tied_low[j] != tied_high[j];
      REQUIRE(counts.tied == tied);
    }
  }
}

TEST_CASE("RowRanker: float and double, infinities, both zeros and the largest numbers are ordered") {
  const auto check = []<class Real>(Real) {
    using Limits = std::numeric_limits<Real>;
    ls::RowRanker ranker(6, ls::TiePolicy::lowest_id_first);
    const std::vector<Real> scores{-Limits::infinity(), Real(0), -Real(0), Limits::max(), Limits::infinity(),
                                   Limits::denorm_min()};
    CHECK(ranks(ranker, scores, {4}) == std::vector<double>{1});
    CHECK(ranks(ranker, scores, {3}) == std::vector<double>{2});
    CHECK(ranks(ranker, scores, {5}) == std::vector<double>{3});
    CHECK(ranks(ranker, scores, {1, 2}) == std::vector<double>{4, 5});
    CHECK(ranks(ranker, scores, {0}) == std::vector<double>{6});
  };
  check(1.0F);
  check(1.0);
}

TEST_CASE("RowRanker: a relevant item that is also removed stays a candidate and is counted") {
  ls::RowRanker ranker(4);
  ls::RowRanker::Counts counts;
  const std::vector<float> scores{4, 3, 2, 1};
  CHECK(ranks(ranker, scores, {2}, {0, 2, 2, 0}, &counts) == std::vector<double>{2});
  CHECK(counts.candidates == 3);
  CHECK(counts.kept == 1);
  CHECK(ranks(ranker, scores, {2}, {}, &counts) == std::vector<double>{3});  // nothing stays from the row before
  CHECK(counts.candidates == 4);
  CHECK(counts.kept == 0);
}

TEST_CASE("RowRanker: a catalogue of one item, and everything removed but the target") {
  ls::RowRanker one(1);
  CHECK(ranks(one, std::vector<float>{0}, {0}) == std::vector<double>{1});
  ls::RowRanker three(3);
  CHECK(ranks(three, std::vector<float>{0, 0, 0}, {1}, {0, 2}) == std::vector<double>{1});
}

TEST_CASE("RowRanker: P12, every one of 10,000 planted NaN scores is refused, removed items' too") {
  const ls::Random random(12);
  std::vector<float> scores(50, 1.0F);
  ls::RowRanker ranker(50);
  int refused = 0;
  for (std::uint64_t i = 0; i < 10000; ++i) {
    const std::size_t place = random.bits(2 * i) % scores.size();
    scores[place] = std::bit_cast<float>(0x7F800001u | (random.bits(2 * i + 1) & 0x807FFFFFu));
    try {
      ranks(ranker, scores, {7}, {8, 9});
    } catch (const ls::DataError&) {
      ++refused;
    }
    scores[place] = 1.0F;
  }
  CHECK(refused == 10000);
  CHECK(ranks(ranker, scores, {7}, {8, 9}) == std::vector<double>{48});
}

TEST_CASE("RowRanker: P14, refuses what cannot be ranked, in words, and works afterwards") {
  CHECK_THROWS_WITH_AS(ls::RowRanker(0), "RowRanker: expected a catalogue of at least one item, got 0", ls::ShapeError);
  ls::RowRanker ranker(3);
  const std::vector<float> scores{3, 2, 1};
  CHECK_THROWS_WITH_AS(ranks(ranker, std::vector<float>{1, 2}, {0}), "RowRanker: expected 3 scores, one an item, got 2",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS(ranks(ranker, scores, {}), "RowRanker: expected at least one relevant item, got none",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(ranks(ranker, scores, {0, 3}),
                       "RowRanker: the catalogue has 3 items, and the relevant items have the id 3 at position 1",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(ranks(ranker, scores, {0}, {1, -1}),
                       "RowRanker: the catalogue has 3 items, and the removed items have the id -1 at position 1",
                       ls::DataError);
  CHECK_THROWS_WITH_AS(ranks(ranker, std::vector<float>{1, std::numeric_limits<float>::quiet_NaN(), 1}, {0}),
                       "RowRanker: expected scores that are numbers, the score of item 1 is NaN", ls::DataError);
  const Ids relevant{0, 1};
  std::vector<double> short_of_room(1);
  CHECK_THROWS_WITH_AS(
      ranker(std::span<const float>(scores), std::span<const ls::Id>(relevant), {}, std::span<double>(short_of_room)),
      "RowRanker: expected room for 2 ranks, got 1", ls::ShapeError);
  CHECK(ranks(ranker, scores, {2}, {0}) == std::vector<double>{2});
}
