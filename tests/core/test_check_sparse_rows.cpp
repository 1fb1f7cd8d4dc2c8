// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/check_sparse_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <limits>
#include <vector>

namespace ls = longshore;

namespace {

using Host = Kokkos::Serial;

/// Two rows, five columns: (1: 10, 4: 11), (0: 12).
struct Small {
  std::vector<std::int64_t> offsets{0, 2, 3};
  std::vector<ls::Id> columns{1, 4, 0};
  std::vector<double> values{10, 11, 12};
  ls::Index row_count = 2, column_count = 5;
  std::int64_t entries = 3;

  void check() const {
    ls::check_sparse_rows("f: m", ls::SparseRows<double, Host>{.offsets = offsets.empty() ? nullptr : offsets.data(),
                                                               .columns = columns.empty() ? nullptr : columns.data(),
                                                               .values = values.empty() ? nullptr : values.data(),
                                                               .row_count = row_count,
                                                               .column_count = column_count,
                                                               .entries = entries});
  }
};

}  // namespace

TEST_CASE("P14: a sparse matrix is taken, with empty rows and with none") {
  CHECK_NOTHROW(Small().check());
  CHECK_NOTHROW((Small{.offsets = {0, 0, 3}, .columns = {0, 1, 4}}.check()));
  CHECK_NOTHROW((Small{.offsets = {}, .columns = {}, .values = {}, .row_count = 0, .entries = 0}.check()));
  CHECK_NOTHROW((Small{.offsets = {0, 0, 0}, .columns = {}, .values = {}, .column_count = 0, .entries = 0}.check()));
}

TEST_CASE("P14: sizes and offsets that do not fit are refused") {
  CHECK_THROWS_WITH_AS((Small{.row_count = -1}.check()),
                       "f: m: rows, columns and entries are at least 0, they are -1, 5 and 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS((Small{.row_count = 0}.check()), "f: m: there are 3 entries and no rows", ls::ShapeError);
  const char* ends = "f: m: the offsets must go from 0 to 3, the number of entries";
  CHECK_THROWS_WITH_AS((Small{.offsets = {}}.check()), ends, ls::ShapeError);
  CHECK_THROWS_WITH_AS((Small{.offsets = {1, 2, 3}}.check()), ends, ls::ShapeError);
  CHECK_THROWS_WITH_AS((Small{.offsets = {0, 2, 2}}.check()), ends, ls::ShapeError);
  CHECK_THROWS_WITH_AS((Small{.offsets = {0, 4, 3}}.check()), "f: m: the offsets of row 1 go down, from 4 to 3",
                       ls::ShapeError);
  CHECK_THROWS_WITH_AS((Small{.values = {}}.check()), "f: m: there are 3 entries, but no columns or no values",
                       ls::ShapeError);
}

TEST_CASE("P14: columns that are outside, out of order or twice in a row are refused, and values that are not finite") {
  CHECK_THROWS_WITH_AS((Small{.columns = {1, 5, 0}}.check()), "f: m: row 0, entry 1: column 5 is outside the 5 columns",
                       ls::DataError);
  CHECK_THROWS_WITH_AS((Small{.columns = {1, 4, -1}}.check()),
                       "f: m: row 1, entry 2: column -1 is outside the 5 columns", ls::DataError);
  CHECK_THROWS_WITH_AS((Small{.columns = {4, 1, 0}}.check()),
                       "f: m: row 0, entry 1: columns must ascend, each once; 1 comes after 4", ls::DataError);
  CHECK_THROWS_WITH_AS((Small{.columns = {4, 4, 0}}.check()),
                       "f: m: row 0, entry 1: columns must ascend, each once; 4 comes after 4", ls::DataError);
  CHECK_THROWS_WITH_AS((Small{.values = {10, 11, std::numeric_limits<double>::infinity()}}.check()),
                       "f: m: row 1, entry 2: the value is inf", ls::DataError);
}
