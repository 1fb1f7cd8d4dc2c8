// SPDX-License-Identifier: Apache-2.0
// not with sanitizers: the question is what -ffast-math does, and -O3 takes them half a minute to compile.
// compile: -O3 -ffast-math
// P12: a step whose gradients or loss are not finite is refused even where the compiler was told that there are none.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "../support/planted.hpp"

#ifndef __FAST_MATH__
#error "This program must be compiled with -ffast-math."
#endif

TEST_CASE("P12: ten thousand planted NaN and infinities are reported under -ffast-math") {
  CHECK(rules::reported_of_planted<float, Kokkos::Serial>(5'000) == 5'000);
  CHECK(rules::reported_of_planted<double, Kokkos::Serial>(5'000) == 5'000);
}

int main(int count, char** arguments) {
  const Kokkos::ScopeGuard kokkos(count, arguments);
  return doctest::Context(count, arguments).run();
}
