// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/non_finite.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include <doctest/doctest.h>

using longshore::Dtype;
using longshore::first_non_finite;

TEST_CASE("the first NaN or infinity is found wherever it is") {
  for (const std::size_t elements : {1u, 5u, 1023u, 1024u, 1025u, 5000u})
    for (const float special : {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                                std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::signaling_NaN(),
                                std::bit_cast<float>(0xFF800001u)})
      for (const std::size_t at : {std::size_t{0}, elements / 2, elements - 1}) {
        std::vector<float> values(elements, std::numeric_limits<float>::max());
        CHECK(first_non_finite(Dtype::f32, std::as_bytes(std::span(values))) == std::nullopt);
        values[at] = special;
        values.back() = special;
        CHECK(first_non_finite(Dtype::f32, std::as_bytes(std::span(values))) == at);
        std::vector<double> doubles(values.begin(), values.end());
        CHECK(first_non_finite(Dtype::f64, std::as_bytes(std::span(doubles))) == at);
      }
}

TEST_CASE("the extreme finite values pass") {
  const std::vector<float> floats = {0.0f, -0.0f, std::numeric_limits<float>::denorm_min(),
                                     -std::numeric_limits<float>::max(), std::numeric_limits<float>::min()};
  CHECK(first_non_finite(Dtype::f32, std::as_bytes(std::span(floats))) == std::nullopt);
  const std::vector<double> doubles = {0.0, -0.0, std::numeric_limits<double>::denorm_min(),
                                       -std::numeric_limits<double>::max(), std::numeric_limits<double>::min()};
  CHECK(first_non_finite(Dtype::f64, std::as_bytes(std::span(doubles))) == std::nullopt);
}

TEST_CASE("every half and bfloat16 is judged by its exponent") {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    const auto word = static_cast<std::uint16_t>(bits);
    const std::span<const std::byte> bytes = std::as_bytes(std::span(&word, 1));
    const bool half_is_finite = (bits >> 10 & 31u) != 31u;
    const bool brain_is_finite = std::isfinite(std::bit_cast<float>(bits << 16));
    if (first_non_finite(Dtype::f16, bytes).has_value() == half_is_finite ||
        first_non_finite(Dtype::bf16, bytes).has_value() == brain_is_finite)
      FAIL("wrong for the bits " << bits);
  }
}

TEST_CASE("integers are finite whatever their bits, and bytes need no alignment") {
  const std::vector<std::byte> ones(64, std::byte{0xff});
  for (const Dtype dtype :
       {Dtype::i64, Dtype::i32, Dtype::i16, Dtype::i8, Dtype::u64, Dtype::u32, Dtype::u16, Dtype::u8, Dtype::boolean})
    CHECK(first_non_finite(dtype, ones) == std::nullopt);
  std::vector<std::byte> shifted(33, std::byte{0});
  const double infinity = std::numeric_limits<double>::infinity();
  std::memcpy(shifted.data() + 17, &infinity, 8);
  CHECK(first_non_finite(Dtype::f64, std::span(shifted).subspan(1)) == 2);
  CHECK(first_non_finite(Dtype::f64, {}) == std::nullopt);
}
