// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <longshore/core/check_ids.hpp>
#include <longshore/core/sparse_matrix.hpp>

#include "id_table.hpp"

namespace test {

inline void add_core(IdTable& add) {
  namespace ls = longshore;
  using Ids = std::span<const ls::Id>;
  using Host = Kokkos::Serial;
  add("core/check_ids.hpp", [](Ids ids) { ls::check_ids("items", ids.data(), ids.size(), id_rows); });
  // A matrix has no place for an id twice, or out of order: ids of one row each.
  add("core/sparse_matrix.hpp", [](Ids ids) {
    std::vector<std::int64_t> one_a_row;
    for (std::int64_t n = 0; n <= 10; ++n) one_a_row.push_back(n);
    ls::SparseMatrix<float, Host>(one_a_row, {ids.begin(), ids.end()}, std::vector<float>(10, 1), id_rows);
  });
}

}  // namespace test
