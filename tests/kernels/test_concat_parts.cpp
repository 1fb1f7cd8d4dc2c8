// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/concat_parts.hpp>

#include "../support/part_arrays.hpp"
#include "../support/spaces.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("concat_parts: joins shared and own vectors of different widths, and takes gradients apart", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(2, 2);
  arrays.add(2, 1, 1, {1, 2}).add(1, 2, 2, {3, 4, 5, 6}).add(2, 2, 1, {7, 8, 9, 0});
  ls::Tensor<Real, 3, Space> y(2, 2, 4);
  ls::concat_parts_forward<Real, Space>(Space(), arrays.parts(), y.view());
  CHECK(numbers_of(y) == std::vector<Real>{1, 3, 4, 7, 1, 5, 6, 8, 2, 3, 4, 9, 2, 5, 6, 0});
  CHECK(ls::first_feature(arrays.parts(), 2) == 3);

  PartArrays<Real, Space> own(1, 2);
  own.add(1, 1, 1, {0}).add(1, 2, 2, {0, 0, 0, 0}).add(1, 1, 1, {0});
  const auto dy = tensor_of<Real, 3, Space>({1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 4);
  ls::concat_parts_backward<Real, Space>(Space(), dy.view(), own.parts(), own.targets(0b011, 0b010, 100));
  CHECK(own.gradient(0) == std::vector<Real>{6});
  CHECK(own.gradient(1) == std::vector<Real>{102, 103, 106, 107});
  CHECK(own.gradient(2) == std::vector<Real>{100});
}

TEST_CASE_TEMPLATE("concat_parts: shares of the squared norm sum to 1, equal ones where all are zero", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  PartArrays<Real, Space> arrays(2, 1);
  arrays.add(2, 1, 2, {3, 0, 0, 0}).add(2, 1, 1, {1, 0}).add(2, 1, 1, {0, 0}).add(2, 1, 2, {1, 1, 0, 0});
  ls::Tensor<Real, 3, Space> shares(2, 1, 4);
  ls::norm_shares<Real, Space>(Space(), arrays.parts(), shares.view());
  CHECK(numbers_of(shares) ==
        std::vector<Real>{Real(0.75), Real(1) / 12, 0, Real(2) / 12, Real(0.25), Real(0.25), Real(0.25), Real(0.25)});
}
