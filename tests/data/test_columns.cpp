// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <string>
#include <utility>
#include <vector>

#include <longshore/core/error.hpp>
#include <longshore/data/columns.hpp>
#include "tests/support/error_text.hpp"

namespace ls = longshore;

namespace {

ls::Columns some_columns() {
  ls::IdMap shops("shops");
  shops.insert("north"), shops.insert("south");
  ls::Columns columns;
  columns.set("price", xt::xtensor<float, 1>{1.5F, 2.5F, 3.5F});
  columns.set("shop", xt::xtensor<ls::Id, 1>{0, 1, 0}, shops);
  columns.set("until", xt::xtensor<ls::Seconds, 1>{10, 20, 30});
  return columns;
}

}  // namespace

TEST_CASE("columns: hold named entries of three kinds") {
  ls::Columns columns = some_columns();
  CHECK(columns.count() == 3);
  CHECK(columns.size() == 3);
  CHECK(columns.names() == std::vector<std::string>{"price", "shop", "until"});
  CHECK(columns.get<float>("price")(1) == 2.5F);
  CHECK(columns.get<ls::Id>("shop")(2) == 0);
  CHECK(columns.get<ls::Seconds>("until")(0) == 10);
  CHECK(columns.kind("price") == "float");
  CHECK(columns.kind("shop") == "Id");
  CHECK(columns.kind("until") == "Seconds");
  CHECK(columns.keys("shop").at("south") == 1);
  CHECK(columns.keys("price").size() == 0);
  columns.get<float>("price")(1) = 9;
  CHECK(std::as_const(columns).get<float>("price")(1) == 9.0F);
  CHECK(columns.has("price"));
  columns.erase("price");
  CHECK_FALSE(columns.has("price"));
  CHECK(columns.count() == 2);
  CHECK(ls::Columns().size() == 0);
}

TEST_CASE("columns: setting a name again replaces the column, with another kind if wanted") {
  ls::Columns columns = some_columns();
  columns.set("price", xt::xtensor<ls::Id, 1>{7, 8, 9});
  CHECK(columns.count() == 3);
  CHECK(columns.get<ls::Id>("price")(0) == 7);
  CHECK(columns.names().front() == "price");
  ls::Columns single;
  single.set("a", xt::xtensor<float, 1>{1, 2});
  single.set("a", xt::xtensor<float, 1>{1});  // the only column may change its length
  CHECK(single.size() == 1);
}

TEST_CASE("columns: events are selected in any order, with the names of ids") {
  const ls::Columns chosen = some_columns().select(std::vector<std::size_t>{2, 0, 2, 1});
  CHECK(chosen.size() == 4);
  CHECK(chosen.get<float>("price") == xt::xtensor<float, 1>{3.5F, 1.5F, 3.5F, 2.5F});
  CHECK(chosen.get<ls::Id>("shop") == xt::xtensor<ls::Id, 1>{0, 0, 0, 1});
  CHECK(chosen.get<ls::Seconds>("until") == xt::xtensor<ls::Seconds, 1>{30, 10, 30, 20});
  CHECK(chosen.keys("shop").key(1) == "south");
  CHECK(some_columns().select({}).size() == 0);
  CHECK(some_columns().select({}).count() == 3);
}

TEST_CASE("columns: P14, wrong names, kinds, lengths and rows are refused") {
  ls::Columns columns = some_columns();
  CHECK(test::error_text<ls::DataError>([&] { columns.get<float>("cost"); }) ==
        "Columns::get: there is no column 'cost'; there are 'price', 'shop', 'until'");
  CHECK(test::error_text<ls::DataError>([&] { ls::Columns().keys("cost"); }) ==
        "Columns::keys: there is no column 'cost'; there are none");
  CHECK(test::error_text<ls::DataError>([&] { columns.get<ls::Id>("price"); }) ==
        "Columns::get: the column 'price' holds float, which is not the type asked for");
  CHECK(test::error_text<ls::ShapeError>([&] { columns.set("new", xt::xtensor<float, 1>{1}); }) ==
        "Columns::set: expected 'new' to have the length of 'price', 3, got 1");
  CHECK(columns.count() == 3);
  CHECK(test::error_text<ls::DataError>([&] {
          columns.select(std::vector<std::size_t>{0, 3});
        }) == "Columns::select: expected rows below 3, got 3");
}
