// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/bpr_steps.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
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
  const auto columns = filled_tensor<double, 1, Space>({1, 1}, 2);
  const auto cuts = filled_tensor<ls::Index, 1, Space>({0, 1, 2}, 3);
  const auto user_cuts = filled_tensor<ls::Index, 1, Space>({0, 1}, 2),
             starts = filled_tensor<ls::Index, 1, Space>({0}, 1);
  ls::Tensor<std::uint32_t, 2, Space> cursors(1, 2);
  for (const bool biased : {true, false}) {
    int made = 0;
    for (std::uint64_t epoch = 0; epoch < 8; ++epoch) {
      auto users = random_tensor<Real, 2, Space>(ls::Random(1), 1, 21);
      auto items = random_tensor<Real, 2, Space>(ls::Random(2), 2, 21);
      auto bias = filled_tensor<Real, 1, Space>({Real(0.5), Real(-0.25)}, 2);
      ls::Tensor<double, 2, Space> losses(1, 2);
      auto p = numbers_of(users.view()), q = numbers_of(items.view());
      const ls::PairedBlocks<Real, Space> blocks{data.interactions.by_user(),
                                                 1,
                                                 2,
                                                 user_cuts.data(),
                                                 cuts.data(),
                                                 starts.data(),
                                                 0,
                                                 cursors.data(),
                                                 losses.data()};
      const ls::NegativeGroups<Real, Space> negatives{data.interactions.by_user(), 2, cuts.data(), columns.data()};
      ls::visit_paired_blocks(
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

TEST_CASE_TEMPLATE("BprStep: reference: pushes and losses of scores of either sign, near and far", Real, float,
                   double) {
  const Real scores[8] = {-100, -9, Real(-0.25), 0, Real(0.001), 3, 30, 200};
  Real pushes[8], losses[8];
  ls::BprStep<Real, Kokkos::Serial>{}.judge(scores, pushes, losses);
  for (std::size_t i = 0; i < 8; ++i) {
    const double score = static_cast<double>(scores[i]), small = std::exp(-std::abs(score));
    CHECK(static_cast<double>(pushes[i]) ==
          doctest::Approx((score < 0 ? 1 : small) / (1 + small)).epsilon(10 * tolerance<Real>));
    CHECK(static_cast<double>(losses[i]) ==
          doctest::Approx(std::max(-score, 0.0) + std::log1p(small)).epsilon(10 * tolerance<Real>));
  }
}
