// SPDX-License-Identifier: Apache-2.0
// not with sanitizers: the question is what -ffast-math does, and -O3 takes them half a minute to compile.
// compile: -O3 -ffast-math
// P12: NaN and infinities of files are found even where the compiler was told that there are none.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <longshore/io/non_finite.hpp>

#ifndef __FAST_MATH__
#error "This program must be compiled with -ffast-math."
#endif

TEST_CASE("P12: ten thousand planted NaN and infinities are found under -ffast-math") {
  std::mt19937 random(5);
  constexpr std::size_t elements = 3000;
  std::vector<float> floats(elements, 1.5f);
  std::vector<double> doubles(elements, 1.5);
  const std::vector<std::uint32_t> specials = {0x7F800000u, 0xFF800000u, 0x7FC00000u, 0x7F800001u};
  int found = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::size_t at = random() % elements;
    const std::uint32_t special = specials[random() % 4];
    floats[at] = std::bit_cast<float>(special);
    found += longshore::first_non_finite(longshore::Dtype::f32, std::as_bytes(std::span(floats))) == at;
    floats[at] = 1.5f;
    // The same bits at the top of a double, whose exponent is three bits longer.
    doubles[at] = std::bit_cast<double>((std::uint64_t{special & 0x80000000u} << 32) | 0x7FF0000000000000u |
                                        (special & 0x007FFFFFu));
    found += longshore::first_non_finite(longshore::Dtype::f64, std::as_bytes(std::span(doubles))) == at;
    doubles[at] = 1.5;
  }
  CHECK(found == 10'000);
  CHECK_FALSE(longshore::first_non_finite(longshore::Dtype::f32, std::as_bytes(std::span(floats))).has_value());
  CHECK_FALSE(longshore::first_non_finite(longshore::Dtype::f64, std::as_bytes(std::span(doubles))).has_value());
}
