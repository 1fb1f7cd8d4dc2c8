// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/sparse_products.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"
#include "../support/sparse.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("sparse_products: equals a loop over the entries, for widths around registers, and bits everywhere",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int features : {1, 7, 16, 31, 100}) {
    CAPTURE(features);
    const auto product = [features]<class OnSpace>(OnSpace space) {
      const auto matrix = test::random_sparse<Real, OnSpace>(ls::Random(2), 70, 40, 0.2);
      const auto x = random_tensor<Real, 2, OnSpace>(ls::Random(1), 40, features);
      ls::Tensor<Real, 2, OnSpace> y(70, features);
      ls::sparse_products<Real, OnSpace>(space, matrix.rows(), x.view(), y.view());
      Kokkos::fence();
      return ls::copy_to_host(y.view());
    };
    const auto matrix = test::random_sparse<Real, Space>(ls::Random(2), 70, 40, 0.2);
    const auto x = numbers_of(random_tensor<Real, 2, Space>(ls::Random(1), 40, features).view());
    const auto width = static_cast<std::size_t>(features);
    std::vector<double> expected(70 * width);
    for (const auto& [row, column, value] : test::triplets_of(matrix.rows()))
      for (std::size_t d = 0; d < width; ++d)
        expected[static_cast<std::size_t>(row) * width + d] += value * x[static_cast<std::size_t>(column) * width + d];
    check::close(product(Space()), expected, tolerance<Real>);
    if constexpr (ls::is_host_space<Space>) CHECK(product(Space()) == product(Kokkos::Serial()));
  }
}

TEST_CASE_TEMPLATE("sparse_products: rows without entries give zeros, and no rows nothing", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const ls::SparseMatrix<Real, Space> matrix({0, 0, 1, 1}, {1}, {Real(3)}, 2), none({0}, {}, {}, 2);
  const auto x = filled_tensor<Real, 2, Space>({1, 2, 3, 4}, 2, 2);
  auto y = filled_tensor<Real, 2, Space>(std::vector<Real>(6, Real(9)), 3, 2);
  ls::sparse_products<Real, Space>(Space(), matrix.rows(), x.view(), y.view());
  CHECK(numbers_of(y.view()) == std::vector<double>{0, 0, 9, 12, 0, 0});
  ls::Tensor<Real, 2, Space> empty(0, 2);
  ls::sparse_products<Real, Space>(Space(), none.rows(), x.view(), empty.view());
}

TEST_CASE_TEMPLATE("sum_of_squares: adds up all entries, in several parts, and 0 of none", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto sum = [](const ls::SparseRows<Real, Space>& rows) {
    ls::Tensor<double, 1, Space> workspace(ls::sum_of_squares_workspace(rows)), result(1);
    ls::sum_of_squares<Real, Space>(Space(), rows, workspace.view(), result.view());
    Kokkos::fence();
    return ls::copy_to_host(result.view())[0];
  };
  const auto matrix = test::random_sparse<Real, Space>(ls::Random(2), 700, 200, 0.6);
  CHECK(matrix.rows().entries > ls::sparse_square_chunk);
  double expected = 0;
  for (const auto& entry : test::triplets_of(matrix.rows())) expected += std::get<2>(entry) * std::get<2>(entry);
  CHECK(sum(matrix.rows()) == expected);  // whole numbers
  CHECK(sum(ls::SparseMatrix<Real, Space>({0, 0}, {}, {}, 2).rows()) == 0);
}
