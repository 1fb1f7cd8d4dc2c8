// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/pad.hpp>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE("pad: sizes are rounded up to whole narrow registers") {
  CHECK(ls::padded_size<float>(0) == 0);
  for (const ls::Index size : {1, 3, 7, 8, 9, 40, 41}) {
    const ls::Index padded = ls::padded_size<float>(size);
    CHECK(padded >= size);
    CHECK(padded - size < 8);
    CHECK(padded % 4 == 0);
    CHECK(ls::padded_size<double>(size) >= size);
    CHECK(ls::padded_size<double>(size) % 2 == 0);
  }
}

TEST_CASE_TEMPLATE("pad: copies rows, or upright what lies transposed, and fills up with zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto from = filled_tensor<Real, 2, Space>({1, 2, 3, 4, 5, 6}, 2, 3);
  auto to = filled_tensor<Real, 1, Space>(std::vector<Real>(12, Real(-1)), 12);
  ls::pad<Real, Space>(Space{}, 2, 3, {from.data(), 3}, 5, to.data());
  CHECK(numbers_of(to.view()) == std::vector<double>{1, 2, 3, 0, 0, 4, 5, 6, 0, 0, -1, -1});
  ls::pad<Real, Space>(Space{}, 3, 2, {from.data(), 1, 3}, 4, to.data());
  CHECK(numbers_of(to.view()) == std::vector<double>{1, 4, 0, 0, 2, 5, 0, 0, 3, 6, 0, 0});
}
