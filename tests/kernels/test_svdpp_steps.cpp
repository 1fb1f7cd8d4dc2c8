// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/svdpp_steps.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"
#include "../support/rating_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("sum_implicit_factors: reference: some users, those without ratings too", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t features = 19;
  const auto list = RatingList::random(21, 30, 12, 0.4);
  const RatingCase<Real, Space> data(list);
  const auto y = random_tensor<Real, 2, Space>(ls::Random(1), 12, 19);
  const auto its = numbers_of(y.view());
  auto sums = random_tensor<Real, 2, Space>(ls::Random(2), 30, 19);
  auto pushes = random_tensor<Real, 2, Space>(ls::Random(3), 20, 19);
  auto expected = numbers_of(sums.view());
  for (std::size_t u = 1; u < 21; ++u)
    for (std::size_t d = 0; d < features; ++d) {
      double sum = 0;
      const auto begin = static_cast<std::size_t>(list.offsets[u]), end = static_cast<std::size_t>(list.offsets[u + 1]);
      for (std::size_t n = begin; n < end; ++n) sum += its[static_cast<std::size_t>(list.items[n]) * features + d];
      expected[u * features + d] = end > begin ? sum / std::sqrt(static_cast<double>(end - begin)) : 0;
    }
  ls::sum_implicit_factors<Real, Space>(Space(), data.interactions.by_user(), 1, 21, 19, y.data(), sums.data(),
                                        pushes.data());
  const auto actual = numbers_of(sums.view());
  check::close(std::vector<Real>(actual.begin(), actual.end()), expected, tolerance<Real>);
  for (const double push : numbers_of(pushes.view())) CHECK(push == 0);
}

TEST_CASE_TEMPLATE("push_implicit_factors: reference: user after user, for any groups of items", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t features = 19;
  const auto list = RatingList::random(22, 30, 12, 0.4);
  const RatingCase<Real, Space> data(list);
  const auto pushes = random_tensor<Real, 2, Space>(ls::Random(3), 20, 19);
  const auto its = numbers_of(pushes.view());
  for (const ls::Index groups : {1, 5}) {
    auto y = random_tensor<Real, 2, Space>(ls::Random(1), 12, 19);
    auto expected = numbers_of(y.view());
    for (std::size_t u = 5; u < 25; ++u) {
      const auto begin = static_cast<std::size_t>(list.offsets[u]), end = static_cast<std::size_t>(list.offsets[u + 1]);
      const auto count = static_cast<double>(end - begin);
      for (std::size_t n = begin; n < end; ++n)
        for (std::size_t d = 0; d < features; ++d) {
          double& now = expected[static_cast<std::size_t>(list.items[n]) * features + d];
          now = std::pow(1 - 0.5 * 0.125, count) * now + 0.5 / std::sqrt(count) * its[(u - 5) * features + d];
        }
    }
    ls::Tensor<ls::Index, 1, Space> cuts(groups + 1);
    ls::cut_rows(Space(), data.interactions.by_item().offsets, 0, 12, groups, cuts.data());
    const ls::ImplicitArrays<Real> implicit{y.data(), nullptr, Real(0.5), Real(0.125)};
    ls::push_implicit_factors<Real, Space>(Space(), data.interactions.by_user(), 5, 25, 19, groups, cuts.data(),
                                           implicit, pushes.data());
    const auto actual = numbers_of(y.view());
    check::close(std::vector<Real>(actual.begin(), actual.end()), expected, tolerance<Real>);
  }
}
