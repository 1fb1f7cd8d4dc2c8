// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/log_weight.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/step_columns.hpp>
#include <type_traits>
#include <vector>

namespace ls = longshore;

TEST_CASE("a logarithm of a weight is plain data, and 1 unless it is set") {
  static_assert(std::is_trivially_copyable_v<ls::LogWeight> && sizeof(ls::LogWeight) == 8);
  CHECK(ls::LogWeight{}.log2 == 0);
}

TEST_CASE("a step column of logarithms is no column of numbers") {
  using Space = Kokkos::DefaultHostExecutionSpace;
  const std::vector<ls::LogWeight> weights{{-1}, {-0.5}};
  ls::StepColumns<Space> columns;
  columns.set<ls::LogWeight>("decay", {weights.data(), 2});
  CHECK(columns.get<ls::LogWeight>("decay")(1).log2 == -0.5);
  CHECK(columns.holds<ls::LogWeight>("decay"));
  CHECK_FALSE(columns.holds<float>("decay"));
  CHECK_FALSE(columns.holds<ls::LogWeight>("other"));
  CHECK_THROWS_WITH_AS(columns.get<float>("decay"), "StepColumns::get: the column 'decay' holds another type",
                       ls::DataError);
}
