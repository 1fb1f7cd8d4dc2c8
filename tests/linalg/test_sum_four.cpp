// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/sum_four.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

namespace ls = longshore;

namespace {

template <class Real, int bytes>
void sums_of_width() {
  using Vector = ls::Simd<Real, bytes>;
  Vector x[4];
  Real expected[4] = {}, sums[4];
  for (int j = 0; j < 4; ++j) {
    Real numbers[Vector::width];
    for (int i = 0; i < Vector::width; ++i) {
      numbers[i] = static_cast<Real>((1 << (2 * j)) * (i + 1));  // no two sums alike, none of them rounded
      expected[j] += numbers[i];
    }
    x[j] = Vector::load(numbers);
  }
  ls::sum_four(x[0], x[1], x[2], x[3], sums);
  for (int j = 0; j < 4; ++j) CHECK(sums[j] == expected[j]);
}

}  // namespace

TEST_CASE_TEMPLATE("sum_four: sums each register, of every width", Real, float, double) {
  sums_of_width<Real, 16>();
  if constexpr (ls::simd_bytes >= 32) sums_of_width<Real, 32>();
  if constexpr (ls::simd_bytes >= 64) sums_of_width<Real, 64>();
  Real sums[4];
  ls::sum_four<Real>({Real(1)}, {Real(2)}, {Real(3)}, {Real(4)}, sums);
  for (int j = 0; j < 4; ++j) CHECK(sums[j] == static_cast<Real>(j + 1));
}
