// SPDX-License-Identifier: Apache-2.0
#include <longshore/linalg/byte_sums.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <vector>

namespace ls = longshore;

namespace {

constexpr int width = ls::ByteSums::width;

/// The signed sums of the lanes, by way of floats, which hold them exactly below 2^24.
std::vector<std::int64_t> lanes_of(const ls::ByteSums& sums) {
  std::array<float, width> floats;
  sums.as_floats().store(floats.data());
  return {floats.begin(), floats.end()};
}

}  // namespace

TEST_CASE("ByteSums: products of unsigned and signed bytes, four to a lane, are summed exactly at every extreme") {
  const std::array<std::uint8_t, 5> lefts{0, 1, 128, 254, 255};
  const std::array<int, 5> rights{-ls::byte_limit, -1, 0, 1, ls::byte_limit};
  std::array<std::uint8_t, 4 * width> left{};
  std::array<std::int8_t, 4 * width> right{};
  for (std::size_t start = 0; start < 625; ++start) {
    std::vector<std::int64_t> expected(width, -77);
    for (std::size_t i = 0; i < 4 * width; ++i) {
      std::size_t at = start * 7 + i * 3 + i / 4;
      left[i] = lefts[at % 5];
      right[i] = static_cast<std::int8_t>(rights[at / 5 % 5]);
      expected[i / 4] += 3 * (left[i] * right[i]);
    }
    auto sums = ls::ByteSums::broadcast(-77);
    for (int times = 0; times < 3; ++times)
      sums.add_products(ls::ByteSums::load(left.data()), ls::ByteSums::load(right.data()));
    REQUIRE(lanes_of(sums) == expected);
  }
}

TEST_CASE("ByteSums: a sum that leaves 31 bits on its way comes back") {
  std::array<std::uint8_t, 4 * width> left;
  std::array<std::int8_t, 4 * width> right;
  left.fill(255), right.fill(static_cast<std::int8_t>(ls::byte_limit));
  auto sums = ls::ByteSums::broadcast(2147483647);
  sums.add_products(ls::ByteSums::load(left.data()), ls::ByteSums::load(right.data()));
  right.fill(static_cast<std::int8_t>(-ls::byte_limit));
  sums.add_products(ls::ByteSums::load(left.data()), ls::ByteSums::load(right.data()));
  for (const std::int64_t lane : lanes_of(sums)) CHECK(lane == 2147483648);  // 2^31 - 1 as a float
}
