// SPDX-License-Identifier: Apache-2.0
#include <longshore/kernels/gramian.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <vector>

#include "../support/close.hpp"
#include "../support/host_spaces.hpp"
#include "../support/kernel_case.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("gramian: a multiple of the sum of outer products, of no rows too", Where, LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const ls::Index rows : {0, 1, 255, 257, 2500})
    for (const ls::Index features : {1, 5, 16, 33}) {
      CAPTURE(rows);
      CAPTURE(features);
      const auto table = random_tensor<Real, 2, Space>(ls::Random(1), rows, features);
      auto result = filled_tensor<Real, 2, Space>(
          std::vector<Real>(static_cast<std::size_t>(features * features), Real(9)), features, features);
      ls::Tensor<Real, 1, Space> workspace(ls::gramian_workspace(rows, features));
      ls::gramian<Real, Space>(Space{}, table.view(), Real(0.5), result.data(), workspace.data());
      const auto y = numbers_of(table.view());
      const auto size = static_cast<std::size_t>(features);
      std::vector<double> expected(size * size);
      for (std::size_t k = 0; k < y.size(); k += size)
        for (std::size_t i = 0; i < size; ++i)
          for (std::size_t j = 0; j < size; ++j) expected[i * size + j] += 0.5 * y[k + i] * y[k + j];
      Kokkos::fence();
      check::close(ls::copy_to_host(result.view()), expected, tolerance<Real>);
    }
}

TEST_CASE("gramian: the same bits on every host space") {
  const auto sum = [](auto space) {
    using Space = decltype(space);
    const auto table = random_tensor<float, 2, Space>(ls::Random(1), 5000, 20);
    ls::Tensor<float, 2, Space> result(20, 20);
    ls::Tensor<float, 1, Space> workspace(ls::gramian_workspace(5000, 20));
    ls::gramian<float, Space>(space, table.view(), 1.0f, result.data(), workspace.data());
    return numbers_of(result.view());
  };
  CHECK(ls::gramian_parts(5000) == 4);
  const auto expected = sum(Kokkos::Serial{});
  CHECK(sum(Kokkos::Serial{}) == expected);
  for_every_other_host([&](auto other_space) { CHECK(sum(other_space) == expected); });
}

TEST_CASE_TEMPLATE("gramian: spread rows have zeros where numbers come twice", Real, float, double) {
  const ls::Index features = ls::simd_width<Real> + 1;
  const ls::Index size = ls::spread_size<Real>(features);
  CHECK(size == 2 * ls::simd_width<Real>);
  std::vector<Real> matrix(static_cast<std::size_t>(features * features), Real(2));
  std::vector<Real> spread(static_cast<std::size_t>(features * size), Real(-1));
  ls::spread_gramian<Real>(Kokkos::Serial{}, features, matrix.data(), spread.data());
  for (ls::Index k = 0; k < features * size; ++k) {
    const ls::Index column = k % size;
    const bool repeated = column >= ls::simd_width<Real> && column + 1 < size;
    REQUIRE(spread[static_cast<std::size_t>(k)] == (repeated ? 0 : 2));
  }
}
