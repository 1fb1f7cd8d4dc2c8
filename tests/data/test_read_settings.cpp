// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/data/read_csv.hpp>
#include <longshore/data/read_settings.hpp>
#include <longshore/io/text_stream.hpp>

namespace ls = longshore;

TEST_CASE("read_settings: numbering by first appearance or by key") {
  const auto read = [](ls::Numbering numbering) {
    return ls::read_csv(ls::LineReader(ls::text_stream("user,item\n9,b\n10,7\n9,a\n8,10\n"), "text"),
                        {.numbering = numbering});
  };
  const ls::InteractionLog seen = read(ls::Numbering::first_seen);
  CHECK(seen.users == xt::xtensor<ls::Id, 1>{0, 1, 0, 2});
  CHECK(seen.items == xt::xtensor<ls::Id, 1>{0, 1, 2, 3});
  const ls::InteractionLog ascending = read(ls::Numbering::ascending);
  CHECK(ascending.users == xt::xtensor<ls::Id, 1>{1, 2, 1, 0});
  CHECK(ascending.items == xt::xtensor<ls::Id, 1>{3, 0, 2, 1});
  CHECK(ascending.user_ids.key(0) == "8");
  CHECK(ascending.item_ids.key(3) == "b");
}

TEST_CASE("read_settings: the unit of numeric times") {
  const auto first_time = [](std::optional<ls::TimeUnit> unit) {
    return ls::read_csv(ls::LineReader(ls::text_stream("user,item,time\n1,2,1700000000999\n"), "text"),
                        {.time_unit = unit})
        .times(0);
  };
  CHECK(first_time(ls::TimeUnit::milliseconds) == 1700000000);
  CHECK(first_time(ls::TimeUnit::seconds) == 1700000000999);
  CHECK(first_time({}) == 1700000000);
}
