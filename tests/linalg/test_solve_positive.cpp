// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/solve_positive.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <longshore/core/random.hpp>
#include <longshore/core/team.hpp>

#include "../support/spaces.hpp"

namespace ls = longshore;

namespace {

// A matrix of a given rank, vectorsᵀ vectors, and a right side in its range, padded as a host wants it.
template <class Real>
struct System {
  ls::Index size, stride;
  std::vector<Real> a, x, diagonal;
  std::vector<double> matrix, right;  // the same, not overwritten

  System(ls::Index its_size, ls::Index rank, std::uint64_t seed)
      : size(its_size),
        stride((its_size + ls::simd_width<Real> - 1) / ls::simd_width<Real> * ls::simd_width<Real>),
        a(static_cast<std::size_t>(size * stride)),
        x(static_cast<std::size_t>(stride)),
        diagonal(static_cast<std::size_t>(size)) {
    const ls::Random random(seed);
    std::vector<double> vectors(static_cast<std::size_t>(rank * size));
    for (std::size_t k = 0; k < vectors.size(); ++k) vectors[k] = random.normal<double>(k);
    for (ls::Index i = 0; i < size; ++i) {
      double b = 0;
      for (ls::Index j = 0; j < size; ++j) {
        double sum = 0;
        for (ls::Index r = 0; r < rank; ++r)
          sum += vectors[static_cast<std::size_t>(r * size + i)] * vectors[static_cast<std::size_t>(r * size + j)];
        matrix.push_back(sum);
        a[static_cast<std::size_t>(i * stride + j)] = static_cast<Real>(sum);
        b += sum * (1 + j % 3);
      }
      right.push_back(b);
      x[static_cast<std::size_t>(i)] = static_cast<Real>(b);
    }
  }

  Real solve() { return ls::solve_positive<Real>(ls::HostTeam{0}, size, stride, a.data(), x.data(), diagonal.data()); }

  // The largest element of A x - b, relative to that of b.
  double residual() const {
    double most = 0, worst = 0;
    for (std::size_t i = 0; i < right.size(); ++i) {
      double sum = -right[i];
      for (std::size_t j = 0; j < right.size(); ++j) sum += matrix[i * right.size() + j] * static_cast<double>(x[j]);
      worst = std::max(worst, std::abs(sum));
      most = std::max(most, std::abs(right[i]));
    }
    return worst / most;
  }
};

}  // namespace

TEST_CASE_TEMPLATE("solve_positive: two equations by hand", Real, float, double) {
  System<Real> system(2, 2, 1);
  const auto width = static_cast<std::size_t>(system.stride);
  std::ranges::fill(system.a, Real(0));
  system.a[0] = 4;
  system.a[1] = 2;
  system.a[width + 1] = 3;
  system.x[0] = 8;
  system.x[1] = 8;
  CHECK(static_cast<double>(system.solve()) == doctest::Approx(8 * 1 + 8 * 2));
  CHECK(static_cast<double>(system.x[0]) == doctest::Approx(1));
  CHECK(static_cast<double>(system.x[1]) == doctest::Approx(2));
}

TEST_CASE_TEMPLATE("solve_positive: random systems of every size", Real, float, double) {
  for (const ls::Index size : {1, 3, 7, 8, 15, 16, 17, 31, 64, 65, 100}) {
    CAPTURE(size);
    System<Real> system(size, 3 * size, static_cast<std::uint64_t>(size));
    const double product = static_cast<double>(system.solve());
    CHECK(system.residual() < tolerance<Real>);
    double expected = 0;
    for (std::size_t i = 0; i < system.right.size(); ++i)
      expected += system.right[i] * static_cast<double>(system.x[i]);
    CHECK(product == doctest::Approx(expected).epsilon(100 * tolerance<Real>));
    for (ls::Index i = size; i < system.stride; ++i) CHECK(system.x[static_cast<std::size_t>(i)] == 0);
  }
}

TEST_CASE_TEMPLATE("solve_positive: a singular system gets one of its solutions, zeros get zeros", Real, float,
                   double) {
  for (const ls::Index rank : {0, 1, 5}) {
    CAPTURE(rank);
    System<Real> system(20, rank, 9);
    system.solve();
    for (ls::Index i = 0; i < system.size; ++i) {
      const Real x = system.x[static_cast<std::size_t>(i)];
      CHECK(std::isfinite(x));
      if (i >= rank) CHECK(x == 0);
    }
    if (rank > 0) CHECK(system.residual() < 100 * tolerance<Real>);
  }
}
