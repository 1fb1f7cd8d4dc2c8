// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/multiply_parts.hpp>

#include "../support/part_arrays.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("multiply_parts: two and three parts, gradients written, added, left out", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(1, 2);
  arrays.add(1, 1, 2, {2, 3}).add(1, 2, 2, {1, 0, -1, 4});
  const auto dy = tensor_of<Real, 3, Space>({1, 10, 100, 1000}, 1, 2, 2);
  ls::Tensor<Real, 3, Space> y(1, 2, 2);
  ls::multiply_parts_forward<Real, Space>(Space(), arrays.parts(), y.view());
  CHECK(numbers_of(y) == std::vector<Real>{2, 0, -2, 12});
  ls::multiply_parts_backward<Real, Space>(Space(), dy.view(), arrays.parts(), arrays.targets(0b11, 0b10, 7));
  CHECK(arrays.gradient(0) == std::vector<Real>{-99, 4000});
  CHECK(arrays.gradient(1) == std::vector<Real>{9, 37, 207, 3007});

  arrays.add(1, 1, 2, {5, -1});
  ls::multiply_parts_forward<Real, Space>(Space(), arrays.parts(), y.view());
  CHECK(numbers_of(y) == std::vector<Real>{10, 0, -10, -12});
  ls::multiply_parts_backward<Real, Space>(Space(), dy.view(), arrays.parts(), arrays.targets(0b101, 0b001, 7));
  CHECK(arrays.gradient(0) == std::vector<Real>{-488, -3993});
  CHECK(arrays.gradient(1) == std::vector<Real>{7, 7, 7, 7});
  CHECK(arrays.gradient(2) == std::vector<Real>{-198, 12000});
}
