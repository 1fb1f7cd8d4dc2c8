// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/step_columns.hpp>
#include <vector>

namespace ls = longshore;
using Space = Kokkos::DefaultHostExecutionSpace;

TEST_CASE("columns are found by name and type, and replaced by name") {
  const std::vector<float> a{1, 2}, b{3, 4};
  ls::StepColumns<Space> columns;
  CHECK_THROWS_WITH_AS(columns.get<float>("value"), "StepColumns::get: there is no column 'value'; there are none",
                       ls::DataError);
  columns.set<float>("value", {a.data(), 2});
  columns.set<float>("decay", {a.data(), 2});
  columns.set<float>("value", {b.data(), 2});
  CHECK(columns.all().size() == 2);
  CHECK(columns.get<float>("value")(1) == 4);
  CHECK(columns.has("decay"));
  CHECK_FALSE(columns.has("price"));
  CHECK_THROWS_WITH_AS(columns.get<float>("price"),
                       "StepColumns::get: there is no column 'price'; there are 'value', 'decay'", ls::DataError);
  CHECK_THROWS_WITH_AS(columns.get<ls::Id>("value"), "StepColumns::get: the column 'value' holds another type",
                       ls::DataError);
}
