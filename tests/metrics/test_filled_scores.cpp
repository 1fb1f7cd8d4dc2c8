// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <type_traits>

#include <longshore/core/index.hpp>
#include <longshore/metrics/filled_scores.hpp>

namespace ls = longshore;

namespace {

using Floats = decltype([](std::size_t, std::size_t, std::span<float>) {});
using Doubles = decltype([](std::size_t, std::size_t, std::span<double>) {});
using Either = decltype([](std::size_t, std::size_t, auto) {});
using Drawn = decltype([](std::size_t, std::size_t, std::span<const ls::Id>, std::span<double>) {});

}  // namespace

TEST_CASE("scores are floats or doubles, as the function that fills them says") {
  CHECK(std::is_same_v<ls::FilledReal<Floats>, float>);
  CHECK(std::is_same_v<ls::FilledReal<Doubles>, double>);
  CHECK(std::is_same_v<ls::FilledReal<Either>, float>);
  CHECK(std::is_same_v<ls::FilledReal<Drawn, std::span<const ls::Id>>, double>);
}

TEST_CASE("a function that fills neither is none to score with") {
  CHECK(ls::FillsScores<Floats>);
  CHECK(ls::FillsScores<Doubles>);
  CHECK_FALSE(ls::FillsScores<Drawn>);
  CHECK(ls::FillsScores<Drawn, std::span<const ls::Id>>);
  CHECK_FALSE(ls::FillsScores<decltype([](std::size_t, std::size_t, std::span<int>) {})>);
  CHECK_FALSE(ls::FillsScores<int>);
}
