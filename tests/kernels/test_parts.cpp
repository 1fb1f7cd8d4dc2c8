// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/training.hpp>
#include <longshore/core/use.hpp>
#include <longshore/kernels/parts.hpp>

#include "../support/fuser_case.hpp"
#include "../support/part_arrays.hpp"

namespace ls = longshore;
using Space = Kokkos::Serial;

TEST_CASE("Parts: finds the vector of a user and a candidate, shared or its own") {
  PartArrays<float, Space> arrays(2, 3);
  arrays.add(2, 3, 2, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
      .add(2, 1, 1, {20, 21})
      .add(1, 3, 1, {30, 31, 32})
      .add(1, 1, 1, {40});
  const auto parts = arrays.parts();
  CHECK(parts.rows() == 6);
  CHECK(*parts.row(0, 1, 2) == 10);
  CHECK(*parts.row(1, 1, 2) == 21);
  CHECK(*parts.row(2, 1, 2) == 32);
  CHECK(*parts.row(3, 1, 2) == 40);
  const bool shared[] = {false, true, false, true};
  for (int k = 0; k < 4; ++k) CHECK(parts.is_shared(k) == shared[k]);

  PartArrays<float, Space> one(2, 1);
  CHECK_FALSE(one.add(2, 1, 1, {1, 2}).parts().is_shared(0));  // nobody to share with
}

TEST_CASE("Parts: targets are asked for in order, one value may be two parts, constants want nothing") {
  const FuserInputs<float, Space> inputs(ls::Random(1), 3, false, 1);
  ls::Training<Space> context(inputs);
  const auto x = ls::use(context, inputs.interests[0]);
  ls::Tensor<float, 3, Space> fixed(5, 1, 17);
  const ls::Cube<float, Space> constant(fixed.view());
  const ls::InterestList<float, Space> list("test", {x, constant, x});
  const auto targets = ls::part_targets<float, Space>(context, list);
  CHECK(targets.wants(0));
  CHECK_FALSE(targets.wants(1));
  CHECK(targets.data[2] == targets.data[0]);
  CHECK_FALSE(targets.adds(0));
  CHECK(targets.adds(2));
  CHECK(targets.row(ls::parts_of(list), 0, 2, 0) == targets.data[0] + 34);
}
