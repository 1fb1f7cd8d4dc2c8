// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/simd.hpp>

#include "../support/check_simd.hpp"

namespace ls = longshore;

TEST_CASE_TEMPLATE("Simd: every function equals the same of each number", Real, float, double) {
  check::simd_of_every_width<Real>();
}

TEST_CASE("Simd: unroll calls in order, with constants") {
  int seen[5] = {}, calls = 0;
  ls::unroll<5>([&](auto i) {
    static_assert(i >= 0 && i < 5);
    seen[calls++] = i;
  });
  CHECK(calls == 5);
  for (int i = 0; i < 5; ++i) CHECK(seen[i] == i);
  ls::unroll<0>([&](auto) { ++calls; });
  CHECK(calls == 5);
}

TEST_CASE("Simd: a register is as wide as the target's") {
  CHECK(ls::simd_width<float> == ls::Simd<float>::width);
  CHECK(ls::simd_width<double> * 2 == ls::simd_width<float>);
  CHECK(ls::Simd<float>::width * 4 == ls::simd_bytes);
}
