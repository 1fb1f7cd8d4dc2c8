// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/gradient_norm.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <longshore/kernels/for_each_piece.hpp>
#include <vector>

#include "../support/kernel_case.hpp"

namespace ls = longshore;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Joins norms as the optimiser does, with status and counts of its own.
struct Join {
  using Space = Kokkos::Serial;
  ls::GradientStatus status;
  std::vector<std::int64_t> counts = std::vector<std::int64_t>(4);
  double clip = 0, largest = 1e16;

  void operator()(const std::vector<ls::ChunkNorm>& norms, const double* loss = nullptr) {
    const ls::JoinNorms<double> join{
        norms.data(), static_cast<ls::Index>(norms.size()), loss, 4, clip, largest, counts.data(), &status};
    ls::for_each_team<Space>(Space{}, 1, join);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("gradient_norm: chunks of several arrays hold their sums of squares, in double", Where,
                   LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const int size : {1, 7, 4095, 4096, 4097, 12289}) {
    CAPTURE(size);
    const auto first = random_tensor<Real, 1, Space>(ls::Random(1), size),
               second = random_tensor<Real, 1, Space>(ls::Random(2), 3);
    const std::vector<ls::NormPiece<Real>> pieces{{first.data(), size, 1, 5},
                                                  {second.data(), 3, 1 + (size + 4095) / 4096, 2}};
    CHECK(pieces[0].chunks() == (size + 4095) / 4096);
    const auto chunks = pieces[0].chunks() + 2;
    ls::Tensor<ls::ChunkNorm, 1, Space> norms(chunks);
    ls::for_each_piece<Space>(Space{}, std::span(pieces), ls::ChunkNorms<Real>{norms.data()});
    Kokkos::fence();
    const auto found = ls::copy_to_host(norms.view());
    const auto expected = [](const std::vector<double>& numbers, std::size_t from) {
      long double sum = 0;
      for (std::size_t i = from; i < std::min(numbers.size(), from + 4096); ++i)
        sum += static_cast<long double>(numbers[i]) * static_cast<long double>(numbers[i]);
      return static_cast<double>(sum);
    };
    const auto numbers = numbers_of(first.view());
    for (std::size_t chunk = 0; chunk + 2 < found.size(); ++chunk) {
      CHECK(found[chunk + 1].squares == doctest::Approx(expected(numbers, 4096 * chunk)).epsilon(1e-13));
      CHECK(found[chunk + 1].owner == 5);
      CHECK(found[chunk + 1].bad == 0);
    }
    CHECK(found.back().squares == doctest::Approx(expected(numbers_of(second.view()), 0)).epsilon(1e-13));
    CHECK(found.back().owner == 2);
  }
}

TEST_CASE_TEMPLATE("gradient_norm: a chunk is bad where a number is not finite, not where only its square is", Real,
                   float, double) {
  std::vector<Real> numbers(100, Real(1));
  const auto look = [&] { return ls::norm_of(ls::HostTeam{0}, numbers.data(), 100, 1); };
  CHECK(look().squares == 100);
  for (const std::size_t at : {0u, 50u, 99u})
    for (const double special : {infinite, -infinite, std::numeric_limits<double>::quiet_NaN()}) {
      numbers[at] = static_cast<Real>(special);
      CHECK(look().bad == 1);
      numbers[at] = std::numeric_limits<Real>::max();
      CHECK(look().bad == 0);
      numbers[at] = Real(1);
    }
}

TEST_CASE("gradient_norm: norms are joined, and each owner's step is counted once") {
  Join join;
  join({{9, 0, 0}, {0, 1, 0}, {7, 1, 0}, {9, 3, 0}});
  CHECK(join.status.norm == 5);
  CHECK(join.status.scale == 1);
  CHECK(join.status.bad == -1);
  CHECK(join.status.steps == 1);
  CHECK(join.counts == std::vector<std::int64_t>{1, 1, 0, 1});
  join({});
  CHECK(join.status.norm == 0);
  CHECK(join.status.steps == 2);
  join.clip = 2;
  join({{16, 2, 0}});
  CHECK(join.status.norm == 4);
  CHECK(join.status.scale == doctest::Approx(2 / (4 + 1e-6)).epsilon(1e-15));
  CHECK(join.counts == std::vector<std::int64_t>{1, 1, 1, 1});
  // PyTorch's clipping adds 1e-6 to the norm, also where the norm is the limit.
  join({{4, 2, 0}});
  CHECK(join.status.scale == doctest::Approx(2 / (2 + 1e-6)).epsilon(1e-15));
  join({{3.9, 2, 0}});
  CHECK(join.status.scale == 1);
}

TEST_CASE("gradient_norm: a bad gradient is the first owner's, a bad loss comes before it, and nothing is counted") {
  Join join;
  join({{1, 0, 0}, {infinite, 3, 1}, {infinite, 1, 1}, {infinite, 2, 1}});
  CHECK(join.status.bad == 1);
  CHECK(join.status.refused == 1);
  CHECK(join.status.too_large == 0);
  CHECK(join.status.steps == 0);
  CHECK(join.counts == std::vector<std::int64_t>(4));
  // Whatever comes after it is refused, too.
  join({{1, 0, 0}});
  CHECK(join.status.bad == 1);
  CHECK(join.status.refused == 2);
  CHECK(join.counts == std::vector<std::int64_t>(4));
  join.status = {};
  double loss = std::numeric_limits<double>::quiet_NaN();
  join({{infinite, 3, 1}}, &loss);
  CHECK(join.status.bad == 4);
  join.status = {};
  loss = 1;
  join({{1, 3, 0}}, &loss);
  CHECK(join.status.bad == -1);
  CHECK(join.status.steps == 1);
}

TEST_CASE("gradient_norm: a norm whose square is not safe is refused, for the owner of the largest part") {
  Join join;
  join({{1e33, 0, 0}, {1e34, 1, 0}, {1e33, 2, 0}});
  CHECK(join.status.bad == 1);
  CHECK(join.status.too_large == 1);
  CHECK(join.counts == std::vector<std::int64_t>(4));
  join.status = {};
  join({{1e34, 3, 0}, {1e34, 1, 0}, {1e34, 2, 0}});  // equal ones: the first owner
  CHECK(join.status.bad == 1);
  join.status = {};
  join({{1e30, 0, 0}, {infinite, 2, 0}});  // all numbers are finite, their squares are not
  CHECK(join.status.bad == 2);
  CHECK(join.status.too_large == 1);
  join.status = {};
  join.clip = 1;
  join({{1e34, 1, 0}});
  CHECK(join.status.bad == -1);
  CHECK(join.status.too_large == 0);
  CHECK(join.status.scale == doctest::Approx(1e-17));
}
