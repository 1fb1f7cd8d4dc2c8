// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/baselines/check_request.hpp>
#include <longshore/core/error.hpp>
#include <vector>

namespace ls = longshore;

TEST_CASE("check_request: P14, refuses unknown items and room of another size, in words") {
  const std::vector<float> out(3);
  CHECK_NOTHROW(ls::check_request("f", std::vector<ls::Id>{}, out, 3));
  CHECK_NOTHROW(ls::check_request("f", std::vector<ls::Id>{2, 2}, out, 3));
  CHECK_THROWS_WITH_AS(ls::check_request("f", std::vector<ls::Id>{}, out, 4),
                       "f: expected room for 4 scores, one an item, got 3", ls::ShapeError);
  CHECK_THROWS_WITH_AS(ls::check_request("f", std::vector<ls::Id>{3}, out, 3),
                       "f: the catalogue has 3 items, and the history have the id 3 at position 0", ls::DataError);
}
