// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/step_columns.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../support/count_allocations.hpp"

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

TEST_CASE("a column's name in plain data keeps its characters, up to 47") {
  static_assert(std::is_trivially_copyable_v<ls::ColumnName> && sizeof(ls::ColumnName) == 48);
  const ls::ColumnName none, literal = "decay";
  CHECK(none.empty());
  CHECK_FALSE(literal.empty());
  CHECK(std::string_view(literal) == "decay");
  std::string text(47, 'a');
  const ls::ColumnName own = text, cut = std::string_view("price").substr(0, 3);
  text[0] = 'b';
  CHECK(std::string_view(own) == std::string(47, 'a'));
  CHECK(std::string_view(cut) == "pri");
  CHECK(ls::ColumnName(nullptr).empty());
  const std::vector<float> a{1};
  ls::StepColumns<Space> columns;
  columns.set<float>(own, {a.data(), 1});
  CHECK(columns.has(own));
  CHECK_THROWS_WITH_AS(
      ls::ColumnName(std::string(48, 'x')),
      "ColumnName: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' has 48 characters, at most 47 are "
      "expected",
      ls::ShapeError);
}

TEST_CASE("cleared columns are gone, and come again without an allocation, whatever their names' length") {
  const std::vector<float> a{1, 2};
  const std::vector<ls::LogWeight> b{{-1}, {0}};
  const std::string price = "price in a currency of long ago", age = "age of the step in half-lives";
  ls::StepColumns<Space> columns;
  columns.set<float>(price, {a.data(), 2});
  columns.set<ls::LogWeight>(age, {b.data(), 2});
  const auto before = count_allocations();
  for (int batch = 0; batch < 3; ++batch) {
    columns.clear();
    REQUIRE(columns.all().empty());
    REQUIRE_FALSE(columns.has(price));
    columns.set<float>(price, {a.data(), 2});
    columns.set<ls::LogWeight>(age, {b.data(), 2});
    REQUIRE(columns.get<ls::LogWeight>(age)(0).log2 == -1);  // found behind another one
    REQUIRE(columns.all().size() == 2);
  }
  CHECK(count_allocations() == before);
  columns.clear();
  columns.set<float>(age, {a.data(), 2});  // another order, another type
  CHECK(columns.get<float>(age)(1) == 2);
  CHECK_FALSE(columns.has(price));
  CHECK_THROWS_WITH_AS(columns.get<float>("price"),
                       "StepColumns::get: there is no column 'price'; there are 'age of the step in half-lives'",
                       ls::DataError);
}

TEST_CASE("a move takes the columns along and leaves none") {
  const std::vector<float> a{1, 2};
  ls::StepColumns<Space> first, third;
  first.set<float>("value", {a.data(), 2});
  ls::StepColumns<Space> second = std::move(first);
  CHECK(first.all().empty());
  CHECK_FALSE(first.has("value"));
  CHECK(second.get<float>("value")(1) == 2);
  third = std::move(second);
  CHECK(second.all().empty());
  CHECK(third.has("value"));
  second.set<float>("price", {a.data(), 2});
  CHECK(second.all().size() == 1);
}
