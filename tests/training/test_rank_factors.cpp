// SPDX-License-Identifier: Apache-2.0
#include <longshore/training/rank_factors.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include <longshore/metrics/hit_rate.hpp>

#include "../support/small_factors.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
test::SmallFactors<Real, Space> factors() {
  test::SmallFactors<Real, Space> model({.users = 2, .items = 3});
  ls::copy_from_host<Real>({1, 0, 0, 1}, model.users.mutable_view());
  ls::copy_from_host<Real>({3, 1, 2, 5, 1, 4}, model.items.mutable_view());  // scores 3 2 1 and 1 5 4
  return model;
}

}  // namespace

TEST_CASE_TEMPLATE("rank_factors: each row is ranked by the inner products of its user", Where, LONGSHORE_EVERYWHERE) {
  const auto model = factors<typename Where::Real, typename Where::Space>();
  const std::vector<ls::Id> users{1, 0, 1}, targets{2, 2, 0}, removed{1};
  const std::vector<std::size_t> offsets{0, 1, 1, 1};
  const auto ranking =
      ls::rank_factors(model, users, {.relevant = targets, .removed = removed, .removed_offsets = offsets});
  CHECK(std::vector<double>(ranking.ranks.begin(), ranking.ranks.end()) == std::vector<double>{1, 3, 3});
  CHECK(ranking.candidates(0) == 2);
  const auto in_blocks = ls::rank_factors(model, users, {.relevant = targets}, {.block_scores = 3});
  CHECK(std::vector<double>(in_blocks.ranks.begin(), in_blocks.ranks.end()) == std::vector<double>{2, 3, 3});
}

TEST_CASE("rank_factors: products in double are compared as doubles") {
  auto model = factors<double, Kokkos::Serial>();
  ls::copy_from_host<double>({1, 0, 1 + 1e-12, 0, 1 + 2e-12, 0}, model.items.mutable_view());
  const std::vector<ls::Id> users{0, 0, 0}, targets{0, 1, 2};
  const auto ranking = ls::rank_factors(model, users, {.relevant = targets});
  CHECK(std::vector<double>(ranking.ranks.begin(), ranking.ranks.end()) == std::vector<double>{3, 2, 1});
  CHECK(ranking.tied == 0);
}

TEST_CASE("P14: rank_factors refuses users outside the model, and users and rows that differ in number") {
  const auto model = factors<float, Kokkos::Serial>();
  const std::vector<ls::Id> users{1, 2}, targets{0, 1};
  CHECK_THROWS_AS(ls::rank_factors(model, users, {.relevant = targets}), ls::DataError);
  CHECK_THROWS_WITH_AS(ls::rank_factors(model, std::vector<ls::Id>{1}, {.relevant = targets}),
                       "rank_factors: there are 1 users and 2 rows", ls::ShapeError);
}
