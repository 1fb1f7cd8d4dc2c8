// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <vector>

#include <longshore/data/histories.hpp>
#include <longshore/data/select_rows.hpp>
#include <longshore/data/split.hpp>
#include "tests/support/log_of.hpp"

namespace ls = longshore;

TEST_CASE("split: its parts are rows, for histories and for logs of their own") {
  const ls::InteractionLog log = test::log_of({{"a", "x", 1, 2}, {"a", "y", 1, 1}, {"b", "x", 1, 3}});
  const ls::Split split{.train = {0, 1}, .validation = {}, .test = {2}};
  CHECK(ls::histories(log, split.train).rows == std::vector<std::size_t>{1, 0});
  CHECK(ls::histories(log, split.validation).size() == 0);
  CHECK(ls::select_rows(log, split.test).user_ids.key(0) == "b");
}
