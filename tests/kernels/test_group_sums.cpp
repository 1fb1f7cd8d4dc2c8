// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/group_sums.hpp>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("group_sums: the first part becomes the sum of all, also beyond one chunk", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr int groups = 3, size = 300;
  std::vector<Real> elements;
  for (int i = 0; i < groups * size; ++i) elements.push_back(static_cast<Real>(i));
  auto parts = filled_tensor<Real, 1, Space>(elements, groups * size);
  ls::sum_groups<Real, Space>(Space{}, groups, size, parts.data());
  const auto sum = numbers_of(parts.view());
  for (std::size_t j = 0; j < size; ++j) CHECK(sum[j] == 3 * static_cast<double>(j) + 900);
  auto one = filled_tensor<Real, 1, Space>({7, 8}, 2);
  ls::sum_groups<Real, Space>(Space{}, 1, 2, one.data());
  CHECK(numbers_of(one.view()) == std::vector<double>{7, 8});
}

TEST_CASE_TEMPLATE("group_sums: a block is written into a part of a matrix, or added", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto from = filled_tensor<Real, 1, Space>({1, 2, 0, 3, 4, 0}, 6);
  auto to = filled_tensor<Real, 1, Space>(std::vector<Real>(8, Real(10)), 8);
  ls::put_block<Real>(Space{}, 2, 2, {from.data(), 3}, {to.data() + 1, 4}, ls::Update::write);
  CHECK(numbers_of(to.view()) == std::vector<double>{10, 1, 2, 10, 10, 3, 4, 10});
  ls::put_block<Real>(Space{}, 2, 2, {from.data(), 3}, {to.data() + 1, 4}, ls::Update::add);
  CHECK(numbers_of(to.view()) == std::vector<double>{10, 2, 4, 10, 10, 6, 8, 10});
}
