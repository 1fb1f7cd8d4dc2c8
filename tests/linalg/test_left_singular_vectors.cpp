// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/left_singular_vectors.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>

namespace ls = longshore;

TEST_CASE("left_singular_vectors: values fall, and the vectors are those of A Aᵀ, of a tiny value too") {
  // A = W diag(5, 1e-12) with W a rotation: no other decomposition of A Aᵀ in double has the second value.
  const std::vector<double> matrix{3, -8e-13, 4, 6e-13};
  const auto svd = ls::left_singular_vectors(matrix, 2);
  REQUIRE(svd.values.size() == 2);
  CHECK(svd.values[0] == doctest::Approx(5.0));
  CHECK(svd.values[1] == doctest::Approx(1e-12).epsilon(1e-3));
  CHECK(std::abs(svd.vectors[0]) == doctest::Approx(0.6));
  CHECK(std::abs(svd.vectors[2]) == doctest::Approx(0.8));
  CHECK(svd.vectors[0] * svd.vectors[1] + svd.vectors[2] * svd.vectors[3] == doctest::Approx(0.0));
}

TEST_CASE("left_singular_vectors: nothing of an empty matrix, and numbers that make no square are refused") {
  CHECK(ls::left_singular_vectors(std::vector<double>(), 0).values.empty());
  CHECK_THROWS_WITH_AS(ls::left_singular_vectors(std::vector<double>{1, 2, 3}, 2),
                       "left_singular_vectors: 3 numbers came for a matrix of 2 rows", ls::ShapeError);
}
