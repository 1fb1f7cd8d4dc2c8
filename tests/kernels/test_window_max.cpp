// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/window_max.hpp>
#include <vector>

#include "../support/kernel_case.hpp"
#include "../support/window_list.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("window_max: says which row was chosen, and the gradient is added there", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Space space;
  const PlacedWindows<Space> placed({{0, 1, 3}, {2, 3, 3}, 4});
  const auto windows = placed.windows();
  const auto x = filled_tensor<Real, 2, Space>({1, 9, 5, 2, 5, 3, 0, 0}, 4, 2);
  ls::Tensor<Real, 2, Space> z(3, 2);
  ls::Tensor<ls::Index, 2, Space> chosen(3, 2);
  ls::window_max_forward<Real, Space>(space, x.view(), windows, z.view(), chosen.view());
  CHECK(numbers_of(z.view()) == std::vector<double>{5, 9, 5, 3, 0, 0});
  CHECK(numbers_of(chosen.view()) == std::vector<double>{1, 0, 1, 2, -1, -1});
  const auto dz = filled_tensor<Real, 2, Space>({1, 2, 4, 8, 16, 32}, 3, 2);
  auto dx = filled_tensor<Real, 2, Space>({100, 100, 100, 100, 100, 100, 100, 100}, 4, 2);
  const ls::View<const ls::Index, 2, Space> where = chosen.view();
  ls::window_max_backward<Real, Space>(space, dz.view(), windows, where, {dx.view(), ls::Update::add});
  CHECK(numbers_of(dx.view()) == std::vector<double>{100, 102, 105, 100, 100, 108, 100, 100});
  ls::window_max_backward<Real, Space>(space, dz.view(), windows, where, {dx.view(), ls::Update::write});
  CHECK(numbers_of(dx.view()) == std::vector<double>{0, 2, 5, 0, 0, 8, 0, 0});
  ls::window_max_backward<Real, Space>(space, dz.view(), windows, where, {});  // nobody wants it
}
