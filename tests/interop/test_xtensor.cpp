// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <vector>

#include <longshore/interop/xtensor.hpp>

TEST_CASE("xtensor: the header gives arrays of fixed rank, and views of memory that is there already") {
  xt::xtensor<float, 2> values = xt::xtensor<float, 2>::from_shape({2, 3});
  values.fill(1);
  values(1, 2) = 7;
  CHECK(values.data()[5] == 7.0F);  // row by row, as all of the library
  std::vector<int> memory = {1, 2, 3, 4};
  auto adapted = xt::adapt(memory, {2, 2});
  adapted(1, 0) = 9;
  CHECK(memory[2] == 9);
}
