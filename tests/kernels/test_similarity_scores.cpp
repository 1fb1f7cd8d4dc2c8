// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/similarity_scores.hpp>
#include <vector>

#include "../reference/poolings.hpp"
#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;
using Against = ls::SimilarityReference;

TEST_CASE_TEMPLATE("similarity_scores: equal sums over pairs of steps, against the others, the mean and the last",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (int shape = 0; shape < 10; ++shape)
    for (const auto against : {Against::others, Against::mean, Against::last}) {
      CAPTURE(shape);
      const auto list = WindowList::example(ls::Random(3).stream(static_cast<std::uint32_t>(shape)), shape);
      const PlacedWindows<Space> placed(list);
      const auto x = random_tensor<Real, 2, Space>(ls::Random(1), list.steps, 3);
      ls::Tensor<Real, 2, Space> with(placed.windows().count(), 3);
      ls::Tensor<Real, 1, Space> scores(placed.pair_count);
      ls::similarity_scores_forward<Real, Space>(Space{}, against, Real(2), x.view(), placed.windows(), with.view(),
                                                 scores.view());
      std::vector<double> expected;
      const auto rows = naive::rows_of(numbers_of(x.view()), 3);
      for (std::size_t w = 0; w < list.size(); ++w) {
        const naive::Rows steps(rows.begin() + list.begin[w], rows.begin() + list.end[w]);
        for (const double s : naive::similarity_scores(steps, static_cast<int>(against), 0)) expected.push_back(2 * s);
      }
      check::close(ls::copy_to_host(scores.view()), expected, 10 * tolerance<Real>);
    }
}

TEST_CASE("similarity_scores: the gradient by the rows equals central differences, written and added") {
  using Space = Kokkos::Serial;
  const WindowList list({0, 0, 1, 2}, {2, 3, 3, 6}, 7);
  const PlacedWindows<Space> placed(list);
  auto x = random_tensor<double, 2, Space>(ls::Random(1), 7, 2);
  const auto cotangent = random_tensor<double, 1, Space>(ls::Random(2), placed.pair_count);
  for (const auto against : {Against::others, Against::mean, Against::last}) {
    ls::Tensor<double, 2, Space> with(4, 2), scratch(4, 2), dx(7, 2);
    ls::Tensor<double, 1, Space> scores(placed.pair_count);
    const auto objective = [&] {
      ls::similarity_scores_forward<double, Space>(Space{}, against, 0.5, x.view(), placed.windows(), with.view(),
                                                   scores.view());
      return ls::dot(scores.data(), cotangent.data(), placed.pair_count);
    };
    for (const double before : {0.0, 10.0}) {
      objective();
      auto dscores = cotangent;
      for (std::size_t i = 0; i < 14; ++i) dx.data()[i] = before;
      ls::similarity_scores_backward<double, Space>(Space{}, against, 0.5, dscores.view(), x.view(), placed.windows(),
                                                    with.view(), scratch.view(),
                                                    {dx.view(), before == 0 ? ls::Update::write : ls::Update::add});
      for (std::size_t i = 0; i < 14; ++i) {
        const double value = x.data()[i];
        x.data()[i] = value + 1e-6;
        const double above = objective();
        x.data()[i] = value - 1e-6;
        const double below = objective();
        x.data()[i] = value;
        CHECK(dx.data()[i] - before == doctest::Approx((above - below) / 2e-6).epsilon(1e-6));
      }
    }
  }
}
