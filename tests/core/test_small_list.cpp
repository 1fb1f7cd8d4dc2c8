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

TEST_CASE("SmallList: P22, takes seven and eight values; given a ninth it is refused by the name of who asks") {
  std::vector<int> numbers(9);
  std::iota(numbers.begin(), numbers.end(), 1);
  ls::SmallList<int> list(std::span<const int>(numbers.data(), 7));
  CHECK(&list.within("Block: .sizes", 7) == &list);
  list.add(8);
  CHECK(std::accumulate(list.begin(), list.end(), 0) == 36);
  CHECK(list.within("Block: .sizes").size() == 8);
  CHECK_THROWS_WITH_AS(list.within("Block: .sizes", 7), "Block: .sizes has 8 values, at most 7 fit", ls::ShapeError);
  list.add(9);
  CHECK_THROWS_WITH_AS(list.within("Block: .sizes"), "Block: .sizes has 9 values, at most 8 fit", ls::ShapeError);
  const ls::SmallList<int> many{std::span<const int>(numbers)}, braces = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  CHECK_THROWS_WITH_AS(many.within("Block: .sizes"), "Block: .sizes has 9 values, at most 8 fit", ls::ShapeError);
  CHECK_THROWS_WITH_AS(braces.within("Block: .sizes"), "Block: .sizes has 9 values, at most 8 fit", ls::ShapeError);
}

TEST_CASE("SmallList: P14, P22, given too many values it hands out none, whoever forgot to look") {
  const ls::SmallList<int> many = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const char* refusal = "SmallList: the list has 9 values, at most 8 fit";
  CHECK_FALSE(many.empty());
  CHECK_THROWS_WITH_AS(many.size(), refusal, ls::ShapeError);
  CHECK_THROWS_WITH_AS(many[0], refusal, ls::ShapeError);
  CHECK_THROWS_WITH_AS(many.back(), refusal, ls::ShapeError);
  CHECK_THROWS_WITH_AS(many.begin(), refusal, ls::ShapeError);
  CHECK_THROWS_WITH_AS(many.end(), refusal, ls::ShapeError);
}
