// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/small_list.hpp>
#include <numeric>
#include <type_traits>
#include <vector>

namespace ls = longshore;

namespace {
struct Settings {
  int in = 0;
  ls::SmallList<int> sizes = {5, 6};
};
}  // namespace

TEST_CASE("SmallList: is written in braces, in settings too, and stays plain data") {
  static_assert(std::is_trivially_copyable_v<Settings>);
  constexpr ls::SmallList<double> fixed = {0.25, 0.75};
  static_assert(fixed.size() == 2 && fixed[1] == 0.75);
  const Settings usual, given{.in = 1, .sizes = {100, 64, 1}}, none{.sizes = {}};
  CHECK(usual.sizes.size() == 2);
  CHECK(std::vector<int>(given.sizes.begin(), given.sizes.end()) == std::vector<int>{100, 64, 1});
  CHECK(given.sizes.back() == 1);
  CHECK(none.sizes.empty());
}

TEST_CASE("SmallList: P22, holds eight values and refuses a ninth") {
  std::vector<int> numbers(9);
  std::iota(numbers.begin(), numbers.end(), 1);
  ls::SmallList<int> list(std::span<const int>(numbers.data(), 7));
  list.add(8);
  CHECK(std::accumulate(list.begin(), list.end(), 0) == 36);
  CHECK_THROWS_WITH_AS(list.add(9), "SmallList: 9 values, at most 8 fit", ls::ShapeError);
  CHECK(list.size() == 8);
  CHECK_THROWS_WITH_AS(ls::SmallList<int>(std::span<const int>(numbers)), "SmallList: 9 values, at most 8 fit",
                       ls::ShapeError);
}
