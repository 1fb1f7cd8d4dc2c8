// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/last_step.hpp>
#include <vector>

#include "../support/kernel_case.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("last_step: windows that end together add up in their last row", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Space space;
  const PlacedWindows<Space> placed({{0, 0, 1, 2}, {1, 2, 2, 2}, 3});
  const auto windows = placed.windows();
  const auto x = filled_tensor<Real, 2, Space>({1, 2, 3, 4, 5, 6}, 3, 2);
  ls::Tensor<Real, 2, Space> z(4, 2);
  ls::last_step_forward<Real, Space>(space, x.view(), windows, z.view());
  CHECK(numbers_of(z.view()) == std::vector<double>{1, 2, 3, 4, 3, 4, 0, 0});
  const auto dz = filled_tensor<Real, 2, Space>({1, 2, 4, 8, 16, 32, 64, 128}, 4, 2);
  auto dx = filled_tensor<Real, 2, Space>({100, 100, 100, 100, 100, 100}, 3, 2);
  ls::last_step_backward<Real, Space>(space, dz.view(), windows, {dx.view(), ls::Update::add});
  CHECK(numbers_of(dx.view()) == std::vector<double>{101, 102, 120, 140, 100, 100});
  ls::last_step_backward<Real, Space>(space, dz.view(), windows, {dx.view(), ls::Update::write});
  CHECK(numbers_of(dx.view()) == std::vector<double>{1, 2, 20, 40, 0, 0});
  ls::last_step_backward<Real, Space>(space, dz.view(), windows, {});  // nobody wants it
}
