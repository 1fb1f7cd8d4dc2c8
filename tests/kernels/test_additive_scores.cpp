// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <longshore/kernels/additive_scores.hpp>
#include <vector>

#include "../reference/poolings.hpp"
#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("additive_scores: equal the formula for more rows than a group, with and without keeping", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index steps : {0, 1, 50, 900})
    for (const bool with_bias : {false, true}) {
      const auto x = random_tensor<Real, 2, Space>(ls::Random(1), steps, 3);
      const auto weights = random_tensor<Real, 2, Space>(ls::Random(2), 11, 3);
      const auto bias = random_tensor<Real, 1, Space>(ls::Random(3), with_bias ? 11 : 0);
      const auto query = random_tensor<Real, 1, Space>(ls::Random(4), 11);
      const auto expected = naive::additive_scores(
          naive::rows_of(numbers_of(x.view()), 3), naive::rows_of(numbers_of(weights.view()), 3),
          numbers_of(bias.view()), numbers_of(query.view()), [](double s) { return std::tanh(s); });
      for (const bool keeps : {false, true}) {
        ls::Tensor<Real, 1, Space> scores(steps);
        ls::Tensor<Real, 1, Space> packed(static_cast<ls::Index>(ls::additive_scores_packed<Real>(3, 11)));
        ls::Tensor<Real, 1, Space> values(static_cast<ls::Index>(
            keeps ? ls::additive_scores_hidden<Real>(steps, 11) : ls::additive_scores_tiles<Real, Space>(steps, 11)));
        ls::additive_scores_forward<Real, Space>(Space{}, ls::ActivationKind::tanh, x.view(), weights.view(),
                                                 bias.view(), query.view(), keeps, scores.view(), packed.view(),
                                                 values.view());
        Kokkos::fence();
        check::close(ls::copy_to_host(scores.view()), expected, tolerance<Real>);
      }
    }
}

TEST_CASE("additive_scores: gradients equal central differences for more rows than a group, and targets are added to") {
  using Space = Kokkos::Serial;
  const ls::Index steps = 400, in = 2, hidden = 3;
  WindowList list;
  for (ls::Index w = 0; w < 99; ++w) {
    list.begin.push_back(4 * w);
    list.end.push_back(4 * w + 7);
  }
  list.end.back() = list.steps = steps;
  const PlacedWindows<Space> placed(list);
  const auto dscores = random_tensor<double, 1, Space>(ls::Random(9), placed.pair_count);
  auto x = random_tensor<double, 2, Space>(ls::Random(1), steps, in);
  auto weights = random_tensor<double, 2, Space>(ls::Random(2), hidden, in);
  auto bias = random_tensor<double, 1, Space>(ls::Random(3), hidden);
  auto query = random_tensor<double, 1, Space>(ls::Random(4), hidden);
  ls::Tensor<double, 1, Space> scores(steps);
  ls::Tensor<double, 1, Space> packed(static_cast<ls::Index>(ls::additive_scores_packed<double>(in, hidden)));
  ls::Tensor<double, 1, Space> values(static_cast<ls::Index>(ls::additive_scores_hidden<double>(steps, hidden)));
  const auto objective = [&] {
    ls::additive_scores_forward<double, Space>(Space{}, ls::ActivationKind::tanh, x.view(), weights.view(), bias.view(),
                                               query.view(), true, scores.view(), packed.view(), values.view());
    double sum = 0;
    for (std::size_t w = 0; w < list.size(); ++w)
      for (ls::Index i = 0; i < list.length(w); ++i)
        sum += scores.view()(list.begin[w] + i) * dscores.view()(list.pairs()[w] + i);
    return sum;
  };
  objective();
  ls::Tensor<double, 2, Space> dx(steps, in), dweights(hidden, in);
  ls::Tensor<double, 1, Space> dbias(hidden), dquery(hidden);
  ls::fill(Space{}, dx.view(), 10.0);
  ls::fill(Space{}, dweights.view(), 10.0);
  ls::Tensor<double, 1, Space> workspace(
      static_cast<ls::Index>(ls::additive_scores_backward_workspace<double, Space>(steps, in, hidden)));
  ls::additive_scores_backward<double, Space>(
      Space{}, ls::ActivationKind::tanh, dscores.view(), placed.windows(), x.view(), weights.view(), packed.view(),
      values.view(), {dx.view(), ls::Update::add}, {dweights.view(), ls::Update::add},
      {dbias.view(), ls::Update::write}, {dquery.view(), ls::Update::write}, workspace.view());
  const auto check_all = [&](double* numbers, std::size_t count, const double* gradient, double before) {
    for (std::size_t i = 0; i < count; ++i) {
      const double value = numbers[i];
      numbers[i] = value + 1e-5;
      const double above = objective();
      numbers[i] = value - 1e-5;
      const double below = objective();
      numbers[i] = value;
      CHECK(gradient[i] - before == doctest::Approx((above - below) / 2e-5).epsilon(1e-5));
    }
  };
  check_all(weights.data(), weights.size(), dweights.data(), 10);
  check_all(bias.data(), bias.size(), dbias.data(), 0);
  check_all(query.data(), query.size(), dquery.data(), 0);
  check_all(x.data() + 370 * in, 30 * in, dx.data() + 370 * in, 10);  // the last of one group, the first of the next
}
