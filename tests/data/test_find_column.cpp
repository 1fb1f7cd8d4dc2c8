// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <vector>

#include <longshore/data/find_column.hpp>

using longshore::ColumnRole;
using longshore::find_column;
using Header = std::vector<std::string>;

TEST_CASE("find_column: knows the headers of well-known data sets") {
  struct Case {
    Header header;
    std::optional<std::size_t> user, item, value, time;
  };
  const Case cases[] = {
      {{"userId", "movieId", "rating", "timestamp"}, 0, 1, 2, 3},                            // MovieLens
      {{"user_id", "item_id", "rating", "timestamp"}, 0, 1, 2, 3},                           // RecBole
      {{"event_time", "event_type", "product_id", "user_id", "user_session"}, 3, 2, {}, 0},  // REES46
      {{"timestamp", "visitorid", "event", "itemid", "transactionid"}, 1, 3, {}, 0},         // RetailRocket
      {{"User-ID", "ISBN", "Book-Rating"}, 0, 1, {}, {}},                                    // Book-Crossing
      {{"reviewerID", "asin", "overall", "unixReviewTime"}, 0, 1, 2, 3},                     // Amazon 2014
      {{"user_id", "parent_asin", "asin", "rating", "timestamp"}, 0, 1, 3, 4},               // Amazon 2023
      {{"session_id", "item_id", "date"}, 0, 1, {}, 2},                                      // RecSys challenge 2022
  };
  for (const Case& expected : cases) {
    CAPTURE(expected.header[0]);
    CHECK(find_column(expected.header, ColumnRole::user) == expected.user);
    CHECK(find_column(expected.header, ColumnRole::item) == expected.item);
    CHECK(find_column(expected.header, ColumnRole::value) == expected.value);
    CHECK(find_column(expected.header, ColumnRole::time) == expected.time);
  }
}

TEST_CASE("find_column: prefers the better name, then the first column; case and joints do not count") {
  CHECK(find_column(Header{"session_id", "user_id"}, ColumnRole::user) == 1);
  CHECK(find_column(Header{"x", "USER ID", "user.id"}, ColumnRole::user) == 1);
  CHECK(find_column(Header{"item_id", "title", "name"}, ColumnRole::name) == 1);
  CHECK(find_column(Header{"item_id", "movie_title", "class"}, ColumnRole::categories) == 2);
  CHECK_FALSE(find_column(Header{"users", "user_idx", ""}, ColumnRole::user));
  CHECK_FALSE(find_column(Header{}, ColumnRole::item));
}
