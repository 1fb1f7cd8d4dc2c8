// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/data/example.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("each event of a part with enough before it is an example, in the order of user and time") {
  ls::Histories all;
  all.offsets = {0, 3, 3, 5};
  all.items = {5, 6, 7, 8, 9};
  all.times = {0, 1, 2, 0, 1};
  all.values = std::vector<float>(5, 1.0f);
  all.rows = {4, 0, 2, 1, 3};
  const std::vector<std::size_t> part{1, 2, 3, 4};
  const auto examples = ls::examples_of(all, part, 0);
  REQUIRE(examples.size() == 4);
  CHECK((examples[0].user == 0 && examples[0].position == 0));
  CHECK((examples[1].user == 0 && examples[1].position == 2));
  CHECK((examples[2].user == 2 && examples[2].position == 0));
  CHECK((examples[3].user == 2 && examples[3].position == 1));
  CHECK(ls::examples_of(all, part).size() == 2);
  CHECK(ls::examples_of(all, part, 2).size() == 1);
  all.rows.pop_back();
  CHECK_THROWS_WITH_AS(ls::examples_of(all, part), "examples_of: the histories have 4 rows for 5 events",
                       ls::ShapeError);
  all.rows.push_back(3);
  all.offsets.back() = 6;
  CHECK_THROWS_AS(ls::examples_of(all, part), ls::ShapeError);
  all.offsets.back() = 5;
  const std::vector<std::size_t> outside{5};
  CHECK_THROWS_WITH_AS(ls::examples_of(all, outside), "examples_of: the row 5 is not in the histories", ls::DataError);
}
