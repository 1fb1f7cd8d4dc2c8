// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/symmetric_eigen.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>

namespace ls = longshore;

TEST_CASE("symmetric_eigen: values ascend, and matrix times vector is value times vector") {
  const std::vector<double> matrix{2, 1, 0, 1, 2, 0, 0, 0, -5};
  const auto eigen = ls::symmetric_eigen(matrix, 3);
  REQUIRE(eigen.values.size() == 3);
  const double expected[] = {-5, 1, 3};
  for (std::size_t d = 0; d < 3; ++d) {
    CHECK(eigen.values[d] == doctest::Approx(expected[d]));
    double length = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      double product = 0;
      for (std::size_t j = 0; j < 3; ++j) product += matrix[i * 3 + j] * eigen.vectors[j * 3 + d];
      CHECK(product == doctest::Approx(expected[d] * eigen.vectors[i * 3 + d]).epsilon(1e-12));
      length += eigen.vectors[i * 3 + d] * eigen.vectors[i * 3 + d];
    }
    CHECK(length == doctest::Approx(1.0));
  }
}

TEST_CASE("symmetric_eigen: nothing of an empty matrix, and numbers that make no square are refused") {
  CHECK(ls::symmetric_eigen(std::vector<double>(), 0).values.empty());
  CHECK_THROWS_WITH_AS(ls::symmetric_eigen(std::vector<double>{1, 2, 3}, 2),
                       "symmetric_eigen: 3 numbers came for a matrix of 2 rows", ls::ShapeError);
}
