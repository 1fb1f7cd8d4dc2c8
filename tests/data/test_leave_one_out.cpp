// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/leave_one_out.hpp>
#include <longshore/data/read_inter.hpp>
#include "tests/support/data_folder.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Rows = std::vector<std::size_t>;

TEST_CASE("leave_one_out: the last event is for the test, the last but one for validation; short users only train") {
  const ls::InteractionLog log = test::log_of({{"a", "w", 1, 40},    // 0 a's last
                                               {"b", "w", 1, 1},     // 1 b has two
                                               {"a", "x", 1, 10},    // 2
                                               {"a", "y", 1, 30},    // 3 a's last but one
                                               {"c", "w", 1, 5},     // 4 c: ties
                                               {"b", "x", 1, 2},     // 5
                                               {"c", "z", 1, 5},     // 6
                                               {"c", "x", 1, 5},     // 7
                                               {"a", "z", 1, 20}});  // 8
  const ls::Split by_file = ls::leave_one_out(log);
  CHECK(by_file.train == Rows{1, 2, 4, 5, 8});
  CHECK(by_file.validation == Rows{3, 6});
  CHECK(by_file.test == Rows{0, 7});
  const ls::Split reversed = ls::leave_one_out(log, ls::Ties::reverse_file_order);
  CHECK(reversed.train == Rows{1, 2, 5, 7, 8});
  CHECK(reversed.validation == Rows{3, 6});
  CHECK(reversed.test == Rows{0, 4});
  const ls::Split by_item = ls::leave_one_out(log, ls::Ties::item_ascending);  // of c: w 0, x 1, z 3
  CHECK(by_item.validation == Rows{3, 7});
  CHECK(by_item.test == Rows{0, 6});
  CHECK(ls::leave_one_out(ls::InteractionLog()).train.empty());
}

TEST_CASE("leave_one_out: MovieLens 100K gives 943 tests, which depend on the rule for ties") {
  const auto path = data_file("ml-100k/ml-100k.inter");
  if (!path) return;
  const ls::InteractionLog log = ls::read_inter(*path, {.names = false});
  const ls::Split by_file = ls::leave_one_out(log);
  CHECK(by_file.train.size() == 98'114);
  CHECK(by_file.validation.size() == 943);
  CHECK(by_file.test.size() == 943);
  const ls::Split reversed = ls::leave_one_out(log, ls::Ties::reverse_file_order);
  std::size_t moved = 0;
  for (std::size_t i = 0; i < by_file.test.size(); ++i)
    moved += !std::ranges::binary_search(reversed.test, by_file.test[i]) ? 1 : 0;
  CHECK(moved == 415);
}
