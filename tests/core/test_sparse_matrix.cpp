// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/sparse_matrix.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "../support/spaces.hpp"
#include "../support/sparse.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("a sparse matrix takes lists of the host, is copied to other spaces, and is a value", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  using Matrix = ls::SparseMatrix<Real, Space>;
  Matrix a({0, 2, 2, 3}, {1, 4, 0}, {10, 11, 12}, 5);
  CHECK(a.rows().row_count == 3);
  CHECK(a.rows().column_count == 5);
  CHECK(a.rows().entries == 3);
  const test::Triplets triplets{{0, 1, 10}, {0, 4, 11}, {2, 0, 12}};
  CHECK(test::triplets_of(a.rows()) == triplets);

  Matrix b = a;
  CHECK(b.rows().values != a.rows().values);
  const Real* memory = a.rows().values;
  const Matrix c = std::move(a);
  CHECK(c.rows().values == memory);
  CHECK(a.rows().offsets == nullptr);  // NOLINT: moved from, and empty by contract
  b = c;
  CHECK(test::triplets_of(b.rows()) == triplets);
  const ls::SparseMatrix<Real, Kokkos::Serial> elsewhere(b.rows());
  CHECK(test::triplets_of(elsewhere.rows()) == triplets);
  b = Matrix();
  CHECK(b.rows().row_count == 0);
  CHECK(Matrix(b).rows().entries == 0);
  CHECK(test::triplets_of(ls::SparseMatrix<Real, Kokkos::Serial>(b.rows()).rows()).empty());
}

TEST_CASE("P14: lists that are no sparse matrix are refused") {
  using Matrix = ls::SparseMatrix<float, Kokkos::Serial>;
  CHECK_THROWS_WITH_AS((Matrix({}, {}, {}, 5)),
                       "SparseMatrix: expected offsets, and as many columns as values, got 0 offsets, 0 columns and 0 "
                       "values",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Matrix({0, 2}, {1, 2}, {1}, 5)),
                       "SparseMatrix: expected offsets, and as many columns as values, got 2 offsets, 2 columns and 1 "
                       "values",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Matrix({0, 2}, {1, 7}, {1, 1}, 5)),
                       "SparseMatrix: row 0, entry 1: column 7 is outside the 5 columns", ls::DataError);
  CHECK_THROWS_WITH_AS(Matrix(2, -3, 0), "SparseMatrix: rows, columns and entries are at least 0, they are 2, -3 and 0",
                       ls::ShapeError);
}
