// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>

#include <longshore/data/movielens_layout.hpp>

namespace ls = longshore;

TEST_CASE("movielens_layout: recognises the three rating files by their first line") {
  const auto data = ls::movielens_layout("196\t242\t3\t881250949");
  REQUIRE(data);
  CHECK(data->format.separator == "\t");
  CHECK_FALSE(data->has_header);
  CHECK(data->time == 3);
  const auto dat = ls::movielens_layout("1::1193::5::978300760");
  REQUIRE(dat);
  CHECK(dat->format.separator == "::");
  const auto csv = ls::movielens_layout("userId,movieId,rating,timestamp");
  REQUIRE(csv);
  CHECK(csv->has_header);
  CHECK(csv->value == 2);
  CHECK(ls::movielens_layout("1\t2\t3\t4"));  // a log whose times are no time stamps
  for (const std::string line :
       {"", "1\t2\t3", "a\tb\tc\td", "1::2::3", "1::2::3::4::5", "1,2,3,4", "1 2 3 4", "1\t2\t881250949\t3",
        "1::2::881250949::0.5", "user_id:token\titem_id:token\trating:float\ttimestamp:float", "userId,movieId"})
    CHECK_FALSE(ls::movielens_layout(line));
}
