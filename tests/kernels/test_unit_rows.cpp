// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/unit_rows.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("unit_rows: rows get length one, the gradient stands upright on them, zeros stay zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Space space;
  const auto x = filled_tensor<Real, 2, Space>({3, 4, 0, 0, -6, 8}, 3, 2);
  ls::Tensor<Real, 2, Space> unit(3, 2);
  ls::Tensor<Real, 1, Space> inverse(3);
  ls::unit_rows_forward<Real, Space>(space, x.view(), unit.view(), inverse.view());
  check::close(ls::copy_to_host(unit.view()), {0.6, 0.8, 0, 0, -0.6, 0.8}, tolerance<Real>);
  check::close(ls::copy_to_host(inverse.view()), {0.2, 0, 0.1}, tolerance<Real>);
  // g - (g . u) u for g = (1, 0) is (0.64, -0.48) and (0.64, 0.48), then over 5 and 10
  const auto g = filled_tensor<Real, 2, Space>({1, 0, 1, 0, 1, 0}, 3, 2);
  auto dx = filled_tensor<Real, 2, Space>({1, 1, 1, 1, 1, 1}, 3, 2);
  ls::unit_rows_backward<Real, Space>(space, g.view(), unit.view(), inverse.view(), {dx.view(), ls::Update::add});
  check::close(ls::copy_to_host(dx.view()), {1.128, 0.904, 1, 1, 1.064, 1.048}, tolerance<Real>);
  ls::unit_rows_backward<Real, Space>(space, g.view(), unit.view(), inverse.view(), {dx.view(), ls::Update::write});
  check::close(ls::copy_to_host(dx.view()), {0.128, -0.096, 0, 0, 0.064, 0.048}, tolerance<Real>);
}

TEST_CASE("unit_rows: more rows than one chunk takes") {
  using Space = Kokkos::Serial;
  const auto x = random_tensor<double, 2, Space>(ls::Random(1), 150, 3);
  ls::Tensor<double, 2, Space> unit(150, 3);
  ls::Tensor<double, 1, Space> inverse(150);
  ls::unit_rows_forward<double, Space>(Space{}, x.view(), unit.view(), inverse.view());
  for (ls::Index i = 0; i < 150; ++i) CHECK(ls::dot(unit.view().row(i), unit.view().row(i), 3) == doctest::Approx(1));
}
