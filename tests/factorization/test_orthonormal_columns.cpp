// SPDX-License-Identifier: Apache-2.0
#include <longshore/factorization/orthonormal_columns.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "../support/close.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

/// AᵀA for A of so many columns.
std::vector<double> gram_of(const std::vector<double>& a, std::size_t columns) {
  std::vector<double> gram(columns * columns);
  for (std::size_t r = 0; r < a.size(); r += columns)
    for (std::size_t i = 0; i < columns; ++i)
      for (std::size_t j = 0; j < columns; ++j) gram[i * columns + j] += a[r + i] * a[r + j];
  return gram;
}

}  // namespace

TEST_CASE_TEMPLATE("orthonormal_columns: Q is orthonormal and Q R is what came, of columns that are nearly alike too",
                   Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  const double apart = std::is_same_v<Real, float> ? 1e-3 : 1e-6;
  for (const int rows : {4, 60, 2500})
    for (const double difference : {1.0, apart}) {
      CAPTURE(rows);
      CAPTURE(difference);
      auto numbers = numbers_of(random_tensor<Real, 2, Space>(ls::Random(2), rows, 4).view());
      for (std::size_t r = 0; r < numbers.size(); r += 4) {
        numbers[r] *= 1e-4;  // short beside the others
        numbers[r + 2] = numbers[r + 1] + difference * numbers[r + 2];
      }
      auto y = filled_tensor<Real, 2, Space>({numbers.begin(), numbers.end()}, rows, 4);
      const auto before = numbers_of(y.view());
      const auto r = ls::orthonormal_columns<Real, Space>(Space(), y.view());
      const auto q = numbers_of(y.view());
      check::close(gram_of(q, 4), {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, 10 * tolerance<Real>);
      std::vector<double> again(before.size());
      for (std::size_t row = 0; row < q.size(); row += 4)
        for (std::size_t i = 0; i < 4; ++i)
          for (std::size_t j = 0; j < 4; ++j) again[row + j] += q[row + i] * r[i * 4 + j];
      check::close(again, before, 10 * tolerance<Real>);
    }
}

TEST_CASE_TEMPLATE("orthonormal_columns: what depends on others, zeros and a matrix without rows leave zeros", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  auto y = filled_tensor<Real, 2, Space>({1, 2, 0, 0, 0, 0, -2, -4, 0}, 3, 3);
  const auto r = ls::orthonormal_columns<Real, Space>(Space(), y.view());
  const auto q = numbers_of(y.view());
  double norm = 0;
  std::vector<double> again(9);
  for (std::size_t i = 0; i < 9; ++i) {
    CHECK(std::isfinite(q[i]));
    norm += q[i] * q[i];
    for (std::size_t j = 0; j < 3; ++j) again[i / 3 * 3 + j] += q[i] * r[i % 3 * 3 + j];
  }
  CHECK(norm == doctest::Approx(1.0).epsilon(1e-5));  // one column, and zeros
  check::close(again, {1, 2, 0, 0, 0, 0, -2, -4, 0}, 10 * tolerance<Real>);
  ls::Tensor<Real, 2, Space> none(0, 2);
  CHECK(ls::orthonormal_columns<Real, Space>(Space(), none.view()) == std::vector<double>{1, 0, 0, 1});
}

TEST_CASE("orthonormal_columns: the same bits on every space") {
  const auto made = []<class Space>(Space space) {
    auto y = random_tensor<float, 2, Space>(ls::Random(3), 3100, 7);
    ls::orthonormal_columns<float, Space>(space, y.view());
    return ls::copy_to_host(y.view());
  };
  const auto expected = made(Kokkos::Serial());
  CHECK(made(Kokkos::Serial()) == expected);
  for_every_other_space([&](auto space) {
    if constexpr (ls::is_host_space<decltype(space)>) CHECK(made(space) == expected);
  });
}
