// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <list>
#include <longshore/interop/xtensor.hpp>
#include <longshore/metrics/number_range.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xview.hpp>
#endif

namespace ls = longshore;

TEST_CASE("NumberRange: takes what lies side by side, and no more") {
  CHECK(ls::NumberRange<std::vector<float>>);
  CHECK(ls::NumberRange<std::vector<std::int64_t>>);
  CHECK(ls::NumberRange<std::span<const double>>);
  CHECK(ls::NumberRange<std::array<bool, 3>>);
  CHECK(ls::NumberRange<xt::xtensor<float, 1>>);
  CHECK(ls::NumberRange<xt::xtensor<double, 2>>);
  CHECK_FALSE(ls::NumberRange<std::vector<bool>>);         // packed bits
  CHECK_FALSE(ls::NumberRange<std::list<float>>);          // nodes
  CHECK_FALSE(ls::NumberRange<std::vector<long double>>);  // another bit pattern
  CHECK_FALSE(ls::NumberRange<std::vector<std::string>>);
  using Column = decltype(xt::view(std::declval<xt::xtensor<float, 2>&>(), xt::all(), 1));
  CHECK_FALSE(ls::NumberRange<Column>);  // has data(), but not every number after it belongs to it
}

TEST_CASE("NumberRange: span_of sees the numbers of a tensor in place") {
  const xt::xtensor<float, 2> numbers{{1, 2}, {3, 4}};
  const auto span = ls::span_of(numbers);
  CHECK(span.data() == numbers.data());
  CHECK(std::vector<float>(span.begin(), span.end()) == std::vector<float>{1, 2, 3, 4});
}
