// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cstddef>
#include <optional>
#include <string>

#include <longshore/data/find_table_below.hpp>

using longshore::find_table_below;
using Line = std::optional<std::size_t>;

TEST_CASE("find_table_below: a header below a title, and events without one, whatever separates them") {
  CHECK(find_table_below("user,item,rating\n1,2,3\n") == Line(1));
  CHECK(find_table_below("\n  \r\nuser_id item_id time\r\na x 3\n") == Line(3));
  CHECK(find_table_below("user,item,user\n1,2,3\n") == Line(1));
  CHECK(find_table_below("user,item") == Line(1));
  CHECK(find_table_below("from the shop\nwho;what;when\na;x;1\nb;y;2\n") == Line(2));
  CHECK(find_table_below("196\t242\t3\t881250949\n") == Line(1));
  CHECK(find_table_below("1::1193::5::978300760\n") == Line(1));
  CHECK(find_table_below("who,what,when\na,x,2020-01-01 10:00\nb,y,2020-01-01 11:00\n") == Line(1));
  CHECK(find_table_below("\"a, b\",x\n\"c\",y\n") == Line(1));
}

TEST_CASE("find_table_below: lines of keys are none, with separators in some of them and with a last one cut off") {
  for (const std::string text :
       {"", "\n", "1 10 11\n2 12\n", "B01 a,b c;d e|f\nB02 x::y\n", "u1 a b\nu,2 c d\n", "u1 a b\nu2\n\nu3\tc\nu4 e\n",
        "1 10 11\n2,", "alone\nuser\nitem user\n", "2 12\nuser item time\n"})
    CHECK_FALSE(find_table_below(text));
  std::string long_line = "u2";
  for (int item = 0; item < 6000; ++item) long_line += " 7";
  CHECK_FALSE(find_table_below(long_line + "\nu3 8\n"));
}
