// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/kernels/mix_softmax.hpp>

#include "../support/check_block.hpp"
#include "../support/part_arrays.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("mix_softmax: rows sum to 1; a missing logit is 0, so that two weights are a sigmoid", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto logits = tensor_of<Real, 2, Space>({2, -3}, 2, 1);
  ls::Tensor<Real, 2, Space> weights(2, 2);
  ls::mix_softmax_forward<Real, Space>(Space(), logits.view(), weights.view());
  const double a = 1 / (1 + std::exp(-2.0)), b = 1 / (1 + std::exp(3.0));
  check::close(numbers_of(weights), {a, 1 - a, b, 1 - b}, tolerance<Real>);
  const auto zero = tensor_of<Real, 2, Space>({2, 0, -3, 0}, 2, 2);
  ls::Tensor<Real, 2, Space> same(2, 2);
  ls::mix_softmax_forward<Real, Space>(Space(), zero.view(), same.view());
  CHECK(numbers_of(same) == numbers_of(weights));
}

TEST_CASE_TEMPLATE("mix_softmax: logits of 1e4 in size agree with long double and stay finite", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const int rows = 10000, count = 4;
  std::vector<Real> numbers;
  const ls::Random random(11);
  for (std::size_t i = 0; i < rows * count; ++i) {
    const double scale[] = {1, 30, 1e4, 0};
    numbers.push_back(static_cast<Real>(scale[i / count % 4] * (2 * random.uniform<double>(i) - 1)));
  }
  const auto logits = tensor_of<Real, 2, Space>(numbers, rows, count);
  ls::Tensor<Real, 2, Space> weights(rows, count), dlogits(rows, count);
  ls::mix_softmax_forward<Real, Space>(Space(), logits.view(), weights.view());
  const auto found = numbers_of(weights);
  double worst = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    long double largest = numbers[r * count], sum = 0;
    for (std::size_t k = 0; k < count; ++k) largest = std::max<long double>(largest, numbers[r * count + k]);
    for (std::size_t k = 0; k < count; ++k) sum += std::exp(static_cast<long double>(numbers[r * count + k]) - largest);
    for (std::size_t k = 0; k < count; ++k) {
      const long double expected = std::exp(static_cast<long double>(numbers[r * count + k]) - largest) / sum;
      REQUIRE(std::isfinite(static_cast<double>(found[r * count + k])));
      worst = std::max(worst, static_cast<double>(std::abs(static_cast<long double>(found[r * count + k]) - expected)));
    }
  }
  CHECK(worst <= 1e-5);
  ls::mix_softmax_backward<Real, Space>(Space(), logits.view(), std::as_const(weights).view(),
                                        {dlogits.view(), ls::Update::write});
  for (const Real gradient : numbers_of(dlogits)) REQUIRE(std::isfinite(static_cast<double>(gradient)));
}

TEST_CASE_TEMPLATE("mix_softmax: gradients are written, added, or left out", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const auto weights = tensor_of<Real, 2, Space>({Real(0.25), Real(0.75)}, 1, 2);
  const auto dweights = tensor_of<Real, 2, Space>({4, 0}, 1, 2);
  auto full = tensor_of<Real, 2, Space>({100, 100}, 1, 2), one = tensor_of<Real, 2, Space>({100}, 1, 1);
  ls::mix_softmax_backward<Real, Space>(Space(), dweights.view(), weights.view(), {full.view(), ls::Update::write});
  ls::mix_softmax_backward<Real, Space>(Space(), dweights.view(), weights.view(), {one.view(), ls::Update::add});
  ls::mix_softmax_backward<Real, Space>(Space(), dweights.view(), weights.view(), {});
  CHECK(numbers_of(full) == std::vector<Real>{Real(0.75), Real(-0.75)});
  CHECK(numbers_of(one) == std::vector<Real>{Real(100.75)});
}
