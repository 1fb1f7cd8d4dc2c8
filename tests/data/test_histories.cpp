// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/histories.hpp>
#include "tests/support/error_text.hpp"
#include "tests/support/log_of.hpp"

namespace ls = longshore;
using Rows = std::vector<std::size_t>;

TEST_CASE("histories: each user's events in the order of time, ties by the rule") {
  const ls::InteractionLog log = test::log_of(
      {{"a", "3", 1, 20}, {"b", "1", 2, 5}, {"a", "9", 3, 10}, {"a", "1", 4, 10}, {"b", "3", 5, 5}, {"a", "9", 6, 10}});
  // Items by first appearance: "3" is 0, "1" is 1, "9" is 2.
  const ls::Histories by_file = ls::histories(log);
  CHECK(by_file.offsets == Rows{0, 4, 6});
  CHECK(by_file.rows == Rows{2, 3, 5, 0, 1, 4});
  CHECK(by_file.items == std::vector<ls::Id>{2, 1, 2, 0, 1, 0});
  CHECK(by_file.times == std::vector<ls::Seconds>{10, 10, 10, 20, 5, 5});
  CHECK(by_file.values == std::vector<float>{3, 4, 6, 1, 2, 5});
  CHECK(by_file.columns.get<ls::Id>("row") == xt::xtensor<ls::Id, 1>{2, 3, 5, 0, 1, 4});
  CHECK(by_file.size() == 6);
  CHECK(by_file.user_count() == 2);
  CHECK(by_file.length(0) == 4);
  CHECK(by_file.length(1) == 2);
  CHECK(ls::histories(log, ls::Ties::item_ascending).rows == Rows{3, 2, 5, 0, 4, 1});
  CHECK(ls::histories(log, ls::Ties::reverse_file_order).rows == Rows{5, 3, 2, 0, 4, 1});
}

TEST_CASE("histories: of some rows, users and items keep their ids") {
  const ls::InteractionLog log = test::log_of({{"a", "x", 1, 2}, {"b", "y", 1, 1}, {"a", "z", 1, 1}, {"c", "x", 1, 0}});
  const ls::Histories part = ls::histories(log, Rows{3, 2, 0});
  CHECK(part.offsets == Rows{0, 2, 2, 3});
  CHECK(part.rows == Rows{2, 0, 3});
  CHECK(part.items == std::vector<ls::Id>{2, 0, 0});
  CHECK(ls::histories(log, Rows{}).offsets == Rows{0, 0, 0, 0});
  CHECK(ls::histories(ls::InteractionLog()).offsets == Rows{0});
}

TEST_CASE("histories: agree with a stable sort of each user's events, in any order of the rows") {
  std::mt19937 random(4);
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    const ls::InteractionLog log = test::random_log(seed, 300, 7, 20);
    Rows rows;
    for (std::size_t row = 0; row < log.size(); ++row)
      if (random() % 4 > 0) rows.push_back(row);
    for (const ls::Ties ties : {ls::Ties::file_order, ls::Ties::item_ascending, ls::Ties::reverse_file_order}) {
      Rows expected = rows;
      if (ties == ls::Ties::reverse_file_order) std::ranges::reverse(expected);
      if (ties == ls::Ties::item_ascending)
        std::ranges::stable_sort(expected, {}, [&](auto row) { return log.items(row); });
      std::ranges::stable_sort(expected, {}, [&](auto row) { return log.times(row); });
      std::ranges::stable_sort(expected, {}, [&](auto row) { return log.users(row); });
      Rows shuffled = rows;
      std::ranges::shuffle(shuffled, random);
      const ls::Histories part = ls::histories(log, shuffled, ties);
      REQUIRE(part.rows == expected);
      for (ls::Id user = 0; user < part.user_count(); ++user)
        for (std::size_t k = part.offsets[static_cast<std::size_t>(user)], n = part.length(user); n > 0; ++k, --n)
          REQUIRE(log.users(part.rows[k]) == user);
    }
  }
}

TEST_CASE("histories: P11, P14, rows outside the log, twice, and logs that do not fit are refused") {
  ls::InteractionLog log = test::log_of({{"a", "x"}, {"b", "y"}});
  CHECK(test::error_text<ls::DataError>([&] {
          ls::histories(log, Rows{0, 2});
        }) == "histories: expected rows below 2, got 2");
  CHECK(test::error_text<ls::DataError>([&] { ls::histories(log, Rows{1, 1}); }) == "histories: the row 1 comes twice");
  log.users(1) = 2;
  CHECK(test::error_text<ls::DataError>([&] { ls::histories(log); }) ==
        "check_log: row 1 has the user 2, the table of users has 2");
  log.users = xt::xtensor<ls::Id, 1>{0};
  CHECK_THROWS_AS(ls::histories(log), ls::ShapeError);
}

TEST_CASE("histories: P14, arrays that do not belong together are refused") {
  const ls::Histories all = ls::histories(test::log_of({{"a", "x"}, {"a", "y"}, {"b", "y"}}));
  CHECK_FALSE(ls::histories(ls::InteractionLog()).has_times);
  const auto refused = [&](auto change) {
    ls::Histories changed = all;
    change(changed);
    return test::error_text<ls::ShapeError>([&] { changed.check("f"); });
  };
  CHECK(refused([](auto&) {}) == "nothing was thrown");
  CHECK(refused([](auto& some) { some.rows.clear(), some.values.clear(), some.columns = {}; }) == "nothing was thrown");
  CHECK(refused([](auto& some) { some.rows.pop_back(); }) == "f: the histories have 2 rows for 3 events");
  CHECK(refused([](auto& some) { some.values.push_back(1); }) == "f: the histories have 4 values for 3 events");
  CHECK(refused([](auto& some) { some.times.pop_back(); }) == "f: the histories have 2 times for 3 events");
  CHECK(refused([](auto& some) {
          some.offsets = {0, 2};
        }) == "f: the offsets of the histories must ascend from 0 to 3, the number of events");
  CHECK(refused([](auto& some) {
          some.columns = {};
          some.columns.template set<float>("x", {1});
        }) == "f: the histories have 1 entries in each further column for 3 events");
}

TEST_CASE("histories: P14, times that descend within a user are refused, naming the event") {
  ls::Histories all;
  all.offsets = {0, 2, 5};
  all.items = {0, 1, 0, 1, 2};
  const auto refused = [&](std::vector<ls::Seconds> times) {
    all.times = std::move(times);
    return test::error_text<ls::DataError>([&] { all.check("f"); });
  };
  CHECK(refused({8, 9, 3, 3, 4}) == "nothing was thrown");  // each user begins anew
  CHECK(refused({8, 9, 3, 5, 4}) ==
        "f: the histories' times must not descend, event 2 of user 1 is at 4, the one before at 5");
  CHECK(refused({9, 8, 3, 4, 4}) ==
        "f: the histories' times must not descend, event 1 of user 0 is at 8, the one before at 9");
}

TEST_CASE("histories: P11, the length of nobody's history is refused") {
  const ls::Histories all = ls::histories(test::log_of({{"a", "x"}, {"a", "y"}, {"b", "y"}}));
  CHECK(all.length(0) == 2);
  CHECK(all.length(1) == 1);
  for (const ls::Id nobody : {-1, 2})
    CHECK(test::error_text<ls::DataError>([&] { all.length(nobody); }) ==
          "Histories::length: user " + std::to_string(nobody) + " is outside the 2 users");
}
