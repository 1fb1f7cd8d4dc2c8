// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/fold_in_ratings.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"
#include "../support/rating_case.hpp"

namespace ls = longshore;

namespace {

/// Solves a small system in double, by elimination with pivots.
std::vector<double> solved(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t size = b.size();
  for (std::size_t k = 0; k < size; ++k) {
    std::size_t pivot = k;
    for (std::size_t r = k; r < size; ++r)
      if (std::abs(a[r][k]) > std::abs(a[pivot][k])) pivot = r;
    std::swap(a[k], a[pivot]), std::swap(b[k], b[pivot]);
    for (std::size_t r = k + 1; r < size; ++r) {
      const double factor = a[r][k] / a[k][k];
      for (std::size_t c = k; c < size; ++c) a[r][c] -= factor * a[k][c];
      b[r] -= factor * b[k];
    }
  }
  for (std::size_t k = size; k-- > 0;) {
    for (std::size_t c = k + 1; c < size; ++c) b[k] -= a[k][c] * b[c];
    b[k] /= a[k][k];
  }
  return b;
}

}  // namespace

TEST_CASE_TEMPLATE("fold_in_ratings: reference: the normal equations, with biases, without, and with implicit factors",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  constexpr std::size_t features = 6;
  const auto list = RatingList::random(31, 100, 25, 0.4);  // more rows than bodies on a host
  const RatingCase<Real, Space> data(list);
  const auto others = random_tensor<Real, 2, Space>(ls::Random(1), 25, features + 2);
  const auto y = random_tensor<Real, 2, Space>(ls::Random(2), 25, features);
  const auto mean = filled_tensor<Real, 1, Space>({Real(2.5)}, 1);
  const auto q = numbers_of(others.view()), implicit = numbers_of(y.view());
  for (const bool biased : {true, false})
    for (const bool with_implicit : {true, false})
      for (const bool of_items : {true, false}) {
        const std::size_t bias_column = of_items ? features : features + 1;
        const double known = of_items ? 0 : 2.5;
        std::vector<double> expected(100 * (features + 2));
        for (std::size_t r = 0; r < 100; ++r) {
          const auto begin = static_cast<std::size_t>(list.offsets[r]),
                     end = static_cast<std::size_t>(list.offsets[r + 1]);
          const auto count = static_cast<double>(end - begin);
          std::vector<double> z(features), b(features + 1);
          std::vector<std::vector<double>> a(features + 1, std::vector<double>(features + 1));
          for (std::size_t n = begin; with_implicit && n < end; ++n)
            for (std::size_t d = 0; d < features; ++d)
              z[d] += implicit[static_cast<std::size_t>(list.items[n]) * features + d] / std::sqrt(count);
          for (std::size_t d = 0; d < features; ++d) a[d][d] = count > 0 ? 0.5 * count : 1;
          a[features][features] = count > 0 ? 0.25 * count : 1;
          for (std::size_t n = begin; n < end; ++n) {
            const double* row = &q[static_cast<std::size_t>(list.items[n]) * (features + 2)];
            std::vector<double> x(row, row + features);
            x.push_back(biased ? 1 : 0);
            double rest = list.values[n] - known - row[bias_column];
            for (std::size_t d = 0; d < features; ++d) rest -= z[d] * x[d];
            for (std::size_t d = 0; d <= features; ++d) {
              b[d] += rest * x[d];
              for (std::size_t e = 0; e <= features; ++e) a[d][e] += x[d] * x[e];
            }
          }
          const auto solution = solved(a, b);
          double* to = &expected[r * (features + 2)];
          for (std::size_t d = 0; d < features; ++d) to[d] = solution[d] + z[d];
          to[features] = to[features + 1] = 1;
          to[of_items ? features + 1 : features] = known + solution[features];
        }
        ls::FoldInSettings<Real> settings;
        settings.features = features;
        settings.biased = biased;
        settings.regularisation = Real(0.5);
        settings.bias_regularisation = Real(0.25);
        settings.mean = of_items ? nullptr : mean.data();
        settings.bias_column = static_cast<ls::Index>(bias_column);
        settings.implicit = with_implicit ? y.data() : nullptr;
        ls::Tensor<Real, 2, Space> result(100, features + 2);
        ls::Tensor<Real, 1, Space> workspace(ls::fold_in_ratings_workspace<Space>(100, features));
        ls::fold_in_ratings<Real, Space>(Space(), data.interactions.by_user(), others.data(), settings, result.data(),
                                         workspace.data());
        const auto actual = numbers_of(result.view());
        check::close(std::vector<Real>(actual.begin(), actual.end()), expected,
                     std::is_same_v<Real, float> ? 1e-5 : 1e-10);
      }
}

TEST_CASE(
    "fold_in_ratings: edges: without regularisation and with fewer ratings than features the fit is exact and finite") {
  using Space = Kokkos::Serial;
  const RatingCase<double, Space> data({.offsets = {0, 2}, .items = {0, 3}, .values = {1, 5}, .item_count = 4});
  const auto others = random_tensor<double, 2, Space>(ls::Random(4), 4, 12);
  ls::FoldInSettings<double> settings;
  settings.features = 10;
  settings.biased = false;
  settings.bias_column = 11;
  ls::Tensor<double, 2, Space> result(1, 12);
  ls::Tensor<double, 1, Space> workspace(ls::fold_in_ratings_workspace<Space>(1, 10));
  ls::fold_in_ratings<double, Space>(Space(), data.interactions.by_user(), others.data(), settings, result.data(),
                                     workspace.data());
  for (const auto& [item, rating] : {std::pair(0, 1.0), std::pair(3, 5.0)})
    CHECK(ls::dot(result.data(), others.data() + item * 12, 12) == doctest::Approx(rating));
}
