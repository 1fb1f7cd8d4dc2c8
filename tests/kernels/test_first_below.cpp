// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/first_below.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("first_below: finds the first one of each part, or none", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto found = [](const std::vector<Real>& list) {
    const auto values = filled_tensor<Real, 1, Space>(list, list.size());
    ls::Tensor<std::int64_t, 1, Space> places(ls::first_below_parts);
    ls::first_below<Real>(Space{}, values.data(), static_cast<std::int64_t>(list.size()), Real(2), places.data());
    const auto numbers = numbers_of(places.view());
    return *std::ranges::min_element(numbers);
  };
  std::vector<Real> list(20000, Real(2));
  CHECK(found({}) == 0);
  CHECK(found({Real(1)}) == 0);
  CHECK(found({Real(3), Real(2)}) == 2);
  CHECK(found(list) == 20000);
  list[19999] = 1;
  CHECK(found(list) == 19999);
  list[777] = list[778] = Real(1.5);
  CHECK(found(list) == 777);
  CHECK(found(std::vector<Real>(3000000, Real(-1))) == 0);  // parts of several runs
}
