// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/sparse_gram.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/factorization/interactions.hpp>
#include <vector>

#include "../support/kernel_case.hpp"
#include "../support/sparse.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("sparse_gram: equals sums over rows of whole numbers, with the ridge on the diagonal", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto matrix = test::random_sparse<Real, Space>(ls::Random(2), 60, 25, 0.3);
  const ls::Interactions<Real, Space> train(matrix.rows());
  auto gram = filled_tensor<Real, 2, Space>(std::vector<Real>(625, Real(-9)), 25, 25);
  ls::sparse_gram<Real, Space>(Space(), train.by_user(), train.by_item(), Real(0.5), gram.view());
  std::vector<std::vector<double>> rows(60, std::vector<double>(25));
  for (const auto& [u, i, value] : test::triplets_of(matrix.rows()))
    rows[static_cast<std::size_t>(u)][static_cast<std::size_t>(i)] = value;
  std::vector<double> expected(625, -9);  // above the diagonal nothing is written
  for (std::size_t i = 0; i < 25; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      expected[i * 25 + j] = i == j ? 0.5 : 0;
      for (const auto& row : rows) expected[i * 25 + j] += row[i] * row[j];
    }
  CHECK(numbers_of(gram.view()) == expected);
}
