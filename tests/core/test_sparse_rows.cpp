// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/sparse_rows.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <type_traits>

namespace ls = longshore;

TEST_CASE("sparse rows say where the entries of a row are, beyond 2^31 too, and are copied as bytes") {
  using Rows = ls::SparseRows<float, Kokkos::Serial>;
  static_assert(std::is_trivially_copyable_v<Rows>);
  const std::int64_t offsets[] = {0, 2, 2, 5'000'000'000};
  const Rows rows{.offsets = offsets, .row_count = 3, .column_count = 4, .entries = 5'000'000'000};
  CHECK(rows.begin(0) == 0);
  CHECK(rows.end(0) == 2);
  CHECK(rows.length(1) == 0);
  CHECK(rows.begin(2) == 2);
  CHECK(rows.length(2) == 4'999'999'998);
  CHECK(Rows{}.row_count == 0);
}
