// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/softmax_of_logits.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("softmax_of_logits_forward: on views, leaves items behind those that count out", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto logits = filled_tensor<Real, 2, Space>({1000, 1000, 2000, 0, 50, 0}, 2, 3);
  const auto targets = filled_tensor<ls::Id, 1, Space>({1, 0}, 2);
  const auto weights = filled_tensor<float, 1, Space>({2, 1}, 2);
  auto loss = filled_tensor<Real, 1, Space>({77}, 1);
  auto derivative = filled_tensor<Real, 2, Space>(std::vector<Real>(6, Real(77)), 2, 3);
  CHECK(ls::softmax_of_logits_workspace(512) == 1);
  CHECK(ls::softmax_of_logits_workspace(513) == 2);
  ls::Tensor<Real, 1, Space> losses(2);
  ls::Tensor<double, 1, Space> workspace(static_cast<int>(ls::softmax_of_logits_workspace(2)));
  const auto forward = [&](ls::View<Real, 2, Space> kept) {
    ls::softmax_of_logits_forward<Real, Space>(Space(), logits.view(), 2, targets.view(), weights.view(), Real(0.5),
                                               loss.view(), kept, losses.view(), workspace.view());
    return numbers_of(loss.view())[0];
  };
  CHECK(forward(derivative.view()) == doctest::Approx(std::log(2.0) + 25));
  const std::vector<double> expected = {0.5, -0.5, 0, -0.5, 0.5, 0};
  const auto found = numbers_of(derivative.view());
  for (std::size_t i = 0; i < 6; ++i) CHECK(found[i] == doctest::Approx(expected[i]));
  CHECK(forward({}) == doctest::Approx(std::log(2.0) + 25));
}

TEST_CASE_TEMPLATE("softmax_of_logits_forward: a small loss keeps its digits, one item alone gives none", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto loss_of = [](std::vector<Real> row, ls::Index items, ls::Id its_target) {
    const auto logits = filled_tensor<Real, 2, Space>(row, 1, static_cast<int>(row.size()));
    const auto target = filled_tensor<ls::Id, 1, Space>({its_target}, 1);
    const auto weight = filled_tensor<float, 1, Space>({1}, 1);
    ls::Tensor<Real, 1, Space> loss(1), losses(1);
    ls::Tensor<double, 1, Space> workspace(1);
    ls::softmax_of_logits_forward<Real, Space>(Space(), logits.view(), items, target.view(), weight.view(), Real(1),
                                               loss.view(), {}, losses.view(), workspace.view());
    return numbers_of(loss.view())[0];
  };
  const auto equals = [](double found, double expected) {
    CHECK(std::abs(found - expected) <= tolerance<Real> * expected);
  };
  for (const ls::Id target : {0, 1, 2}) {
    std::vector<Real> row{0, 0, 0};
    for (const int gap : {0, 1, 8, 20, 60}) {
      row[static_cast<std::size_t>(target)] = static_cast<Real>(gap);
      equals(loss_of(row, 3, target), std::log1p(2 * std::exp(-gap)));
    }
  }
  CHECK(loss_of({5, 9}, 1, 0) == 0);
}
