// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/nmf_steps.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"
#include "../support/rating_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("nmf_update: hand: a factor is scaled, and stays where the denominator is not above 0", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const RatingCase<Real, Space> data({.offsets = {0, 2, 2}, .items = {0, 1}, .values = {1, 1}, .item_count = 2});
  const auto ratings = filled_tensor<Real, 2, Space>({6, 6, 0, 5}, 2, 2);
  const auto estimates = filled_tensor<Real, 2, Space>({1, -9, 0, 5}, 2, 2);
  auto factors = filled_tensor<Real, 2, Space>({2, 3, 7, 4}, 2, 2);
  // 2 * 6 / (1 + 2 0.5 2); -9 + 2 0.5 3 is below 0; no ratings: 7 * 0 / 0 stays, 4 * 5 / 5.
  ls::nmf_update(Space(), data.interactions.by_user(), 2, Real(0.5), ratings.data(), estimates.data(), factors.data());
  CHECK(numbers_of(factors.view()) == std::vector<double>{4, 3, 7, 4});
}

TEST_CASE_TEMPLATE("fold_in_nmf: reference: repeated updates of one row, users and items", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t features = 5;
  const auto list = RatingList::random(41, 9, 14, 0.5);
  const RatingCase<Real, Space> data(list);
  auto numbers = numbers_of(random_tensor<Real, 2, Space>(ls::Random(1), 14, features + 2).view());
  for (double& number : numbers) number = number < 0 ? -number : number;
  const auto others = filled_tensor<Real, 2, Space>(std::vector<Real>(numbers.begin(), numbers.end()), 14, 7);
  const auto mean = filled_tensor<Real, 1, Space>({Real(0.5)}, 1);
  for (const bool of_items : {true, false}) {
    std::vector<double> expected(9 * (features + 2));
    for (std::size_t r = 0; r < 9; ++r) {
      const auto begin = static_cast<std::size_t>(list.offsets[r]), end = static_cast<std::size_t>(list.offsets[r + 1]);
      std::vector<double> p(features, end > begin ? 0.5 : 0);
      double bias = 0;
      const double base = of_items ? 0 : 0.5;
      for (int step = 0; step < 3 && end > begin; ++step) {
        std::vector<double> above(features), below(features);
        for (std::size_t n = begin; n < end; ++n) {
          const double* q = &numbers[static_cast<std::size_t>(list.items[n]) * (features + 2)];
          double estimate = base + bias + q[of_items ? features : features + 1];
          for (std::size_t d = 0; d < features; ++d) estimate += p[d] * q[d];
          bias += 0.125 * (list.values[n] - estimate - 0.25 * bias);
          for (std::size_t d = 0; d < features; ++d) above[d] += list.values[n] * q[d], below[d] += estimate * q[d];
        }
        for (std::size_t d = 0; d < features; ++d)
          p[d] *= above[d] / (below[d] + static_cast<double>(end - begin) * 0.75 * p[d]);
      }
      double* to = &expected[r * (features + 2)];
      for (std::size_t d = 0; d < features; ++d) to[d] = p[d];
      to[features] = to[features + 1] = 1;
      to[of_items ? features + 1 : features] = base + bias;
    }
    ls::Tensor<Real, 2, Space> result(9, 7);
    ls::Tensor<Real, 3, Space> workspace(9, 2, 5);
    ls::fold_in_nmf<Real, Space>(
        Space(), {data.interactions.by_user(), 5, 3, true, Real(0.75), Real(0.125), Real(0.25),
                  of_items ? nullptr : mean.data(), of_items ? 5 : 6, others.data(), result.data(), workspace.data()});
    const auto actual = numbers_of(result.view());
    check::close(std::vector<Real>(actual.begin(), actual.end()), expected, tolerance<Real>);
  }
}
