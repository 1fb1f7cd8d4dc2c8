// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/mean_squared_error.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("mean_squared_error_forward: on views, weighs each score, and keeps derivatives where asked", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto scores = filled_tensor<Real, 2, Space>({1, 5, 0, 2}, 2, 2);
  const auto labels = filled_tensor<float, 2, Space>({1, 2, 4, 1}, 2, 2);
  const auto weights = filled_tensor<float, 2, Space>({7, 1, 0, 2}, 2, 2);
  auto loss = filled_tensor<Real, 1, Space>({77}, 1);
  auto derivative = filled_tensor<Real, 2, Space>(std::vector<Real>(4, Real(77)), 2, 2);
  CHECK(ls::mean_squared_error_workspace(512) == 1);
  CHECK(ls::mean_squared_error_workspace(513) == 2);
  ls::Tensor<double, 1, Space> workspace(static_cast<int>(ls::mean_squared_error_workspace(4)));
  ls::mean_squared_error_forward<Real, Space>(Space(), scores.view(), labels.view(), weights.view(), Real(0.5),
                                              loss.view(), derivative.view(), workspace.view());
  CHECK(numbers_of(loss.view())[0] == 5.5);  // (1 9 + 2 1) / 2
  CHECK(numbers_of(derivative.view()) == std::vector<double>{0, 3, 0, 2});
  ls::mean_squared_error_forward<Real, Space>(Space(), scores.view(), labels.view(), {}, Real(1), loss.view(), {},
                                              workspace.view());
  CHECK(numbers_of(loss.view())[0] == 26);  // 9 + 16 + 1
}
