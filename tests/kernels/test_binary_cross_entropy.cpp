// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/binary_cross_entropy.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("binary_cross_entropy_forward: on views, weighs each score, and keeps derivatives where asked",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto scores = filled_tensor<Real, 2, Space>({0, 2, -2, 0}, 2, 2);
  const auto labels = filled_tensor<float, 2, Space>({1, 1, 1, 0.25f}, 2, 2);
  const auto weights = filled_tensor<float, 2, Space>({1, 2, 0, 4}, 2, 2);
  auto loss = filled_tensor<Real, 1, Space>({77}, 1);
  auto derivative = filled_tensor<Real, 2, Space>(std::vector<Real>(4, Real(77)), 2, 2);
  CHECK(ls::binary_cross_entropy_workspace(512) == 1);
  CHECK(ls::binary_cross_entropy_workspace(513) == 2);
  ls::Tensor<double, 1, Space> workspace(static_cast<int>(ls::binary_cross_entropy_workspace(4)));
  ls::binary_cross_entropy_forward<Real, Space>(Space(), scores.view(), labels.view(), weights.view(), Real(0.5),
                                                loss.view(), derivative.view(), workspace.view());
  const double even = std::log(2.0), hit = std::log1p(std::exp(-2.0));
  CHECK(numbers_of(loss.view())[0] == doctest::Approx(0.5 * (even + 2 * hit + 4 * even)));
  const std::vector<double> expected = {-0.25, -1 / (1 + std::exp(2.0)), 0, 0.5};
  const auto found = numbers_of(derivative.view());
  for (std::size_t i = 0; i < 4; ++i) CHECK(found[i] == doctest::Approx(expected[i]));
  ls::binary_cross_entropy_forward<Real, Space>(Space(), scores.view(), labels.view(), {}, Real(1), loss.view(), {},
                                                workspace.view());
  CHECK(numbers_of(loss.view())[0] == doctest::Approx(2 * even + 2 * hit + 2));
}

TEST_CASE_TEMPLATE("binary_cross_entropy_forward: derivatives of sure hits keep the digits of their own size", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const std::vector<Real> logits{5, -5, 12, -12, 30, -30, 80, -80};
  const std::vector<float> hits{1, 0, 1, 0, 1, 0, 1, 0};
  const auto scores = filled_tensor<Real, 2, Space>(logits, 1, 8);
  const auto labels = filled_tensor<float, 2, Space>(hits, 1, 8);
  ls::Tensor<Real, 1, Space> loss(1);
  ls::Tensor<Real, 2, Space> derivative(1, 8);
  ls::Tensor<double, 1, Space> workspace(1);
  ls::binary_cross_entropy_forward<Real, Space>(Space(), scores.view(), labels.view(), {}, Real(1), loss.view(),
                                                derivative.view(), workspace.view());
  const auto found = numbers_of(derivative.view());
  for (std::size_t i = 0; i < 8; ++i) {
    const double far = 1 / (1 + std::exp(std::abs(static_cast<double>(logits[i]))));
    CHECK(std::abs(found[i] - (hits[i] > 0 ? -far : far)) <= 0.1 * tolerance<Real> * far);
  }
}
