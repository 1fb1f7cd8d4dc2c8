// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/sampled_softmax.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("sampled_softmax_forward: on views, corrects scores, leaves hits out, and keeps derivatives", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto scores = filled_tensor<Real, 2, Space>({1, 1, 50, 0, 0, 0}, 2, 3);
  const auto ids = filled_tensor<ls::Id, 2, Space>({4, 5, 4, 1, 2, 3}, 2, 3);  // the third of the first row is a hit
  const float log_two = std::log(2.0f);
  const auto log_q = filled_tensor<float, 2, Space>({0, 0, 0, 0, -log_two, 0}, 2, 3);
  const auto weights = filled_tensor<float, 2, Space>({2, 9, 9, 4, 9, 9}, 2, 3);
  auto loss = filled_tensor<Real, 1, Space>({77}, 1);
  auto derivative = filled_tensor<Real, 2, Space>(std::vector<Real>(6, Real(77)), 2, 3);
  CHECK(ls::sampled_softmax_workspace(512) == 1);
  CHECK(ls::sampled_softmax_workspace(513) == 2);
  ls::Tensor<double, 1, Space> workspace(static_cast<int>(ls::sampled_softmax_workspace(2)));
  ls::sampled_softmax_forward<Real, Space>(Space(), scores.view(), ids.view(), log_q.view(), weights.view(), Real(0.5),
                                           loss.view(), derivative.view(), workspace.view());
  CHECK(numbers_of(loss.view())[0] == doctest::Approx(std::log(2.0) + 2 * std::log(4.0)));
  const std::vector<double> expected = {-0.5, 0.5, 0, -1.5, 1, 0.5};
  const auto found = numbers_of(derivative.view());
  for (std::size_t i = 0; i < 6; ++i) CHECK(found[i] == doctest::Approx(expected[i]));
  ls::sampled_softmax_forward<Real, Space>(Space(), scores.view(), {}, {}, {}, Real(1), loss.view(), {},
                                           workspace.view());
  CHECK(numbers_of(loss.view())[0] == doctest::Approx(49 + std::log(3.0)));
}
