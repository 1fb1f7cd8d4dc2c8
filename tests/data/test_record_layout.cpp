// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/data/read_records.hpp>
#include <longshore/data/record_layout.hpp>
#include <longshore/io/text_stream.hpp>

namespace ls = longshore;

TEST_CASE("record_layout: by default user and item are the first two fields of comma-separated records") {
  const ls::InteractionLog log = ls::read_records(ls::LineReader(ls::text_stream("b,x\na,y\n"), "text"), {});
  CHECK(log.size() == 2);
  CHECK(log.user_ids.key(0) == "b");
  CHECK(log.item_ids.key(1) == "y");
  CHECK_FALSE(log.has_values);
  CHECK_FALSE(log.has_times);
}
