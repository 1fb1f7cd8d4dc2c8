// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/biased_factors.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/check_factorizer.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("BiasedFactors: hand: the beginning, and vectors whose inner product is the prediction", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const RatingCase<Real, Space> data({.offsets = {0, 1, 1}, .items = {1}, .values = {4}, .item_count = 2});
  ls::BiasedFactors<Real, Space> factors(2, 2, 2, ls::constant(0.5), ls::Random(1));
  CHECK(factors.users() == 2);
  CHECK(factors.items() == 2);
  CHECK(factors.features() == 2);
  factors.begin(Space(), data.interactions, true);
  ls::copy_from_host(std::vector<Real>{Real(0.25), 0}, factors.user_bias.mutable_view());
  ls::copy_from_host(std::vector<Real>{0, Real(-1)}, factors.item_bias.mutable_view());
  const auto implicit = filled_tensor<Real, 2, Space>({1, 2, 3, 4}, 2, 2);
  CHECK(numbers_of(factors.user_vectors(Space()).view()) == std::vector<double>{0.5, 0.5, 4.25, 1, 0, 0, 4, 1});
  CHECK(numbers_of(factors.user_vectors(Space(), implicit.data()).view()) ==
        std::vector<double>{1.5, 2.5, 4.25, 1, 3, 4, 4, 1});
  CHECK(numbers_of(factors.item_vectors(Space()).view()) == std::vector<double>{0, 0, 1, 0, 0.5, 0.5, 1, -1});
}

TEST_CASE("BiasedFactors: hand: without biases there is no mean") {
  using Space = Kokkos::Serial;
  const RatingCase<double, Space> data({.offsets = {0, 1}, .items = {0}, .values = {4}, .item_count = 1});
  ls::BiasedFactors<double, Space> factors(1, 1, 1, ls::constant(0.5), ls::Random(1));
  factors.begin(Space(), data.interactions, false);
  CHECK(numbers_of(factors.user_vectors(Space()).view()) == std::vector<double>{0.5, 0, 1});
  CHECK(factors.arrays(false).user_bias == nullptr);
  CHECK(factors.arrays(true).user_bias != nullptr);
}

TEST_CASE("BiasedFactors: refused: new users and items whose ratings are of others, or no sparse matrix") {
  using Space = Kokkos::Serial;
  ls::BiasedFactors<double, Space> factors(2, 3, 1, ls::constant(0.5), ls::Random(1));
  const RatingCase<double, Space> data(RatingList::random(1, 4, 5, 1));
  CHECK_THROWS_WITH_AS(factors.fold_in_users(Space(), "Svd", data.interactions.by_user(), {}),
                       "Svd: expected ratings of 3 items, got 5", ls::ShapeError);
  CHECK_THROWS_WITH_AS(factors.fold_in_items(Space(), "Svd", data.interactions.by_item(), {}),
                       "Svd: expected ratings by 2 users, got 4", ls::ShapeError);
  const std::vector<std::int64_t> offsets{0, 2};
  const std::vector<ls::Id> columns{2, 1};
  const std::vector<double> values{1, 2};
  const ls::SparseRows<double, Space> wrong{offsets.data(), columns.data(), values.data(), 1, 3, 2};
  CHECK_THROWS_WITH_AS(factors.fold_in_users(Space(), "Svd", wrong, {}), doctest::Contains("columns must ascend"),
                       ls::DataError);
}
