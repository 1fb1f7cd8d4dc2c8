// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/column_sums.hpp>
#include <vector>

#include <longshore/core/copy.hpp>
#include <longshore/core/tensor.hpp>

#include "../support/check_block.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
std::vector<Real> sums_of(const std::vector<Real>& numbers, int rows, int columns, int stride, ls::Update update,
                          Real start) {
  ls::Tensor<Real, 1, Space> from(numbers.size()), result(columns), workspace(ls::column_sums_workspace(rows, columns));
  ls::copy_from_host(numbers, from.view());
  ls::copy_from_host(std::vector<Real>(static_cast<std::size_t>(columns), start), result.view());
  ls::column_sums<Real, Space>(Space{}, rows, columns, ls::Strided<const Real>{from.data(), stride}, result.data(),
                               update, workspace.data());
  Kokkos::fence();
  return ls::copy_to_host(result.view());
}

}  // namespace

TEST_CASE_TEMPLATE("column_sums: equals its definition around the edges of chunks, written and added", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  for (const int rows : {0, 1, 2, 255, 256, 257, 512, 700})
    for (const int columns : {0, 1, 7, 16, 33, 130}) {
      const int stride = columns + 3;
      std::vector<Real> numbers(static_cast<std::size_t>(rows * stride));
      for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = ls::Random(6).uniform<Real>(i) - Real(0.5);
      for (const auto update : {ls::Update::write, ls::Update::add}) {
        std::vector<double> expected(static_cast<std::size_t>(columns), update == ls::Update::add ? 3.5 : 0);
        for (int i = 0; i < rows; ++i)
          for (int j = 0; j < columns; ++j)
            expected[static_cast<std::size_t>(j)] +=
                static_cast<double>(numbers[static_cast<std::size_t>(i * stride + j)]);
        CAPTURE(rows);
        CAPTURE(columns);
        const auto actual = sums_of<Real, typename Where::Space>(numbers, rows, columns, stride, update, Real(3.5));
        check::close(actual, expected, tolerance<Real>, 1);
        if (ls::is_host_space<typename Where::Space>)
          CHECK(actual == sums_of<Real, Kokkos::Serial>(numbers, rows, columns, stride, update, Real(3.5)));
      }
    }
}
