// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/transpose_sparse.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>

#include "../support/spaces.hpp"
#include "../support/sparse.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("transposed: every entry comes to its column, rows ascend, and twice gives the matrix back", Space,
                   LONGSHORE_HOST_SPACES) {
  struct Size {
    ls::Index rows, columns;
    double share;
  };
  for (const Size& size : {Size{0, 0, 0}, Size{0, 3, 0}, Size{4, 0, 0}, Size{3, 2, 0}, Size{1, 1, 1}, Size{7, 5, 0.5},
                           Size{300, 4, 0.9}, Size{5, 400, 0.3}, Size{200, 150, 0.02}, Size{128, 128, 1}}) {
    const ls::Index rows = size.rows, columns = size.columns;
    CAPTURE(rows);
    CAPTURE(columns);
    const auto matrix = test::random_sparse<double, Space>(ls::Random(9), rows, columns, size.share);
    test::Triplets expected;
    for (const auto& [r, c, value] : test::triplets_of(matrix.rows())) expected.emplace_back(c, r, value);
    std::sort(expected.begin(), expected.end());
    const auto turned = ls::transposed<double, Space>(Space(), matrix.rows());
    CHECK(turned.rows().row_count == columns);
    CHECK(turned.rows().column_count == rows);
    CHECK_NOTHROW(ls::check_sparse_rows("transposed", turned.rows()));
    CHECK(test::triplets_of(turned.rows()) == expected);
    CHECK(test::triplets_of(ls::transposed<double, Space>(ls::Inline(), matrix.rows()).rows()) == expected);
    const auto back = ls::transposed<double, Space>(Space(), turned.rows());
    CHECK(test::triplets_of(back.rows()) == test::triplets_of(matrix.rows()));
  }
}

TEST_CASE_TEMPLATE("transposed: a few long rows among many empty ones are shared out, and none is lost", Space,
                   LONGSHORE_HOST_SPACES) {
  std::vector<std::int64_t> offsets{0};
  std::vector<ls::Id> columns;
  for (ls::Index r = 0; r < 64; ++r) {
    if (r % 31 == 7)
      for (ls::Id c = 0; c < 50; ++c) columns.push_back(c);
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  const ls::SparseMatrix<float, Space> matrix(offsets, columns, std::vector<float>(columns.size(), 2), 50);
  const auto turned = ls::transposed<float, Space>(Space(), matrix.rows());
  test::Triplets expected;
  for (ls::Index c = 0; c < 50; ++c)
    for (const ls::Id r : {7, 38}) expected.emplace_back(c, r, 2.0);
  CHECK(test::triplets_of(turned.rows()) == expected);
}
