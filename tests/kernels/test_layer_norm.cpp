// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <longshore/core/fill.hpp>
#include <longshore/kernels/layer_norm.hpp>
#include <vector>

#include "../reference/transformer.hpp"
#include "../support/check_block.hpp"
#include "../support/kernel_case.hpp"
#include "../support/numeric_gradient.hpp"

namespace ls = longshore;

namespace {

template <class Real, class Space>
struct NormArrays {
  ls::Tensor<Real, 2, Space> x, dy, y, statistics, dx;
  ls::Tensor<Real, 1, Space> weights, bias, dweights, dbias, workspace;

  NormArrays(int rows, int features)
      : y(rows, features),
        statistics(rows, 2),
        dx(rows, features),
        dweights(features),
        dbias(features),
        workspace(static_cast<int>(ls::layer_norm_backward_workspace(rows, features))) {
    x = random_tensor<Real, 2, Space>(ls::Random(1), rows, features);
    dy = random_tensor<Real, 2, Space>(ls::Random(2), rows, features);
    weights = random_tensor<Real, 1, Space>(ls::Random(3), features);
    bias = random_tensor<Real, 1, Space>(ls::Random(4), features);
  }
  void forward() {
    ls::layer_norm_forward<Real, Space>(Space(), x.view(), weights.view(), bias.view(), Real(0.01), y.view(),
                                        statistics.view());
  }
  /// Gradients start as 5; those that are not wanted stay.
  void backward(ls::Update update, bool by_x, bool by_weights, bool by_bias) {
    ls::fill<Real>(Space(), dx.view(), Real(5));
    ls::fill<Real>(Space(), dweights.view(), Real(5));
    ls::fill<Real>(Space(), dbias.view(), Real(5));
    ls::Target<Real, 2, Space> to_x;
    ls::Target<Real, 1, Space> to_weights, to_bias;
    if (by_x) to_x = {dx.view(), update};
    if (by_weights) to_weights = {dweights.view(), update};
    if (by_bias) to_bias = {dbias.view(), update};
    ls::layer_norm_backward<Real, Space>(Space(), dy.view(), x.view(), weights.view(), statistics.view(), to_x,
                                         to_weights, to_bias, workspace.view());
  }
};

}  // namespace

TEST_CASE_TEMPLATE("layer_norm: on views, equals the definition and its central differences, over several chunks",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const double within = std::is_same_v<Real, float> ? 2e-5 : 1e-8;
  for (const int rows : {1, 64, 130})
    for (const int features : {3, 16}) {
      CAPTURE(rows);
      CAPTURE(features);
      NormArrays<Real, Space> given(rows, features);
      auto x = numbers_of(given.x.view()), weights = numbers_of(given.weights.view()),
           bias = numbers_of(given.bias.view());
      const auto output = [&] { return reference::layer_norm(x, weights.size(), 0.01, weights, bias); };
      given.forward();
      check::close<double>(numbers_of(given.y.view()), output(), tolerance<Real>);
      if (rows == 130 && features == 16) continue;  // differences of so many numbers take long
      const auto by = [&](std::vector<double>& some) {
        return numeric_gradient(some, numbers_of(given.dy.view()), output);
      };
      const std::vector<std::vector<double>> expected{by(x), by(weights), by(bias)};
      for (const auto update : {ls::Update::write, ls::Update::add}) {
        given.backward(update, true, true, true);
        const std::vector<double> found[] = {numbers_of(given.dx.view()), numbers_of(given.dweights.view()),
                                             numbers_of(given.dbias.view())};
        for (std::size_t i = 0; i < 3; ++i) {
          auto sums = expected[i];
          for (double& sum : sums) sum += update == ls::Update::add ? 5 : 0;
          check::close<double>(found[i], sums, within, 1);
        }
      }
    }
}

TEST_CASE_TEMPLATE("layer_norm_forward: without weights and bias, in place, leaves mean less first and 1 / deviation",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto x = filled_tensor<Real, 2, Space>({1, 3, -2, 4}, 2, 2);
  ls::Tensor<Real, 2, Space> statistics(2, 2);
  ls::layer_norm_forward<Real, Space>(Space(), x.view(), {}, {}, Real(0), x.view(), statistics.view());
  check::close<double>(numbers_of(x.view()), {-1, 1, -1, 1}, tolerance<Real>);
  check::close<double>(numbers_of(statistics.view()), {1, 1, 3, 1.0 / 3}, tolerance<Real>);
}

TEST_CASE_TEMPLATE("layer_norm_backward: leaves out what nobody wants, the rest is the same", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  NormArrays<Real, Space> all(70, 5), some(70, 5);
  all.forward();
  some.forward();
  all.backward(ls::Update::write, true, true, true);
  some.backward(ls::Update::write, false, false, true);
  CHECK(numbers_of(some.dbias.view()) == numbers_of(all.dbias.view()));
  CHECK(numbers_of(some.dweights.view()) == std::vector<double>(5, 5));
  some.backward(ls::Update::write, true, false, false);
  CHECK(numbers_of(some.dx.view()) == numbers_of(all.dx.view()));
  CHECK(numbers_of(some.dbias.view()) == std::vector<double>(5, 5));
  some.backward(ls::Update::write, false, true, false);
  CHECK(numbers_of(some.dweights.view()) == numbers_of(all.dweights.view()));
  CHECK(numbers_of(some.dx.view()) == std::vector<double>(350, 5));
}

TEST_CASE_TEMPLATE("layer_norm_backward: without rows it writes zeros, or adds nothing", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  NormArrays<Real, Space> none(0, 5);
  none.forward();
  none.backward(ls::Update::write, true, true, true);
  CHECK(numbers_of(none.dweights.view()) == std::vector<double>(5, 0));
  CHECK(numbers_of(none.dbias.view()) == std::vector<double>(5, 0));
  none.backward(ls::Update::add, true, true, true);
  CHECK(numbers_of(none.dweights.view()) == std::vector<double>(5, 5));
  CHECK(numbers_of(none.dbias.view()) == std::vector<double>(5, 5));
}

TEST_CASE_TEMPLATE("layer_norm: P13: 10,000 random rows up to 1e4, of equal numbers and of one, equal long double",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr int rows = 1000;
  std::uint64_t next = 0;
  const ls::Random random(8);
  for (const int features : {1, 2, 3, 5, 8, 13, 16, 17, 33, 37}) {
    CAPTURE(features);
    NormArrays<Real, Space> arrays(rows, features);
    ls::fill<Real>(Space(), arrays.weights.view(), Real(1));
    ls::fill<Real>(Space(), arrays.bias.view(), Real(0));
    std::vector<Real> x;
    std::vector<double> expected;
    for (int b = 0; b < rows; ++b) {
      // Large and small numbers, equal ones, and a single large one among zeros.
      const double size = b % 3 == 0 ? 1e4 : b % 3 == 1 ? 1 : 100;
      const double first = size * (2 * random.uniform<double>(next++) - 1);
      std::vector<long double> row;
      for (int d = 0; d < features; ++d) {
        const double any = size * (2 * random.uniform<double>(next++) - 1);
        x.push_back(static_cast<Real>(b % 5 == 0 ? first : b % 5 == 1 ? (d == b % features ? size : 0) : any));
        row.push_back(static_cast<long double>(x.back()));
      }
      long double mean = 0, variance = 0;
      for (const auto number : row) mean += number / features;
      for (const auto number : row) variance += (number - mean) * (number - mean) / features;
      const long double deviation = std::sqrt(variance + 0.01L);
      for (const auto number : row) expected.push_back(static_cast<double>((number - mean) / deviation));
    }
    ls::copy_from_host(x, arrays.x.view());
    arrays.forward();
    const auto y = ls::copy_to_host(arrays.y.view());
    double worst = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      REQUIRE(std::isfinite(static_cast<double>(y[i])));
      worst = std::max(worst, std::abs(static_cast<double>(y[i]) - expected[i]) / std::max(1.0, std::abs(expected[i])));
    }
    CHECK(worst <= 1e-5);
  }
}
