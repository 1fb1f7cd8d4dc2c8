// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/max_parts.hpp>

#include "../support/part_arrays.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("max_parts: three parts against loops by hand: values, shares, gradients written, added, left out",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(1, 2);
  arrays.add(1, 1, 2, {1, 5}).add(1, 2, 2, {1, 6, 0, 5}).add(1, 2, 2, {2, 6, 1, 4});
  ls::Tensor<Real, 3, Space> y(1, 2, 2), shares(1, 2, 3);
  ls::max_parts_forward<Real, Space>(Space(), arrays.parts(), y.view());
  ls::max_parts_shares<Real, Space>(Space(), arrays.parts(), shares.view());
  CHECK(numbers_of(y) == std::vector<Real>{2, 6, 1, 5});
  CHECK(numbers_of(shares) == std::vector<Real>{0, Real(0.5), Real(0.5), 1, 0, 0});

  const auto dy = tensor_of<Real, 3, Space>({1, 10, 100, 1000}, 1, 2, 2);
  const auto backward = [&](unsigned wanted, unsigned adding) {
    ls::max_parts_backward<Real, Space>(Space(), dy.view(), arrays.parts(), std::as_const(y).view(),
                                        arrays.targets(wanted, adding, 7));
  };
  backward(0b111, 0b100);
  CHECK(arrays.gradient(0) == std::vector<Real>{100, 1000});
  CHECK(arrays.gradient(1) == std::vector<Real>{0, 10, 0, 0});
  CHECK(arrays.gradient(2) == std::vector<Real>{8, 7, 7, 7});
  backward(0b001, 0b001);
  CHECK(arrays.gradient(0) == std::vector<Real>{107, 1007});
  CHECK(arrays.gradient(1) == std::vector<Real>{7, 7, 7, 7});
}
