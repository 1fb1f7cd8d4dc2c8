// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/column_products.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("column_products: equals a sum over rows in double, also of float, and the same bits everywhere",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const auto& extents : {std::pair<int, int>{1, 1}, {33, 5}, {1024, 17}, {3100, 4}, {0, 3}}) {
    const int rows = extents.first, columns = extents.second;  // clang captures no structured bindings with OpenMP
    CAPTURE(rows);
    const auto products = [rows, columns]<class OnSpace>(OnSpace space) {
      const auto y = random_tensor<Real, 2, OnSpace>(ls::Random(1), rows, columns);
      ls::Tensor<double, 2, OnSpace> result(columns, columns);
      ls::Tensor<double, 1, OnSpace> workspace(ls::column_products_workspace(rows, columns));
      ls::column_products<Real, OnSpace>(space, y.view(), result.view(), workspace.view());
      Kokkos::fence();
      return ls::copy_to_host(result.view());
    };
    const auto y = numbers_of(random_tensor<Real, 2, Space>(ls::Random(1), rows, columns).view());
    const auto width = static_cast<std::size_t>(columns);
    std::vector<double> expected(width * width);
    for (std::size_t r = 0; r < y.size(); r += width)
      for (std::size_t i = 0; i < width; ++i)
        for (std::size_t j = 0; j < width; ++j) expected[i * width + j] += y[r + i] * y[r + j];
    check::close(products(Space()), expected, 1e-13);
    if constexpr (ls::is_host_space<Space>) CHECK(products(Space()) == products(Kokkos::Serial()));
  }
}
