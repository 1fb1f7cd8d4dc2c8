// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/bpr_steps.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"
#include "../support/rating_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("BprStep: reference: one comparison, with and without biases", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t features = 21;
  // One user with item 0 of two: the negative is item 1, or there is none.
  const RatingCase<Real, Space> data({.offsets = {0, 1}, .items = {0}, .values = {1}, .item_count = 2});
  const auto cuts = filled_tensor<ls::Index, 1, Space>({0, 1, 2}, 3);
  const auto user_cuts = filled_tensor<ls::Index, 1, Space>({0, 1}, 2),
             partners = filled_tensor<ls::Index, 1, Space>({1}, 1);
  ls::Tensor<std::int64_t, 1, Space> cursors(1);
  for (const bool biased : {true, false}) {
    int made = 0;
    for (std::uint64_t epoch = 0; epoch < 8; ++epoch) {
      auto users = random_tensor<Real, 2, Space>(ls::Random(1), 1, 21);
      auto items = random_tensor<Real, 2, Space>(ls::Random(2), 2, 21);
      auto bias = filled_tensor<Real, 1, Space>({Real(0.5), Real(-0.25)}, 2);
      ls::Tensor<double, 2, Space> losses(1, 2);
      auto p = numbers_of(users.view()), q = numbers_of(items.view());
      const ls::RatingBlocks<Real, Space> blocks{
          data.interactions.by_user(), 1, 2, user_cuts.data(), cuts.data(), nullptr, cursors.data(), losses.data()};
      const ls::NegativeGroups<Real, Space> negatives{
          data.interactions.by_user(), 2, cuts.data(), partners.data(), nullptr, 1};
      ls::visit_rating_blocks(
          Space(), blocks,
          ls::BprStep<Real, Space>{negatives, ls::Random(3).at(epoch), 21, users.data(), items.data(),
                                   biased ? bias.data() : nullptr, Real(0.5), Real(0.25), Real(0.125), Real(0.75)});
      const auto loss = numbers_of(losses.view());
      std::vector<double> b{0.5, -0.25};
      if (loss[1] == 1) {
        ++made;
        double above = biased ? 0.75 : 0;
        for (std::size_t d = 0; d < features; ++d) above += p[d] * (q[d] - q[features + d]);
        const double push = 1 / (1 + std::exp(above));
        CHECK(loss[0] == doctest::Approx(std::log1p(std::exp(-above))).epsilon(10 * tolerance<Real>));
        for (std::size_t d = 0; d < features; ++d) {
          const double user = p[d], liked = q[d], other = q[features + d];
          p[d] += 0.5 * (push * (liked - other) - 0.25 * user);
          q[d] += 0.5 * (push * user - 0.125 * liked);
          q[features + d] += 0.5 * (-push * user - 0.125 * other);
        }
        if (biased) b[0] += 0.5 * (push - 0.75 * b[0]), b[1] += 0.5 * (-push - 0.75 * b[1]);
      } else {
        CHECK(loss[0] == 0);
      }
      const auto real = [](const std::vector<double>& numbers) {
        return std::vector<Real>(numbers.begin(), numbers.end());
      };
      check::close(real(numbers_of(users.view())), p, tolerance<Real>);
      check::close(real(numbers_of(items.view())), q, tolerance<Real>);
      check::close(real(numbers_of(bias.view())), b, tolerance<Real>);
    }
    CHECK(made > 0);
    CHECK(made < 8);
  }
}

TEST_CASE_TEMPLATE("fold_in_bpr: reference: descent for one user, wherever its row stands", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t features = 5;
  const RatingCase<Real, Space> data(
      {.offsets = {0, 0, 2, 4}, .items = {1, 3, 1, 3}, .values = {1, 1, 1, 1}, .item_count = 6});
  const auto items = random_tensor<Real, 2, Space>(ls::Random(2), 6, 5);
  const auto bias = random_tensor<Real, 1, Space>(ls::Random(4), 6);
  const auto q = numbers_of(items.view()), b = numbers_of(bias.view());
  const ls::Random random(9);
  std::vector<double> p(features);
  for (std::uint64_t pass = 0; pass < 7; ++pass)
    for (std::uint64_t n = 0; n < 2; ++n) {
      const auto liked = static_cast<std::size_t>(n == 0 ? 1 : 3);
      const auto other = static_cast<std::size_t>(random.at(pass).below(n, 6));
      if (other == 1 || other == 3) continue;
      double above = b[liked] - b[other];
      for (std::size_t d = 0; d < features; ++d) above += p[d] * (q[liked * features + d] - q[other * features + d]);
      const double push = 1 / (1 + std::exp(above));
      for (std::size_t d = 0; d < features; ++d)
        p[d] += 0.5 * (push * (q[liked * features + d] - q[other * features + d]) - 0.25 * p[d]);
    }
  std::vector<double> expected(3 * features);
  for (std::size_t d = 0; d < features; ++d) expected[features + d] = expected[2 * features + d] = p[d];
  ls::Tensor<Real, 2, Space> result(3, 5);
  ls::fold_in_bpr<Real, Space>(Space(), {data.interactions.by_user(), random, 5, 7, items.data(), bias.data(),
                                         Real(0.5), Real(0.25), result.data()});
  const auto actual = numbers_of(result.view());
  check::close(std::vector<Real>(actual.begin(), actual.end()), expected, 10 * tolerance<Real>);
}
