// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <longshore/core/error.hpp>
#include <longshore/data/check_log.hpp>
#include <longshore/data/log_builder.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;

TEST_CASE("log_builder: makes a log of events, with further columns") {
  ls::LogBuilder builder;
  const std::size_t price = builder.add_column<float>("price");
  const std::size_t shop = builder.add_column<ls::Id>("shop");
  const std::size_t until = builder.add_column<ls::Seconds>("until");
  const auto add = [&](const std::string& user, const std::string& item, float value, ls::Seconds time) {
    builder.add(user, item, value, time);
    builder.push<float>(price, value / 2);
    builder.push_key(shop, user == "anna" ? "north" : "south");
    builder.push<ls::Seconds>(until, time + 1);
  };
  add("anna", "x", 3, 100);
  add("7", "y", 4, 90);
  add("anna", "y", 5, 110);
  CHECK(builder.size() == 3);
  CHECK(builder.user_count() == 2);
  CHECK(builder.item_count() == 2);
  const ls::InteractionLog log = std::move(builder).finish();
  ls::check_log(log);
  CHECK(log.users == xt::xtensor<ls::Id, 1>{0, 1, 0});
  CHECK(log.items == xt::xtensor<ls::Id, 1>{0, 1, 1});
  CHECK(log.values == xt::xtensor<float, 1>{3, 4, 5});
  CHECK(log.times == xt::xtensor<ls::Seconds, 1>{100, 90, 110});
  CHECK(log.has_times);
  CHECK(log.has_values);
  CHECK(log.user_ids.at(7) == 1);
  CHECK(log.columns.get<float>("price") == xt::xtensor<float, 1>{1.5, 2, 2.5});
  CHECK(log.columns.get<ls::Id>("shop") == xt::xtensor<ls::Id, 1>{0, 1, 0});
  CHECK(log.columns.keys("shop").key(1) == "south");
  CHECK(log.columns.get<ls::Seconds>("until") == xt::xtensor<ls::Seconds, 1>{101, 91, 111});
}

TEST_CASE("log_builder: users and items may have keys of different kinds") {
  ls::LogBuilder builder({.has_values = false});
  builder.add("anna", "B00A3", 1, 1700000000);
  builder.add("bert", 4711, 1, 1700000060);
  builder.add(std::int64_t{7}, std::string("x"));
  const ls::InteractionLog log = std::move(builder).finish();
  CHECK(log.times(1) == 1700000060);
  CHECK(log.user_ids.at("bert") == log.users(1));
  CHECK(log.item_ids.at(4711) == log.items(1));
  CHECK(log.user_ids.at("7") == log.users(2));
}

TEST_CASE("log_builder: one that was moved from is empty and can be used") {
  ls::LogBuilder from({.has_times = false});
  from.add_column<float>("price");
  from.add("a", "b", 2);
  from.push<float>(0, 3);
  ls::LogBuilder to(std::move(from));
  CHECK(to.size() == 1);
  CHECK(from.size() == 0);
  CHECK(from.user_count() == 0);
  for (int i = 0; i < 20; ++i) from.add("c", i);
  const ls::InteractionLog second = std::move(from).finish();
  CHECK(second.size() == 20);
  CHECK_FALSE(second.has_times);
  CHECK(second.item_ids.table() == "items");
  CHECK(second.columns.count() == 0);
  from = std::move(to);
  CHECK(to.size() == 0);
  CHECK(std::move(from).finish().columns.get<float>("price")(0) == 3);
}

TEST_CASE("log_builder: makes up what the events lack") {
  ls::LogBuilder builder({.has_values = false, .has_times = false});
  for (std::int64_t i = 0; i < 4; ++i) builder.add(i % 2, i, 9, 9);
  builder.add_user("idle");
  const ls::InteractionLog log = std::move(builder).finish();
  CHECK(log.values == xt::xtensor<float, 1>{1, 1, 1, 1});
  CHECK(log.times == xt::xtensor<ls::Seconds, 1>{0, 1, 2, 3});
  CHECK_FALSE(log.has_times);
  CHECK_FALSE(log.has_values);
  CHECK(log.user_count() == 3);
  CHECK(std::move(builder).finish().size() == 0);  // nothing is left behind
}

TEST_CASE("log_builder: P12, P14, wrong values and columns are refused") {
  ls::LogBuilder builder;
  const std::size_t price = builder.add_column<float>("price");
  CHECK(test::error_text<ls::ShapeError>([&] { builder.add_column<float>("price"); }) ==
        "LogBuilder::add_column: there is a column 'price' already");
  CHECK(test::error_text<ls::DataError>([&] { builder.add("a", "b", NAN); }) ==
        "LogBuilder::add: expected a finite value, got nan");
  CHECK(builder.size() == 0);
  CHECK(builder.user_count() == 0);
  builder.add("a", "b");
  CHECK(test::error_text<ls::ShapeError>([&] { builder.add_column<float>("late"); }) ==
        "LogBuilder::add_column: 'late' comes after the first event");
  CHECK(test::error_text<ls::ShapeError>([&] { builder.push<ls::Id>(price, 1); }) ==
        "LogBuilder::push: there is no column 0 of this type");
  CHECK(test::error_text<ls::ShapeError>([&] { builder.push<float>(1, 1); }) ==
        "LogBuilder::push: there is no column 1 of this type");
  CHECK(test::error_text<ls::ShapeError>([&] { builder.push_key(1, "a"); }) ==
        "LogBuilder::push_key: there is no column 1");
  CHECK(test::error_text<ls::ShapeError>([&] { std::move(builder).finish(); }) ==
        "LogBuilder::finish: expected the column 'price' to have 1 entries, one an event, got 0");
}

TEST_CASE("log_builder: a finished log keeps no room for further keys") {
  ls::LogBuilder builder;
  for (std::int64_t i = 0; i < 70'000; ++i) builder.add(i, i / 2);
  const ls::InteractionLog log = std::move(builder).finish();
  const std::size_t none = ls::IdMap().bytes();
  CHECK(log.user_ids.bytes() - none <= 70'000 * (8 + 4) + 128);  // and a first few slots
  CHECK(log.item_ids.bytes() - none <= 35'000 * (8 + 4) + 128);
  CHECK(log.user_ids.find(std::int64_t{69'999}) == 69'999);
}
