// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/sequential_ratings.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/rating_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("rounded: edges: a product is not joined with the sum behind it", Real, float, double) {
  // (1 + e)^2 = 1 + 2 e + e^2, whose last part does not fit: joined, the difference would be e^2.
  const Real e = std::is_same_v<Real, float> ? Real(0x1p-13) : Real(0x1p-28);
  std::vector<Real> a(40, 1 + e), b(40, 1 + e), c(40, -(1 + 2 * e));
  for (std::size_t i = 0; i < a.size(); ++i) c[i] += ls::rounded(a[i] * b[i]);
  for (const Real difference : c) CHECK(difference == 0);
}

TEST_CASE_TEMPLATE("svdpp_sequential: hand: two ratings of one user, one feature", Real, float, double) {
  const auto rows = RatingList{.offsets = {0, 4}, .items = {0, 1, 2, 3}, .values = {5, 3, 3, 3}, .item_count = 4}
                        .matrix<Real, Kokkos::Serial>();
  Real mean = 3, user_bias = 0, p = 1, z = 0;
  std::vector<Real> item_bias(4), q(4, Real(1)), y{1, 1, 1, 3};
  const ls::RatingArrays<Real> arrays{1, &mean, &user_bias, item_bias.data(), &p, q.data(), Real(0.5), Real(0), 0, 0};
  const ls::ImplicitArrays<Real> implicit{y.data(), &z, Real(0.25), 0};
  ls::SparseRows<Real, Kokkos::Serial> first = rows.rows();
  // z = 6 / 2, error 5 - 3 - 1 (1 + 3) = -2: p = 1 - 1, q_0 = 1 - 4, every y by 0.25 (-2 1 / 2).
  // z = 5 / 2, error 3 - 3 - (0 + 2.5): p = -1.25, q_1 = 1 - 0.5 2.5 2.5, every y by 0.25 (-2.5 / 2).
  double sum = ls::svdpp_sequential(first, arrays, implicit);
  CHECK(sum > 4 + 6.25);
  CHECK(q[0] == -3);
  CHECK(q[1] == Real(-2.125));
  CHECK(y[3] - y[0] == 2);
  CHECK(item_bias == std::vector<Real>(4));
}
