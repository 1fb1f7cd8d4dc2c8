// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/clear_empty_windows.hpp>
#include <vector>

#include "../support/kernel_case.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("clear_empty_windows: copies rows of filled windows, also in place", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const PlacedWindows<Space> placed({{0, 2, 2}, {2, 2, 3}, 3});
  auto from = filled_tensor<Real, 2, Space>({1, 2, 3, 4, 5, 6}, 3, 2);
  ls::Tensor<Real, 2, Space> to(3, 2);
  ls::clear_empty_windows<Real, Space>(Space{}, placed.windows(), from.view(), to.view());
  CHECK(numbers_of(to.view()) == std::vector<double>{1, 2, 0, 0, 5, 6});
  CHECK(numbers_of(from.view()) == std::vector<double>{1, 2, 3, 4, 5, 6});
  ls::clear_empty_windows<Real, Space>(Space{}, placed.windows(), from.view(), from.view());
  CHECK(numbers_of(from.view()) == std::vector<double>{1, 2, 0, 0, 5, 6});
}
