// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/team.hpp>
#include <longshore/kernels/layer_norm_rows.hpp>
#include <vector>

#include "../reference/transformer.hpp"
#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"
#include "../support/numeric_gradient.hpp"

namespace ls = longshore;

template <class Real>
struct NormBlock {
  static inline const std::string label = "test::norm_block";
  static constexpr int team_size = 64;
  ls::Index rows, features;
  Real eps;
  const Real* x;
  const Real* weights;
  const Real* bias;
  Real* y;
  Real* statistics;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    ls::layer_norm_rows(team, rows, features, eps, x, weights, bias, y, statistics);
  }
};

template <class Real>
struct NormBlockBackward {
  static inline const std::string label = "test::norm_block_backward";
  static constexpr int team_size = 64;
  ls::Index rows, features;
  const Real* dy;
  const Real* x;
  const Real* weights;
  const Real* statistics;
  Real* dx;
  ls::Update update;
  Real* dweights;
  Real* dbias;
  Real* workspace;
  template <class Team>
  KOKKOS_INLINE_FUNCTION void operator()(const Team& team) const {
    ls::layer_norm_backward_rows(team, rows, features, dy, x, weights, statistics, dx, update, dweights, dbias,
                                 workspace);
  }
};

TEST_CASE_TEMPLATE("layer_norm_rows: equals the definition, with sizes that the compiler knows and others", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index features : {3, 16, 50, 64, 70, 128, 200})
    for (const bool affine : {true, false}) {
      CAPTURE(features);
      const ls::Index rows = 5;
      auto x = random_tensor<Real, 2, Space>(ls::Random(1), rows, features);
      auto weights = random_tensor<Real, 1, Space>(ls::Random(2), features),
           bias = random_tensor<Real, 1, Space>(ls::Random(3), features);
      ls::Tensor<Real, 2, Space> y(rows, features), statistics(rows, 2);
      const std::vector<double> ones(static_cast<std::size_t>(features), 1), zeros(ones.size(), 0);
      const auto expected =
          reference::layer_norm(numbers_of(x.view()), ones.size(), 0.01, affine ? numbers_of(weights.view()) : ones,
                                affine ? numbers_of(bias.view()) : zeros);
      NormBlock<Real> norm{rows,
                           features,
                           Real(0.01),
                           x.data(),
                           affine ? weights.data() : nullptr,
                           affine ? bias.data() : nullptr,
                           y.data(),
                           statistics.data()};
      ls::for_each_team<Space>(Space(), 1, norm);
      check::close<double>(numbers_of(y.view()), expected, tolerance<Real>);
      const auto left = numbers_of(statistics.view());
      double mean = 0;
      for (std::size_t d = 0; d < ones.size(); ++d) mean += numbers_of(x.view())[d] / static_cast<double>(features);
      CHECK(left[0] == doctest::Approx(mean - numbers_of(x.view())[0]).epsilon(1e-4));
      norm.y = x.data();  // in place
      ls::for_each_team<Space>(Space(), 1, norm);
      CHECK(numbers_of(x.view()) == numbers_of(y.view()));
    }
}

TEST_CASE_TEMPLATE("layer_norm_backward_rows: equals central differences of the definition", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const double within = std::is_same_v<Real, float> ? 1e-5 : 1e-8;
  for (const ls::Index features : {3, 16, 70}) {
    CAPTURE(features);
    const ls::Index rows = 4;
    auto x = random_tensor<Real, 2, Space>(ls::Random(1), rows, features),
         dy = random_tensor<Real, 2, Space>(ls::Random(4), rows, features);
    auto weights = random_tensor<Real, 1, Space>(ls::Random(2), features);
    ls::Tensor<Real, 2, Space> y(rows, features), statistics(rows, 2), dx(rows, features);
    ls::Tensor<Real, 1, Space> dweights(features), dbias(features), workspace(2 * features);
    ls::for_each_team<Space>(
        Space(), 1,
        NormBlock<Real>{rows, features, Real(0.01), x.data(), weights.data(), nullptr, y.data(), statistics.data()});
    auto wide_x = numbers_of(x.view()), wide_weights = numbers_of(weights.view());
    std::vector<double> wide_bias(wide_weights.size(), 0);
    const auto by = [&](std::vector<double>& some) {
      return numeric_gradient(some, numbers_of(dy.view()), [&] {
        return reference::layer_norm(wide_x, wide_weights.size(), 0.01, wide_weights, wide_bias);
      });
    };
    const auto expected_x = by(wide_x), expected_weights = by(wide_weights), expected_bias = by(wide_bias);
    NormBlockBackward<Real> backward{
        rows,      features,          dy.data(),       x.data(),     weights.data(),  statistics.data(),
        dx.data(), ls::Update::write, dweights.data(), dbias.data(), workspace.data()};
    ls::for_each_team<Space>(Space(), 1, backward);
    check::close<double>(numbers_of(dx.view()), expected_x, within);
    check::close<double>(numbers_of(dweights.view()), expected_weights, within);
    check::close<double>(numbers_of(dbias.view()), expected_bias, within);

    auto doubled = expected_x;
    for (double& number : doubled) number *= 2;
    backward.update = ls::Update::add;
    backward.dweights = backward.dbias = nullptr;
    ls::for_each_team<Space>(Space(), 1, backward);
    check::close<double>(numbers_of(dx.view()), doubled, within);

    const auto before = numbers_of(dx.view());
    backward.dweights = dweights.data();
    backward.dbias = dbias.data();
    backward.dx = nullptr;  // the sums alone; overwritten once more
    ls::for_each_team<Space>(Space(), 1, backward);
    CHECK(numbers_of(dx.view()) == before);
    check::close<double>(numbers_of(dweights.view()), expected_weights, within);

    backward.dx = dy.data();  // where the gradient came from
    backward.update = ls::Update::write;
    ls::for_each_team<Space>(Space(), 1, backward);
    check::close<double>(numbers_of(dy.view()), expected_x, within);
  }
}
