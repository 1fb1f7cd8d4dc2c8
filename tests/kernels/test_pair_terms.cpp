// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/kernels/pair_terms.hpp>
#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

constexpr std::size_t features = 5, factors = 3, width = factors + 2;

/// What a side of six rows is made of, in double. Each p and b serves two rows.
struct Numbers {
  std::vector<double> x, weights, vectors_of, p, b, mean;  // (6, H), (H), (K, H), (3, K), (3), (1)

  /// y, (6, K + 2), with `own` in front of 1.
  std::vector<double> forward(bool with_x) const {
    std::vector<double> y;
    for (std::size_t r = 0; r < 6; ++r) {
      double own = mean[0] + b[r / 2], pairs = 0, squares = 0;
      for (std::size_t k = 0; k < factors; ++k) {
        double z = p[r / 2 * factors + k];
        squares += with_x ? z * z : 0;
        for (std::size_t h = 0; with_x && h < features; ++h) {
          const double term = vectors_of[k * features + h] * x[r * features + h];
          z += term;
          squares += term * term;
        }
        pairs += with_x ? z * z : 0;
        y.push_back(z);
      }
      for (std::size_t h = 0; with_x && h < features; ++h) own += weights[h] * x[r * features + h];
      y.push_back(own + 0.5 * (pairs - squares));
      y.push_back(1);
    }
    return y;
  }
  /// The derivatives of <dy, y> by one of the arrays.
  std::vector<double> derivatives(std::vector<double> Numbers::*array, const std::vector<double>& dy, bool with_x) {
    std::vector<double> result;
    for (double& element : this->*array) {
      const double before = element;
      const auto objective = [&](double value) {
        element = value;
        const auto y = forward(with_x);
        double sum = 0;
        for (std::size_t i = 0; i < y.size(); ++i) sum += dy[i] * y[i];
        element = before;
        return sum;
      };
      result.push_back((objective(before + 0.5) - objective(before - 0.5)));  // exact: quadratic in each of them
    }
    return result;
  }
};

}  // namespace

TEST_CASE_TEMPLATE("pair_terms: forward and backward equal loops and differences, with features and without", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const Space space;
  for (const bool with_x : {true, false}) {
    CAPTURE(with_x);
    const auto x = random_tensor<Real, 2, Space>(ls::Random(1), 6, 5),
               v = random_tensor<Real, 2, Space>(ls::Random(2), 3, 5),
               p = random_tensor<Real, 2, Space>(ls::Random(3), 3, 3),
               b = random_tensor<Real, 2, Space>(ls::Random(4), 3, 1),
               dy = random_tensor<Real, 2, Space>(ls::Random(5), 6, 5);
    const auto w = random_tensor<Real, 1, Space>(ls::Random(6), 5),
               mean = random_tensor<Real, 1, Space>(ls::Random(7), 1);
    Numbers numbers{numbers_of(x.view()), numbers_of(w.view()), numbers_of(v.view()),
                    numbers_of(p.view()), numbers_of(b.view()), numbers_of(mean.view())};
    ls::Tensor<Real, 1, Space> squares(5);
    ls::factor_squares<Real, Space>(space, v.view(), squares.view());
    std::vector<double> products;  // x times the factors
    for (std::size_t r = 0; r < 6; ++r)
      for (std::size_t k = 0; k < factors; ++k) {
        double sum = 0;
        for (std::size_t h = 0; h < features; ++h)
          sum += numbers.vectors_of[k * features + h] * numbers.x[r * features + h];
        products.push_back(sum);
      }
    const auto multiplied = filled_tensor<Real, 2, Space>({products.begin(), products.end()}, 6, 3);
    ls::PairTerms<Real> terms;
    terms.rows = 6;
    terms.features = with_x ? 5 : 0;
    terms.factors = 3;
    terms.repeat = 2;
    terms.vectors = p.data();
    terms.bias = b.data();
    terms.mean = mean.data();
    if (with_x) {
      terms.x = x.data();
      terms.weights = w.data();
      terms.squares = squares.data();
      terms.products = multiplied.data();
    }
    ls::Tensor<Real, 2, Space> y(6, 5), other(6, 5), dz(6, 3), powers(6, 2 * terms.features), dp(3, 3), db(3, 1);
    ls::pair_terms_forward<Real, Space>(space, terms, y.view());
    check::close(ls::copy_to_host(y.view()), numbers.forward(with_x), tolerance<Real>);
    auto swapped = terms;
    swapped.own = 1;
    ls::pair_terms_forward<Real, Space>(space, swapped, other.view());
    const auto first = numbers_of(y.view()), second = numbers_of(other.view());
    for (std::size_t r = 0; r < 6; ++r) {
      CHECK(second[r * width + factors] == 1);
      CHECK(second[r * width + factors + 1] == first[r * width + factors]);
    }

    const auto gradient = numbers_of(dy.view());
    ls::pair_terms_backward<Real, Space>(space, terms, dy.view(), y.view(), dz.view(), powers.view());
    ls::copy_from_host(std::vector<Real>(9, Real(1)), dp.view());  // added to
    ls::pair_terms_backward_vectors<Real, Space>(space, terms, dy.view(), dz.view(), {dp.view(), ls::Update::add},
                                                 {db.view(), ls::Update::write});
    auto expected_dp = numbers.derivatives(&Numbers::p, gradient, with_x);
    for (double& number : expected_dp) number += 1;
    check::close(ls::copy_to_host(dp.view()), expected_dp, 10 * tolerance<Real>);
    check::close(ls::copy_to_host(db.view()), numbers.derivatives(&Numbers::b, gradient, with_x), 10 * tolerance<Real>);
    if (!with_x) continue;

    // What the products do: dx = dz V and dV = dzᵀ x.
    const auto g = numbers_of(dz.view()), power = numbers_of(powers.view());
    std::vector<double> dx(30), dv(15), weights(features), second_powers(features);
    for (std::size_t r = 0; r < 6; ++r)
      for (std::size_t h = 0; h < features; ++h) {
        weights[h] += power[r * 2 * features + h];
        second_powers[h] += power[r * 2 * features + features + h];
        for (std::size_t k = 0; k < factors; ++k) {
          dx[r * features + h] += g[r * factors + k] * numbers.vectors_of[k * features + h];
          dv[k * features + h] += g[r * factors + k] * numbers.x[r * features + h];
        }
      }
    auto of_x = filled_tensor<Real, 2, Space>({dx.begin(), dx.end()}, 6, 5);
    auto of_v = filled_tensor<Real, 2, Space>({dv.begin(), dv.end()}, 3, 5);
    const auto sums = filled_tensor<Real, 1, Space>({second_powers.begin(), second_powers.end()}, 5);
    ls::pair_terms_backward_x<Real, Space>(space, terms, dy.view(), of_x.view());
    ls::pair_terms_backward_factors<Real, Space>(space, v.view(), sums.data(), of_v.view());
    check::close(ls::copy_to_host(of_x.view()), numbers.derivatives(&Numbers::x, gradient, true), 10 * tolerance<Real>);
    check::close(ls::copy_to_host(of_v.view()), numbers.derivatives(&Numbers::vectors_of, gradient, true),
                 10 * tolerance<Real>);
    check::close(weights, numbers.derivatives(&Numbers::weights, gradient, true), 10 * tolerance<Real>);
  }
}
