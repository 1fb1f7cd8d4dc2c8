// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/bpr.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("bpr_forward: on views, weighs rows by their first weight, and keeps derivatives where asked", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto scores = filled_tensor<Real, 2, Space>({1, 1, 1, 2, 0, 0}, 2, 3);
  const auto weights = filled_tensor<float, 2, Space>({3, 9, 9, 1, 9, 9}, 2, 3);
  auto loss = filled_tensor<Real, 1, Space>({77}, 1);
  auto derivative = filled_tensor<Real, 2, Space>(std::vector<Real>(6, Real(77)), 2, 3);
  CHECK(ls::bpr_workspace(512) == 1);
  CHECK(ls::bpr_workspace(513) == 2);
  ls::Tensor<double, 1, Space> workspace(static_cast<int>(ls::bpr_workspace(2)));
  ls::bpr_forward<Real, Space>(Space(), scores.view(), weights.view(), Real(0.25), loss.view(), derivative.view(),
                               workspace.view());
  const double apart = std::log1p(std::exp(-2.0)), slope = 0.25 / (1 + std::exp(2.0));
  CHECK(numbers_of(loss.view())[0] == doctest::Approx(0.25 * (3 * 2 * std::log(2.0) + 2 * apart)));
  const std::vector<double> expected = {-0.75, 0.375, 0.375, -2 * slope, slope, slope};
  const auto found = numbers_of(derivative.view());
  for (std::size_t i = 0; i < 6; ++i) CHECK(found[i] == doctest::Approx(expected[i]));
  ls::bpr_forward<Real, Space>(Space(), scores.view(), {}, Real(1), loss.view(), {}, workspace.view());
  CHECK(numbers_of(loss.view())[0] == doctest::Approx(2 * std::log(2.0) + 2 * apart));
}
