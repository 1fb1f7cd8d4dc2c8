// SPDX-License-Identifier: Apache-2.0
#include <longshore/io/tensor_entry.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include <doctest/doctest.h>

namespace {

std::optional<std::uint64_t> bytes(const std::vector<std::int64_t>& shape, std::uint64_t element) {
  return longshore::bytes_of(shape, element);
}

}  // namespace

TEST_CASE("the size of a tensor is the product of its extents and its element") {
  CHECK(bytes({}, 8) == 8);
  CHECK(bytes({3}, 4) == 12);
  CHECK(bytes({2, 3, 4}, 2) == 48);
  CHECK(bytes({5, 0, 7}, 8) == 0);
}

TEST_CASE("a size that leaves 63 bits is no size") {
  constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max();
  CHECK(bytes({large}, 1) == std::uint64_t{large});
  CHECK(bytes({large / 2}, 2) == std::uint64_t{large - 1});
  CHECK_FALSE(bytes({large / 2 + 1}, 2).has_value());
  CHECK_FALSE(bytes({large}, 4).has_value());
  CHECK_FALSE(bytes({std::int64_t{1} << 32, std::int64_t{1} << 32}, 1).has_value());
  CHECK(bytes({std::int64_t{1} << 32, (std::int64_t{1} << 31) - 1}, 1).has_value());
  CHECK_FALSE(bytes({(std::int64_t{1} << 62) + 1}, 4).has_value());
  CHECK_FALSE(bytes({-1}, 4).has_value());
  CHECK_FALSE(bytes({0, -1}, 4).has_value());
}

TEST_CASE("an extent of zero hides no size that leaves 63 bits") {
  constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max();
  CHECK(bytes({0, large}, 1) == 0);
  CHECK_FALSE(bytes({0, large}, 4).has_value());
  CHECK_FALSE(bytes({large, 0, 2}, 1).has_value());
  CHECK_FALSE(bytes({0, 2442949672961, 9496729631}, 8).has_value());
}
